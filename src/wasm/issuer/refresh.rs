//! Refresh tokens.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::states::kept;
use super::{argument, thrown, value_of};
use crate::issuer::SystemRandom;
use crate::issuer::refresh::{Family, Grant, RefreshTokens, Rotation, Rules, Secrets, SubjectRevocation};
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

#[derive(Serialize)]
struct Started {
    family: Family,
    token: String,
}

#[derive(Serialize)]
struct Decided {
    decision: &'static str,
    /// As it is from here on; nothing where the token is unknown.
    family: Option<Family>,
    token: Option<String>,
    /// Whether the family takes the place of the one that was read.
    keep: bool,
}

/// What is to be kept, and until when.
#[derive(Serialize)]
struct Kept {
    state: SubjectRevocation,
    until: i64,
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

/// `{ family, token }`. `revocation` is what the store has for the subject.
#[wasm_bindgen]
pub fn start_refresh(settings: JsValue, grant: JsValue, revocation: JsValue) -> Result<JsValue, JsValue> {
    let (tokens, now) = tokens(settings)?;
    let now = kept::<Option<SubjectRevocation>>(revocation)?.map_or(now, |revocation| revocation.behind(now));
    let started = tokens.start(argument::<Grant>(grant)?, now, &mut SystemRandom).map_err(thrown)?;
    value_of(&Started { family: started.family, token: started.token })
}

/// The id of the family of a token of ours; nothing for any other text.
#[wasm_bindgen]
pub fn refresh_family(settings: JsValue, token: &str) -> Result<Option<String>, JsValue> {
    Ok(tokens(settings)?.0.read(token).map(|presented| presented.family().to_owned()))
}

/// Whether a text has the form of a family's id.
#[wasm_bindgen]
pub fn is_refresh_family(id: &str) -> bool {
    Family::is_id(id)
}

/// A subject as families have it; throws where none can.
#[wasm_bindgen]
pub fn check_refresh_subject(subject: String) -> Result<String, JsValue> {
    Family::check_name(&subject).map(|()| subject).map_err(thrown)
}

/// Whose a family is; nothing where there is none. `family` is what the store has, here and below.
#[wasm_bindgen]
pub fn refresh_subject(family: JsValue) -> Result<Option<String>, JsValue> {
    Ok(kept::<Option<Family>>(family)?.map(|family| family.grant().subject.clone()))
}

/// A family beside what the store has for its subject; nothing where there is none.
#[wasm_bindgen]
pub fn known_refresh(family: JsValue, revocation: JsValue) -> Result<JsValue, JsValue> {
    let (family, revocation): (Option<Family>, Option<SubjectRevocation>) = (kept(family)?, kept(revocation)?);
    value_of(&family.map(|family| family.beside(revocation.as_ref())))
}

/// `{ decision, family, token, keep }`. `revocation` is what the store has for the family's subject.
#[wasm_bindgen]
pub fn decide_refresh(
    settings: JsValue,
    token: &str,
    client: &str,
    family: JsValue,
    revocation: JsValue,
) -> Result<JsValue, JsValue> {
    let (tokens, now) = tokens(settings)?;
    let (family, revocation): (Option<Family>, Option<SubjectRevocation>) = (kept(family)?, kept(revocation)?);
    let decision = tokens.read(token).map_or(Rotation::Unknown, |presented| {
        tokens.decide(&presented, client, family.as_ref(), revocation.as_ref(), now)
    });
    let name = decision.name();
    let (family, token, keep) = match decision {
        Rotation::Rotated { family, token } => (Some(family), Some(token), true),
        Rotation::Replayed { token } => (family, Some(token), false),
        Rotation::Reused { family } => (Some(family), None, true),
        Rotation::Expired | Rotation::Revoked => (family.map(|family| family.beside(revocation.as_ref())), None, false),
        Rotation::Unknown => (None, None, false),
    };
    value_of(&Decided { decision: name, family, token, keep })
}

/// The same family, revoked; nothing where there is none.
#[wasm_bindgen]
pub fn revoke_refresh(family: JsValue, now: JsValue) -> Result<JsValue, JsValue> {
    let now = UnixTime::from_seconds(argument(now)?);
    value_of(&kept::<Option<Family>>(family)?.map(|family| family.revoked(now)))
}

/// The family of a token of that client, revoked; nothing for any other text.
#[wasm_bindgen]
pub fn revoke_refresh_token(settings: JsValue, token: &str, client: &str, family: JsValue) -> Result<JsValue, JsValue> {
    let (tokens, now) = tokens(settings)?;
    let family: Option<Family> = kept(family)?;
    value_of(&tokens.read(token).and_then(|presented| tokens.revoke(&presented, client, family.as_ref(), now)))
}

/// `{ state, until }`. `revocation` is what the store has for the subject.
#[wasm_bindgen]
pub fn revoke_refresh_subject(settings: JsValue, revocation: JsValue) -> Result<JsValue, JsValue> {
    let (tokens, now) = tokens(settings)?;
    let state = tokens.revoke_subject(kept::<Option<SubjectRevocation>>(revocation)?.as_ref(), now);
    value_of(&Kept { state, until: state.ends().seconds() })
}
