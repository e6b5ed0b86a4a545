//! One scenario for each thing that happens between two runs of one chain.

use super::notation::{aligned, run};
use super::{ByHand, Why, align};
use insta::assert_snapshot;

#[test]
fn of_three_tries_the_one_that_succeeded_answers_the_one_that_succeeded() {
    let a = "
        agent
          plan <warranty >two facts
          fetch <terms of sale >the terms
          answer <the terms >yes";
    let b = "
        agent
          plan <warranty >two facts
          fetch <terms of sale >timeout !
          fetch <terms of sale >timeout !
          fetch <terms of sale >the terms
          answer <the terms >yes";
    assert_snapshot!(aligned(a, b), @r"
    agent  0 0  place
      plan  1 1  equal
      fetch  - 2  repeated
      fetch  - 3  repeated
      fetch  2 4  equal
      answer  3 5  equal
    ");
    // With another output, the status alone tells.
    assert_snapshot!(aligned(&a.replace(">the terms", ">terms of 2026"), b), @r"
    agent  0 0  place
      plan  1 1  equal
      fetch  - 2  repeated
      fetch  - 3  repeated
      fetch  2 4  input
      answer  3 5  equal
    ");
    assert_snapshot!(aligned(b, &a.replace(">the terms", ">terms of 2026")), @r"
    agent  0 0  place
      plan  1 1  equal
      fetch  2 -  repeated
      fetch  3 -  repeated
      fetch  4 2  input
      answer  5 3  equal
    ");
}

#[test]
fn loops_with_other_counts_keep_their_rounds_together() {
    let a = "
        agent
          plan <goal
          decide <state one
          act <do one >done one
          decide <state two
          act <do two >done two
          answer <all";
    let b = "
        agent
          plan <goal
          decide <state one
          act <do one >done one
          decide <state extra thing
          act <do extra thing >done extra
          decide <state two
          act <do two >done two
          decide <state four
          act <do four >done four
          answer <everything";
    assert_snapshot!(aligned(a, b), @r"
    agent  0 0  place
      plan  1 1  equal
      decide  2 2  equal
      act  3 3  equal
      decide  - 4  repeated
      act  - 5  repeated
      decide  4 6  equal
      act  5 7  equal
      decide  - 8  repeated
      act  - 9  repeated
      answer  6 10  place
    ");
    assert_snapshot!(aligned(b, a), @r"
    agent  0 0  place
      plan  1 1  equal
      decide  2 2  equal
      act  3 3  equal
      decide  4 -  repeated
      act  5 -  repeated
      decide  6 4  equal
      act  7 5  equal
      decide  8 -  repeated
      act  9 -  repeated
      answer  10 6  place
    ");
}

#[test]
fn rounds_without_inputs_are_paired_from_the_first() {
    let a = "
        decide
        act
        decide
        act";
    let b = "
        decide
        act
        decide
        act
        decide
        act";
    assert_snapshot!(aligned(a, b), @r"
    decide  0 0  equal
    act  1 1  equal
    decide  2 2  equal
    act  3 3  equal
    decide  - 4  repeated
    act  - 5  repeated
    ");
}

#[test]
fn the_order_of_parallel_branches_does_not_matter() {
    let a = "
        agent
          start
          search <cats and dogs
          | search <the weather in Paris
          | status
          join";
    let b = "
        agent
          start
          status
          | search <the weather in London
          | search <dogs and mice
          join";
    assert_snapshot!(aligned(a, b), @r"
    agent  0 0  place
      start  1 1  equal
      status  4 2  equal
      search  3 3  words
      search  2 4  words
      join  5 5  equal
    ");
}

#[test]
fn branches_in_a_row_and_at_once_do_not_count_as_moved() {
    let a = "
        start
        one
        | two
        | three
        join";
    let b = "
        start
        three
        two
        one
        join";
    assert_snapshot!(aligned(a, b), @r"
    start  0 0  equal
    three  3 1  equal
    two  2 2  equal
    one  1 3  equal
    join  4 4  equal
    ");
}

#[test]
fn ids_and_numbers_in_names_do_not_count() {
    let a = "
        \"task-3f9a0c1e\" <one
          \"step 1\" <search
          \"step 2\" <read";
    let b = "
        \"task-77b1d2aa\" <one
          \"step 1\" <think first
          \"step 2\" <search
          \"step 3\" <read";
    assert_snapshot!(aligned(a, b), @r"
    task-3f9a0c1e → task-77b1d2aa  0 0  input
      step 1  - 1  repeated
      step 1 → step 2  1 2  equal
      step 2 → step 3  2 3  equal
    ");
}

#[test]
fn renamed_steps_are_known_by_their_input_or_by_what_is_below() {
    let a = "
        agent
          plan:chain <the goal of it all
          find_documents:retriever <battery warranty period
          resolve:chain
            decide <x
            refund <y
          answer";
    let b = "
        agent
          plan:chain <the goal of it all
          retrieve:retriever <battery warranty length
          settle:chain
            decide <x
            refund <z
          answer";
    assert_snapshot!(aligned(a, b), @r"
    agent  0 0  place
      plan  1 1  equal
      find_documents → retrieve  2 2  renamed
      resolve → settle  3 3  renamed
        decide  4 4  equal
        refund  5 5  place
      answer  6 6  equal
    ");
}

#[test]
fn a_name_that_both_runs_have_is_no_new_name() {
    let a = "
        search:tool <battery
        report
        ask:tool <battery";
    let b = "
        search:tool <battery
        report
        search:tool <battery";
    assert_snapshot!(aligned(a, b), @r"
    search  0 0  equal
    report  1 1  equal
    ask  2 -  alone
    search  - 2  repeated
    ");
}

#[test]
fn another_kind_of_the_same_name_is_a_pair() {
    assert_snapshot!(aligned("plan\nrun:task <x\nend", "plan\nrun:tool <x\nend"), @r"
    plan  0 0  equal
    run  1 1  kind
    end  2 2  equal
    ");
}

#[test]
fn another_model_in_the_name_of_a_call_is_the_same_step() {
    let a = "\"chat heron-1\":llm <hello\n\"chat heron-1\":llm <bye";
    let b = "\"chat crane-2\":llm <hello\n\"chat crane-2\":llm <bye";
    assert_snapshot!(aligned(a, b), @r"
    chat heron-1 → chat crane-2  0 0  equal
    chat heron-1 → chat crane-2  1 1  equal
    ");
}

#[test]
fn steps_put_in_and_taken_out_stand_alone() {
    let a = "
        agent
          one
          two
          three
          four";
    let b = "
        agent
          one
          new
          three
          four
          five";
    assert_snapshot!(aligned(a, b), @r"
    agent  0 0  place
      one  1 1  equal
      two  2 -  alone
      new  - 2  alone
      three  3 3  equal
      four  4 4  equal
      five  - 5  alone
    ");
}

#[test]
fn a_step_that_moved_among_its_siblings_is_found() {
    let a = "
        log <start
        one
        two
        three";
    let b = "
        one
        two
        three
        log <start";
    assert_snapshot!(aligned(a, b), @r"
    one  1 0  equal
    two  2 1  equal
    three  3 2  equal
    log  0 3  equal, moved
    ");
}

#[test]
fn a_subtree_that_moved_is_found_whole() {
    let a = "
        agent
          gather
            search <q1 >d1
              request <u1
            read <d1
          write <text";
    let b = "
        agent
          gather
            read <d1
          write <text
            search <q1 >d1
              request <u1";
    assert_snapshot!(aligned(a, b), @r"
    agent  0 0  place
      gather  1 1  place
        read  4 2  equal
      write  5 3  input
        search  2 4  elsewhere, moved
          request  3 5  equal
    ");
}

#[test]
fn one_more_step_around_others_is_seen() {
    let a = "
        agent
          search <q
          read <d >long
          write <text";
    let b = "
        agent
          guard
            search <q
            read <d >longer
          write <text";
    assert_snapshot!(aligned(a, b), @r"
    agent  0 0  place
      guard  - 1  alone
        search  1 2  elsewhere, moved
        read  2 3  elsewhere, moved
      write  3 4  equal
    ");
    assert_snapshot!(aligned(b, a), @r"
    agent  0 0  place
      guard  1 -  alone
      search  2 1  elsewhere, moved
      read  3 2  elsewhere, moved
      write  4 3  equal
    ");
    // Around everything, and with nothing but names to go by.
    assert_snapshot!(aligned("agent\n  one\n  two", "session\n  agent\n    one\n    three"), @r"
    session  - 0  alone
      agent  0 1  elsewhere, moved
        one  1 2  equal
        two  2 -  alone
        three  - 3  alone
    ");
}

#[test]
fn another_path_for_a_while_and_back() {
    let a = "
        agent
          plan <goal
          search:tool <battery
          read:tool <page
          answer <all
          log";
    let b = "
        agent
          plan <goal
          ask:human <which battery do you have
          wait
          look_up:db <battery 200
          answer <all
          log";
    assert_snapshot!(aligned(a, b), @r"
    agent  0 0  place
      plan  1 1  equal
      search  2 -  alone
      read  3 -  alone
      ask  - 2  alone
      wait  - 3  alone
      look_up  - 4  alone
      answer  4 5  equal
      log  5 6  equal
    ");
}

#[test]
fn the_kept_sample_of_the_screen() {
    let a = "
        warranty_agent:agent <is my battery covered
          input_check:guardrail <is my battery covered >fine
          gather:chain
            order:tool <order 7 >bought 14 months ago
            terms:tool <AX-200 >24 months
          answer:chain
            retrieve:retriever <AX-200 battery replacement warranty period after purchase in Germany >four
            rerank:task <four >three
            draft:llm <three facts >yes it is covered
            cite:llm <yes it is covered >two sources
            check:guardrail <yes it is covered >grounded
          log:db <turn";
    let b = "
        warranty_agent:agent <is my battery covered
          input_check:guardrail <is my battery covered >fine
          gather:chain
            order:tool <order 7 >bought 14 months ago
            terms:tool <AX-200 >24 months
          answer:chain
            retrieve:retriever <AX-200 battery replacement price list after purchase in Europe >others
            rerank:task <others >none
            rewrite:llm <others >again
            retrieve:retriever <prices of batteries >others
            draft:llm <prices >no it is not
            check:guardrail <no it is not >not grounded !
          log:db <turn";
    assert_snapshot!(aligned(a, b), @r"
    warranty_agent  0 0  input
      input_check  1 1  equal
      gather  2 2  equal
        order  3 3  equal
        terms  4 4  equal
      answer  5 5  place
        retrieve  6 6  words
        rerank  7 7  place
        rewrite  - 8  alone
        retrieve  - 9  repeated
        draft  8 10  place
        cite  9 -  alone
        check  10 11  words
      log  11 12  equal
    ");
}

#[test]
fn runs_with_nothing_in_common_and_empty_runs() {
    assert_snapshot!(aligned("one\n  two", "three\nfour"), @r"
    one  0 -  alone
      two  1 -  alone
    three  - 0  alone
    four  - 1  alone
    ");
    assert_snapshot!(aligned("", "three"), @"three  - 0  alone");
    assert_snapshot!(aligned("", ""), @"");
}

#[test]
fn columns_that_do_not_fit_are_survived() {
    let mut a = run("agent\n  one\n  | two\n  three");
    let b = a.clone();
    a.parent = vec![Some(3), Some(9), None, Some(2)];
    a.enter.clear();
    a.name.truncate(2);
    let items = align(&a, &b, &ByHand::default());
    let pairs = items.iter().filter(|item| item.a.is_some() && item.b.is_some()).count();
    assert!(items.len() == 8 - pairs && items.iter().all(|item| item.why != Why::Equal));
}
