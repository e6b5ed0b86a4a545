//! Two runs laid on each other: reading both, pairing, judging the pairs, and where the runs part.
//!
//! Work is done in slices, so that a face can show how far it is and stop. What is said of one item is in [`super::item`],
//! what rows show in [`super::rows`].

use super::align::{ByHand, Item, Why, align};
use super::content::{Content, Sum};
use super::meaning::Options;
use super::rules::Rules;
use super::side::Side;
use crate::model::{Run, Status};
use crate::protocol::{CompareOptions, Mark, Sign};
use crate::view::Sight;
use crate::view::index::RunIndex;

/// What differs in a pair, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Differs(pub(crate) u8);

impl Differs {
    pub(crate) const INPUT: Differs = Differs(1);
    pub(crate) const OUTPUT: Differs = Differs(2);
    pub(crate) const STATUS: Differs = Differs(4);
    pub(crate) const ERROR: Differs = Differs(8);
    pub(crate) const MODEL: Differs = Differs(16);
    pub(crate) const SETTINGS: Differs = Differs(32);
    /// Something differs that means nothing.
    pub(crate) const NOISE: Differs = Differs(64);
    /// What a step comes to, which follows from what is below it.
    const OUTCOME: Differs = Differs(2 | 4 | 8);

    pub(crate) fn has(self, other: Differs) -> bool {
        self.0 & other.0 != 0
    }

    fn set(&mut self, other: Differs, when: bool) {
        if when {
            self.0 |= other.0;
        }
    }

    /// Without noise.
    pub(crate) fn meant(self) -> Differs {
        Differs(self.0 & !Self::NOISE.0)
    }
}

/// One run in a comparison.
#[derive(Debug, Default)]
pub(crate) struct Half {
    pub(crate) index: RunIndex,
    pub(crate) side: Side,
    sums: Vec<Sum>,
    /// The item of each step.
    pub(crate) item_of: Vec<u32>,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    ReadA,
    ReadB,
    Align,
    Judge,
    Done,
}

/// Two runs laid on each other.
pub(crate) struct Comparison {
    pub(crate) asked: CompareOptions,
    pub(crate) options: Options,
    pub(crate) problems: Vec<String>,
    pub(crate) a: Half,
    pub(crate) b: Half,
    stage: Stage,
    pub(crate) items: Vec<Item>,
    pub(crate) differs: Vec<Differs>,
    pub(crate) signs: Vec<Sign>,
    /// Items that are differences, in order.
    pub(crate) differences: Vec<u32>,
    /// Differences before each item; one more than items.
    before: Vec<u32>,
    /// The item where the runs part.
    pub(crate) parting: Option<u32>,
    /// The last step of A and of B at or before each item.
    upto: Vec<(Option<u32>, Option<u32>)>,
    /// Values of pairs that differ in noise alone, by item: counted when the pairs are judged.
    pub(crate) noise: u32,
}

/// Steps that are read in one slice at most.
const STEPS: usize = 2_000;

impl Comparison {
    pub(crate) fn new(a: &Run, b: &Run, asked: CompareOptions) -> Comparison {
        let (rules, problems) = Rules::read(&asked.rules);
        let half = |run: &Run| Half { index: RunIndex::new(run), ..Half::default() };
        Comparison {
            options: Options { noise: asked.noise, rules },
            asked,
            problems,
            a: half(a),
            b: half(b),
            stage: Stage::ReadA,
            items: Vec::new(),
            differs: Vec::new(),
            signs: Vec::new(),
            differences: Vec::new(),
            before: Vec::new(),
            parting: None,
            upto: Vec::new(),
            noise: 0,
        }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.stage == Stage::Done
    }

    /// How much is done, in thousandths: nearly all of the time goes into reading.
    pub(crate) fn progress(&self, a: &Run, b: &Run) -> u32 {
        let all = (a.steps.len() + b.steps.len()).max(1) as u64;
        let read = (self.a.sums.len() + self.b.sums.len()) as u64;
        match self.stage {
            Stage::ReadA | Stage::ReadB => u32::try_from(read * 900 / all).unwrap_or(900),
            Stage::Align => 900,
            Stage::Judge => 950,
            Stage::Done => 1000,
        }
    }

