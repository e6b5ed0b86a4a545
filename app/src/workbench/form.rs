//! A form that the pipeline declares: for its input, or for a person's answer. It makes one JSON object.

use super::fields::{Draft, JsonField};
use super::json;
use chaindebug_core::protocol::{Field, Form};
use leptos::prelude::*;

/// A JSON number as it is typed: an integer where one is asked for.
fn number(text: &str, integer: bool) -> Result<String, String> {
    let text = text.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    let whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if json::fault(text).is_none() && (whole || !integer) && text.starts_with(|c: char| c == '-' || c.is_ascii_digit())
    {
        return Ok(text.to_owned());
    }
    Err(if integer { "A whole number is expected here." } else { "A number is expected here." }.to_owned())
}

/// The fields of a form.
#[component]
pub(super) fn FormFields(
    /// The form.
    #[prop(into)]
    form: Signal<Form>,
    /// The object as JSON text; empty for one without keys.
    #[prop(into)]
    value: Signal<String>,
    /// Called with each new object.
    change: Callback<String>,
    /// What the ids of its fields begin with.
    prefix: &'static str,
) -> impl IntoView {
    let fields = Memo::new(move |_| form.with(|form| form.fields.clone()));
    // Keys that no field stands for: they can only be seen as JSON.
    let others = Memo::new(move |_| {
        let keys = json::keys(&value.get());
        let none = fields.with(Vec::is_empty);
        let known = |key: &String| fields.with(|fields| fields.iter().any(|field| field.name == *key));
        none || keys.is_none_or(|keys| keys.iter().any(|key| !known(key)))
    });
    view! {
        <div class="bench-form">
            <For each=move || fields.get() key=|field| (field.name.clone(), field.control.clone(), field.choices.clone()) let:field>
                <OneField field=field value=value change=change prefix=prefix/>
            </For>
            {move || if fields.with(Vec::is_empty) {
                view! { <JsonField label="As JSON" value=value change=change optional=true least=2/> }.into_any()
            } else {
                view! {
                    <details class="bench-more" prop:open=others.get_untracked()>
                        <summary>"As JSON"</summary>
                        <JsonField label="The whole object as JSON" value=value change=change optional=true least=2/>
                    </details>
                }.into_any()
            }}
        </div>
    }
}

/// One field with its label.
#[component]
fn OneField(field: Field, value: Signal<String>, change: Callback<String>, prefix: &'static str) -> impl IntoView {
    let id = format!("{prefix}-{}", field.name.replace(|sign: char| !sign.is_alphanumeric(), "-"));
    let name = StoredValue::new(field.name.clone());
    let own = Signal::derive(move || name.with_value(|name| json::get(&value.get(), name)).unwrap_or_default());
    let set = Callback::new(move |text: Option<String>| {
        let now = value.get_untracked();
        change.run(name.with_value(|name| json::with(&now, name, text.as_deref())));
    });
    let mut title = field.description.clone();
    if !field.default.is_empty() {
        title.push_str(&format!(" The file states the default {}; the engine does not apply it.", field.default));
    }
    let label = if field.label.is_empty() { field.name.clone() } else { field.label.clone() };
    let required = field.required.then(|| {
        view! { <span class="bench-required" title="The file says it must be given. The engine does not check.">"*"</span> }
    });
    let group = matches!(field.control.as_str(), "choices");
    let control = field.control.clone();
    view! {
        <div class="bench-field" data-control=control title=title.trim().to_owned()>
            {if group {
                view! { <span class="bench-label" id=format!("{id}-label")>{label}{required}</span> }.into_any()
            } else {
                view! { <label class="bench-label" for=id.clone()>{label}{required}</label> }.into_any()
            }}
            <Control field=field id=id own=own set=set/>
        </div>
    }
}

