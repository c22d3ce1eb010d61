//! API keys as the sign-in side makes them, and as the guard takes them.

use std::collections::HashSet;
use std::time::Duration;

use crate::chance::{Exhausted, Known};
use portcullis::issuer::api_key::{KeyTextError, NewApiKey, check_form, hash_of, rotate};
use portcullis::issuer::{Coded, SystemRandom};
use portcullis::{Guard, Outcome, Policy, Request, Trust, UnixTime};

const NOW: UnixTime = UnixTime::from_seconds(1_790_000_000);

#[test]
fn a_key_has_its_form() {
    let key = NewApiKey::generate("pk_live", &mut SystemRandom).unwrap();
    let secret = key.text().strip_prefix("pk_live_").unwrap();
    assert_eq!(secret.len(), 36);
    assert!(secret.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    assert_eq!(check_form(key.text(), "pk_live"), Ok(()));
    assert_eq!(key.hash(), hash_of(key.text()));
}

#[test]
fn known_randomness_gives_a_known_key() {
    // Bytes beyond 247 would make some digits likelier; they are passed over.
    let bytes: Vec<u8> = (248..=255).chain(0..=247).collect();
    let key = NewApiKey::generate("t", &mut Known::of(&bytes)).unwrap();
    assert!(key.text().starts_with("t_0123456789ABCDEFGHIJKLMNOPQRST"), "{}", key.text());
}

#[test]
fn no_two_keys_are_alike() {
    let keys: HashSet<String> =
        (0..1000).map(|_| NewApiKey::generate("t", &mut SystemRandom).unwrap().text().to_owned()).collect();
    assert_eq!(keys.len(), 1000);
}

#[test]
fn without_randomness_there_is_no_key() {
    let error = NewApiKey::generate("t", &mut Exhausted).unwrap_err();
    assert_eq!(error.code(), "random_unavailable");
}

#[test]
fn a_prefix_is_a_word() {
    for prefix in ["", "a-b", "a b", "é", &"a".repeat(33)] {
        assert_eq!(NewApiKey::generate(prefix, &mut SystemRandom).unwrap_err(), KeyTextError::Prefix, "{prefix}");
    }
}

#[test]
fn what_is_mistyped_is_no_key() {
    let key = NewApiKey::generate("t", &mut SystemRandom).unwrap();
    let text = key.text();
    for (place, byte) in text.bytes().enumerate().skip(2) {
        let other = if byte == b'A' { 'B' } else { 'A' };
        let mistyped: String =
            text.chars().enumerate().map(|(at, own)| if at == place { other } else { own }).collect();
        assert_eq!(check_form(&mistyped, "t"), Err(KeyTextError::Checksum), "{place}");
    }
    assert_eq!(check_form(text, "u"), Err(KeyTextError::Malformed));
    assert_eq!(check_form(text.get(..37).unwrap(), "t"), Err(KeyTextError::Malformed));
    assert_eq!(check_form(&format!("{text}A"), "t"), Err(KeyTextError::Malformed));
    assert_eq!(check_form("", "t"), Err(KeyTextError::Malformed));
}

#[test]
fn the_old_key_works_on_but_no_longer_than_it_would_have() {
    let overlap = Duration::from_secs(3600);
    let ends = |not_after: Option<i64>| {
        let not_after = not_after.map(UnixTime::from_seconds);
        rotate("t", not_after, overlap, NOW, &mut SystemRandom).unwrap().old_not_after.seconds() - NOW.seconds()
    };
    assert_eq!([ends(None), ends(Some(NOW.seconds() + 60)), ends(Some(NOW.seconds() + 7200))], [3600, 60, 3600]);
}

#[test]
fn nothing_shows_the_key() {
    let key = NewApiKey::generate("t", &mut SystemRandom).unwrap();
    assert!(!format!("{key:?}").contains(key.text()));
}

#[test]
fn the_guard_takes_it() {
    let key = NewApiKey::generate("t", &mut SystemRandom).unwrap();
    let policy = r#"{ "policy": "p", "revision": 1, "routes": [{ "route": "GET /", "allow": "authenticated" }] }"#;
    let trust = format!(r#"{{ "apiKeys": [{{ "id": "ci", "prefix": "t", "hash": "{}" }}] }}"#, key.hash());
    let guard = Guard::new(Policy::parse(policy).unwrap(), Trust::parse(&trust).unwrap()).unwrap();
    let answer = |text: &str| guard.check(&Request::new("GET", "/").header("x-api-key", text), NOW);
    assert!(matches!(answer(key.text()), Outcome::Allow(_)));
    let other = NewApiKey::generate("t", &mut SystemRandom).unwrap();
    assert!(
        matches!(answer(other.text()), Outcome::Reject(refused) if refused.rejection().code() == "invalid_api_key")
    );
}
