//! Keys that sign.

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::{argument, thrown, value_of};
use crate::issuer::SystemRandom;
use crate::issuer::key_ring::KeyRing;
use crate::issuer::signing_key::{Algorithm, SigningKey, SigningKeyError};
use crate::time::UnixTime;

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

#[derive(Deserialize)]
struct RingOrder {
    /// As JSON text, as is the key.
    ring: Option<String>,
    jwk: Option<String>,
    /// The key to be taken back.
    kid: Option<String>,
    now: i64,
}

impl RingOrder {
    const fn now(&self) -> UnixTime {
        UnixTime::from_seconds(self.now)
    }

    fn ring(&self) -> Result<KeyRing, JsValue> {
        KeyRing::parse(self.ring.as_deref().unwrap_or("")).map_err(thrown)
    }

    fn key(&self) -> Result<SigningKey, JsValue> {
        SigningKey::from_jwk(self.jwk.as_deref().unwrap_or("")).map_err(thrown)
    }
}

/// From `{ jwk, now }` to the text of a ring.
#[wasm_bindgen]
pub fn new_key_ring(order: JsValue) -> Result<String, JsValue> {
    let order: RingOrder = argument(order)?;
    Ok(KeyRing::new(order.key()?, order.now()).map_err(thrown)?.private_text())
}

/// From `{ ring, jwk, now }` to the text of the ring in which that key is the next.
#[wasm_bindgen]
pub fn rotate_key_ring(order: JsValue) -> Result<String, JsValue> {
    let order: RingOrder = argument(order)?;
    let mut ring = order.ring()?;
    ring.rotate(order.key()?, order.now()).map_err(thrown)?;
    Ok(ring.private_text())
}

/// From `{ ring, kid, jwk, now }` to the text of the ring without the key of that name.
#[wasm_bindgen]
pub fn replace_in_key_ring(order: JsValue) -> Result<String, JsValue> {
    let order: RingOrder = argument(order)?;
    let mut ring = order.ring()?;
    ring.replace(order.kid.as_deref().unwrap_or(""), order.key()?, order.now()).map_err(thrown)?;
    Ok(ring.private_text())
}

/// From `{ ring, now }` to the text of the private JWK that signs.
#[wasm_bindgen]
pub fn signing_key_of(order: JsValue) -> Result<String, JsValue> {
    let order: RingOrder = argument(order)?;
    Ok(order.ring()?.signing(order.now()).private_jwk())
}

/// From `{ ring, now }` to the text of the JWK set.
#[wasm_bindgen]
pub fn published_keys_of(order: JsValue) -> Result<String, JsValue> {
    let order: RingOrder = argument(order)?;
    Ok(order.ring()?.published(order.now()).to_text())
}

/// `Cache-Control` of the answer with the JWK set.
#[wasm_bindgen]
pub fn key_set_cache_control() -> String {
    KeyRing::CACHE_CONTROL.to_owned()
}
