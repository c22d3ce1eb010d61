//! The door of the conformance suites as JavaScript calls it. Compiled for wasm32 with the features `wasm` and
//! `conformance`; `build.sh` beside it does that.

use portcullis::conformance::{self, KeyForm, Verdict};
use wasm_bindgen::prelude::wasm_bindgen;

/// Judges a signature under a JWK, or under a secret where there is none. 0 invalid, 1 valid, 2 the key is refused,
/// 3 the host decides.
#[wasm_bindgen]
pub fn judge(algorithm: &str, jwk: Option<String>, secret: &[u8], message: &[u8], signature: &[u8]) -> u32 {
    let key = jwk.as_deref().map_or(KeyForm::Secret(secret), KeyForm::Jwk);
    match conformance::verify(algorithm, key, message, signature) {
        Verdict::Invalid => 0,
        Verdict::Valid => 1,
        Verdict::KeyRefused => 2,
        Verdict::AskHost => 3,
    }
}

/// The key as the host's cryptography is given it.
#[wasm_bindgen]
pub fn host_key(jwk: &str) -> Option<String> {
    conformance::public_jwk(jwk)
}

/// Reads and evaluates a CEL expression over variables in JSON; the answer is JSON too.
#[wasm_bindgen]
pub fn cel(source: &str, variables: &str) -> String {
    conformance::cel(source, variables)
}
