//! What of two compared runs makes the exit status 1.

use chaindebug_core::model::Nanos;
use chaindebug_core::protocol::ComparisonView;

pub(super) const HELP: &str = "\
What counts for the exit status, with commas between: structure (steps added, removed, repeated, moved or renamed), \
status, input, output, settings (model and parameters), and how much more B takes than A: cost>10%, duration>20%, \
tokens>5%. Without this, anything that differs counts.";

/// One thing that makes the status 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum FailOn {
    Structure,
    Status,
    Input,
    Output,
    Settings,
    /// More than so many per cent.
    Cost(f64),
    Duration(f64),
    Tokens(f64),
}

pub(super) fn fail_on(text: &str) -> Result<FailOn, String> {
    let whole = text.trim();
    if let Some((what, limit)) = whole.split_once('>') {
        let percent = limit.trim().trim_end_matches('%').trim().parse::<f64>().ok();
        let percent = percent.filter(|percent| percent.is_finite() && *percent >= 0.0);
        let percent = percent.ok_or_else(|| format!("after `>` a percentage is expected, e.g. {}>10%", what.trim()))?;
        return match what.trim() {
            "cost" => Ok(FailOn::Cost(percent)),
            "duration" | "time" => Ok(FailOn::Duration(percent)),
            "tokens" => Ok(FailOn::Tokens(percent)),
            other => Err(format!("`{other}` is not measured; expected is cost, duration or tokens")),
        };
    }
    match whole {
        "structure" => Ok(FailOn::Structure),
        "status" => Ok(FailOn::Status),
        "input" => Ok(FailOn::Input),
        "output" => Ok(FailOn::Output),
        "settings" => Ok(FailOn::Settings),
        "cost" | "duration" | "tokens" => Err(format!("`{whole}` needs a limit, e.g. {whole}>10%")),
        other => Err(format!(
            "`{other}` is not known; expected is structure, status, input, output, settings, cost>N%, duration>N% or tokens>N%"
        )),
    }
}

/// By how many per cent B takes more; `None` where a side does not state it.
fn more(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    let (a, b) = (a?, b?);
    if a > 0.0 { Some((b - a) / a * 100.0) } else { (b > a).then_some(f64::INFINITY) }
}

pub(super) fn fails(on: &[FailOn], view: &ComparisonView) -> bool {
    if on.is_empty() {
        return !view.same;
    }
    let beyond = |grown: Option<f64>, limit: f64| grown.is_some_and(|grown| grown > limit);
    let time = |time: Option<Nanos>| time.map(|time| time.0 as f64);
    let tokens = |tokens: Option<u64>| tokens.map(|tokens| tokens as f64);
    on.iter().any(|on| match *on {
        FailOn::Structure => view.only_a + view.only_b + view.repeated + view.moved + view.renamed > 0,
        FailOn::Status => view.statuses > 0,
        FailOn::Input => view.inputs > 0,
        FailOn::Output => view.outputs > 0,
        FailOn::Settings => view.settings > 0,
        FailOn::Cost(limit) => beyond(more(view.cost.a, view.cost.b), limit),
        FailOn::Duration(limit) => beyond(more(time(view.time.a), time(view.time.b)), limit),
        FailOn::Tokens(limit) => beyond(more(tokens(view.tokens.a), tokens(view.tokens.b)), limit),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Command, parsed};
    use chaindebug_core::protocol::Both;

    fn on(text: &str) -> Vec<FailOn> {
        match parsed(&format!("diff a b --fail-on {text}")) {
            Ok(Command::Diff(asked)) => asked.fail_on,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_fails_is_named() {
        assert_eq!(on("structure,status,output"), [FailOn::Structure, FailOn::Status, FailOn::Output]);
        assert_eq!(on("cost>10%,duration>20"), [FailOn::Cost(10.0), FailOn::Duration(20.0)]);
        for (text, says) in
            [("cost", "needs a limit"), ("cost>x", "a percentage"), ("speed>1%", "not measured"), ("x", "structure")]
        {
            let complaint = parsed(&format!("diff a b --fail-on {text}")).expect_err(text);
            assert!(complaint.contains(says), "{text}: {complaint}");
        }
    }

    #[test]
    fn limits_are_of_what_b_takes_more() {
        let view = ComparisonView {
            cost: Both { a: Some(2.0), b: Some(2.3) },
            tokens: Both { a: Some(100), b: Some(90) },
            outputs: 1,
            ..ComparisonView::default()
        };
        assert!(fails(&[FailOn::Cost(10.0)], &view) && !fails(&[FailOn::Cost(16.0)], &view));
        assert!(!fails(&[FailOn::Tokens(0.0)], &view), "fewer is no fault");
        assert!(!fails(&[FailOn::Duration(1.0)], &view), "what is not stated is no fault");
        assert!(fails(&[FailOn::Output], &view) && !fails(&[FailOn::Structure, FailOn::Status], &view));
        assert!(fails(&[], &view) && !fails(&[], &ComparisonView { same: true, ..view }));
        assert!(fails(
            &[FailOn::Cost(1e9)],
            &ComparisonView { cost: Both { a: Some(0.0), b: Some(0.1) }, ..ComparisonView::default() }
        ));
    }
}