#[component]
fn Control(field: Field, id: String, own: Signal<String>, set: Callback<Option<String>>) -> impl IntoView {
    let draft = Draft::new(own);
    let absent =
        if field.default.is_empty() { "not given".to_owned() } else { format!("not given ({})", field.default) };
    match field.control.as_str() {
        "flag" => choice(id, own, set, &["true".to_owned(), "false".to_owned()], &[], &absent),
        "choice" => choice(id, own, set, &field.choices, &field.choice_labels, &absent),
        "choices" => choices(&id, own, set, &field.choices, &field.choice_labels),
        "number" | "integer" => {
            let integer = field.control == "integer";
            let fault =
                Memo::new(move |_| if draft.open() { number(&draft.text(str::to_owned), integer).err() } else { None });
            let typed = move |text: String| match number(&text, integer) {
                _ if text.trim().is_empty() => {
                    draft.done();
                    set.run(None);
                }
                Ok(text) => {
                    draft.done();
                    set.run(Some(text));
                }
                Err(_) => draft.hold(text),
            };
            view! {
                <div class="bench-control">
                    <input
                        id=id
                        class="bench-input mono num"
                        inputmode="decimal"
                        autocomplete="off"
                        placeholder=absent
                        aria-invalid=move || fault.with(Option::is_some).to_string()
                        prop:value=move || draft.text(str::to_owned)
                        on:input:target=move |event| typed(event.target().value())
                    />
                    {move || fault.get().map(|fault| view! { <p class="bench-fault" role="alert">{fault}</p> })}
                </div>
            }
            .into_any()
        }
        "text" | "lines" => text(field.control == "lines", id, own, set, absent),
        _ => {
            let change = Callback::new(move |text: String| set.run((!text.trim().is_empty()).then_some(text)));
            view! { <JsonField label=field.name value=own change=change optional=true id=id least=1 placeholder="not given"/> }.into_any()
        }
    }
}

/// A field for text; a value that is none, as another scenario may hold it, is shown and changed as JSON.
fn text(lines: bool, id: String, own: Signal<String>, set: Callback<Option<String>>, absent: String) -> AnyView {
    let plain = move || json::unquoted(&own.get()).unwrap_or_else(|| own.get());
    let typed = move |text: String| {
        let odd = own.with_untracked(|own| !own.is_empty() && json::unquoted(own).is_none());
        set.run(match text {
            text if text.is_empty() => None,
            text if odd && json::fault(&text).is_none() => Some(text),
            text => Some(json::quoted(&text)),
        });
    };
    if lines {
        view! {
            <textarea id=id class="bench-input" rows="3" placeholder=absent prop:value=plain on:input:target=move |event| typed(event.target().value())></textarea>
        }
        .into_any()
    } else {
        view! {
            <input id=id class="bench-input" autocomplete="off" placeholder=absent prop:value=plain on:input:target=move |event| typed(event.target().value())/>
        }
        .into_any()
    }
}

/// One of several values, or none.
fn choice(
    id: String,
    own: Signal<String>,
    set: Callback<Option<String>>,
    values: &[String],
    labels: &[String],
    absent: &str,
) -> AnyView {
    let options = values.iter().enumerate().map(|(at, value)| {
        let label = labels.get(at).cloned().unwrap_or_else(|| json::unquoted(value).unwrap_or_else(|| value.clone()));
        let value = value.clone();
        let of = value.clone();
        view! { <option value=value selected=move || own.get() == of>{label}</option> }
    });
    let known = values.to_vec();
    // A value that the form does not offer is kept in sight.
    let other = move || {
        let own = own.get();
        (!own.is_empty() && !known.contains(&own))
            .then(|| view! { <option value=own.clone() selected=true>{own.clone()}</option> })
    };
    view! {
        <select id=id class="bench-input" prop:value=move || own.get() on:change:target=move |event| {
            let value = event.target().value();
            set.run((!value.is_empty()).then_some(value));
        }>
            <option value="" selected=move || own.get().is_empty()>{absent.to_owned()}</option>
            {options.collect_view()}
            {other}
        </select>
    }
    .into_any()
}

/// Any of several values, as an array.
fn choices(
    id: &str,
    own: Signal<String>,
    set: Callback<Option<String>>,
    values: &[String],
    labels: &[String],
) -> AnyView {
    let boxes = values.iter().enumerate().map(|(at, value)| {
        let label = labels.get(at).cloned().unwrap_or_else(|| json::unquoted(value).unwrap_or_else(|| value.clone()));
        let value = StoredValue::new(value.clone());
        let on = move || value.with_value(|value| json::elements(&own.get()).is_some_and(|all| all.contains(value)));
        let flip = move |_| {
            let mut all = json::elements(&own.get_untracked()).unwrap_or_default();
            value.with_value(|value| match all.iter().position(|one| one == value) {
                Some(at) => drop(all.remove(at)),
                None => all.push(value.clone()),
            });
            set.run((!all.is_empty()).then(|| format!("[{}]", all.join(", "))));
        };
        view! { <label class="bench-check"><input type="checkbox" prop:checked=on on:change=flip/>{label}</label> }
    });
    view! { <div class="bench-checks" role="group" aria-labelledby=format!("{id}-label")>{boxes.collect_view()}</div> }
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_what_json_calls_one() {
        assert_eq!(number(" 12 ", true), Ok("12".to_owned()));
        assert_eq!(number("-1.50", false), Ok("-1.50".to_owned()));
        assert!(number("1.5", true).is_err());
        assert!(number("1.", false).is_err());
        assert!(number("true", false).is_err());
        assert!(number("[1]", false).is_err());
    }
}
