//! Pairs that a person makes and undoes.

use super::notation::{run, sound, told};
use super::{ByHand, align};
use insta::assert_snapshot;

#[test]
fn pins_pair_across_the_tree_and_what_is_below_follows() {
    let a = run("agent\n  one\n    x <1\n    y\n  two\n    z");
    let b = run("agent\n  one\n    z\n  two\n    x <2\n    y");
    let pinned = |pins: &[(u32, u32)], breaks: &[(u32, u32)]| {
        let by_hand = ByHand { pins: pins.to_vec(), breaks: breaks.to_vec() };
        let items = align(&a, &b, &by_hand);
        sound(&a, &b, &items);
        told(&a, &b, &items)
    };
    assert_snapshot!(pinned(&[(1, 3)], &[]), @r"
    agent  0 0  place
      two → one  4 1  renamed, moved
        z  5 2  equal
      one → two  1 3  pinned
        x  2 4  place
        y  3 5  equal
    ");
    // A parent below its child, steps that are not there, and a step taken twice.
    assert_snapshot!(pinned(&[(0, 1), (1, 0), (1, 3), (99, 0), (4, 99)], &[]), @r"
    one → agent  1 0  pinned, moved
      agent → one  0 1  pinned, moved
        two  4 -  alone
        z  5 2  elsewhere, moved
      two  - 3  alone
        x  2 4  elsewhere, moved
        y  3 5  elsewhere, moved
    ");
}

#[test]
fn a_broken_pair_looks_for_another_partner_or_stands_alone() {
    let a = run("agent\n  fetch <q\n  fetch <q\n  end <all");
    let b = run("agent\n  fetch <q\n  end <all");
    let broken = |breaks: &[(u32, u32)]| {
        let items = align(&a, &b, &ByHand { pins: vec![], breaks: breaks.to_vec() });
        sound(&a, &b, &items);
        told(&a, &b, &items)
    };
    assert_snapshot!(broken(&[(1, 1)]), @r"
    agent  0 0  place
      fetch  1 -  broken
      fetch  2 1  equal
      end  3 2  equal
    ");
    assert_snapshot!(broken(&[(3, 2)]), @r"
    agent  0 0  place
      fetch  1 1  equal
      fetch  2 -  repeated
      end  3 -  broken
      end  - 2  broken
    ");
    assert_snapshot!(broken(&[(0, 0), (7, 7)]), @r"
    agent  0 -  broken
      fetch  1 -  alone
      fetch  2 -  alone
    agent  - 0  broken
      fetch  - 1  alone
      end  3 2  elsewhere, moved
    ");
}
