//! Signing keys: the RFCs' own, new ones, and what is none.
#![expect(clippy::indexing_slicing, clippy::string_slice, reason = "a test that cannot go on fails")]

use crate::chance::{Exhausted, Known};
use portcullis::issuer::signing_key::{SigningKey, SigningKeyError};
use portcullis::issuer::token::AccessToken;
use portcullis::issuer::{Coded, SystemRandom};
use portcullis::{Algorithm, Guard, Outcome, Policy, Request, Trust, UnixTime};
use serde_json::{Value, json};

const NOW: UnixTime = UnixTime::from_seconds(1_790_000_000);
const MADE_HERE: [Algorithm; 8] = [
    Algorithm::Hs256,
    Algorithm::Hs384,
    Algorithm::Hs512,
    Algorithm::Es256,
    Algorithm::Es384,
    Algorithm::Es512,
    Algorithm::EdDsa,
    Algorithm::Rs256,
];

fn rfc(name: &str) -> Value {
    let all: Value = serde_json::from_str(include_str!("rfc-keys.json")).unwrap();
    all["keys"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap()["jwk"].clone()
}

fn read(jwk: &Value) -> Result<SigningKey, SigningKeyError> {
    SigningKey::from_jwk(&jwk.to_string())
}

/// The same with a member changed; without it where the value is null.
fn with(jwk: &Value, name: &str, value: Value) -> Value {
    let mut changed = jwk.clone();
    if value.is_null() {
        changed.as_object_mut().unwrap().remove(name);
    } else {
        changed[name] = value;
    }
    changed
}

/// Whether a guard with that key takes an access token of it.
fn is_taken(key: &SigningKey, signed_by: &SigningKey) -> bool {
    let token = AccessToken::new("https://id.example", "api", "web", "u1").issue(signed_by, NOW, &mut SystemRandom);
    let private: Value = serde_json::from_str(&key.private_jwk()).unwrap();
    let mut issuer = json!({ "issuer": "https://id.example", "audience": "api", "profile": "access-token" });
    match key.public_jwk() {
        Some(public) => issuer["jwks"] = json!({ "keys": [serde_json::from_str::<Value>(&public.to_text()).unwrap()] }),
        None => {
            issuer["algorithms"] = json!([key.algorithm().name()]);
            issuer["secret"] = json!({ "base64url": private["k"] });
        }
    }
    let policy = r#"{ "policy": "p", "revision": 1, "routes": [{ "route": "GET /", "allow": "authenticated" }] }"#;
    let trust = Trust::parse(&json!({ "issuers": [issuer] }).to_string()).unwrap();
    let guard = Guard::new(Policy::parse(policy).unwrap(), trust).unwrap();
    let bearer = format!("Bearer {}", token.unwrap().text());
    let request = Request::new("GET", "/").header("authorization", &bearer);
    matches!(guard.check(&request, NOW), Outcome::Allow(_))
}

#[test]
fn the_keys_of_the_rfcs_sign_what_the_rfcs_print() {
    use base64ct::{Base64UrlUnpadded, Encoding};
    let all: Value = serde_json::from_str(include_str!("rfc-keys.json")).unwrap();
    for example in all["keys"].as_array().unwrap() {
        let key = read(&example["jwk"]).unwrap();
        let signature = key.sign(example["input"].as_str().unwrap().as_bytes(), &mut SystemRandom).unwrap();
        if let Some(printed) = example["signature"].as_str() {
            assert_eq!(Base64UrlUnpadded::encode_string(&signature), printed, "{}", example["name"]);
        }
        if let Some(kid) = example["kid"].as_str() {
            assert_eq!(key.kid(), Some(kid), "RFC 8037 A.3");
        }
        assert!(is_taken(&key, &key), "{}", example["name"]);
    }
}

#[test]
fn what_is_made_here_signs_and_is_read_again() {
    for algorithm in MADE_HERE {
        let key = SigningKey::generate(algorithm, &mut SystemRandom).unwrap();
        let again = SigningKey::from_jwk(&key.private_jwk()).unwrap();
        assert_eq!((again.algorithm(), again.kid()), (algorithm, key.kid()));
        assert_eq!(again.private_jwk(), key.private_jwk());
        assert!(is_taken(&key, &again), "{}", algorithm.name());
        let other = SigningKey::generate(
            if algorithm == Algorithm::Rs256 { Algorithm::Es256 } else { algorithm },
            &mut SystemRandom,
        );
        assert!(!is_taken(&key, &other.unwrap()), "{}", algorithm.name());
    }
}

#[test]
fn hashes_of_rsa_are_the_keys_own_word() {
    for name in ["RS256", "RS384", "RS512"] {
        let key = read(&with(&rfc("RFC 7515 A.2 RS256"), "alg", json!(name))).unwrap();
        assert_eq!(key.algorithm().name(), name);
        assert!(is_taken(&key, &key), "{name}");
    }
}

#[test]
fn only_public_members_are_published() {
    for algorithm in MADE_HERE {
        let key = SigningKey::generate(algorithm, &mut SystemRandom).unwrap();
        let Some(public) = key.public_jwk() else {
            assert!(algorithm.name().starts_with("HS") && key.kid().is_none());
            continue;
        };
        let mut names: Vec<&str> = public.as_object().unwrap().iter().map(|(name, _)| name).collect();
        names.retain(|name| !["kty", "crv", "x", "y", "n", "e", "alg", "use", "kid"].contains(name));
        assert!(names.is_empty(), "{names:?}");
    }
}

#[test]
fn a_name_of_its_own_is_kept() {
    let named = with(&rfc("RFC 7515 A.3 ES256"), "kid", json!("2026-11"));
    assert_eq!(read(&named).unwrap().kid(), Some("2026-11"));
    let secret = with(&rfc("RFC 7515 A.1 HS256"), "kid", json!("2026-11"));
    assert_eq!(read(&secret).unwrap().kid(), Some("2026-11"));
    for kid in [json!(""), json!("a b"), json!("é"), json!(7), json!("a".repeat(129))] {
        assert_eq!(read(&with(&named, "kid", kid)).unwrap_err().code(), "key_malformed");
    }
}

#[test]
fn hostile_keys_are_none() {
    let [rsa, p256, p521, ed, secret] =
        ["7515 A.2 RS256", "7515 A.3 ES256", "7515 A.4 ES512", "8037 A.1 Ed25519", "7515 A.1 HS256"]
            .map(|name| rfc(&format!("RFC {name}")));
    let other = |algorithm| -> Value {
        serde_json::from_str(&SigningKey::generate(algorithm, &mut SystemRandom).unwrap().private_jwk()).unwrap()
    };
    let (other_p256, other_ed) = (other(Algorithm::Es256), other(Algorithm::EdDsa));
    let zeros = |bytes: usize| json!("A".repeat(bytes.div_ceil(3) * 4).get(..(bytes * 4).div_ceil(3)).unwrap());
    for (jwk, code) in [
        // Private members of another key.
        (with(&p256, "d", other_p256["d"].clone()), "key_mismatch"),
        (with(&ed, "d", other_ed["d"].clone()), "key_mismatch"),
        (with(&rsa, "d", rsa["p"].clone()), "key_mismatch"),
        (with(&rsa, "p", rsa["q"].clone()), "key_mismatch"),
        (with(&rsa, "q", json!("AQ")), "key_mismatch"),
        // None, or of another length, or no scalar.
        (with(&p256, "d", Value::Null), "key_malformed"),
        (with(&p256, "d", json!("")), "key_malformed"),
        (with(&p256, "d", json!(7)), "key_malformed"),
        (with(&p256, "d", json!("jpsQnnGQmL+YBIffH1136cspYG6+0iY7X1fCE9+E9LI")), "key_malformed"),
        (with(&p256, "d", zeros(32)), "key_malformed"),
        (with(&p256, "d", zeros(31)), "key_malformed"),
        (with(&p256, "d", json!("_".repeat(43).replace("__", "8_"))), "key_malformed"),
        (with(&p521, "d", zeros(66)), "key_malformed"),
        (with(&ed, "d", json!("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2")), "key_malformed"),
        (with(&rsa, "qi", Value::Null), "key_malformed"),
        (with(&rsa, "oth", json!([])), "key_malformed"),
        // Public members.
        (with(&p256, "x", p256["y"].clone()), "key_malformed"),
        (with(&p256, "crv", json!("secp256k1")), "key_malformed"),
        (with(&ed, "crv", json!("X25519")), "key_malformed"),
        (with(&rsa, "e", json!("AQ")), "key_malformed"),
        (with(&rsa, "n", rsa["p"].clone()), "key_weak"),
        (with(&secret, "kty", json!("OCT")), "key_malformed"),
        // Algorithms and purposes.
        (with(&p256, "alg", json!("ES384")), "key_malformed"),
        (with(&p256, "alg", json!("HS256")), "key_malformed"),
        (with(&p256, "alg", json!("none")), "key_malformed"),
        (with(&rsa, "alg", json!("PS256")), "key_algorithm"),
        (with(&rsa, "alg", json!("RSA-OAEP")), "key_malformed"),
        (with(&secret, "alg", json!("ES256")), "key_algorithm"),
        (with(&secret, "alg", json!("A128KW")), "key_algorithm"),
        (with(&secret, "alg", Value::Null), "read"),
        (with(&p256, "use", json!("enc")), "key_malformed"),
        (with(&p256, "key_ops", json!(["verify"])), "key_malformed"),
        (with(&p256, "key_ops", json!("sign")), "key_malformed"),
        (with(&p256, "key_ops", json!(["sign"])), "read"),
        // Secrets that are too short for their hash.
        (with(&secret, "k", zeros(31)), "key_weak"),
        (with(&with(&secret, "k", zeros(47)), "alg", json!("HS384")), "key_weak"),
        (with(&with(&secret, "k", zeros(63)), "alg", json!("HS512")), "key_weak"),
        (with(&secret, "k", json!("")), "key_malformed"),
        (with(&secret, "k", json!("A A")), "key_malformed"),
        (json!([p256]), "key_not_json"),
        (json!(null), "key_not_json"),
        (json!({}), "key_malformed"),
        (with(&p256, "more", json!("a".repeat(16 << 10))), "key_not_json"),
    ] {
        let found = read(&jwk).map_or_else(|error| error.code(), |_| "read");
        assert_eq!(found, code, "{jwk}");
    }
    assert_eq!(SigningKey::from_jwk("{").unwrap_err().code(), "key_not_json");
    assert_eq!(SigningKey::from_jwk(r#"{"kty":"oct","kty":"oct"}"#).unwrap_err().code(), "key_not_json");
}

#[test]
fn an_rsa_key_below_2048_bits_is_refused() {
    // A modulus of 2047 bits: the first bit is clear.
    let mut jwk = rfc("RFC 7515 A.2 RS256");
    let short = format!("f{}", &jwk["n"].as_str().unwrap()[1..]);
    jwk["n"] = json!(short);
    assert_eq!(read(&jwk).unwrap_err(), SigningKeyError::Weak);
}

#[test]
fn nothing_shows_a_key() {
    for name in ["RFC 7515 A.1 HS256", "RFC 7515 A.2 RS256", "RFC 7515 A.3 ES256", "RFC 8037 A.1 Ed25519"] {
        let jwk = rfc(name);
        let shown = format!("{:?}", read(&jwk).unwrap());
        for member in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            let Some(secret) = jwk[member].as_str() else { continue };
            assert!(!shown.contains(secret), "{name} {member}");
            for error in [read(&with(&jwk, "use", json!("enc"))), read(&with(&jwk, member, json!("AQAB")))] {
                let Err(error) = error else { continue };
                assert!(!format!("{error} {error:?}").contains(&secret[1..]), "{name} {member}");
            }
        }
    }
}

#[test]
fn without_randomness_there_is_no_key_and_no_blinding() {
    for algorithm in MADE_HERE {
        let error = SigningKey::generate(algorithm, &mut Exhausted).unwrap_err();
        assert_eq!(error.code(), "random_unavailable", "{}", algorithm.name());
    }
    let rsa = read(&rfc("RFC 7515 A.2 RS256")).unwrap();
    assert_eq!(rsa.sign(b"input", &mut Exhausted).unwrap_err().code(), "random_unavailable");
    let ec = read(&rfc("RFC 7515 A.3 ES256")).unwrap();
    assert_eq!(ec.sign(b"input", &mut Exhausted).unwrap(), ec.sign(b"input", &mut SystemRandom).unwrap(), "RFC 6979");
}

#[test]
fn randomness_outside_the_curves_order_is_drawn_again() {
    let mut bytes = vec![0xff; 32];
    bytes.extend([7; 32]);
    let key = SigningKey::generate(Algorithm::Es256, &mut Known::of(&bytes)).unwrap();
    let private: Value = serde_json::from_str(&key.private_jwk()).unwrap();
    assert_eq!(private["d"], "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc");
    let stuck = SigningKey::generate(Algorithm::Es256, &mut Known::of(&[0xff])).unwrap_err();
    assert_eq!(stuck.code(), "random_unavailable", "and not for ever");
}

#[test]
fn algorithms_that_are_not_made_here_are_refused() {
    for algorithm in [Algorithm::Ps256, Algorithm::Ps384, Algorithm::Ps512] {
        assert_eq!(SigningKey::generate(algorithm, &mut SystemRandom).unwrap_err(), SigningKeyError::Algorithm);
    }
}
