//! The examples of the RFCs in `rfc.json`: a JWT goes through a guard, a JWS with another payload through the door.
//!
//! Each that is taken is shown once more with a changed signature, so that it is the signature that was looked at.

use base64ct::{Base64UrlUnpadded, Encoding};
use portcullis::conformance::{KeyForm, Verdict, thumbprint, verify};
use portcullis::{Guard, Outcome, Policy, Request, Trust, UnixTime};
use serde_json::{Value, json};

use crate::report::{Row, file_name, finish, write};

#[test]
fn the_examples_of_the_rfcs() {
    let document: Value = serde_json::from_str(include_str!("rfc.json")).expect("JSON");
    let mut rows = Vec::new();
    for suite in list(&document, "suites") {
        let key =
            |example: &Value| document.get("keys").and_then(|keys| keys.get(text(example, "key"))).expect("a key");
        let mut row = Row::new(text(suite, "suite"));
        for example in list(suite, "tokens") {
            token(example, key(example), &mut row);
        }
        for example in list(suite, "signatures") {
            signature(example, key(example), &mut row);
        }
        for example in list(suite, "thumbprints") {
            let found = thumbprint(KeyForm::Jwk(&key(example).to_string()));
            row.check(text(example, "name"), found.as_deref() == Some(text(example, "text")));
        }
        for example in list(suite, "refusedKeys") {
            refused_key(example, key(example), &mut row);
        }
        for_javascript(suite, &key);
        rows.push(row);
    }
    finish(&rows);
}

/// The JWTs of RFC 7515 are of `joe`, for nobody in particular, and without a subject.
fn guard(key: &Value) -> Result<Guard, portcullis::ConfigError> {
    let policy = json!({ "policy": "rfc", "revision": 1, "routes": [{ "route": "GET /", "allow": "authenticated" }] });
    let (source, keys) = match key.get("k") {
        Some(secret) => ("secret", json!({ "base64url": secret })),
        None => ("jwks", json!({ "keys": [key] })),
    };
    let issuer = json!({ "issuer": "joe", "audience": null, "claims": { "id": "iss" }, source: keys });
    Guard::new(Policy::parse(&policy.to_string())?, Trust::parse(&json!({ "issuers": [issuer] }).to_string())?)
}

/// The reason that the guard gives for what it does with a token, one second before `exp` of RFC 7515 appendix A.
fn reason(guard: &Guard, token: &str) -> String {
    let header = format!("Bearer {token}");
    let request = Request::new("GET", "/").header("authorization", &header);
    match guard.check(&request, UnixTime::from_seconds(1_300_819_379)) {
        Outcome::Allow(grant) => grant.event(None).reason.to_owned(),
        Outcome::Reject(refused) => refused.event(None).reason.to_owned(),
        Outcome::Need(need) => panic!("natively nothing is asked for: {need:?}"),
    }
}

fn token(example: &Value, key: &Value, row: &mut Row) {
    let (name, token) = (text(example, "name"), text(example, "text"));
    let guard = guard(key).expect("the documents load");
    let found = reason(&guard, token);
    if found != text(example, "reason") {
        return row.fail(name, &found);
    }
    match example.get("deviation").and_then(Value::as_str) {
        Some(why) => row.deviate(name, why),
        None => row.check(name, found == "permitted" && reason(&guard, &forged(token)) == "signature_invalid"),
    }
}

fn signature(example: &Value, key: &Value, row: &mut Row) {
    let judged = |token: &str| {
        let (message, signature) = parts(token);
        judge(text(example, "algorithm"), key, &message, &signature)
    };
    let token = text(example, "text");
    let holds = judged(token) == Verdict::Valid && judged(&forged(token)) == Verdict::Invalid;
    row.check(text(example, "name"), holds);
}

fn refused_key(example: &Value, key: &Value, row: &mut Row) {
    let name = text(example, "name");
    let error = guard(key).err().map(|error| (error.code(), error.path.clone()));
    let is_refused = error == Some(("bad_key", "issuers[0].jwks.keys[0]".to_owned()))
        && judge("EdDSA", key, b"", &[0; 64]) == Verdict::KeyRefused;
    if is_refused {
        row.deviate(name, text(example, "deviation"));
    } else {
        row.fail(name, &format!("the key is taken, or refused otherwise: {error:?}"));
    }
}

fn judge(algorithm: &str, key: &Value, message: &[u8], signature: &[u8]) -> Verdict {
    match key.get("k").and_then(Value::as_str) {
        Some(secret) => verify(algorithm, KeyForm::Secret(&decoded(secret)), message, signature),
        None => verify(algorithm, KeyForm::Jwk(&key.to_string()), message, signature),
    }
}

/// The signatures as cases for the verifiers in JavaScript, each once as it is and once forged.
fn for_javascript<'a>(suite: &'a Value, key: &dyn Fn(&'a Value) -> &'a Value) {
    let (mut keys, mut cases) = (Vec::new(), Vec::new());
    for example in list(suite, "signatures") {
        let (key, algorithm, token) = (key(example), text(example, "algorithm"), text(example, "text"));
        let form = key.get("k").map_or_else(|| ("jwk", json!(key.to_string())), |secret| ("secret", secret.clone()));
        for (name, token, verdict) in [("", token.to_owned(), "valid"), (", forged", forged(token), "invalid")] {
            let (message, signature) = parts(&token);
            cases.push(json!({
                "name": format!("{}{name}", text(example, "name")),
                "key": keys.len(),
                "message": Base64UrlUnpadded::encode_string(&message),
                "signature": Base64UrlUnpadded::encode_string(&signature),
                "verdict": verdict,
            }));
        }
        keys.push(json!({ "algorithm": algorithm, form.0: form.1 }));
    }
    if !cases.is_empty() {
        let name = text(suite, "suite");
        let file = json!({ "suite": name, "keys": keys, "cases": cases });
        write(&format!("cases/{}.json", file_name(name)), &file);
    }
}

/// The signing input and the signature of a compact JWS.
fn parts(token: &str) -> (Vec<u8>, Vec<u8>) {
    let (message, signature) = token.rsplit_once('.').expect("a compact JWS");
    (message.as_bytes().to_vec(), decoded(signature))
}

/// The token with another first byte of its signature.
fn forged(token: &str) -> String {
    let (message, mut signature) = parts(token);
    *signature.first_mut().expect("a signature") ^= 1;
    let message = String::from_utf8(message).expect("a compact JWS");
    format!("{message}.{}", Base64UrlUnpadded::encode_string(&signature))
}

fn decoded(text: &str) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(text).expect("base64url")
}

fn list<'a>(json: &'a Value, name: &str) -> &'a [Value] {
    json.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'a>(json: &'a Value, name: &str) -> &'a str {
    json.get(name).and_then(Value::as_str).unwrap_or_else(|| panic!("no {name}"))
}
