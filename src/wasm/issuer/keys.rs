//! Keys that sign.

use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::{thrown, value_of};
use crate::issuer::SystemRandom;
use crate::issuer::signing_key::{SigningKey, SigningKeyError};
use crate::jose::algorithm::Algorithm;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Read {
    algorithm: &'static str,
    kid: Option<String>,
    /// As JSON text; absent for a secret.
    public_jwk: Option<String>,
    private_jwk: String,
    is_host_signed: bool,
}

/// A new secret for HS256, HS384 or HS512, as the text of its JWK. The others the host makes.
#[wasm_bindgen]
pub fn new_secret_key(algorithm: &str) -> Result<String, JsValue> {
    let made = Algorithm::from_name(algorithm)
        .ok_or(SigningKeyError::Algorithm)
        .and_then(|algorithm| SigningKey::generate(algorithm, &mut SystemRandom));
    made.map(|key| key.private_jwk()).map_err(thrown)
}

/// From the text of a private JWK to `{ algorithm, kid, publicJwk, privateJwk, isHostSigned }`.
#[wasm_bindgen]
pub fn read_signing_key(jwk: &str) -> Result<JsValue, JsValue> {
    let key = SigningKey::from_jwk(jwk).map_err(thrown)?;
    value_of(&Read {
        algorithm: key.algorithm().name(),
        kid: key.kid().map(str::to_owned),
        public_jwk: key.public_jwk().map(|jwk| jwk.to_text()),
        private_jwk: key.private_jwk(),
        is_host_signed: key.is_host_signed(),
    })
}
