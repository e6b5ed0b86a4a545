//! Messages as JSON: an object with its kind in one member (`{"ask": "rows", …}`), as other languages like it.
//!
//! The derived code for such objects reads all members into a tree before it knows the kind, and reads the tree then;
//! that costs a hundred kilobytes in each face, which the page's visitors download. Here the kind is found first.

use super::lean::Lean;
use super::{Answer, Request};
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, IgnoredAny, MapAccess, VariantAccess, Visitor};
use serde::{Deserialize, Serialize, forward_to_deserialize_any};
use serde_json::Error;
use std::borrow::Cow;
use std::fmt;

impl Request {
    /// `{"ask": "rows", …}`.
    ///
    /// # Errors
    ///
    /// When a value cannot be JSON; no request has such values.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        to_json("ask", self)
    }

    /// A request from its JSON.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, and where.
    pub fn from_json(text: &str) -> Result<Request, serde_json::Error> {
        Request::deserialize(message("ask", text)?)
    }
}

impl Answer {
    /// `{"answer": "rows", …}`.
    ///
    /// # Errors
    ///
    /// When a value cannot be JSON; no answer has such values.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        to_json("answer", self)
    }

    /// An answer from its JSON.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, and where.
    pub fn from_json(text: &str) -> Result<Answer, serde_json::Error> {
        Answer::deserialize(Lean(message("answer", text)?))
    }
}

/// A message, whose derived form is `{"KIND": {members}}` or `"KIND"`, as `{"TAG": "KIND", members}`.
fn to_json<T: Serialize>(tag: &str, message: &T) -> Result<String, Error> {
    let derived = serde_json::to_string(message)?;
    let mut json = String::with_capacity(derived.len() + tag.len() + 6);
    json.push_str("{\"");
    json.push_str(tag);
    json.push_str("\":");
    // A kind has no character that JSON escapes, so the first colon ends it.
    match derived.strip_prefix('{').and_then(|rest| rest.split_once(':')) {
        None => {
            json.push_str(&derived);
            json.push('}');
        }
        Some((kind, members)) => {
            let members = members.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or_default();
            json.push_str(kind);
            if members != "}" {
                json.push(',');
            }
            json.push_str(members);
        }
    }
    Ok(json)
}

/// A message of such a form, to be read as its derived form; its kind may stand anywhere among its members, members that
/// are not known are skipped.
fn message<'a>(tag: &'static str, text: &'a str) -> Result<Message<'a>, Error> {
    let kind = match first(tag, text) {
        Some(kind) => Cow::Borrowed(kind),
        None => serde_json::Deserializer::from_str(text)
            .deserialize_map(Find(tag))?
            .ok_or_else(|| <Error as serde::de::Error>::missing_field(tag))?,
    };
    Ok(Message { kind, text })
}

/// The kind where our own faces write it: at the very front.
fn first<'a>(tag: &str, text: &'a str) -> Option<&'a str> {
    let rest = text.strip_prefix("{\"")?.strip_prefix(tag)?.strip_prefix("\":\"")?;
    let (kind, _) = rest.split_once('"')?;
    (!kind.contains('\\')).then_some(kind)
}

/// Finds the member with the kind.
struct Find(&'static str);

impl<'de> Visitor<'de> for Find {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with a member `{}`", self.0)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut kind = None;
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            if key == self.0 {
                kind = Some(Cow::Owned(map.next_value::<String>()?));
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(kind)
    }
}

/// A message whose kind is known.
struct Message<'a> {
    kind: Cow<'a, str>,
    text: &'a str,
}

impl<'de> Deserializer<'de> for Message<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_enum(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> EnumAccess<'de> for Message<'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let kind: StrDeserializer<'_, Error> = serde::de::IntoDeserializer::into_deserializer(&*self.kind);
        let kind = seed.deserialize(kind)?;
        Ok((kind, self))
    }
}

impl<'de> VariantAccess<'de> for Message<'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        let mut members = serde_json::Deserializer::from_str(self.text);
        IgnoredAny::deserialize(&mut members)?;
        members.end()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Error> {
        let mut members = serde_json::Deserializer::from_str(self.text);
        let value = seed.deserialize(&mut members)?;
        members.end().map(|()| value)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.struct_variant(&[], visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        let mut members = serde_json::Deserializer::from_str(self.text);
        let value = members.deserialize_map(visitor)?;
        members.end().map(|()| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_kind_is_a_member() {
        assert_eq!(Request::Documents { runs: None }.to_json().unwrap(), r#"{"ask":"documents"}"#);
        assert_eq!(Request::Close { document: 3 }.to_json().unwrap(), r#"{"ask":"close","document":3}"#);
        let text = Answer::Text { text: "a: {\"b\"}".to_owned() };
        assert_eq!(text.to_json().unwrap(), r#"{"answer":"text","text":"a: {\"b\"}"}"#);
        for answer in [Answer::Done, text, Answer::Form(Default::default()), Answer::Hover { hover: None }] {
            assert_eq!(Answer::from_json(&answer.to_json().unwrap()).unwrap(), answer);
        }
    }

    #[test]
    fn the_kind_may_stand_anywhere_and_more_may_stand_beside_it() {
        let close = Request::Close { document: 3 };
        for text in [
            r#"{"document": 3, "ask": "close"}"#,
            r#" { "ask" : "close", "document": 3, "why": [{"ask": "documents"}] } "#,
            r#"{"ask":"cl\u006fse","document":3}"#,
        ] {
            assert_eq!(Request::from_json(text).unwrap(), close, "{text}");
        }
    }

    #[test]
    fn what_is_no_message_is_told() {
        for (text, says) in [
            ("", "EOF"),
            ("[]", "an object with a member `ask`"),
            ("{}", "missing field `ask`"),
            (r#"{"ask": 5}"#, "invalid type"),
            (r#"{"ask":"fly"}"#, "unknown variant `fly`"),
            (r#"{"ask":"close"}"#, "missing field `document`"),
            (r#"{"ask":"close","document":3}}"#, "trailing characters"),
            (r#"{"ask":"documents""#, "EOF"),
            (r#"{"ask":"close","document":-1}"#, "invalid value"),
        ] {
            let error = Request::from_json(text).expect_err(text).to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_message_or_an_error(text in "\\PC{0,40}|\\{\"ask\":\"(close|documents|move)\".{0,30}") {
            let _ = Request::from_json(&text);
        }
    }
}
