//! The exported functions that tell of the last outcome.

use std::sync::Arc;

use wasm_bindgen::prelude::wasm_bindgen;

use super::state::{Known, Last, with_guard};
use crate::guard::{Admitted, Matched, Outcome};
use crate::json::{Json, Object};

const ELEVATED: u32 = 1;
const CONDITIONAL: u32 = 2;
const PREFLIGHT: u32 = 4;

/// A handle for the principal (0) or the route (1) of the last allow; 0 for none.
#[wasm_bindgen]
pub fn outcome_handle(guard: u32, part: u32) -> u32 {
    let given = with_guard(guard, 0, |known, _| {
        let last = known.last.as_mut()?;
        let (admitted, matched) = plain_allow(last)?;
        if part == 0 && last.principal == 0 {
            last.principal = known.principals.insert(admitted);
        } else if part != 0 && last.route == 0 {
            last.route = known.routes.insert(matched);
        }
        Some(if part == 0 { last.principal } else { last.route })
    });
    given.flatten().unwrap_or(0)
}

/// The principal and the route of an allow that the short way may give again.
fn plain_allow(last: &Last) -> Option<(Arc<Admitted>, Arc<Matched>)> {
    let Outcome::Allow(grant) = &last.outcome else { return None };
    let (admitted, matched) = grant.parts();
    let is_bound = admitted.principal.token().is_some_and(|token| token.is_bound);
    // Nor may what a store has said of a key be known for longer than it is remembered.
    #[cfg(feature = "full")]
    let is_bound = is_bound || admitted.principal.api_key().is_some();
    (matched.is_plain() && !is_bound).then(|| (Arc::clone(admitted), Arc::clone(matched)))
}

/// 1 elevated, 2 conditional, 4 preflight.
#[wasm_bindgen]
pub fn outcome_flags(guard: u32) -> u32 {
    with_guard(guard, 0, |known, _| known.last.as_ref().map_or(0, |last| flags(&last.outcome))).unwrap_or(0)
}

pub(super) fn flags(outcome: &Outcome) -> u32 {
    let Outcome::Allow(grant) = outcome else { return 0 };
    let flag = |is_set, flag| if is_set { flag } else { 0 };
    flag(grant.is_elevated(), ELEVATED)
        | flag(grant.is_conditional(), CONDITIONAL)
        | flag(grant.is_preflight(), PREFLIGHT)
}

/// A part of the last outcome; empty where it has none such:
/// 0 the refusal as JSON;
/// 1 whom it allows, as a list: `kind`, `issuer`, `roles`, `assignments`, `permissions`, `scopes`, `attributes`, `acr`,
/// `amr`, `authTime`, which ends where nothing follows but what is empty or null; behind a line break `id` as it is;
/// 2 what it allows, as JSON: `{ route, permission, resource }`.
#[wasm_bindgen]
pub fn outcome(guard: u32, part: u32) -> String {
    let told = with_guard(guard, 0, |known, _| {
        Some(match (part, &known.last.as_ref()?.outcome) {
            (0, Outcome::Reject(refused)) => refused.rejection().to_json().to_text(),
            (1, Outcome::Allow(grant)) => grant.principal().to_list_text(),
            (2, Outcome::Allow(grant)) => Json::from(grant.describe(Object::new())).to_text(),
            _ => return None,
        })
    });
    told.flatten().unwrap_or_default()
}

/// The event of the last outcome as JSON. `id` is the host's; an empty `request_id` is none.
#[wasm_bindgen]
pub fn event(guard: u32, id: &str, request_id: &str) -> String {
    let request_id = Some(request_id);
    text(guard, |known| match &known.last.as_ref()?.outcome {
        Outcome::Allow(grant) => Some(grant.event(request_id).to_json(id)),
        Outcome::Reject(refused) => Some(refused.event(request_id).to_json(id)),
        Outcome::Need(_) => None,
    })
}

/// What is read of a guard, as text; empty for nothing.
pub(super) fn text(guard: u32, read: impl FnOnce(&Known) -> Option<Json>) -> String {
    let json = with_guard(guard, 0, |known, _| read(known)).flatten();
    json.map_or_else(String::new, |json| json.to_text())
}
