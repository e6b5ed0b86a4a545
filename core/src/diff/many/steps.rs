//! Each step over many runs: how often it is there, whether it fails, and the spread of what it takes.

use crate::diff::content::Content;
use crate::diff::meaning::Options;
use crate::model::{Kind, Status};
use crate::order::Order as _;
use crate::protocol::{ManyStep, Spread};
use crate::view::Sight;
use crate::view::index::RunIndex;
use rustc_hash::{FxHashMap, FxHashSet};

/// Steps in all whose inputs and outputs are read.
const READ: usize = 60_000;

/// Steps told apart that are told; more are no chain of anything.
const TOLD: usize = 2_000;

/// What is gathered of one step.
#[derive(Default)]
struct Gathered {
    name: String,
    kind: Kind,
    depth: u32,
    parent: Option<u32>,
    /// Position in its run when it was first met, summed, and how often it was.
    position: (f64, u32),
    runs: FxHashSet<u32>,
    failing: FxHashSet<u32>,
    visits: u32,
    /// Nanoseconds, with the run.
    times: Vec<(f64, u32)>,
    tokens: Vec<f64>,
    costs: Vec<f64>,
    computed: bool,
    /// By input: outputs, and whether it went well and failed.
    inputs: FxHashMap<u64, (FxHashSet<u64>, bool, bool)>,
}

