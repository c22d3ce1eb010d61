//! Refresh tokens.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::{argument, thrown, value_of};
use crate::issuer::SystemRandom;
use crate::issuer::refresh::{Family, Grant, RefreshTokens, Rotation, Rules, Secrets};
use crate::time::UnixTime;

/// Spans are in seconds, and so is the moment.
#[derive(Deserialize)]
struct Settings {
    now: i64,
    /// The newest first.
    secrets: Vec<Secret>,
    idle: u64,
    absolute: u64,
    grace: u64,
}

#[derive(Deserialize)]
struct Secret {
    id: String,
    bytes: Vec<u8>,
}

#[derive(Deserialize)]
struct Revocation {
    family: Family,
    now: i64,
}

#[derive(Serialize)]
struct Started {
    family: Family,
    token: String,
}

#[derive(Serialize)]
struct Decided {
    decision: &'static str,
    family: Option<Family>,
    token: Option<String>,
}

fn tokens(settings: JsValue) -> Result<(RefreshTokens, UnixTime), JsValue> {
    let Settings { now, secrets, idle, absolute, grace } = argument(settings)?;
    let secrets = secrets.iter().map(|secret| (secret.id.as_str(), secret.bytes.as_slice()));
    let [idle, absolute, grace] = [idle, absolute, grace].map(Duration::from_secs);
    let secrets = Secrets::new(secrets).map_err(thrown)?;
    let tokens = RefreshTokens::new(secrets, Rules { idle, absolute, grace }).map_err(thrown)?;
    Ok((tokens, UnixTime::from_seconds(now)))
}

/// Throws where nobody could be refreshed with these.
#[wasm_bindgen]
pub fn check_refresh_settings(settings: JsValue) -> Result<(), JsValue> {
    tokens(settings).map(|_| ())
}

/// `{ family, token }`.
#[wasm_bindgen]
pub fn start_refresh(settings: JsValue, grant: JsValue) -> Result<JsValue, JsValue> {
    let (tokens, now) = tokens(settings)?;
    let started = tokens.start(argument::<Grant>(grant)?, now, &mut SystemRandom).map_err(thrown)?;
    value_of(&Started { family: started.family, token: started.token })
}

/// The id of the family of a token of ours; nothing for any other text.
#[wasm_bindgen]
pub fn refresh_family(settings: JsValue, token: &str) -> Result<Option<String>, JsValue> {
    Ok(tokens(settings)?.0.read(token).map(|presented| presented.family().to_owned()))
}

/// `{ decision, family, token }`. `family` is what the store has, if it has something; what comes back takes its place.
#[wasm_bindgen]
pub fn decide_refresh(settings: JsValue, token: &str, client: &str, family: JsValue) -> Result<JsValue, JsValue> {
    let (tokens, now) = tokens(settings)?;
    let family: Option<Family> = argument(family)?;
    let decision = tokens
        .read(token)
        .map_or(Rotation::Unknown, |presented| tokens.decide(&presented, client, family.as_ref(), now));
    let name = decision.name();
    let (family, token) = match decision {
        Rotation::Rotated { family, token } => (Some(family), Some(token)),
        Rotation::Replayed { token } => (None, Some(token)),
        Rotation::Reused { family } => (Some(family), None),
        Rotation::Expired | Rotation::Revoked | Rotation::Unknown => (None, None),
    };
    value_of(&Decided { decision: name, family, token })
}

/// From `{ family, now }` to the same family, revoked.
#[wasm_bindgen]
pub fn revoke_refresh(revocation: JsValue) -> Result<JsValue, JsValue> {
    let Revocation { family, now } = argument(revocation)?;
    value_of(&family.revoked(UnixTime::from_seconds(now)))
}
