//! The exported functions of a guard's upkeep: what its host tells it beside requests.

use wasm_bindgen::prelude::wasm_bindgen;

use super::guard::{moment, read_fetched, text};
use super::state::{Known, with_guard};
use crate::audit;
use crate::json::{Json, Limits};
use crate::revocation::{RevocationError, Revoked};
use crate::time::UnixTime;

/// Hands over what was fetched in the background: the URL on the first line of the input, then as for `resume`.
/// 1 where an issuer has its keys or its metadata there.
#[wasm_bindgen]
pub fn supply_keys(guard: u32, length: u32, now: f64) -> u32 {
    let supplied = with_guard(guard, length, |known, input| {
        let end = input.iter().position(|byte| *byte == b'\n')?;
        let (url, rest) = input.split_at_checked(end)?;
        let fetched = read_fetched(rest.get(1..)?);
        Some(known.guard.supply_keys(core::str::from_utf8(url).ok()?, fetched.as_ref(), moment(now)))
    });
    u32::from(supplied.flatten().unwrap_or(false))
}

/// The same where the fetch failed. The input is the URL.
#[wasm_bindgen]
pub fn supply_failed(guard: u32, length: u32, now: f64) -> u32 {
    let supplied = with_guard(guard, length, |known, input| {
        core::str::from_utf8(input).is_ok_and(|url| known.guard.supply_keys(url, None, moment(now)))
    });
    u32::from(supplied.unwrap_or(false))
}

/// The fetched key sets as JSON.
#[wasm_bindgen]
pub fn export_keys(guard: u32) -> String {
    with_guard(guard, 0, |known, _| known.guard.export_keys()).unwrap_or_default()
}

/// Takes the key sets in the input; how many.
#[wasm_bindgen]
pub fn import_keys(guard: u32, length: u32, now: f64) -> u32 {
    let taken = with_guard(guard, length, |known, input| {
        core::str::from_utf8(input).map_or(0, |text| known.guard.import_keys(text, moment(now)))
    });
    taken.and_then(|taken| u32::try_from(taken).ok()).unwrap_or(0)
}

/// Takes the revocation in the input, `{ name, notBefore, until }`: 1 taken, 0 malformed, 2 there is no room.
#[wasm_bindgen]
pub fn revoke(guard: u32, length: u32, now: f64) -> u32 {
    let taken = with_guard(guard, length, |known, input| {
        let fact = Json::parse_within(input, Limits::KEY_SET).ok()?;
        let moment_of = |name: &str| match fact.member(name) {
            Some(Json::Integer(seconds)) => Some(UnixTime::from_seconds(*seconds)),
            _ => None,
        };
        let name = fact.member("name")?.as_str()?;
        Some(known.guard.revoke(name, moment_of("notBefore")?, moment_of("until")?, moment(now)))
    });
    match taken.flatten() {
        Some(Ok(())) => 1,
        Some(Err(RevocationError::Full)) => 2,
        Some(Err(_)) | None => 0,
    }
}

/// The name of the revocation of `{ kind, issuer, value }`; empty where that is malformed, or several issuers could be
/// meant.
#[wasm_bindgen]
pub fn revocation_name(guard: u32, revoked: &str) -> String {
    let name = |known: &Known, revoked: &Json| {
        let kind = Revoked::from_name(revoked.member("kind")?.as_str()?)?;
        let issuer = match revoked.member("issuer") {
            None | Some(Json::Null) => None,
            Some(issuer) => Some(issuer.as_str()?),
        };
        known.guard.revocation_name(kind, issuer, revoked.member("value")?.as_str()?)
    };
    let read = Json::parse_within(revoked.as_bytes(), Limits::KEY_SET);
    let named = with_guard(guard, 0, |known, _| name(known, &read.ok()?));
    named.flatten().unwrap_or_default()
}

/// The metadata of the protected resource as JSON; empty where there are none.
#[wasm_bindgen]
pub fn resource_metadata(guard: u32) -> String {
    text(guard, |known| known.guard.resource_metadata())
}

/// The checks of an event, given as JSON, as JSON; empty where it is none.
#[wasm_bindgen]
pub fn trace(event: &str) -> String {
    let read = Json::parse_within(event.as_bytes(), Limits::KEY_SET).ok();
    read.as_ref().and_then(audit::trace).map_or_else(String::new, |trace| trace.to_text())
}
