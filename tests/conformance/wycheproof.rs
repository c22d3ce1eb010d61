//! Wycheproof's sets, asked of the native verifiers. The cases and the native verdicts go to
//! `target/conformance/cases/`, for the verifiers that JavaScript runs.

use base64ct::{Base64UrlUnpadded, Encoding};
use portcullis::conformance::{KeyForm, verify};
use serde_json::{Value, json};
use wycheproof::{ecdsa, eddsa, mac, rsa_pkcs1_verify, rsa_pss_verify};

use crate::der::side_by_side;
use crate::deviations::Listed;
use crate::report::{Row, file_name, finish, word, write};
use crate::set::{SetName, hex, list, load, number, text};

/// Each set whose algorithm a JWS can name, and that name.
const ECDSA: &[(&str, &str)] = &[
    ("ecdsa_secp256r1_sha256_p1363", "ES256"),
    ("ecdsa_secp384r1_sha384_p1363", "ES384"),
    ("ecdsa_secp521r1_sha512_p1363", "ES512"),
];
const ECDSA_DER: &[(&str, &str)] =
    &[("ecdsa_secp256r1_sha256", "ES256"), ("ecdsa_secp384r1_sha384", "ES384"), ("ecdsa_secp521r1_sha512", "ES512")];
const EDDSA: &[(&str, &str)] = &[("ed25519", "EdDSA")];
const HMAC: &[(&str, &str)] = &[("hmac_sha256", "HS256"), ("hmac_sha384", "HS384"), ("hmac_sha512", "HS512")];
const PKCS1: &[(&str, &str)] = &[
    ("rsa_signature_2048_sha256", "RS256"),
    ("rsa_signature_2048_sha384", "RS384"),
    ("rsa_signature_2048_sha512", "RS512"),
    ("rsa_signature_3072_sha256", "RS256"),
    ("rsa_signature_3072_sha384", "RS384"),
    ("rsa_signature_3072_sha512", "RS512"),
    ("rsa_signature_4096_sha256", "RS256"),
    ("rsa_signature_4096_sha384", "RS384"),
    ("rsa_signature_4096_sha512", "RS512"),
    ("rsa_signature_8192_sha256", "RS256"),
    ("rsa_signature_8192_sha384", "RS384"),
    ("rsa_signature_8192_sha512", "RS512"),
];
/// Those with another salt, or another hash in the mask, are here too: that algorithm must not take them.
const PSS: &[(&str, &str)] = &[
    ("rsa_pss_2048_sha256_mgf1_0", "PS256"),
    ("rsa_pss_2048_sha256_mgf1_0_params", "PS256"),
    ("rsa_pss_2048_sha256_mgf1_32", "PS256"),
    ("rsa_pss_2048_sha256_mgf1_32_params", "PS256"),
    ("rsa_pss_2048_sha256_mgf1sha1_20", "PS256"),
    ("rsa_pss_2048_sha384_mgf1_48", "PS384"),
    ("rsa_pss_2048_sha512_mgf1sha256_32_params", "PS512"),
    ("rsa_pss_3072_sha256_mgf1_32", "PS256"),
    ("rsa_pss_3072_sha256_mgf1_32_params", "PS256"),
    ("rsa_pss_4096_sha256_mgf1_32", "PS256"),
    ("rsa_pss_4096_sha384_mgf1_48", "PS384"),
    ("rsa_pss_4096_sha512_mgf1_32", "PS512"),
    ("rsa_pss_4096_sha512_mgf1_32_params", "PS512"),
    ("rsa_pss_4096_sha512_mgf1_64", "PS512"),
    ("rsa_pss_4096_sha512_mgf1_64_params", "PS512"),
];
/// Sets of groups with a hash each.
const PSS_MIXED: &[&str] = &["rsa_pss_misc", "rsa_pss_misc_params"];
const PSS_HASHES: &[(&str, &str)] = &[("SHA-256", "PS256"), ("SHA-384", "PS384"), ("SHA-512", "PS512")];

#[test]
fn ecdsa_side_by_side() {
    judge_all::<ecdsa::TestName>(ECDSA);
}

#[test]
fn ecdsa_in_der() {
    judge_all::<ecdsa::TestName>(ECDSA_DER);
}

