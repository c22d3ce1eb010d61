//! A credential that was allowed is not allowed with another text.

use std::sync::LazyLock;

use portcullis::{Json, Outcome, Request};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::requests::CASES;
use crate::suite::{Asked, Case};
use crate::{cases, process};

/// Cases that are allowed with a credential, the place of its header and of the credential's text in the value.
static ALLOWED: LazyLock<Vec<Presented>> = LazyLock::new(|| {
    let mut found: Vec<Presented> = CASES.iter().filter_map(presented).collect();
    // Verified in this process by RSA or on a large curve, one costs as much as twenty others: a few are enough.
    let (mut fast, slow): (Vec<_>, Vec<_>) = found.drain(..).partition(|one| one.text.len() < 500);
    fast.extend(slow.into_iter().take(20));
    fast
});

struct Presented {
    case: &'static Case<'static>,
    /// The place of its header.
    header: usize,
    /// What stands before it in the value.
    before: &'static str,
    text: &'static str,
}

/// The credential of a case, where it is read and the case is allowed.
fn presented(case: &'static Case<'static>) -> Option<Presented> {
    let Asked::Request { headers, .. } = &case.first().asked else { return None };
    if case.first().expect.member("allowed") != Some(&Json::Bool(true)) {
        return None;
    }
    let config = case.config();
    // Where parts may be padded the signature has two texts: nobody signs its padding.
    if config.trust.as_ref().is_some_and(|trust| trust.contains("\"paddedBase64\":true")) {
        return None;
    }
    let guard = process::guard(&config).expect("the config of a case loads");
    let portcullis::HeaderNames { names: read, credentials } = guard.headers();
    let is_read = |name: &str| read.iter().take(credentials).any(|own| own.eq_ignore_ascii_case(name));
    let header = headers.iter().position(|(name, _)| is_read(name))?;
    let (_, value) = headers.get(header)?;
    let start = value.rfind([' ', '=']).map_or(0, |place| place + 1);
    let (before, text) = value.split_at_checked(start)?;
    let presented = Presented { case, header, before, text };
    (text.len() >= 32).then_some(presented)
}

impl Presented {
    /// Whether the request is allowed with that text in the place of the credential.
    fn is_allowed(&self, text: &str) -> bool {
        let Asked::Request { method, url, headers, .. } = &self.case.first().asked else { return false };
        let guard = process::guard(&self.case.config()).expect("the config of a case loads");
        let value = format!("{}{text}", self.before);
        let request = headers.iter().enumerate().fold(Request::new(method, url), |request, (place, (name, own))| {
            request.header(name, if place == self.header { value.clone() } else { (*own).to_owned() })
        });
        let step = self.case.first();
        matches!(process::answer(&guard, &request, step, &mut process::Host::default()), Outcome::Allow(_))
    }
}

/// A change of a text.
#[derive(Debug, Clone)]
enum Change {
    Replace(Index, char),
    Insert(Index, char),
    Remove(Index),
    Swap(Index, Index),
    Truncate(Index),
    Append(String),
    Prepend(String),
    /// One of the dot-separated parts becomes that of another credential.
    Transplant(Index, Index),
    /// The last character of a part becomes its neighbour: in base64url the bits that are left over.
    LastBits(Index, u8),
    Case,
}

fn change() -> impl Strategy<Value = Change> {
    let index = any::<Index>;
    let character = prop_oneof![
        3 => prop::sample::select("ABCXYZabcxyz0189-_".chars().collect::<Vec<_>>()),
        1 => prop::sample::select(".=~+/ ,;\"\t\u{0}é".chars().collect::<Vec<_>>()),
    ];
    let piece = prop::sample::select(&["=", "==", ".", "..", "A", "AA", "e30", ".e30", ",", " x", "\n", "%20"][..])
        .prop_map(str::to_owned);
    prop_oneof![
        (index(), character.clone()).prop_map(|(place, character)| Change::Replace(place, character)),
        (index(), character).prop_map(|(place, character)| Change::Insert(place, character)),
        index().prop_map(Change::Remove),
        (index(), index()).prop_map(|(one, other)| Change::Swap(one, other)),
        index().prop_map(Change::Truncate),
        piece.clone().prop_map(Change::Append),
        piece.prop_map(Change::Prepend),
        (index(), index()).prop_map(|(part, other)| Change::Transplant(part, other)),
        (index(), 1_u8..4).prop_map(|(part, by)| Change::LastBits(part, by)),
        Just(Change::Case),
    ]
}

