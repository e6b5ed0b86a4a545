//! What was replaced in something that leaves, and what a second look at the written text found.

use crate::text::{count, grouped};
use crate::widgets::copy::download;
use chaindebug_core::protocol::RedactionReport;
use leptos::prelude::*;

/// The report.
#[component]
pub(super) fn ReportView(report: RedactionReport) -> impl IntoView {
    let replaced: u64 = report.kinds.iter().map(|kind| u64::from(kind.replaced)).sum();
    let places: u64 = report.kinds.iter().map(|kind| kind.places).sum();
    let kept: u64 = report.kinds.iter().map(|kind| u64::from(kind.kept)).sum();
    let mut line = match replaced {
        0 => "Nothing was replaced".to_owned(),
        n => format!("{} replaced in {}", count(n, "different thing"), count(places, "place")),
    };
    if kept > 0 {
        line.push_str(&format!(", {} kept", grouped(kept)));
    }
    line.push('.');
    let second = if report.clean {
        "✓ A second look at the written text found nothing that should not be there.".to_owned()
    } else {
        let left: u64 = report.remaining.iter().map(|one| one.count).sum();
        format!("▲ A second look at the written text still found {}:", count(left, "thing"))
    };
    let remaining = report
        .remaining
        .iter()
        .map(|one| view! { <li>{format!("{}, {} ×, first in line {}", one.label, grouped(one.count), grouped(one.line))}</li> });
    let kinds = report.kinds.iter().map(|kind| {
        view! {
            <tr>
                <th scope="row">{kind.label.clone()}</th>
                <td>{grouped(u64::from(kind.replaced))}</td>
                <td>{grouped(kind.places)}</td>
                <td>{grouped(u64::from(kind.kept))}</td>
            </tr>
        }
    });
    let notes = report.notes.iter().map(|note| view! { <li>{note.clone()}</li> }).collect_view();
    let table = (!report.kinds.is_empty()).then(|| {
        view! {
            <details>
                <summary>"What was replaced"</summary>
                <table class="share-table">
                    <thead><tr><th scope="col">"Kind"</th><th scope="col">"Replaced"</th><th scope="col">"Places"</th><th scope="col">"Kept"</th></tr></thead>
                    <tbody>{kinds.collect_view()}</tbody>
                </table>
            </details>
        }
    });
    let (clean, remaining) = (report.clean, remaining.collect_view());
    let text = StoredValue::new(serde_json::to_string_pretty(&report).unwrap_or_default());
    view! {
        <div class="share-report">
            <p>{line}</p>
            <p class:share-warned=!clean>{second}</p>
            <ul class="share-notes">{remaining}{notes}</ul>
            {table}
            <button type="button" class="small" on:click=move |_| { download("redaction-report.json", &text.get_value()); }>"Save this report"</button>
        </div>
    }
}
