//! Requests about two runs laid on each other. The session holds one comparison; what it is made of is in `diff`.

use super::Session;
use super::ahead::Ahead;
use super::answer::Shelf;
use super::desk::Key;
use crate::diff::comparison::Comparison;
use crate::diff::item::{self, Briefs};
use crate::diff::rows::{self, Tree};
use crate::diff::value::rows::Laid;
use crate::diff::{cursor, many, report, verdict};
use crate::flow::{Compared, Whole, compare_flow};
use crate::protocol::{
    Answer, CompareOptions, ComparisonView, DiffItem, DiffMove, DiffRow, DiffRows, DiffValueRows, Request,
};
use crate::view::Sight;
use rustc_hash::FxHashMap;

/// Bytes of values that are read for one answer while a comparison is made.
const SLICE: u64 = 8 << 20;

/// Rows or differences that one answer holds at most.
const WINDOW: u32 = 2_000;

/// The comparison that is made, and what is open in it.
pub(super) struct Comparing {
    keys: (Key, Key),
    made: Comparison,
    tree: Tree,
    briefs: Briefs,
    cursor: u32,
    /// For each item the box of the flowchart last drawn that stands for it.
    node_of: Vec<u32>,
    /// Values that are open on both sides, by handle, and the item each is of.
    values: FxHashMap<u32, (u32, Laid)>,
    next_value: u32,
}

impl Session {
    /// Answers what is about comparisons; `None` for other requests.
    pub(super) fn about_comparisons(&mut self, request: &Request) -> Option<Result<Answer, String>> {
        let about = match request {
            Request::Compare { a, b, options } => return Some(self.compare(*a, *b, options)),
            Request::Many { runs } => return Some(self.many(runs)),
            Request::DiffRows { .. }
            | Request::DiffOpen { .. }
            | Request::Differences { .. }
            | Request::DiffGo { .. }
            | Request::DiffItem { .. }
            | Request::DiffValueRows { .. }
            | Request::DiffValueToggle { .. }
            | Request::DiffFlow { .. }
            | Request::DiffReport => request,
            _ => return None,
        };
        // Taken out, so that the documents can be looked at beside it.
        let Some(mut comparing) = self.comparing.take() else {
            return Some(Err("No runs are compared. Compare two first.".to_owned()));
        };
        let answer = self.ask(&mut comparing, about);
        self.comparing = Some(comparing);
        Some(answer)
    }

    /// Drops the comparison when one of its documents was closed or read anew.
    pub(super) fn forget_comparison(&mut self, document: u32) {
        let about = |comparing: &Comparing| comparing.keys.0.0 == document || comparing.keys.1.0 == document;
        if self.comparing.as_deref().is_some_and(about) {
            self.comparing = None;
        }
    }

    /// Whether the comparison that is held is of these runs.
    pub(super) fn compares(&self, (a, b): (u32, u32)) -> bool {
        let key = |run: u32| self.runs.get(run as usize).copied();
        self.comparing.as_ref().is_some_and(|held| (Some(held.keys.0), Some(held.keys.1)) == (key(a), key(b)))
    }

    /// How two runs are compared: as they are, where they are, else as ever.
    pub(super) fn options_of(&self, runs: &[u32]) -> CompareOptions {
        let held = match *runs {
            [a, b] if self.compares((a, b)) => self.comparing.as_ref(),
            _ => None,
        };
        held.map(|held| held.made.asked.clone()).unwrap_or_default()
    }

    pub(super) fn shelf(&self) -> Shelf<'_> {
        Shelf { opened: &self.opened, runs: &self.runs, pipelines: &self.pipelines }
    }

    fn compare(&mut self, a: u32, b: u32, options: &CompareOptions) -> Result<Answer, String> {
        let mut kept = self.comparing.take();
        let shelf = self.shelf();
        let ((of_a, key_a), (of_b, key_b)) = (shelf.sight(a)?, shelf.sight(b)?);
        let same = |kept: &Comparing| kept.keys == (key_a, key_b) && kept.made.asked == *options;
        let mut comparing = match kept.take().filter(|kept| same(kept)) {
            Some(kept) => kept,
            None => Box::new(Comparing {
                keys: (key_a, key_b),
                made: Comparison::new(of_a.run, of_b.run, options.clone()),
                tree: Tree::default(),
                briefs: Briefs::default(),
                cursor: 0,
                node_of: Vec::new(),
                values: FxHashMap::default(),
                next_value: 0,
            }),
        };
        let before = comparing.made.is_done();
        let (ahead_a, ahead_b) = (Ahead::new(shelf.document(key_a.0)?), Ahead::new(shelf.document(key_b.0)?));
        let (read_a, read_b) = (Sight { reader: &ahead_a, ..of_a }, Sight { reader: &ahead_b, ..of_b });
        let done = comparing.made.advance(read_a, read_b, SLICE);
        if done && !before {
            comparing.cursor = comparing.made.parting.unwrap_or(0);
        }
        let progress = comparing.made.progress(of_a.run, of_b.run);
        let view = if done {
            verdict::view(&comparing.made, (of_a, of_b))
        } else {
            ComparisonView { a, b, progress, ..ComparisonView::default() }
        };
        self.comparing = Some(comparing);
        Ok(Answer::Comparison(Box::new(view)))
    }

    fn ask(&self, comparing: &mut Comparing, request: &Request) -> Result<Answer, String> {
        if !comparing.made.is_done() {
            return Err("The two runs are still being compared.".to_owned());
        }
        let shelf = self.shelf();
        let number = |key: Key| self.runs.iter().position(|&of| of == key).and_then(|at| u32::try_from(at).ok());
        let gone = || "One of the two runs is closed. Compare again.".to_owned();
        let (a, _) = shelf.sight(number(comparing.keys.0).ok_or_else(gone)?)?;
        let (b, _) = shelf.sight(number(comparing.keys.1).ok_or_else(gone)?)?;
        comparing.answer((a, b), request)
    }

    fn many(&self, runs: &[u32]) -> Result<Answer, String> {
        let shelf = self.shelf();
        let found: Result<Vec<(Sight<'_>, Ahead<'_>)>, String> = runs
            .iter()
            .map(|&run| {
                let (sight, key) = shelf.sight(run)?;
                Ok((sight, Ahead::new(shelf.document(key.0)?)))
            })
            .collect();
        let found = found?;
        let sights: Vec<Sight<'_>> = found.iter().map(|(sight, ahead)| Sight { reader: ahead, ..*sight }).collect();
        Ok(Answer::Many(Box::new(many::many(&sights)?)))
    }
}

