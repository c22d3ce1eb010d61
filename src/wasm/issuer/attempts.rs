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
    self, AttemptsError, Begun, Budget, BudgetSettings, Counted, Devices, Limits as Checked, State, States,
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

/// What is to be kept, and until when.
#[derive(Serialize)]
struct Kept<State> {
    state: State,
    until: i64,
}

/// Devices are kept together, under the account's name.
#[derive(Serialize)]
struct Keep {
    account: Option<Kept<State>>,
    address: Option<Kept<State>>,
    device: Option<Kept<Devices>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    allowed: bool,
    /// Seconds from now until the next is allowed: where this one is not, and where it fails.
    retry_after: i64,
    exhausted: bool,
    /// What counts the attempt.
    taken: States,
    keep: Option<Keep>,
}

#[derive(Deserialize)]
struct Read {
    account: Option<State>,
    address: Option<State>,
    device: Option<Devices>,
}

/// Throws where limits are beyond what may be.
#[wasm_bindgen]
pub fn check_attempt_limits(limits: JsValue) -> Result<(), JsValue> {
    argument::<Limits>(limits)?.checked().map(drop).map_err(thrown)
}

/// `states` is what the store has. `device` is what the cookie has, where it has the form of a device's name. With what nobody
/// guesses the address alone is looked at.
/// `{ allowed, retryAfter, exhausted, taken, keep }`.
#[wasm_bindgen]
pub fn begin_attempt(
    limits: JsValue,
    states: JsValue,
    device: Option<String>,
    is_unguessable: bool,
    now: JsValue,
) -> Result<JsValue, JsValue> {
    let limits = argument::<Limits>(limits)?.checked().map_err(thrown)?;
    let now = UnixTime::from_seconds(argument(now)?);
    let Read { account, address, device: devices } = kept(states)?;
    let known = device.as_deref().zip(devices.as_ref());
    let known = known.and_then(|(device, devices)| devices.state_of(device, now));
    let after = |moment: UnixTime| moment.seconds().saturating_sub(now.seconds());
    let begun = if is_unguessable {
        limits.begin_unguessable(address.as_ref(), now)
    } else {
        limits.begin(&States { account, address, device: known }, now)
    };
    value_of(&match begun {
        Begun::Allowed { states, exhausted, next } => {
            let keep = |counted: Counted, state: Option<State>| {
                state.map(|state| Kept { state, until: limits.keep_until(counted, &state, now).seconds() })
            };
            let counted = states.device.zip(device.as_deref()).map(|(state, device)| Kept {
                state: devices.unwrap_or_default().with(device, state, now),
                until: limits.keep_until(Counted::Device, &state, now).seconds(),
            });
            let keep = Keep {
                account: keep(Counted::Account, states.account),
                address: keep(Counted::Address, states.address),
                device: counted,
            };
            Answer { allowed: true, retry_after: after(next), exhausted, taken: states, keep: Some(keep) }
        }
        Begun::Locked { until } => {
            Answer { allowed: false, retry_after: after(until), exhausted: false, taken: States::default(), keep: None }
        }
    })
}

/// What an attempt leaves that counted for an account or an address: `{ state, until }`, or `undefined` for nothing.
#[wasm_bindgen]
pub fn end_attempt(
    limits: JsValue,
    counted: JsValue,
    state: JsValue,
    taken: JsValue,
    has_succeeded: bool,
    now: JsValue,
) -> Result<JsValue, JsValue> {
    let limits = argument::<Limits>(limits)?.checked().map_err(thrown)?;
    let (counted, now) = (argument::<Counted>(counted)?, UnixTime::from_seconds(argument(now)?));
    let (state, taken): (Option<State>, State) = (kept(state)?, kept(taken)?);
    let left = if has_succeeded {
        counted.succeeded(state.as_ref(), Some(&taken))
    } else {
        state.map(|state| attempts::withdrawn(&state, &taken))
    };
    value_of(&left.map(|state| Kept { state, until: limits.keep_until(counted, &state, now).seconds() }))
}

/// The same for a device, which is known where it has succeeded. `taken` is nothing where it was not known before.
#[wasm_bindgen]
pub fn end_attempt_of_device(
    devices: JsValue,
    device: &str,
    taken: JsValue,
    has_succeeded: bool,
    now: JsValue,
) -> Result<JsValue, JsValue> {
    let now = UnixTime::from_seconds(argument(now)?);
    let (devices, taken): (Option<Devices>, Option<State>) = (kept(devices)?, kept(taken)?);
    let devices = devices.unwrap_or_default();
    let known = devices.state_of(device, now);
    let left = if has_succeeded {
        Counted::Device.succeeded(known.as_ref(), taken.as_ref())
    } else {
        known.zip(taken).map(|(known, taken)| attempts::withdrawn(&known, &taken))
    };
    value_of(&left.map(|state| Kept {
        until: Checked::default().keep_until(Counted::Device, &state, now).seconds(),
        state: devices.with(device, state, now),
    }))
}

/// `{ state, until }` of an account's devices without their attempts.
#[wasm_bindgen]
pub fn release_devices(devices: JsValue, now: JsValue) -> Result<JsValue, JsValue> {
    let (devices, now) = (kept::<Devices>(devices)?, UnixTime::from_seconds(argument(now)?));
    value_of(&Kept {
        until: Checked::default().keep_until(Counted::Device, &State::default(), now).seconds(),
        state: devices.released(),
    })
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
