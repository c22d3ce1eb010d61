//! The exported functions of the decision point: questions beside a request.

use std::sync::Arc;

use wasm_bindgen::prelude::wasm_bindgen;

use super::guard::{ALLOW, MISS, REJECT, UNKNOWN, moment, text};
use super::state::with_guard;
use crate::authz::decision::Instance;
use crate::authz::role::PermissionId;
use crate::guard::read_subject;
use crate::json::{Json, Limits};

/// Registers the subject in the input; 0 where it is none.
#[wasm_bindgen]
pub fn subject(guard: u32, length: u32) -> u32 {
    let registered = with_guard(guard, length, |known, input| {
        let subject = read_subject(&Json::parse_within(input, Limits::KEY_SET).ok()?)?;
        let standing = known.guard.policy().standing(Arc::new(subject));
        Some(known.subjects.insert(standing))
    });
    registered.flatten().unwrap_or(0)
}

/// The number of the permission whose name is in the input; 0 where the policy does not declare it.
#[wasm_bindgen]
pub fn permission(guard: u32, length: u32) -> u32 {
    let found = with_guard(guard, length, |known, input| {
        let name = core::str::from_utf8(input).ok()?;
        known.guard.policy().permission_id(name)?.0.checked_add(1)
    });
    found.flatten().unwrap_or(0)
}

/// Whether a subject has a permission; the resource's attributes are in the input, and without them the question
/// is about the type.
#[wasm_bindgen]
pub fn can(guard: u32, subject: u32, permission: u32, length: u32, now: f64) -> u32 {
    let now = moment(now);
    let decided = with_guard(guard, length, |known, input| {
        let Some(standing) = known.subjects.get(subject) else { return MISS };
        let Some(permission) = permission.checked_sub(1).map(PermissionId) else { return REJECT };
        let attributes = match (input.is_empty(), Json::parse_within(input, Limits::KEY_SET)) {
            (true, _) => None,
            (false, Ok(Json::Object(attributes))) => Some(attributes),
            (false, _) => return REJECT,
        };
        let instance = attributes.as_ref().map_or(Instance::Unknown, Instance::Known);
        let decision = known.guard.decide(standing, permission, instance, now);
        if decision.is_permit() { ALLOW } else { REJECT }
    });
    decided.unwrap_or(UNKNOWN)
}

/// Decides on an access request; a Decision as JSON.
#[wasm_bindgen]
pub fn evaluate(guard: u32, request: &str, now: f64) -> String {
    text(guard, |known| Some(known.guard.evaluate_json(&question(request), moment(now))))
}

/// Explains the decision on an access request; an Explanation as JSON.
#[wasm_bindgen]
pub fn explain(guard: u32, request: &str, now: f64) -> String {
    text(guard, |known| Some(known.guard.explain_json(&question(request), moment(now))))
}

/// What is no JSON is no question, and is denied as one.
fn question(text: &str) -> Json {
    Json::parse(text.as_bytes()).unwrap_or_default()
}
