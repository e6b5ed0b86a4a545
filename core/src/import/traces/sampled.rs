//! From samples of a stack to stays on it: what ran from sample to sample, below the one that called it. Shared by V8's
//! profiles and those inside Chrome traces; how they are spelled is theirs.

use crate::import::Builder;
use crate::model::{Diagnostic, Nanos, Severity};
use crate::wording::counted;

/// Most steps of one profile.
const STEPS: usize = 50_000;
/// Functions on the stack; what is deeper counts for the one around it.
const DEEP: usize = 400;
/// What stands for no function of the program.
const QUIET: [&str; 3] = ["(root)", "(idle)", "(program)"];

/// A function at one place of the tree of calls.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Function {
    /// Position of the one that called it.
    pub(super) parent: Option<usize>,
    /// Whether it stands for no function of the program.
    pub(super) quiet: bool,
}

impl Function {
    /// A function of a name, whose caller is not known yet.
    pub(super) fn new(name: &str) -> Function {
        Function { parent: None, quiet: QUIET.contains(&name) }
    }
}

/// A stay on the stack.
#[derive(Debug)]
pub(super) struct Stay {
    pub(super) function: usize,
    /// The stay it is in.
    pub(super) around: Option<usize>,
    pub(super) start: Nanos,
    pub(super) end: Nanos,
    pub(super) samples: u64,
}

/// The stays of a profile, in the order in which they began.
#[derive(Debug, Default)]
pub(super) struct Stays {
    all: Vec<Stay>,
    /// The least number of samples of those that are shown. What is around a stay has as many or more.
    least: u64,
    /// Samples of functions that nobody told of.
    lost: u64,
    end: Nanos,
}

impl Stays {
    /// From samples: the function that ran, and the time since the sample before. Such times may be below zero by a
    /// little; stays do not go back.
    pub(super) fn new(
        functions: &[Function],
        samples: impl Iterator<Item = (Option<usize>, Nanos)>,
        start: Nanos,
        end: Option<Nanos>,
    ) -> Stays {
        let (mut found, mut now) = (Stays::default(), start);
        // Stays that go on, by their function.
        let mut stack: Vec<(usize, usize)> = Vec::new();
        let mut way: Vec<usize> = Vec::new();
        for (own, since) in samples {
            now = now.plus(since).max(now);
            found.lost += u64::from(own.is_none());
            way.clear();
            let (mut up, mut steps) = (own, 0);
            while let Some(at) = up.filter(|_| steps < functions.len()) {
                let Some(function) = functions.get(at) else { break };
                if !function.quiet {
                    way.push(at);
                }
                (up, steps) = (function.parent, steps + 1);
            }
            way.reverse();
            way.truncate(DEEP);
            let same = stack.iter().zip(&way).take_while(|((held, _), own)| held == *own).count();
            for (_, stay) in stack.drain(same..) {
                found.close(stay, now);
            }
            for &function in way.get(same..).unwrap_or(&[]) {
                let around = stack.last().map(|(_, stay)| *stay);
                found.all.push(Stay { function, around, start: now, end: now, samples: 0 });
                stack.push((function, found.all.len() - 1));
            }
            for (_, stay) in &stack {
                if let Some(stay) = found.all.get_mut(*stay) {
                    stay.samples += 1;
                }
            }
        }
        let end = end.unwrap_or(now).max(now);
        for (_, stay) in stack {
            found.close(stay, end);
        }
        found.end = end;
        found.least = 1;
        while found.shown().count() > STEPS {
            found.least = found.least.saturating_mul(2);
        }
        found
    }

    fn close(&mut self, stay: usize, now: Nanos) {
        if let Some(stay) = self.all.get_mut(stay) {
            stay.end = now;
        }
    }

    /// When the last of them ended.
    pub(super) fn end(&self) -> Nanos {
        self.end
    }

    /// Those that are shown, with their positions. What a stay is in comes before it.
    pub(super) fn shown(&self) -> impl Iterator<Item = (usize, &Stay)> {
        self.all.iter().enumerate().filter(|(_, stay)| stay.samples >= self.least)
    }

    /// Says what is not shown, and what was not told.
    pub(super) fn say(&self, file: u16, build: &mut Builder) {
        let left = self.all.len() - self.shown().count();
        if left > 0 {
            let stays = counted(left as u64, "stay of a function", "stays of functions");
            let message =
                format!("{stays} on the stack of fewer than {} samples are not shown: there are too many.", self.least);
            let mut diagnostic = Diagnostic::new(Severity::Info, "events-not-shown", message);
            diagnostic.file = file;
            build.diagnostics.push(diagnostic);
        }
        if self.lost > 0 {
            let samples = counted(self.lost, "sample names a function", "samples name functions");
            build.warn(file, "sample-without-function", format!("{samples} that the profile does not list."));
        }
    }
}
