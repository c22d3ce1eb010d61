//! Strict JSON: it never panics, what is read is written again, and another reader agrees.

use portcullis::json::{Limits, Object};
use portcullis::{Json, JsonError};
use proptest::prelude::*;

use crate::cases;

/// A name or a text: words that documents have, and whatever there is.
pub(crate) fn text() -> impl Strategy<Value = String> {
    const WORDS: &[&str] = &[
        "id",
        "kind",
        "roles",
        "permits",
        "inherits",
        "elevated",
        "owner",
        "policy",
        "revision",
        "routes",
        "route",
        "allow",
        "permission",
        "resource",
        "actions",
        "rules",
        "effect",
        "deny",
        "issuers",
        "issuer",
        "audience",
        "secret",
        "jwks",
        "keys",
        "kty",
        "crv",
        "x",
        "y",
        "n",
        "e",
        "apiKeys",
        "hash",
        "prefix",
        "guest",
        "subject",
        "action",
        "type",
        "properties",
        "name",
        "context",
        "justification",
        "attributes",
        "*",
        "article:read",
        "article:*",
        "everyone",
        "GET /a/{id}",
        "__proto__",
        "",
        "user",
        "authTime",
        "acr",
        "string",
        "sha256:",
    ];
    prop_oneof![3 => prop::sample::select(WORDS).prop_map(str::to_owned), 1 => any::<String>()]
}

/// A number with a fraction or an exponent, as it can only be read.
fn decimal() -> impl Strategy<Value = Json> {
    "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,20}([eE][+-]?[0-9]{1,3})?|[eE][+-]?[0-9]{1,2})"
        .prop_filter_map("a magnitude that no double holds", |text| Json::parse(text.as_bytes()).ok())
}

/// Any JSON value, its members in any order.
pub(crate) fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        (-10_i64..1000).prop_map(Json::from),
        decimal(),
        text().prop_map(Json::from),
    ];
    leaf.prop_recursive(5, 48, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Json::Array),
            prop::collection::vec((text(), inner), 0..8).prop_map(object),
        ]
    })
}

fn object(members: Vec<(String, Json)>) -> Json {
    members
        .into_iter()
        .fold(Object::new(), |mut object, (name, value)| {
            object.set(name, value);
            object
        })
        .into()
}

/// Pieces of JSON side by side: mostly no JSON, but near it.
pub(crate) fn near_json() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"a\"",
        "\"a\":",
        "\\",
        "\\u0061",
        "\\ud83d",
        "\\ude00",
        "\\u",
        "null",
        "true",
        "fals",
        "0",
        "-",
        "1",
        "00",
        "1.5",
        "1e5",
        "1e309",
        "1e-999999999999",
        ".",
        "e",
        "+",
        " ",
        "\n",
        "\u{feff}",
        "\u{0}",
        "é",
        "😀",
        "9223372036854775807",
        "9223372036854775808",
        "[[[[[[[[",
        "]]]]]]]]",
        "{\"a\":1,\"b\":",
        "\"\\",
    ];
    prop::collection::vec(prop::sample::select(PIECES), 0..24).prop_map(|pieces| pieces.concat())
}

/// The same value with the members of every object in another order.
pub(crate) fn reordered(json: &Json, below: &mut impl FnMut(usize) -> usize) -> Json {
    match json {
        Json::Array(items) => Json::Array(items.iter().map(|item| reordered(item, below)).collect()),
        Json::Object(members) => {
            let mut members: Vec<_> =
                members.iter().map(|(name, value)| (name.to_owned(), reordered(value, below))).collect();
            shuffle(&mut members, below);
            object(members)
        }
        leaf => leaf.clone(),
    }
}

/// Fisher and Yates.
pub(crate) fn shuffle<T>(items: &mut [T], below: &mut impl FnMut(usize) -> usize) {
    for last in (1..items.len()).rev() {
        items.swap(last, below(last + 1));
    }
}

