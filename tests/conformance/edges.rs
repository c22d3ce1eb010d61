//! What Wycheproof's sets do not have: `rsa.json` and `ed25519.json`, which the scripts of those names made.

use base64ct::{Base64UrlUnpadded, Encoding};
use portcullis::conformance::{KeyForm, verify};
use serde_json::{Value, json};

use crate::report::{Row, file_name, finish, word, write};
use crate::set::{list, parsed, text};

#[test]
fn rsa_moduli_exponents_and_lengths() {
    judge("RSA moduli, exponents and lengths", include_str!("rsa.json"));
}

#[test]
fn ed25519_points_and_scalars() {
    judge("Ed25519 points and scalars", include_str!("ed25519.json"));
}

fn judge(suite: &str, document: &str) {
    let document = parsed(document);
    let keys = list(&document, "keys");
    let mut row = Row::new(suite);
    let mut cases = Vec::new();
    for case in list(&document, "cases") {
        let [name, message, signature] = ["name", "message", "signature"].map(|member| text(case, member));
        let place = case.get("key").and_then(Value::as_u64).and_then(|place| usize::try_from(place).ok());
        let place = place.expect("the place of a key");
        let key = keys.get(place).expect("the key of the case");
        let bytes = |text| Base64UrlUnpadded::decode_vec(text).expect("base64url");
        let jwk = KeyForm::Jwk(text(key, "jwk"));
        let verdict = word(verify(text(key, "algorithm"), jwk, &bytes(message), &bytes(signature)));
        if verdict == text(case, "verdict") {
            row.pass();
        } else {
            row.fail(name, verdict);
        }
        let case =
            json!({ "name": name, "key": place, "message": message, "signature": signature, "verdict": verdict });
        cases.push(case);
    }
    write(&format!("cases/{}.json", file_name(suite)), &json!({ "suite": suite, "keys": keys, "cases": cases }));
    finish(&[row]);
}
