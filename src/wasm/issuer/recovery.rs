//! Recovery codes.

use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::states::kept;
use super::{thrown, value_of};
use crate::issuer::SystemRandom;
use crate::issuer::recovery::{RecoveryCode, spend};

#[derive(Serialize)]
struct Made {
    codes: Vec<String>,
    hashes: Vec<String>,
}

/// `{ codes, hashes }`.
#[wasm_bindgen]
pub fn new_recovery_codes() -> Result<JsValue, JsValue> {
    let codes = RecoveryCode::set(&mut SystemRandom).map_err(thrown)?;
    value_of(&Made {
        codes: codes.iter().map(RecoveryCode::text).collect(),
        hashes: codes.iter().map(RecoveryCode::hash).collect(),
    })
}

/// The hashes that are left, or `undefined`.
#[wasm_bindgen]
pub fn spend_recovery_code(typed: &str, hashes: JsValue) -> Result<JsValue, JsValue> {
    value_of(&spend(typed, &kept::<Vec<String>>(hashes)?).map_err(thrown)?)
}