impl Comparing {
    fn answer(&mut self, sights: (Sight<'_>, Sight<'_>), request: &Request) -> Result<Answer, String> {
        Ok(match *request {
            Request::DiffRows { fold, from, count } => {
                let (made, briefs) = (&self.made, &mut self.briefs);
                let mut what = |item: u32| briefs.what(made, sights, item);
                Answer::DiffRows(self.tree.window(made, sights, fold, (from, count.min(WINDOW)), &mut what))
            }
            Request::DiffOpen { item, open, fold } => {
                self.tree.open(&self.made, item, open, fold);
                let total = self.tree.total(&self.made, fold);
                Answer::DiffRows(DiffRows { total, ..DiffRows::default() })
            }
            Request::Differences { from, count } => {
                let total = self.made.differences.len() as u32;
                let from = from.min(total);
                let end = from.saturating_add(count.min(WINDOW)).min(total);
                let window = self.made.differences.get(from as usize..end as usize).unwrap_or(&[]).to_vec();
                let rows = window.into_iter().filter_map(|item| self.row(sights, item)).collect();
                Answer::DiffRows(DiffRows { total, from, rows })
            }
            Request::DiffGo { go, fold } => self.go(sights, go, fold),
            Request::DiffItem { item } => Answer::DiffItem(Box::new(self.item(sights, item)?)),
            Request::DiffValueRows { value, from, count } => {
                let (_, laid) = self.value(value)?;
                let rows = laid.rows(from, count.min(WINDOW));
                Answer::DiffValueRows(DiffValueRows { value, total: laid.total(), from, rows })
            }
            Request::DiffValueToggle { value, node } => {
                let (_, laid) = self.value(value)?;
                laid.toggle(node);
                Answer::DiffValueRows(DiffValueRows { value, total: laid.total(), from: 0, rows: Vec::new() })
            }
            Request::DiffFlow { fold, ref toggled } => {
                let (made, briefs) = (&self.made, std::cell::RefCell::new(&mut self.briefs));
                let what = |item: u32| briefs.borrow_mut().what(made, sights, item);
                let flow = compare_flow(
                    &Compared {
                        a: Whole { run: sights.0.run, index: &made.a.index, names: &sights.0.document.names },
                        b: Whole { run: sights.1.run, index: &made.b.index, names: &sights.1.document.names },
                        items: &made.items,
                        signs: &made.signs,
                        differences: &made.differences,
                        what: &what,
                    },
                    fold,
                    toggled,
                );
                self.node_of = flow.node_of;
                Answer::Flow(Box::new(flow.view))
            }
            Request::DiffReport => Answer::Text { text: report::markdown(&self.made, sights, &mut self.briefs) },
            _ => return Err("This is not about a comparison.".to_owned()),
        })
    }

    fn value(&mut self, value: u32) -> Result<&mut (u32, Laid), String> {
        self.values.get_mut(&value).ok_or_else(|| "This value is closed. Ask for its item again.".to_owned())
    }

    fn row(&mut self, sights: (Sight<'_>, Sight<'_>), item: u32) -> Option<DiffRow> {
        let row = rows::row(&self.made, sights, item)?;
        Some(DiffRow { what: self.briefs.what(&self.made, sights, item), ..row })
    }

    fn go(&mut self, sights: (Sight<'_>, Sight<'_>), go: DiffMove, fold: bool) -> Answer {
        self.cursor = cursor::go(&self.made, self.cursor, go);
        let row = self.row(sights, self.cursor).unwrap_or_default();
        let mut cursor = cursor::describe(&self.made, &row);
        cursor.row = match go {
            DiffMove::Stay => self.tree.row_of(&self.made, self.cursor, fold),
            _ => self.tree.reveal(&self.made, self.cursor, fold),
        };
        cursor.node = super::overlays::node_at(&self.node_of, self.cursor);
        Answer::DiffCursor(cursor)
    }

    fn item(&mut self, sights: (Sight<'_>, Sight<'_>), at: u32) -> Result<DiffItem, String> {
        let row = self.row(sights, at).ok_or_else(|| format!("There is no item {at} in this comparison."))?;
        // What was open of other items has been left.
        self.values.retain(|_, (item, _)| *item == at);
        let (mut shown, laid) = item::item(&self.made, sights, row);
        for (section, mut laid) in laid {
            let handle = self.next_value;
            self.next_value = self.next_value.wrapping_add(1);
            if let Some(section) = shown.sections.get_mut(section) {
                section.value = Some(handle);
                section.rows = laid.total();
            }
            self.values.insert(handle, (at, laid));
        }
        Ok(shown)
    }
}
