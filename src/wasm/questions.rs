//! The exported functions of the decision point: questions beside a request.

use core::cell::Cell;
use std::sync::Arc;

use wasm_bindgen::prelude::wasm_bindgen;

use super::answers::text;
use super::asker::Asker;
use super::guard::{ALLOW, MISS, REJECT, TIME, UNKNOWN, moment};
use super::state::{with_guard, with_newest};
use crate::authz::decision::Instance;
use crate::authz::question::Clock;
use crate::authz::role::PermissionId;
use crate::guard::{permits, read_subject};
use crate::json::{Json, Limits};

/// Registers the subject in the input; 0 where it is none.
#[wasm_bindgen]
pub fn subject(guard: u32, length: u32) -> u32 {
    let registered = with_guard(guard, length, |known, input| {
        let subject = read_subject(&Json::parse_within(input, Limits::KEY_SET).ok()?)?;
        let standing = known.guard.policy().standing(Arc::new(subject));
        Some(known.subjects.insert(Asker::new(standing)))
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
/// is about the type. Where `now` is no number and the answer hangs on the time, that is the answer.
#[wasm_bindgen]
pub fn can(guard: u32, subject: u32, permission: u32, length: u32, now: f64) -> u32 {
    let permission = permission.checked_sub(1).map(PermissionId);
    if length == 0
        && let Some(answer) = with_newest(guard, |known| known.subjects.get_mut(subject)?.answer(permission?))
    {
        return answer;
    }
    let decided = with_guard(guard, length, |known, input| {
        let Some(asker) = known.subjects.get_mut(subject) else { return MISS };
        let Some(permission) = permission else { return REJECT };
        let policy = known.guard.policy();
        let instance = match input {
            [] => Some(Instance::Unknown),
            lines => known.instances.read(&policy, permission, lines).map(Instance::Known),
        };
        let is_read = Cell::new(false);
        let clock = if now.is_nan() { Clock::unset(&is_read) } else { Clock::at(moment(now)) };
        let is_permitted =
            instance.is_some_and(|instance| permits(&policy, &asker.standing, permission, instance, clock));
        // What was refused half way too.
        known.instances.forget_long(input);
        if is_read.get() {
            return TIME;
        }
        if input.is_empty() && now.is_nan() {
            asker.remember(permission, is_permitted);
        }
        if is_permitted { ALLOW } else { REJECT }
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