#[test]
fn ecdsa_in_der_as_r_and_s() {
    let rows = ECDSA_DER.iter().map(|(set, algorithm)| {
        let coordinate_bytes = match *algorithm {
            "ES256" => 32,
            "ES384" => 48,
            _ => 66,
        };
        let data = load::<ecdsa::TestName>(set);
        judge(&suite(&as_r_and_s(set), algorithm, &data, |der| side_by_side(der, coordinate_bytes)))
    });
    finish(&rows.collect::<Vec<_>>());
}

#[test]
fn eddsa() {
    judge_all::<eddsa::TestName>(EDDSA);
}

#[test]
fn hmac() {
    judge_all::<mac::TestName>(HMAC);
}

#[test]
fn rsa_pkcs1() {
    judge_all::<rsa_pkcs1_verify::TestName>(PKCS1);
}

#[test]
fn rsa_pss() {
    judge_all::<rsa_pss_verify::TestName>(PSS);
}

#[test]
fn rsa_pss_with_groups_of_every_hash() {
    let mut rows = Vec::new();
    for set in PSS_MIXED {
        let data = load::<rsa_pss_verify::TestName>(set);
        for (hash, algorithm) in PSS_HASHES {
            let mut data = data.clone();
            let groups = data.get_mut("testGroups").and_then(Value::as_array_mut).expect("groups");
            groups.retain(|group| text(group, "sha") == *hash);
            rows.push(judge(&suite(&format!("{set} {algorithm}"), algorithm, &data, as_it_stands)));
        }
    }
    finish(&rows);
}

/// A new version of the crate may bring a set more.
#[test]
fn no_set_of_a_jws_algorithm_is_left_out() {
    fn found<Name: std::fmt::Debug>(all: Vec<Name>, is_ours: fn(&str) -> bool) -> usize {
        all.iter().filter(|name| is_ours(&format!("{name:?}"))).count()
    }
    let curves =
        |name: &str| ["Secp256r1Sha256", "Secp384r1Sha384", "Secp521r1Sha512"].iter().any(|own| name.contains(own));
    assert_eq!(found(ecdsa::TestName::all(), curves), ECDSA.len() + ECDSA_DER.len());
    assert_eq!(found(eddsa::TestName::all(), |name| name != "Ed448"), EDDSA.len());
    let macs = |name: &str| ["HmacSha256", "HmacSha384", "HmacSha512"].contains(&name);
    assert_eq!(found(mac::TestName::all(), macs), HMAC.len());
    let hashes = |name: &str| ["Sha256", "Sha384", "Sha512"].iter().any(|own| name.ends_with(own));
    assert_eq!(found(rsa_pkcs1_verify::TestName::all(), hashes), PKCS1.len());
    let pss = |name: &str| !["Sha1Mgf1", "Sha512_", "Shake"].iter().any(|other| name.contains(other));
    assert_eq!(found(rsa_pss_verify::TestName::all(), pss), PSS.len() + PSS_MIXED.len());
}

/// The names of the rows.
pub(crate) fn suites() -> Vec<String> {
    let sets = [ECDSA, ECDSA_DER, EDDSA, HMAC, PKCS1, PSS].concat();
    let mut suites: Vec<String> = sets.iter().map(|(set, _)| (*set).to_owned()).collect();
    suites.extend(ECDSA_DER.iter().map(|(set, _)| as_r_and_s(set)));
    for (_, algorithm) in PSS_HASHES {
        suites.extend(PSS_MIXED.iter().map(|set| format!("{set} {algorithm}")));
    }
    suites
}

/// The cases of one row.
struct Suite {
    name: String,
    algorithm: String,
    keys: Vec<OwnedKey>,
    cases: Vec<Case>,
}

enum OwnedKey {
    Jwk(String),
    Secret(Vec<u8>),
}

struct Case {
    /// Wycheproof's `tcId`.
    number: u64,
    /// Wycheproof's word: `valid`, `invalid`, `acceptable`.
    result: String,
    key: usize,
    message: Vec<u8>,
    signature: Vec<u8>,
}

fn as_r_and_s(set: &str) -> String {
    format!("{set} as r and s")
}

fn as_it_stands(signature: &[u8]) -> Option<Vec<u8>> {
    Some(signature.to_vec())
}