/// Numbers below a bound, from a seed.
pub(crate) fn numbers(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed | 1;
    move |bound| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).map_or(0, |number| number % bound)
    }
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), max_bytes in 0_usize..300, max_depth in 0_usize..4) {
        let _ = Json::parse(&bytes);
        let _ = Json::parse_within(&bytes, Limits { max_bytes, max_depth });
    }

    #[test]
    fn what_is_read_is_written_and_read_again(text in near_json()) {
        if let Ok(value) = Json::parse(text.as_bytes()) {
            prop_assert_eq!(Json::parse(value.to_text().as_bytes()), Ok(value));
        }
    }

    #[test]
    fn what_is_written_is_read_again(value in json()) {
        prop_assert_eq!(Json::parse(value.to_text().as_bytes()), Ok(value.clone()));
        let canonical = Json::parse(value.to_canonical_text().as_bytes()).map(|value| value.to_canonical_text());
        prop_assert_eq!(canonical, Ok(value.to_canonical_text()));
    }

    #[test]
    fn canonical_text_does_not_depend_on_the_order_of_members(value in json(), seed in any::<u64>()) {
        let other = reordered(&value, &mut numbers(seed));
        prop_assert_eq!(other.to_canonical_text(), value.to_canonical_text());
        prop_assert_eq!(other.to_text().len(), value.to_text().len());
    }

    #[test]
    fn another_reader_takes_what_this_one_takes(text in near_json()) {
        let other = serde_json::from_str::<serde_json::Value>(&text);
        match Json::parse(text.as_bytes()) {
            Ok(value) => {
                let other = other.map_err(|error| TestCaseError::fail(format!("{text}: {error}")))?;
                prop_assert_eq!(value.as_str(), other.as_str());
                prop_assert_eq!(value.as_array().map(<[Json]>::len), other.as_array().map(Vec::len));
            }
            Err(JsonError::DuplicateMember { .. } | JsonError::NumberTooLarge { .. } | JsonError::TooDeep { .. }) => {}
            Err(error) => prop_assert!(other.is_err(), "{}: {}", text, error),
        }
    }

    #[test]
    fn another_reader_understands_what_is_written(value in json()) {
        let other: serde_json::Value = serde_json::from_str(&value.to_text()).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert!(is_same(&value, &other), "{} {}", value.to_text(), other);
    }

    #[test]
    fn serde_carries_a_value_there_and_back(value in json()) {
        let written = serde_json::to_string(&value).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let read: Json = serde_json::from_str(&written).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let without_decimals = !value.to_text().contains('.') && !value.to_text().to_ascii_lowercase().contains('e');
        prop_assert!(!without_decimals || read == value, "{} {}", written, value.to_text());
    }
}

fn is_same(value: &Json, other: &serde_json::Value) -> bool {
    match (value, other) {
        (Json::Null, serde_json::Value::Null) => true,
        (Json::Bool(own), serde_json::Value::Bool(other)) => own == other,
        (Json::Integer(own), serde_json::Value::Number(other)) => other.as_i64() == Some(*own),
        (Json::Decimal(own), serde_json::Value::Number(other)) => is_near(own.text().parse().ok(), other.as_f64()),
        (Json::String(own), serde_json::Value::String(other)) => own == other,
        (Json::Array(own), serde_json::Value::Array(other)) => {
            own.len() == other.len() && own.iter().zip(other).all(|(own, other)| is_same(own, other))
        }
        (Json::Object(own), serde_json::Value::Object(other)) => {
            own.len() == other.len()
                && own.iter().all(|(name, own)| other.get(name).is_some_and(|other| is_same(own, other)))
        }
        _ => false,
    }
}

/// serde_json rounds the last digits in its own way.
fn is_near(own: Option<f64>, other: Option<f64>) -> bool {
    own.zip(other).is_some_and(|(own, other)| (own - other).abs() <= own.abs() * 1e-14)
}
