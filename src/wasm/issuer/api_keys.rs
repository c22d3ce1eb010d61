//! API keys.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::{argument, thrown, value_of};
use crate::issuer::SystemRandom;
use crate::issuer::api_key::{self, NewApiKey};
use crate::time::UnixTime;

#[derive(Serialize)]
struct Made<'a> {
    key: &'a str,
    hash: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rotation {
    prefix: String,
    not_after: Option<i64>,
    overlap: u64,
    now: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rotated<'a> {
    key: &'a str,
    hash: String,
    old_not_after: i64,
}

/// `{ key, hash }`.
#[wasm_bindgen]
pub fn new_api_key(prefix: &str) -> Result<JsValue, JsValue> {
    let key = NewApiKey::generate(prefix, &mut SystemRandom).map_err(thrown)?;
    value_of(&Made { key: key.text(), hash: key.hash() })
}

/// From `{ prefix, notAfter, overlap, now }`, in seconds, to `{ key, hash, oldNotAfter }`.
#[wasm_bindgen]
pub fn rotate_api_key(rotation: JsValue) -> Result<JsValue, JsValue> {
    let Rotation { prefix, not_after, overlap, now } = argument(rotation)?;
    let not_after = not_after.map(UnixTime::from_seconds);
    let (overlap, now) = (Duration::from_secs(overlap), UnixTime::from_seconds(now));
    let rotated = api_key::rotate(&prefix, not_after, overlap, now, &mut SystemRandom).map_err(thrown)?;
    value_of(&Rotated {
        key: rotated.key.text(),
        hash: rotated.key.hash(),
        old_not_after: rotated.old_not_after.seconds(),
    })
}

/// Throws where the text has not the form of a key with that prefix.
#[wasm_bindgen]
pub fn check_api_key(text: &str, prefix: &str) -> Result<(), JsValue> {
    api_key::check_form(text, prefix).map_err(thrown)
}

/// As the trust document has it.
#[wasm_bindgen]
pub fn hash_api_key(text: &str) -> String {
    api_key::hash_of(text)
}
