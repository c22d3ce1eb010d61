//! Passwords.

use serde::Deserialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::{argument, thrown};
use crate::issuer::SystemRandom;
use crate::issuer::password::{self, Cost, Limits, PasswordError, Passwords};

/// What is absent is as it is by default.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Settings {
    memory_kib: Option<u32>,
    passes: Option<u32>,
    lanes: Option<u32>,
    limits: GivenLimits,
    pepper: Option<Pepper>,
    old_peppers: Vec<Pepper>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GivenLimits {
    memory_kib: Option<u32>,
    work_kib: Option<u32>,
    lanes: Option<u32>,
    bcrypt_cost: Option<u32>,
    pbkdf2_iterations: Option<u32>,
}

#[derive(Deserialize)]
struct Pepper {
    id: String,
    secret: Vec<u8>,
}

impl Pepper {
    fn read(&self) -> Result<password::Pepper, PasswordError> {
        password::Pepper::new(&self.id, &self.secret)
    }
}

fn passwords(settings: JsValue) -> Result<Passwords, JsValue> {
    let Settings { memory_kib, passes, lanes, limits, pepper, old_peppers } = argument(settings)?;
    let (cost, most) = (Cost::default(), Limits::default());
    let settings = password::Settings {
        cost: Cost {
            memory_kib: memory_kib.unwrap_or(cost.memory_kib),
            passes: passes.unwrap_or(cost.passes),
            lanes: lanes.unwrap_or(cost.lanes),
        },
        limits: Limits {
            memory_kib: limits.memory_kib.unwrap_or(most.memory_kib),
            work_kib: limits.work_kib.unwrap_or(most.work_kib),
            lanes: limits.lanes.unwrap_or(most.lanes),
            bcrypt_cost: limits.bcrypt_cost.unwrap_or(most.bcrypt_cost),
            pbkdf2_iterations: limits.pbkdf2_iterations.unwrap_or(most.pbkdf2_iterations),
        },
        pepper: pepper.map(|pepper| pepper.read()).transpose().map_err(thrown)?,
        old_peppers: old_peppers.iter().map(Pepper::read).collect::<Result<_, _>>().map_err(thrown)?,
    };
    Passwords::new(settings).map_err(thrown)
}

/// Throws where the settings do not hold.
#[wasm_bindgen]
pub fn check_password_settings(settings: JsValue) -> Result<(), JsValue> {
    passwords(settings).map(drop)
}

/// The text to keep.
#[wasm_bindgen]
pub fn hash_password(settings: JsValue, password: &str) -> Result<String, JsValue> {
    passwords(settings)?.hash(password, &mut SystemRandom).map_err(thrown)
}

/// Whether it is the password of what is stored.
#[wasm_bindgen]
pub fn verify_password(settings: JsValue, password: &str, stored: Option<String>) -> Result<bool, JsValue> {
    passwords(settings)?.verify(password, stored.as_deref()).map_err(thrown)
}

/// Whether it is to be made anew.
#[wasm_bindgen]
pub fn password_needs_rehash(settings: JsValue, stored: &str) -> Result<bool, JsValue> {
    passwords(settings)?.needs_rehash(stored).map_err(thrown)
}