    /// Goes on: about `budget` bytes are read. Whether all is done.
    pub(crate) fn advance(&mut self, a: Sight<'_>, b: Sight<'_>, budget: u64) -> bool {
        match self.stage {
            Stage::ReadA => {
                if read(&mut self.a, a, &self.options, budget) {
                    self.stage = Stage::ReadB;
                }
            }
            Stage::ReadB => {
                if read(&mut self.b, b, &self.options, budget) {
                    self.stage = Stage::Align;
                }
            }
            Stage::Align => {
                let hand = ByHand { pins: self.asked.pins.clone(), breaks: self.asked.breaks.clone() };
                self.tell_of_hands(a, b);
                self.items = align(&self.a.side, &self.b.side, &hand);
                self.stage = Stage::Judge;
            }
            Stage::Judge => {
                self.judge(a, b);
                self.order();
                self.stage = Stage::Done;
            }
            Stage::Done => {}
        }
        self.is_done()
    }

    /// Pairs by hand that cannot be.
    fn tell_of_hands(&mut self, a: Sight<'_>, b: Sight<'_>) {
        let both = self.asked.pins.iter().chain(&self.asked.breaks);
        let fits =
            |(of_a, of_b): &(u32, u32)| (*of_a as usize) < a.run.steps.len() && (*of_b as usize) < b.run.steps.len();
        let wrong = both.filter(|pair| !fits(pair)).count();
        if wrong > 0 {
            let number = u32::try_from(wrong).unwrap_or(u32::MAX);
            let pairs = crate::wording::counted(number, "pair made by hand names", "pairs made by hand name");
            self.problems.push(format!("{pairs} a step that is not there; it was left out."));
        }
    }

    /// What differs in each pair, and the signs.
    fn judge(&mut self, a: Sight<'_>, b: Sight<'_>) {
        self.differs = self.items.iter().map(|item| self.compare(item, a, b)).collect();
        let sign = |(item, differs): (&Item, &Differs)| match (item.a, item.b) {
            (Some(_), None) => Sign::OnlyA,
            (None, Some(_)) => Sign::OnlyB,
            _ if differs.meant() != Differs::default() || item.why == Why::Kind => Sign::Changed,
            _ => Sign::Same,
        };
        self.signs = self.items.iter().zip(&self.differs).map(sign).collect();
        self.noise = self.differs.iter().filter(|differs| differs.has(Differs::NOISE)).count() as u32;
        for (at, item) in (0u32..).zip(&self.items) {
            for (half, step) in [(&mut self.a, item.a), (&mut self.b, item.b)] {
                half.item_of.resize(half.side.parent.len(), 0);
                if let Some(slot) = step.and_then(|step| half.item_of.get_mut(step as usize)) {
                    *slot = at;
                }
            }
        }
    }