/// The steps in the order in which they mostly come, and whether their values were left unread.
pub(super) fn steps(sights: &[Sight<'_>], indices: &[RunIndex], failed: &[bool]) -> (Vec<ManyStep>, bool) {
    let all: usize = sights.iter().map(|sight| sight.run.steps.len()).sum();
    let read = all <= READ;
    let mut gathered: Vec<Gathered> = Vec::new();
    let mut number: FxHashMap<(Option<u32>, Kind, String), u32> = FxHashMap::default();
    for ((run, sight), index) in (0u32..).zip(sights).zip(indices) {
        gather(*sight, index, run, read, &mut gathered, &mut number);
    }
    let failures = failed.iter().filter(|failed| **failed).count() as u32;
    let order = in_order(&gathered);
    let told = order.into_iter().filter_map(|at| gathered.get(at as usize)).take(TOLD);
    (told.map(|step| tell(step, sights, failed, failures)).collect(), !read)
}

fn gather(
    sight: Sight<'_>,
    index: &RunIndex,
    run: u32,
    read: bool,
    gathered: &mut Vec<Gathered>,
    number: &mut FxHashMap<(Option<u32>, Kind, String), u32>,
) {
    let steps = &sight.run.steps;
    let options = Options::default();
    let mut of_step: Vec<u32> = Vec::with_capacity(steps.len());
    for step in 0..steps.len() as u32 {
        let at = step as usize;
        let parent = steps.parent(step).and_then(|parent| of_step.get(parent as usize).copied());
        let kind = steps.kind.get(at).copied().unwrap_or_default();
        let name = sight.name(step).to_owned();
        let fresh = gathered.len() as u32;
        let which = *number.entry((parent, kind, name.clone())).or_insert(fresh);
        if which == fresh {
            let depth = parent.and_then(|parent| gathered.get(parent as usize)).map_or(0, |around| around.depth + 1);
            gathered.push(Gathered { name, kind, depth, parent, ..Gathered::default() });
        }
        of_step.push(which);
        let Some(into) = gathered.get_mut(which as usize) else { continue };
        if into.runs.insert(run) {
            into.position.0 += f64::from(step);
            into.position.1 += 1;
        }
        into.visits = into.visits.saturating_add(1);
        let error = steps.status.get(at) == Some(&Status::Error);
        if error {
            into.failing.insert(run);
        }
        if let Some(time) = steps.duration(step) {
            into.times.push((time.0 as f64, run));
        }
        let after = steps.after(step);
        into.tokens.extend(index.tokens_in(step, after).map(|tokens| tokens as f64));
        into.costs.extend(index.cost_in(step, after));
        into.computed |= index.computed_in(step, after);
        if read {
            let details = sight.details(step).unwrap_or_default();
            let sum = Content::of(sight, &details).sum(&options);
            // Without an input nothing is known to be the same.
            if sum.input.hash != 0 {
                let seen = into.inputs.entry(sum.input.hash).or_default();
                if sum.output.hash != 0 {
                    seen.0.insert(sum.output.hash);
                }
                seen.1 |= !error;
                seen.2 |= error;
            }
        }
    }
}

/// Each step before what is below it, siblings by their mean position.
fn in_order(gathered: &[Gathered]) -> Vec<u32> {
    let mut children: FxHashMap<Option<u32>, Vec<u32>> = FxHashMap::default();
    for (at, step) in (0u32..).zip(gathered) {
        children.entry(step.parent).or_default().push(at);
    }
    let mean = |at: &u32| {
        let (sum, count) = gathered.get(*at as usize).map_or((0.0, 1), |step| step.position);
        // Thousandths of a step are enough to put them in order.
        (sum * 1000.0 / f64::from(count.max(1))) as u64
    };
    for siblings in children.values_mut() {
        siblings.order_by_key(mean);
    }
    let mut order = Vec::with_capacity(gathered.len());
    let mut open: Vec<u32> = children.remove(&None).unwrap_or_default();
    open.reverse();
    while let Some(at) = open.pop() {
        order.push(at);
        let below = children.remove(&Some(at)).unwrap_or_default();
        open.extend(below.into_iter().rev());
    }
    order
}

fn tell(step: &Gathered, sights: &[Sight<'_>], failed: &[bool], failures: u32) -> ManyStep {
    let runs = step.runs.len() as u32;
    let failed_here = step.runs.iter().filter(|run| failed.get(**run as usize) == Some(&true)).count() as u32;
    let share =
        |part: u32, of: u32| (of > 0).then(|| u32::try_from(u64::from(part) * 1000 / u64::from(of)).unwrap_or(1000));
    let all = failed.len() as u32;
    let mut times = step.times.clone();
    times.order_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let number = |run: u32| sights.get(run as usize).map(|sight| sight.number);
    let middle = times.get(times.len() / 2).and_then(|&(_, run)| number(run));
    let most = times.last().and_then(|&(_, run)| number(run));
    ManyStep {
        name: step.name.clone(),
        kind: step.kind,
        depth: step.depth,
        runs,
        visits: step.visits,
        failing: step.failing.len() as u32,
        flaky: step.inputs.values().any(|(_, well, badly)| *well && *badly),
        outputs: step.inputs.values().map(|(outputs, _, _)| outputs.len()).max().unwrap_or(0) as u32,
        failed_with: share(failed_here, runs),
        failed_without: share(failures.saturating_sub(failed_here), all.saturating_sub(runs)),
        time: spread(times.iter().map(|time| time.0).collect()),
        tokens: spread(step.tokens.clone()),
        cost: spread(step.costs.clone()),
        cost_computed: step.computed,
        example: middle.zip(most).filter(|(middle, most)| middle != most),
    }
}

/// Quantiles by the nearest rank.
fn spread(mut values: Vec<f64>) -> Spread {
    values.retain(|value| value.is_finite());
    values.order_by(f64::total_cmp);
    let Some(last) = values.len().checked_sub(1) else { return Spread::default() };
    let at = |percent: usize| values.get((values.len() * percent).div_ceil(100).saturating_sub(1).min(last)).copied();
    let at = |percent: usize| at(percent).unwrap_or(0.0);
    Spread {
        count: u32::try_from(values.len()).unwrap_or(u32::MAX),
        least: at(0),
        p25: at(25),
        median: at(50),
        p75: at(75),
        p95: at(95),
        most: at(100),
    }
}
