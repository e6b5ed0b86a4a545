//! What alignment costs on large and hostile runs. The counts are checked always, the times are printed by
//! `cargo test --release -p chaindebug-core --lib align::speed -- --ignored --nocapture`.

use super::notation::{meaning, sound};
use super::{ByHand, align};
use crate::diff::side::Side;
use crate::model::{Kind, Status};

/// A run of `count` steps; `step` tells depth, name and input of each.
fn run(count: u32, at_once: bool, step: &dyn Fn(u32) -> (u32, String, String)) -> Side {
    let mut side = Side::default();
    let mut open: Vec<u32> = Vec::new();
    let mut clock = 0;
    let close = |side: &mut Side, open: &mut Vec<u32>, clock: &mut u32, depth: usize| {
        while open.len() > depth {
            let done = open.pop().unwrap() as usize;
            side.after[done] = side.parent.len() as u32;
            // All that run at once end after the last of them began.
            side.exit[done] = if at_once { 2 * count + 1 + done as u32 } else { *clock };
            *clock += 1;
        }
    };
    for index in 0..count {
        let (depth, name, input) = step(index);
        close(&mut side, &mut open, &mut clock, depth as usize);
        side.parent.push(open.last().copied());
        side.after.push(0);
        side.kind.push(Kind::Tool);
        side.name.push(name);
        side.status.push(Status::Ok);
        side.input.push(meaning(&input));
        side.output.push(meaning(""));
        side.enter.push(clock);
        side.exit.push(0);
        clock += 1;
        open.push(index);
    }
    close(&mut side, &mut open, &mut clock, 0);
    side
}

/// Which pair of runs, by name.
fn cases(n: u32) -> Vec<(&'static str, Side, Side)> {
    let one = |name: &str| name.to_owned();
    let words = |i: u32| format!("query {} of {} about {}", i * 7 % 97, i * 31 % 89, i * 13 % 83);
    let wide = |of: &dyn Fn(u32) -> (String, String)| {
        run(n, false, &|i| {
            let (name, input) = of(i);
            (u32::from(i > 0), name, input)
        })
    };
    let at_once = |salt: u32| run(n, true, &|i| (u32::from(i > 0), one("search"), words(i + salt)));
    let deep = |n: u32, salt: u32| run(n, false, &|i| (i, one("level"), format!("{}", (i + salt) % 1_000)));
    let bushy = |salt: u32| {
        run(n, false, &|i| {
            let input = if i % 50 == salt { format!("other {i}") } else { words(i) };
            ([0, 1, 2, 3, 3, 2, 3, 4][(i % 8) as usize].min(i), format!("step {}", i % 5), input)
        })
    };
    vec![
        ("wide, all the same", wide(&|i| (one("s"), words(i))), wide(&|i| (one("s"), words(i)))),
        (
            "wide, one name, no inputs",
            wide(&|_| (one("s"), one(""))),
            wide(&|i| (one(if i == 9 { "t" } else { "s" }), one(""))),
        ),
        ("wide, one name, other inputs", wide(&|i| (one("s"), words(i))), wide(&|i| (one("s"), words(i + 40_000)))),
        (
            "wide, shifted by a third",
            wide(&|i| (one("s"), format!("{i}"))),
            wide(&|i| (one("s"), format!("{}", i + n / 3))),
        ),
        ("wide, other way round", wide(&|i| (one("s"), format!("{i}"))), wide(&|i| (one("s"), format!("{}", n - i)))),
        (
            "wide, many names",
            wide(&|i| (format!("n{}", letters(i)), one(""))),
            wide(&|i| (format!("n{}", letters(i * 7 % n)), one(""))),
        ),
        ("wide, three names in turn", wide(&|i| (letters(i % 3), one(""))), wide(&|i| (letters(i * i % 3), one("")))),
        (
            "wide, nothing in common",
            wide(&|i| (format!("a{}", letters(i)), words(i))),
            wide(&|i| (format!("b{}", letters(i)), words(i))),
        ),
        ("wide, at once", at_once(0), at_once(1)),
        ("deep, the same", deep(n, 0), deep(n, 0)),
        ("deep, other inputs", deep(n, 0), deep(n, 1)),
        ("bushy, a few changes", bushy(60), bushy(3)),
        ("against nothing", bushy(60), Side::default()),
    ]
}

fn letters(mut number: u32) -> String {
    let mut text = String::new();
    loop {
        text.push(char::from(b'g' + (number % 16) as u8));
        number /= 16;
        if number == 0 {
            return text;
        }
    }
}

#[test]
fn large_runs_come_out_whole() {
    for (name, a, b) in cases(1_500) {
        let items = align(&a, &b, &ByHand::default());
        sound(&a, &b, &items);
        let pairs = items.iter().filter(|item| item.a.is_some() && item.b.is_some()).count();
        let least = match name {
            "wide, nothing in common" => 1,
            "against nothing" => 0,
            "wide, shifted by a third" | "wide, three names in turn" => 1_000,
            _ => 1_490,
        };
        assert!(pairs >= least, "{name}: {pairs}");
    }
}

#[test]
fn a_quarter_million_levels_do_not_need_a_stack() {
    let deep = |salt: u32| run(250_000, false, &|i| (i, "level".to_owned(), format!("{}", (i + salt) % 9)));
    let (a, b) = (deep(0), deep(4));
    let items = align(&a, &b, &ByHand::default());
    assert_eq!((items.len(), items.last().map(|item| item.depth)), (250_000, Some(249_999)));
}

#[test]
#[ignore = "prints times"]
#[allow(clippy::disallowed_methods)] // A clock, to measure with.
fn times() {
    let deep = |salt: u32| run(250_000, false, &|i| (i, "level".to_owned(), format!("{}", (i + salt) % 9)));
    let mut all = cases(20_000);
    all.push(("a quarter million levels", deep(0), deep(4)));
    for (name, a, b) in all {
        let from = std::time::Instant::now();
        let items = align(&a, &b, &ByHand::default());
        let pairs = items.iter().filter(|item| item.a.is_some() && item.b.is_some()).count();
        println!("{:>8.1} ms  {name}: {} items, {pairs} pairs", from.elapsed().as_secs_f64() * 1e3, items.len());
    }
}