    fn compare(&self, item: &Item, a: Sight<'_>, b: Sight<'_>) -> Differs {
        let mut differs = Differs::default();
        let (Some(of_a), Some(of_b)) = (item.a, item.b) else { return differs };
        let sum = |half: &Half, step: u32| half.sums.get(step as usize).copied().unwrap_or_default();
        let (sum_a, sum_b) = (sum(&self.a, of_a), sum(&self.b, of_b));
        differs.set(Differs::INPUT, sum_a.input.hash != sum_b.input.hash);
        differs.set(Differs::OUTPUT, sum_a.output.hash != sum_b.output.hash);
        differs.set(Differs::ERROR, sum_a.error != sum_b.error);
        differs.set(Differs::SETTINGS, sum_a.settings != sum_b.settings);
        let status = |sight: Sight<'_>, step: u32| match sight.run.steps.status.get(step as usize) {
            Some(Status::Unset) | None => Status::Ok,
            Some(status) => *status,
        };
        differs.set(Differs::STATUS, status(a, of_a) != status(b, of_b));
        differs.set(Differs::MODEL, model(a, of_a) != model(b, of_b));
        differs.set(Differs::NOISE, differs == Differs::default() && sum_a.raw != sum_b.raw);
        differs
    }

    /// Which items are differences, how many are below each, where the runs part.
    fn order(&mut self) {
        let count = self.items.len();
        // From the last to the first: what is below an item comes after it.
        let mut counts = vec![false; count];
        let mut inside = vec![0u32; count];
        for at in (0..count).rev() {
            let Some(item) = self.items.get(at) else { continue };
            let below = inside.get(at).copied().unwrap_or(0);
            let alone_in_alone = item.a.is_none() != item.b.is_none()
                && item.parent.and_then(|parent| self.signs.get(parent as usize))
                    == self.signs.get(at).filter(|sign| matches!(sign, Sign::OnlyA | Sign::OnlyB));
            let differs = self.differs.get(at).copied().unwrap_or_default().meant();
            let own = match self.signs.get(at) {
                Some(Sign::OnlyA | Sign::OnlyB) => !alone_in_alone,
                // What a step comes to follows from what is below it, and is told there.
                Some(Sign::Changed) => below == 0 || differs.0 & !Differs::OUTCOME.0 != 0,
                _ => false,
            } || item.moved
                || matches!(item.why, Why::Renamed | Why::Kind);
            if let Some(slot) = counts.get_mut(at) {
                *slot = own;
            }
            if let Some(slot) = item.parent.and_then(|parent| inside.get_mut(parent as usize)) {
                *slot = slot.saturating_add(below).saturating_add(u32::from(own));
            }
        }
        let mut passed = 0;
        self.before = Vec::with_capacity(count + 1);
        for (at, own) in (0u32..).zip(&counts) {
            self.before.push(passed);
            if *own {
                passed += 1;
                self.differences.push(at);
            }
        }
        self.before.push(passed);
        // An outcome counts as a difference only where nothing below it differs, so the first to begin is the first.
        self.parting = self.differences.first().copied();
        let mut last = (None, None);
        self.upto = self
            .items
            .iter()
            .map(|item| {
                last = (item.a.or(last.0), item.b.or(last.1));
                last
            })
            .collect();
    }

    pub(crate) fn sign(&self, item: u32) -> Sign {
        self.signs.get(item as usize).copied().unwrap_or_default()
    }

    pub(crate) fn differs(&self, item: u32) -> Differs {
        self.differs.get(item as usize).copied().unwrap_or_default().meant()
    }

    /// Differences among the items from `from` up to `to`.
    pub(crate) fn differences_in(&self, from: u32, to: u32) -> u32 {
        let upto = |at: u32| self.before.get(at as usize).or(self.before.last()).copied().unwrap_or(0);
        upto(to).saturating_sub(upto(from))
    }

    /// Position among the differences, when it is one.
    pub(crate) fn difference(&self, item: u32) -> Option<u32> {
        (self.differences_in(item, item.saturating_add(1)) > 0)
            .then(|| self.before.get(item as usize).copied())
            .flatten()
    }

    /// Differences before an item.
    pub(crate) fn passed(&self, item: u32) -> u32 {
        self.differences_in(0, item)
    }

    /// The last steps of A and B at or before an item.
    pub(crate) fn upto(&self, item: u32) -> (Option<u32>, Option<u32>) {
        self.upto.get(item as usize).copied().unwrap_or_default()
    }

    /// Whether an item and all below it are the same.
    pub(crate) fn is_quiet(&self, item: u32) -> bool {
        let after = self.items.get(item as usize).map_or(item, |item| item.after);
        self.differences_in(item, after) == 0 && self.sign(item) == Sign::Same
    }

    pub(crate) fn marks(&self, item: u32) -> Vec<Mark> {
        let Some(item) = self.items.get(item as usize) else { return Vec::new() };
        let mut marks = Vec::new();
        if item.moved {
            marks.push(Mark::Moved);
        }
        match item.why {
            Why::Repeated => marks.push(Mark::Repeated),
            Why::Renamed => marks.push(Mark::Renamed),
            Why::Pinned => marks.push(Mark::Pinned),
            _ => {}
        }
        marks
    }
}

/// The model of a step, or nothing.
pub(crate) fn model<'a>(sight: Sight<'a>, step: u32) -> &'a str {
    sight.run.steps.model.get(step as usize).map_or("", |&model| sight.document.names.get(model))
}

/// Reads the steps that come next; whether all are read.
fn read(half: &mut Half, sight: Sight<'_>, options: &Options, budget: u64) -> bool {
    let steps = &sight.run.steps;
    let mut spent = 0u64;
    let mut here = 0usize;
    while half.sums.len() < steps.len() && spent < budget && here < STEPS {
        let step = half.sums.len() as u32;
        let details = sight.details(step).unwrap_or_default();
        let content = Content::of(sight, &details);
        let mut sum = content.sum(options);
        spent = spent.saturating_add(sum.bytes);
        here += 1;
        // An error is what came out when nothing else did.
        let mut output = sum.output;
        if output.hash == 0 {
            output.hash = sum.error;
        }
        sum.raw = super::meaning::leaf::mix(sum.raw, u64::from(sum.error != 0));
        half.side.input.push(sum.input);
        half.side.output.push(output);
        half.sums.push(sum);
    }
    if half.sums.len() < steps.len() {
        return false;
    }
    let side = &mut half.side;
    side.parent = steps.parent.clone();
    side.after = steps.after.clone();
    side.kind = steps.kind.clone();
    side.status = steps.status.clone();
    side.name = steps.name.iter().map(|&name| sight.document.names.get(name).to_owned()).collect();
    side.enter = sight.run.enter.clone();
    side.exit = sight.run.exit.clone();
    true
}
