//! Attempts.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::states::kept;
use super::{argument, thrown, value_of};
use crate::digest;
use crate::issuer::SystemRandom;
use crate::issuer::attempts::{
    self, AttemptsError, Begun, Budget, BudgetSettings, Counted, Limits as Checked, State, States,
};
use crate::time::UnixTime;

/// What stands in no place is as it is by default.
#[derive(Deserialize)]
struct Limits {
    account: Option<Settings>,
    address: Option<Settings>,
    device: Option<Settings>,
}

/// In seconds.
#[derive(Deserialize)]
struct Settings {
    free: u64,
    first: u64,
    longest: u64,
    forget: u64,
}

impl Limits {
    fn checked(self) -> Result<Checked, AttemptsError> {
        let usual = Checked::default();
        let budget = |settings: Option<Settings>, usual| settings.map_or(Ok(usual), Settings::checked);
        Ok(Checked {
            account: budget(self.account, usual.account)?,
            address: budget(self.address, usual.address)?,
            device: budget(self.device, usual.device)?,
        })
    }
}

impl Settings {
    fn checked(self) -> Result<Budget, AttemptsError> {
        let [first, longest, forget] = [self.first, self.longest, self.forget].map(Duration::from_secs);
        Budget::new(BudgetSettings { free: u32::try_from(self.free).unwrap_or(u32::MAX), first, longest, forget })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    allowed: bool,
    /// Seconds from now until the next is allowed: where this one is not, and where it fails.
    retry_after: i64,
    states: States,
    exhausted: bool,
}

/// Throws where limits are beyond what may be.
#[wasm_bindgen]
pub fn check_attempt_limits(limits: JsValue) -> Result<(), JsValue> {
    argument::<Limits>(limits)?.checked().map(drop).map_err(thrown)
}

/// `{ allowed, retryAfter, states, exhausted }`.
#[wasm_bindgen]
pub fn begin_attempt(limits: JsValue, states: JsValue, now: JsValue) -> Result<JsValue, JsValue> {
    let limits = argument::<Limits>(limits)?.checked().map_err(thrown)?;
    let now = UnixTime::from_seconds(argument(now)?);
    let after = |moment: UnixTime| moment.seconds().saturating_sub(now.seconds());
    value_of(&match limits.begin(&kept(states)?, now) {
        Begun::Allowed { states, exhausted, next } => {
            Answer { allowed: true, retry_after: after(next), states, exhausted }
        }
        Begun::Locked { until } => {
            Answer { allowed: false, retry_after: after(until), states: States::default(), exhausted: false }
        }
    })
}

/// What is kept after success, or `undefined` where nothing is.
#[wasm_bindgen]
pub fn attempt_succeeded(counted: JsValue, state: JsValue, taken: JsValue) -> Result<JsValue, JsValue> {
    let (state, taken): (Option<State>, Option<State>) = (kept(state)?, kept(taken)?);
    value_of(&argument::<Counted>(counted)?.succeeded(state.as_ref(), taken.as_ref()))
}

/// What is kept of an attempt that does not count.
#[wasm_bindgen]
pub fn attempt_withdrawn(state: JsValue, taken: JsValue) -> Result<JsValue, JsValue> {
    value_of(&attempts::withdrawn(&kept(state)?, &kept(taken)?))
}

/// Until when it is kept.
#[wasm_bindgen]
pub fn keep_attempt_until(counted: JsValue, now: JsValue) -> Result<JsValue, JsValue> {
    let now = UnixTime::from_seconds(argument(now)?);
    value_of(&argument::<Counted>(counted)?.keep_until(now).seconds())
}

/// The network of an IP address.
#[wasm_bindgen]
pub fn network_of(address: &str) -> Result<String, JsValue> {
    attempts::network_of(address).map_err(thrown)
}

/// A secret name.
#[wasm_bindgen]
pub fn new_device() -> Result<String, JsValue> {
    attempts::new_device(&mut SystemRandom).map_err(thrown)
}

/// Whether it has the form of one.
#[wasm_bindgen]
pub fn is_device(text: &str) -> bool {
    attempts::is_device(text)
}

/// The part of a store's name that stands for a text: its SHA-256 as base64url.
#[wasm_bindgen]
pub fn hash_of_name(text: &str) -> String {
    digest::sha256_base64url(text.as_bytes())
}
