//! The end of a Claude Code file: what could only be known when all of it was read.

use super::{Claude, PLACEHOLDER, TOO_LOW};
use crate::import::{Builder, Draft};
use crate::model::{Interner, Kind, Severity, Sym};
use crate::wording::counted;
use rustc_hash::{FxHashMap, FxHashSet};

/// Agents that are named as having their tool or their steps elsewhere.
const WHOLES: usize = 200;

impl Claude {
    pub(super) fn settle(&mut self, build: &mut Builder) {
        self.count(build);
        self.known.finish(build, &mut self.threads);
        join_agents(build);
        self.miss(build);
        self.name(build);
        self.tally.say(build, Severity::Warning, "unknown-line", |count, text| {
            format!("{} of an unknown type skipped, the first is `{text}`.", counted(count, "line", "lines"))
        });
        self.tally.say(build, Severity::Info, "line-told-twice", |count, _| {
            let lines = counted(count, "line has", "lines have");
            format!("{lines} the `uuid` of an earlier line; each message is read once.")
        });
        self.tally.say(build, Severity::Info, "end-without-start", |count, text| {
            let results = counted(count, "result belongs", "results belong");
            format!("{results} to a tool call that is not in this file, the first to `{text}`; left out.")
        });
        self.tally.say(build, Severity::Warning, "tokens-not-recorded", |count, _| {
            let calls = counted(count, "model call", "model calls");
            format!(
                "This version of Claude Code did not record the output tokens of {calls}: it wrote placeholders of a few \
                 tokens, which are left out."
            )
        });
    }

    /// Several versions write a placeholder where the output tokens belong. A model writes about four characters with a
    /// token and never more than ten over a session, so a session with fewer tokens holds no counts.
    fn count(&mut self, build: &mut Builder) {
        let mut sums: FxHashMap<Sym, (u64, u64)> = FxHashMap::default();
        for call in &self.calls {
            let sum = sums.entry(call.run).or_default();
            sum.0 = sum.0.saturating_add(call.output.unwrap_or(0));
            sum.1 = sum.1.saturating_add(call.written);
        }
        for call in &self.calls {
            let Some(draft) = build.drafts.get_mut(call.draft) else { continue };
            let Some(output) = call.output.filter(|_| draft.usage.output.is_some()) else { continue };
            let few = |output: u64, written: u64| output.saturating_mul(10) < written;
            let (all, written) = sums.get(&call.run).copied().unwrap_or_default();
            if few(all, written) {
                draft.usage.output = None;
                draft.context = PLACEHOLDER;
                self.tally.add("tokens-not-recorded", draft.place, "");
            } else if output < 10 && few(output, call.written) {
                draft.context = TOO_LOW;
            }
        }
    }

    /// What is in another file: agents that were started here, and the tools that started the agents that are here.
    fn miss(&self, build: &mut Builder) {
        let agent = |draft: &&Draft| draft.kind == Kind::Agent && draft.parent.is_none();
        let alone: Vec<Sym> = build.drafts.iter().filter(agent).map(|draft| draft.id).collect();
        let here: FxHashSet<Sym> = build.drafts.iter().map(|draft| draft.id).collect();
        let missing = self.started.iter().filter(|agent| !here.contains(*agent));
        let named: Vec<String> = alone.iter().chain(missing).map(|id| build.names.get(*id).to_owned()).collect();
        for whole in named {
            if !build.wholes.contains(&whole) && build.wholes.len() < WHOLES {
                build.wholes.push(whole);
            }
        }
    }

    /// Runs are called by the title somebody gave, the summary of this conversation, or the first prompt.
    fn name(&mut self, build: &mut Builder) {
        // A summary often speaks of another session: its last line must be in this one.
        let summaries = std::mem::take(&mut self.summaries);
        let leaves: FxHashSet<Sym> = summaries.iter().map(|(leaf, _)| *leaf).collect();
        let there = self.lines.keys().filter(|(_, line)| leaves.contains(line));
        let runs: FxHashMap<Sym, Sym> = there.map(|(run, line)| (*line, *run)).collect();
        for (leaf, summary) in summaries {
            if let Some(&run) = runs.get(&leaf) {
                self.title(run, 2, summary);
            }
        }
        for (run, (rank, title)) in std::mem::take(&mut self.titles) {
            if rank > 0 || !build.run_names.contains_key(&run) {
                build.run_names.insert(run, title);
            }
        }
    }
}

/// Puts agents below the tools that started them, also where the two stand in different files. A session that was taken
/// up again has another id than the files of its agents: what holds nothing but agents then goes into its run.
fn join_agents(build: &mut Builder) {
    let mut tools: FxHashMap<u32, (Sym, Sym)> = FxHashMap::default();
    for draft in &build.drafts {
        if draft.kind == Kind::Tool && draft.context != 0 && draft.id != Interner::EMPTY {
            tools.entry(draft.context).or_insert((draft.run, draft.id));
        }
    }
    let alone = |draft: &Draft| draft.kind == Kind::Agent && draft.parent.is_none();
    let sessions: FxHashSet<Sym> =
        build.drafts.iter().filter(|draft| draft.parent.is_none() && !alone(draft)).map(|draft| draft.run).collect();
    let mut moves: FxHashMap<Sym, Sym> = FxHashMap::default();
    for draft in build.drafts.iter_mut().filter(|draft| alone(draft)) {
        let Some(&(run, tool)) = tools.get(&draft.id.number()) else { continue };
        if draft.run != run && (sessions.contains(&draft.run) || moves.get(&draft.run).is_some_and(|to| *to != run)) {
            continue;
        }
        draft.parent = Some(tool);
        if draft.run != run {
            moves.insert(draft.run, run);
        }
    }
    for draft in build.drafts.iter_mut().filter(|_| !moves.is_empty()) {
        draft.run = moves.get(&draft.run).copied().unwrap_or(draft.run);
    }
}
