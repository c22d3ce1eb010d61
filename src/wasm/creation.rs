//! The exported functions that make a guard and forget one.

use wasm_bindgen::prelude::wasm_bindgen;

use super::state::with_state;
use crate::authn::trust::Trust;
use crate::authz::policy::Policy;
use crate::document::ConfigError;
use crate::guard::{Guard, HeaderNames};
use crate::json::{Json, Object};
use crate::rejection::Rejection;

/// Bytes of memory for a byte of a document: its tree, and what is made of it. Policies of many small parts take 14 to 30.
const MEMORY_PER_BYTE: usize = 14;

/// Makes a guard from its documents. `loaders` are the types with a loader, one on a line; in full.wasm a line that begins
/// with `=` is the policy's signature.
/// `{ guard, about }`, or `{ error }`.
#[wasm_bindgen]
pub fn create(policy: &str, trust: Option<String>, loaders: &str) -> String {
    make_room(policy.len());
    let answer = match build(policy, trust.as_deref(), loaders) {
        Ok(guard) => {
            let about = about(&guard);
            let number = with_state(|state| state.add(guard)).unwrap_or(0);
            Object::new().with("guard", i64::from(number)).with("about", about)
        }
        Err(problem) => Object::new().with("error", error(&problem)),
    };
    Json::from(answer).to_text()
}

/// Has the memory grow once for all that reading a document of that length takes. It would grow by a page for each few
/// objects, and JavaScript's engine does its housekeeping each time.
fn make_room(length: usize) {
    let mut room = Vec::<u8>::new();
    // Where there is none, reading finds that out.
    let _ = room.try_reserve_exact(length.saturating_mul(MEMORY_PER_BYTE));
    core::hint::black_box(&room);
}

/// What the host makes a `ConfigError` of.
pub(super) fn error(error: &ConfigError) -> Object {
    Object::new()
        .with("document", error.document.name())
        .with("path", error.path.as_str())
        .with("code", error.code())
        .with("message", error.to_string())
}

fn build(policy: &str, trust: Option<&str>, loaders: &str) -> Result<Guard, ConfigError> {
    let mut kinds = Vec::new();
    for kind in loaders.split('\n') {
        if !kind.is_empty() {
            kinds.push(kind);
        }
    }
    let trust = match trust {
        Some(trust) => Some(Trust::parse(trust)?),
        None => None,
    };
    let policy = read_policy(policy, trust.as_ref(), &mut kinds)?;
    match trust {
        Some(trust) => Guard::with_loaders(policy, trust, &kinds),
        None => Ok(Guard::decision_point(policy)),
    }
}

#[cfg(not(feature = "full"))]
fn read_policy(policy: &str, _: Option<&Trust>, _: &mut Vec<&str>) -> Result<Policy, ConfigError> {
    Policy::parse(policy)
}

#[cfg(feature = "full")]
fn read_policy(policy: &str, trust: Option<&Trust>, loaders: &mut Vec<&str>) -> Result<Policy, ConfigError> {
    let signature = loaders.iter().find_map(|line| line.strip_prefix('='));
    loaders.retain(|line| !line.starts_with('='));
    trust.unwrap_or(&Trust::nobody()).read_policy(policy, signature)
}

/// What the host must know of a guard to serve it.
fn about(guard: &Guard) -> Object {
    let HeaderNames { names, credentials } = guard.headers();
    let mut attributes = Object::new();
    for kind in guard.policy().resources() {
        if !kind.read.is_empty() {
            attributes = attributes.with(&kind.name, kind.read.as_slice());
        }
    }
    Object::new()
        .with("headers", names)
        .with("credentials", i64::try_from(credentials).unwrap_or(1))
        .with("synchronous", guard.is_synchronous())
        .with("hostVerified", guard.trust.has_host_verified_key())
        .with("resources", attributes)
        .with("stores", stores(guard))
        .with("engineFailed", Rejection::engine_failed().to_json())
}

/// What the host is asked to keep or look up; none where this build asks for none.
#[cfg(feature = "full")]
fn stores(guard: &Guard) -> Option<Object> {
    let (revocation, replays) = (guard.trust.revocations.has_store(), guard.trust.remembers_proofs());
    let stores = Object::new().with("revocation", revocation).with("replays", replays);
    Some(stores.with("apiKeys", guard.trust.api_key_store.is_some()))
}

#[cfg(not(feature = "full"))]
const fn stores(_: &Guard) -> Option<Object> {
    None
}

/// Forgets a guard.
#[wasm_bindgen]
pub fn release(guard: u32) {
    with_state(|state| state.remove(guard));
}
