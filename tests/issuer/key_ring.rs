//! Key rings: which key signs, and which are published, over time.
#![expect(clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use portcullis::Algorithm;
use portcullis::UnixTime;
use portcullis::issuer::key_ring::{KeyRing, RingError};
use portcullis::issuer::signing_key::SigningKey;
use portcullis::issuer::token::{AccessToken, GuestToken, IdToken};
use portcullis::issuer::{Coded, SystemRandom};
use serde_json::{Value, json};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

fn at(seconds: i64) -> UnixTime {
    UnixTime::from_seconds(1_790_000_000 + seconds)
}

/// A key with that name.
fn key(kid: &str) -> SigningKey {
    let made = SigningKey::generate(Algorithm::EdDsa, &mut SystemRandom).unwrap();
    let mut jwk: Value = serde_json::from_str(&made.private_jwk()).unwrap();
    jwk["kid"] = json!(kid);
    SigningKey::from_jwk(&jwk.to_string()).unwrap()
}

/// Who signs, and who is published.
fn state(ring: &KeyRing, seconds: i64) -> (String, Vec<String>) {
    let set: Value = serde_json::from_str(&ring.published(at(seconds)).to_text()).unwrap();
    let names = set["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned());
    (ring.signing(at(seconds)).kid().unwrap().to_owned(), names.collect())
}

fn assert_states(ring: &KeyRing, states: &[(i64, &str, &[&str])]) {
    for (seconds, signing, published) in states {
        let (name, names) = state(ring, *seconds);
        assert_eq!(
            (name.as_str(), names.iter().map(String::as_str).collect::<Vec<_>>()),
            (*signing, published.to_vec()),
            "{seconds}"
        );
    }
}

#[test]
fn a_key_is_published_before_it_signs_and_as_long_as_its_tokens_live() {
    let mut ring = KeyRing::new(key("a"), at(0)).unwrap();
    assert_states(&ring, &[(-5, "a", &["a"]), (0, "a", &["a"]), (1000 * DAY, "a", &["a"])]);
    ring.rotate(key("b"), at(10 * DAY)).unwrap();
    assert_states(
        &ring,
        &[
            (-5, "a", &["a", "b"]),
            (10 * DAY, "a", &["a", "b"]),
            (11 * DAY - 1, "a", &["a", "b"]),
            (11 * DAY, "b", &["a", "b"]),
            (12 * DAY + HOUR - 1, "b", &["a", "b"]),
            (12 * DAY + HOUR, "b", &["b"]),
        ],
    );
    ring.rotate(key("c"), at(11 * DAY)).unwrap();
    assert_states(
        &ring,
        &[(11 * DAY, "b", &["a", "b", "c"]), (12 * DAY, "c", &["a", "b", "c"]), (14 * DAY, "c", &["c"])],
    );
    ring.rotate(key("d"), at(14 * DAY)).unwrap();
    assert!(!ring.private_text().contains("\"a\""), "what is gone is forgotten");
}

#[test]
fn every_token_ends_before_its_key_is_gone() {
    let longest = AccessToken::MAX_LIFETIME.max(IdToken::MAX_LIFETIME).max(GuestToken::MAX_LIFETIME);
    // Ten minutes are the longest leeway of a trust document.
    assert!(longest.as_secs() + 600 <= KeyRing::KEEP.as_secs());
    let max_age: u64 = KeyRing::CACHE_CONTROL.rsplit('=').next().unwrap().parse().unwrap();
    assert!(max_age <= KeyRing::LEAD.as_secs());
}

#[test]
fn one_key_waits_at_a_time() {
    let mut ring = KeyRing::new(key("a"), at(0)).unwrap();
    ring.rotate(key("b"), at(0)).unwrap();
    assert_eq!(ring.rotate(key("c"), at(DAY - 1)).unwrap_err(), RingError::Waiting);
    for name in ["a", "b"] {
        assert_eq!(ring.rotate(key(name), at(DAY)).unwrap_err(), RingError::Known, "{name}");
    }
    ring.rotate(key("c"), at(DAY)).unwrap();
}

#[test]
fn a_key_that_was_taken_back_is_published_no_longer() {
    let ring = || {
        let mut ring = KeyRing::new(key("a"), at(0)).unwrap();
        ring.rotate(key("b"), at(0)).unwrap();
        ring.rotate(key("c"), at(DAY)).unwrap();
        ring
    };
    let now = DAY + HOUR;
    // The one that signs, one that is retired, one that waits.
    for (kid, states) in [
        ("b", [(now, "x", &["a", "x", "c"][..]), (2 * DAY, "c", &["a", "x", "c"])]),
        ("a", [(now, "x", &["b", "x", "c"]), (2 * DAY, "c", &["b", "x", "c"])]),
        ("c", [(now, "x", &["a", "b", "x"]), (2 * DAY, "x", &["a", "b", "x"])]),
    ] {
        let mut ring = ring();
        ring.replace(kid, key("x"), at(now)).unwrap();
        assert_states(&ring, &states);
        assert!(KeyRing::parse(&ring.private_text()).is_ok(), "{kid}");
    }
    let mut ring = ring();
    assert_eq!(ring.replace("z", key("x"), at(now)).unwrap_err(), RingError::Unknown);
    assert_eq!(ring.replace("b", key("c"), at(now)).unwrap_err(), RingError::Known);
    assert_eq!(ring.replace("b", key("b"), at(now)).unwrap_err(), RingError::Known);
    let mut alone = KeyRing::new(key("a"), at(0)).unwrap();
    // A clock that is behind.
    alone.replace("a", key("x"), at(-DAY)).unwrap();
    assert_states(&alone, &[(-DAY, "x", &["x"]), (0, "x", &["x"])]);
}

#[test]
fn a_ring_is_kept_as_text() {
    let mut ring = KeyRing::new(key("a"), at(0)).unwrap();
    ring.rotate(key("b"), at(0)).unwrap();
    let again = KeyRing::parse(&ring.private_text()).unwrap();
    assert_eq!(again.private_text(), ring.private_text());
    assert_states(&again, &[(0, "a", &["a", "b"]), (DAY, "b", &["a", "b"])]);
    let secret = SigningKey::generate(Algorithm::Hs256, &mut SystemRandom).unwrap();
    let [a, b] = [key("a"), key("b")].map(|key| serde_json::from_str::<Value>(&key.private_jwk()).unwrap());
    let secret_jwk: Value = serde_json::from_str(&secret.private_jwk()).unwrap();
    let many: Vec<Value> = (0..9).map(|place| json!({ "jwk": serde_json::from_str::<Value>(&key(&place.to_string()).private_jwk()).unwrap(), "signsFrom": place })).collect();
    for (text, code) in [
        (json!({ "keys": [] }), "ring_malformed"),
        (json!([]), "ring_malformed"),
        (json!({ "keys": [{ "jwk": a }] }), "ring_malformed"),
        (json!({ "keys": [{ "jwk": a, "signsFrom": "0" }] }), "ring_malformed"),
        (json!({ "keys": [{ "jwk": a, "signsFrom": 2 }, { "jwk": b, "signsFrom": 1 }] }), "ring_malformed"),
        (json!({ "keys": [{ "jwk": a, "signsFrom": 1 }, { "jwk": a, "signsFrom": 2 }] }), "ring_key_known"),
        (json!({ "keys": [{ "jwk": secret_jwk, "signsFrom": 1 }] }), "ring_secret"),
        (json!({ "keys": [{ "jwk": { "kty": "EC" }, "signsFrom": 1 }] }), "key_malformed"),
        (json!({ "keys": many }), "ring_too_many"),
    ] {
        assert_eq!(KeyRing::parse(&text.to_string()).unwrap_err().code(), code, "{text:.100}");
    }
    assert_eq!(KeyRing::parse("").unwrap_err(), RingError::Form);
    assert_eq!(KeyRing::new(secret, at(0)).unwrap_err(), RingError::Secret);
}

#[test]
fn nothing_private_is_published_or_shown() {
    let mut ring = KeyRing::new(key("a"), at(0)).unwrap();
    ring.rotate(key("b"), at(0)).unwrap();
    let kept: Value = serde_json::from_str(&ring.private_text()).unwrap();
    for entry in kept["keys"].as_array().unwrap() {
        let secret = entry["jwk"]["d"].as_str().unwrap();
        assert!(!ring.published(at(0)).to_text().contains(secret));
        assert!(!format!("{ring:?}").contains(secret));
    }
}
