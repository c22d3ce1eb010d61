//! Signed policies: where the trust document has keys for them, nothing else is put in force.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use base64ct::{Base64UrlUnpadded, Encoding};
use ed25519_dalek::{Signer, SigningKey};
use portcullis::{ConfigError, Guard, Json, Policy, Trust};

const DOCUMENT: &str = r#"{ "revision": 5, "policy": "site", "permissions": ["read"], "rules": [{ "id": "r", "message": "é", "effect": "deny", "permissions": ["read"] }] }"#;
const HEADER: &str = r#"{"alg":"EdDSA","kid":"release","typ":"policy+jws"}"#;

/// TEST ONLY.
fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn encoded(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

fn jwk(kid: &str, seed: u8) -> String {
    let x = encoded(key(seed).verifying_key().as_bytes());
    format!(r#"{{ "kty": "OKP", "crv": "Ed25519", "kid": "{kid}", "x": "{x}" }}"#)
}

fn trust(members: &str, jwks: &[String]) -> Trust {
    let text = format!(r#"{{ "policyKeys": {{ {members} "jwks": {{ "keys": [{}] }} }} }}"#, jwks.join(","));
    Trust::parse(&text).expect("a trust")
}

fn keys() -> Trust {
    trust("", &[jwk("release", 1), jwk("other", 2)])
}

fn signed(header: &str, payload: &str, seed: u8) -> String {
    let (header, payload) = (encoded(header.as_bytes()), encoded(payload.as_bytes()));
    let signature = key(seed).sign(format!("{header}.{payload}").as_bytes());
    format!("{header}..{}", encoded(&signature.to_bytes()))
}

fn canonical(document: &str) -> String {
    Json::parse(document.as_bytes()).expect("JSON").to_canonical_text()
}

fn signature(document: &str) -> String {
    signed(HEADER, &canonical(document), 1)
}

fn code<T>(read: Result<T, ConfigError>) -> Result<(), (String, &'static str)> {
    read.map(drop).map_err(|error| (error.path.clone(), error.code()))
}

fn refused(code: &'static str) -> Result<(), (String, &'static str)> {
    Err((String::new(), code))
}

#[test]
fn a_policy_that_one_of_the_keys_signed_is_taken() {
    for (header, seed) in [(HEADER, 1), (r#"{"alg":"Ed25519","kid":"other","typ":"application/policy+jws"}"#, 2)] {
        let signature = signed(header, &canonical(DOCUMENT), seed);
        let policy = keys().read_policy(DOCUMENT, Some(&signature)).expect("a policy");
        let guard = Guard::new(policy, keys()).expect("a guard");
        assert_eq!(guard.policy().revision(), 5);
    }
    // Layout and order of members are signed by nobody.
    let other = r#"{"policy":"site","revision":5,"rules":[{"id":"r","effect":"deny","permissions":["read"],"message":"\u00e9"}],"permissions":["read"]}"#;
    assert_eq!(
        canonical(other),
        r#"{"permissions":["read"],"policy":"site","revision":5,"rules":[{"effect":"deny","id":"r","message":"é","permissions":["read"]}]}"#
    );
    assert_eq!(code(keys().read_policy(other, Some(&signature(DOCUMENT)))), Ok(()));
}

#[test]
fn a_signature_that_is_not_the_keys_own_is_refused() {
    let good = signature(DOCUMENT);
    let (header, tag) = good.split_once("..").expect("detached");
    let payload = encoded(canonical(DOCUMENT).as_bytes());
    let by = |header: &str, seed| signed(header, &canonical(DOCUMENT), seed);
    let cases = [
        ("of another key", by(HEADER, 2)),
        ("of an unknown key", by(r#"{"alg":"EdDSA","kid":"nobody","typ":"policy+jws"}"#, 1)),
        ("without kid", by(r#"{"alg":"EdDSA","typ":"policy+jws"}"#, 1)),
        ("without typ", by(r#"{"alg":"EdDSA","kid":"release"}"#, 1)),
        ("of another typ", by(r#"{"alg":"EdDSA","kid":"release","typ":"JWT"}"#, 1)),
        ("without alg", by(r#"{"kid":"release","typ":"policy+jws"}"#, 1)),
        ("of another alg", by(r#"{"alg":"HS256","kid":"release","typ":"policy+jws"}"#, 1)),
        ("of no alg", by(r#"{"alg":"none","kid":"release","typ":"policy+jws"}"#, 1)),
        ("with crit", by(r#"{"alg":"EdDSA","kid":"release","typ":"policy+jws","crit":["x"]}"#, 1)),
        ("with b64", by(r#"{"alg":"EdDSA","kid":"release","typ":"policy+jws","b64":true}"#, 1)),
        ("with a member twice", by(r#"{"alg":"EdDSA","kid":"release","typ":"policy+jws","kid":"release"}"#, 1)),
        ("over the text as it is written", signed(HEADER, DOCUMENT, 1)),
        ("of another document", signature(r#"{ "policy": "site", "revision": 6 }"#)),
        ("not detached", format!("{header}.{payload}.{tag}")),
        ("with a part more", format!("{good}.")),
        ("with padding", format!("{good}==")),
        ("with space", format!(" {good}")),
        ("cut short", good.get(..good.len() - 4).expect("ASCII").to_owned()),
        ("empty", String::new()),
        ("of nothing", "..".to_owned()),
        ("too long", format!("{good}{}", "A".repeat(20_000))),
    ];
    for (name, signature) in cases {
        assert_eq!(code(keys().read_policy(DOCUMENT, Some(&signature))), refused("signature_invalid"), "{name}");
    }
    // A changed document, down to one letter.
    for changed in [DOCUMENT.replace("read", "real"), DOCUMENT.replace('5', "6"), DOCUMENT.replace("é", "e")] {
        assert_eq!(code(keys().read_policy(&changed, Some(&good))), refused("signature_invalid"));
    }
}

#[test]
fn a_signature_is_there_exactly_where_there_are_keys() {
    let nobody = || Trust::nobody();
    let unsigned = || Policy::parse(DOCUMENT).expect("a policy");
    let read = || keys().read_policy(DOCUMENT, Some(&signature(DOCUMENT))).expect("a policy");
    assert_eq!(code(keys().read_policy(DOCUMENT, None)), refused("signature_missing"));
    assert_eq!(code(nobody().read_policy(DOCUMENT, Some(&signature(DOCUMENT)))), refused("signature_unexpected"));
    assert_eq!(code(nobody().read_policy(DOCUMENT, None)), Ok(()));
    assert_eq!(code(Guard::new(unsigned(), keys())), refused("signature_missing"));
    assert_eq!(code(Guard::new(read(), nobody())), refused("signature_unexpected"));
    // Of a key that this trust does not have, though another did.
    assert_eq!(code(Guard::new(read(), trust("", &[jwk("release", 3)]))), refused("signature_invalid"));
}

#[test]
fn a_policy_is_replaced_by_a_signed_later_one_alone() {
    let of = |revision: i64| DOCUMENT.replace('5', &revision.to_string());
    let read = |revision| keys().read_policy(&of(revision), Some(&signature(&of(revision)))).expect("a policy");
    let guard = Guard::new(read(5), keys()).expect("a guard");
    assert_eq!(code(guard.replace_policy(Policy::parse(&of(6)).expect("a policy"))), refused("signature_missing"));
    assert_eq!(code(guard.replace_policy(read(4))), Err(("revision".to_owned(), "revision_not_newer")));
    assert_eq!(guard.policy().revision(), 5);
    assert_eq!(code(guard.replace_policy(read(6))), Ok(()));
    assert_eq!(guard.policy().revision(), 6);
}

/// A signed bundle of before is still signed: the program says which revision it has seen.
#[test]
fn no_revision_before_the_least_one_is_taken() {
    let guard = |minimum: i64| {
        let trust = trust(&format!(r#""minimumRevision": {minimum},"#), &[jwk("release", 1)]);
        let policy = trust.read_policy(DOCUMENT, Some(&signature(DOCUMENT))).expect("a policy");
        code(Guard::new(policy, trust))
    };
    assert_eq!([guard(0), guard(5)], [Ok(()), Ok(())]);
    assert_eq!(guard(6), Err(("revision".to_owned(), "revision_not_newer")));
}

/// Their canonical text would be another than RFC 8785 writes.
#[test]
fn numbers_that_are_written_in_several_ways_are_not_signed() {
    for number in ["1.0", "1e2", "1.5", "9007199254740993", "-9007199254740993"] {
        let document = format!(r#"{{ "policy": "site", "revision": {number} }}"#);
        assert_eq!(code(keys().read_policy(&document, Some(&signature(&document)))), refused("bad_value"), "{number}");
    }
    let document = r#"{ "policy": "site", "revision": -0 }"#;
    assert_eq!(canonical(document), r#"{"policy":"site","revision":0}"#);
    assert_eq!(code(keys().read_policy(document, Some(&signature(document)))), Ok(()));
}

#[test]
fn keys_that_sign_policies_are_ed25519_with_names() {
    let parse =
        |keys: &str| code(Trust::parse(&format!(r#"{{ "policyKeys": {{ "jwks": {{ "keys": [{keys}] }} }} }}"#)));
    let at = |path: &str, code| Err((format!("policyKeys.jwks.keys{path}"), code));
    let p256 = r#"{ "kty": "EC", "crv": "P-256", "kid": "p", "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
        "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA" }"#;
    assert_eq!(parse(&jwk("a", 1)), Ok(()));
    assert_eq!(parse(""), at("", "bad_value"));
    assert_eq!(parse(p256), at("[0]", "unsupported"));
    assert_eq!(parse(&jwk("a", 1).replace(r#""kid": "a","#, "")), at("[0].kid", "missing_member"));
    assert_eq!(parse(&[jwk("a", 1), jwk("a", 2)].join(",")), at("[1].kid", "duplicate"));
    assert_eq!(parse(&jwk("a", 1).replace(r#""kid""#, r#""d": "AA", "kid""#)), at("[0]", "bad_key"));
    assert_eq!(code(Trust::parse(r#"{ "policyKeys": {} }"#)), Err(("policyKeys.jwks".to_owned(), "missing_member")));
    let unknown = r#"{ "policyKeys": { "jwks": { "keys": [] }, "extra": 1 } }"#;
    assert_eq!(code(Trust::parse(unknown)), Err(("policyKeys.extra".to_owned(), "unknown_member")));
}
