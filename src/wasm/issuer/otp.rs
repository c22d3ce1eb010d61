//! One-time codes.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::states::kept;
use super::{argument, thrown, value_of};
use crate::issuer::SystemRandom;
use crate::issuer::otp::{Hotp, HotpSettings, OtpAlgorithm, OtpSecret, Totp, TotpOutcome, TotpSettings};
use crate::time::UnixTime;

/// How the codes are. A number beyond a byte is beyond the limits too.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Settings {
    algorithm: OtpAlgorithm,
    digits: u64,
    period: Option<u64>,
    window: Option<u64>,
    look_ahead: Option<u64>,
}

fn byte(number: u64) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

/// TOTP of such settings.
fn totp(settings: JsValue, secret: OtpSecret) -> Result<Totp, JsValue> {
    let (settings, usual): (Settings, _) = (argument(settings)?, TotpSettings::default());
    let settings = TotpSettings {
        algorithm: settings.algorithm,
        digits: byte(settings.digits),
        period: settings.period.map_or(usual.period, Duration::from_secs),
        window: settings.window.map_or(usual.window, byte),
    };
    Totp::new(secret, settings).map_err(thrown)
}

/// HOTP of such settings.
fn hotp(settings: JsValue, secret: OtpSecret) -> Result<Hotp, JsValue> {
    let settings: Settings = argument(settings)?;
    let look_ahead = settings.look_ahead.map_or(HotpSettings::default().look_ahead, byte);
    let settings = HotpSettings { algorithm: settings.algorithm, digits: byte(settings.digits), look_ahead };
    Hotp::new(secret, settings).map_err(thrown)
}

fn secret_of(base32: &str) -> Result<OtpSecret, JsValue> {
    OtpSecret::from_base32(base32).map_err(thrown)
}

/// For settings that are looked at before there is a secret.
fn no_secret() -> Result<OtpSecret, JsValue> {
    OtpSecret::from_bytes(&[0; 20]).map_err(thrown)
}

/// What became of a typed code.
#[derive(Serialize)]
struct Used {
    accepted: bool,
    reason: Option<&'static str>,
    state: Option<u64>,
    until: Option<i64>,
}

impl Used {
    const fn refused(reason: &'static str) -> Self {
        Self { accepted: false, reason: Some(reason), state: None, until: None }
    }

    const fn accepted(state: u64, until: Option<i64>) -> Self {
        Self { accepted: true, reason: None, state: Some(state), until }
    }
}

/// Base32.
#[wasm_bindgen]
pub fn new_otp_secret(algorithm: JsValue) -> Result<String, JsValue> {
    let secret = OtpSecret::generate(argument(algorithm)?, &mut SystemRandom).map_err(thrown)?;
    Ok(secret.to_base32())
}

/// Throws where settings are beyond the limits.
#[wasm_bindgen]
pub fn check_totp(settings: JsValue) -> Result<(), JsValue> {
    totp(settings, no_secret()?).map(drop)
}

/// The same.
#[wasm_bindgen]
pub fn check_hotp(settings: JsValue) -> Result<(), JsValue> {
    hotp(settings, no_secret()?).map(drop)
}

/// `otpauth://totp/…`
#[wasm_bindgen]
pub fn totp_uri(settings: JsValue, secret: &str, issuer: &str, account: &str) -> Result<String, JsValue> {
    let totp = totp(settings, secret_of(secret)?)?;
    totp.uri(issuer, account).map_err(thrown)
}

/// `otpauth://hotp/…`
#[wasm_bindgen]
pub fn hotp_uri(
    settings: JsValue,
    secret: &str,
    issuer: &str,
    account: &str,
    counter: JsValue,
) -> Result<String, JsValue> {
    let hotp = hotp(settings, secret_of(secret)?)?;
    hotp.uri(issuer, account, argument(counter)?).map_err(thrown)
}

/// The code of a moment.
#[wasm_bindgen]
pub fn totp_code(settings: JsValue, secret: &str, now: JsValue) -> Result<String, JsValue> {
    let totp = totp(settings, secret_of(secret)?)?;
    Ok(totp.code(UnixTime::from_seconds(argument(now)?)))
}

/// The code of a counter.
#[wasm_bindgen]
pub fn hotp_code(settings: JsValue, secret: &str, counter: JsValue) -> Result<String, JsValue> {
    let hotp = hotp(settings, secret_of(secret)?)?;
    hotp.code(argument(counter)?).map_err(thrown)
}

/// `state`: the step that was used last, or nothing.
#[wasm_bindgen]
pub fn use_totp(
    settings: JsValue,
    secret: &str,
    typed: &str,
    now: JsValue,
    state: JsValue,
) -> Result<JsValue, JsValue> {
    let totp = totp(settings, secret_of(secret)?)?;
    value_of(&match totp.verify(typed, UnixTime::from_seconds(argument(now)?), kept(state)?) {
        TotpOutcome::Accepted { step } => Used::accepted(step, Some(totp.keep_until(step).seconds())),
        TotpOutcome::Used => Used::refused("used"),
        TotpOutcome::Wrong => Used::refused("wrong"),
    })
}

/// `state`: the counter that comes next, or nothing where it is not known.
#[wasm_bindgen]
pub fn use_hotp(settings: JsValue, secret: &str, typed: &str, state: JsValue) -> Result<JsValue, JsValue> {
    let hotp = hotp(settings, secret_of(secret)?)?;
    let Some(next) = kept(state)? else { return value_of(&Used::refused("unknown")) };
    value_of(&match hotp.verify(typed, next).map_err(thrown)? {
        Some(next) => Used::accepted(next, None),
        None => Used::refused("wrong"),
    })
}