/// Reads a set. Where `form` gives nothing, the signature cannot be written in a JWS, and the case is left out.
fn suite(name: &str, algorithm: &str, data: &Value, form: impl Fn(&[u8]) -> Option<Vec<u8>>) -> Suite {
    let mut suite =
        Suite { name: name.to_owned(), algorithm: algorithm.to_owned(), keys: Vec::new(), cases: Vec::new() };
    for group in list(data, "testGroups") {
        if let Some(jwk) = jwk(group, algorithm) {
            suite.keys.push(OwnedKey::Jwk(jwk));
        }
        for test in list(group, "tests") {
            if test.get("key").is_some() {
                suite.keys.push(OwnedKey::Secret(hex(text(test, "key"))));
            }
            let signature = test.get("sig").or(test.get("tag")).and_then(Value::as_str).expect("a signature");
            let Some(signature) = form(&hex(signature)) else { continue };
            suite.cases.push(Case {
                number: number(test),
                result: text(test, "result").to_owned(),
                key: suite.keys.len() - 1,
                message: hex(text(test, "msg")),
                signature,
            });
        }
    }
    suite
}

/// The set's own JWK where it has one, else one of the numbers it gives; `None` for a MAC.
fn jwk(group: &Value, algorithm: &str) -> Option<String> {
    if let Some(jwk) = group.get("publicKeyJwk").or(group.get("keyJwk")) {
        return Some(jwk.to_string());
    }
    let key = group.get("publicKey")?;
    let encoded = |bytes: &[u8]| Base64UrlUnpadded::encode_string(bytes);
    Some(match algorithm {
        "ES256" => ec(key, "P-256", 32),
        "ES384" => ec(key, "P-384", 48),
        "ES512" => ec(key, "P-521", 66),
        _ => {
            let (modulus, exponent) = (hex(text(key, "modulus")), hex(text(key, "publicExponent")));
            json!({ "kty": "RSA", "n": encoded(&modulus), "e": encoded(&exponent) }).to_string()
        }
    })
}

fn ec(key: &Value, curve: &str, bytes: usize) -> String {
    let coordinate = |name| {
        let number = hex(text(key, name));
        let magnitude: Vec<u8> = number.into_iter().skip_while(|byte| *byte == 0).collect();
        let padding = bytes.checked_sub(magnitude.len()).expect("a coordinate of the curve");
        Base64UrlUnpadded::encode_string(&[vec![0; padding], magnitude].concat())
    };
    json!({ "kty": "EC", "crv": curve, "x": coordinate("wx"), "y": coordinate("wy") }).to_string()
}

fn judge_all<Name: SetName>(sets: &[(&str, &str)]) {
    let judged = |(set, algorithm): &(&str, &str)| judge(&suite(set, algorithm, &load::<Name>(set), as_it_stands));
    finish(&sets.iter().map(judged).collect::<Vec<_>>());
}

/// Asks each case, and holds the answers against Wycheproof's and the list of deviations.
fn judge(suite: &Suite) -> Row {
    let mut row = Row::new(&format!("Wycheproof {}", suite.name));
    let mut listed = Listed::of(&suite.name);
    let mut cases = Vec::new();
    for case in &suite.cases {
        let key = match suite.keys.get(case.key).expect("a key") {
            OwnedKey::Jwk(jwk) => KeyForm::Jwk(jwk),
            OwnedKey::Secret(secret) => KeyForm::Secret(secret),
        };
        let verdict = word(verify(&suite.algorithm, key, &case.message, &case.signature));
        let agrees = match case.result.as_str() {
            "valid" => verdict == "valid",
            "invalid" => matches!(verdict, "invalid" | "key refused"),
            // What Wycheproof leaves open is decided here, and so it is listed.
            _ => false,
        };
        listed.settle(&mut row, case.number, &case.result, agrees, verdict);
        cases.push(json!({
            "name": case.number.to_string(),
            "key": case.key,
            "message": Base64UrlUnpadded::encode_string(&case.message),
            "signature": Base64UrlUnpadded::encode_string(&case.signature),
            "verdict": verdict,
        }));
    }
    listed.finish(&mut row);
    let key = |key: &OwnedKey| match key {
        OwnedKey::Jwk(jwk) => json!({ "algorithm": suite.algorithm, "jwk": jwk }),
        OwnedKey::Secret(secret) => {
            json!({ "algorithm": suite.algorithm, "secret": Base64UrlUnpadded::encode_string(secret) })
        }
    };
    let file = json!({
        "suite": format!("Wycheproof {}", suite.name),
        "keys": suite.keys.iter().map(key).collect::<Vec<_>>(),
        "cases": cases,
    });
    write(&format!("cases/{}.json", file_name(&suite.name)), &file);
    row
}