impl Change {
    fn apply(&self, text: &str) -> String {
        let mut characters: Vec<char> = text.chars().collect();
        let count = characters.len();
        match self {
            Self::Replace(place, new) => {
                if let Some(character) = characters.get_mut(place.index(count)) {
                    *character = *new;
                }
            }
            Self::Insert(place, new) => characters.insert(place.index(count + 1), *new),
            Self::Remove(place) => drop(characters.remove(place.index(count))),
            Self::Swap(one, other) => characters.swap(one.index(count), other.index(count)),
            Self::Truncate(place) => characters.truncate(place.index(count)),
            Self::Append(piece) => characters.extend(piece.chars()),
            Self::Prepend(piece) => return format!("{piece}{text}"),
            Self::Transplant(part, other) => {
                let donor = ALLOWED.get(other.index(ALLOWED.len())).expect("a credential").text;
                return with_part(text, part, |part, place| donor.split('.').nth(place).unwrap_or(part).to_owned());
            }
            Self::LastBits(part, by) => {
                const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
                return with_part(text, part, |part, _| {
                    let Some((rest, last)) = part.split_at_checked(part.len().saturating_sub(1)) else {
                        return part.to_owned();
                    };
                    let place = ALPHABET.find(last).unwrap_or(0) ^ usize::from(*by);
                    format!("{rest}{}", ALPHABET.chars().nth(place).unwrap_or('A'))
                });
            }
            Self::Case => {
                return text
                    .chars()
                    .map(|one| if one.is_lowercase() { one.to_ascii_uppercase() } else { one.to_ascii_lowercase() })
                    .collect();
            }
        }
        characters.into_iter().collect()
    }
}

fn with_part(text: &str, part: &Index, change: impl Fn(&str, usize) -> String) -> String {
    let parts: Vec<&str> = text.split('.').collect();
    let chosen = part.index(parts.len());
    let changed = parts
        .iter()
        .enumerate()
        .map(|(place, part)| if place == chosen { change(part, place) } else { (*part).to_owned() });
    changed.collect::<Vec<_>>().join(".")
}

proptest! {
    #![proptest_config(cases(4_000))]

    #[test]
    fn a_credential_of_another_text_is_not_allowed(index in any::<Index>(), changes in prop::collection::vec(change(), 1..3)) {
        let presented = ALLOWED.get(index.index(ALLOWED.len())).expect("a case");
        let changed = changes.iter().fold(presented.text.to_owned(), |text, change| if text.is_empty() { text } else { change.apply(&text) });
        // White space around a value is no part of it, and another case's credential is one of its own.
        let is_same = changed.trim_matches([' ', '\t']) == presented.text;
        let is_anothers = ALLOWED.iter().any(|other| other.text == changed);
        prop_assume!(!is_same && !is_anothers);
        prop_assert!(!presented.is_allowed(&changed), "{}: {} is allowed", presented.case.name, changed);
    }
}

#[test]
fn the_cases_have_credentials_of_each_kind() {
    for presented in ALLOWED.iter().take(100) {
        assert!(presented.is_allowed(presented.text), "{}", presented.case.name);
    }
    let count = |is_kind: fn(&Presented) -> bool| ALLOWED.iter().filter(|one| is_kind(one)).count();
    assert!(count(|one| one.before.to_ascii_lowercase().starts_with("bearer")) > 100);
    assert!(count(|one| one.before.contains('=')) > 5);
    assert!(count(|one| one.before.is_empty() && !one.text.contains('.')) > 5);
}
