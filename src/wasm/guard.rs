//! The exported functions of the guard.

use std::sync::Arc;

use wasm_bindgen::prelude::wasm_bindgen;

use super::state::{ABANDONED_AFTER, Known, Last, MAX_INPUT_BYTES, with_guard, with_state};
use crate::authn::trust::Trust;
use crate::authz::decision::Instance;
use crate::authz::policy::Policy;
use crate::authz::role::PermissionId;
use crate::document::ConfigError;
use crate::guard::{Admitted, Answer, Ask, Guard, HeaderNames, Matched, Need, Outcome, read_subject};
use crate::json::{Json, Limits, Object};
use crate::rejection::Rejection;
use crate::request::Request;
use crate::time::UnixTime;

const REJECT: u32 = 0;
const ALLOW: u32 = 1;
const NEED: u32 = 2;
/// The guard is not known to this instance.
const UNKNOWN: u32 = 3;
/// A handle is not known any more, or the short way cannot decide.
const MISS: u32 = 4;

const ELEVATED: u32 = 1;
const CONDITIONAL: u32 = 2;
const PREFLIGHT: u32 = 4;

/// Makes room in the shared input buffer, and says where it is. 0 where that is more than may cross at once.
#[wasm_bindgen]
pub fn input(capacity: usize) -> usize {
    let address = with_state(|state| {
        if capacity > MAX_INPUT_BYTES {
            return 0;
        }
        if state.input.len() < capacity {
            state.input.resize(capacity, 0);
        }
        state.input.as_ptr().addr()
    });
    address.unwrap_or(0)
}

/// Makes a guard from its documents. `loaders` are the types with a loader, one on a line.
/// `{ guard, about }`, or `{ error }`.
#[wasm_bindgen]
pub fn create(policy: &str, trust: Option<String>, loaders: &str) -> String {
    let answer = match build(policy, trust.as_deref(), loaders) {
        Ok(guard) => {
            let about = about(&guard);
            let number = with_state(|state| state.add(guard)).unwrap_or(0);
            Object::new().with("guard", i64::from(number)).with("about", about)
        }
        Err(error) => Object::new().with(
            "error",
            Object::new()
                .with("document", error.document.name())
                .with("path", error.path.as_str())
                .with("code", error.code())
                .with("message", error.to_string()),
        ),
    };
    Json::from(answer).to_text()
}

fn build(policy: &str, trust: Option<&str>, loaders: &str) -> Result<Guard, ConfigError> {
    let policy = Policy::parse(policy)?;
    let Some(trust) = trust else { return Ok(Guard::decision_point(policy)) };
    let trust = Trust::parse(trust)?;
    let loaders: Vec<&str> = loaders.split('\n').filter(|kind| !kind.is_empty()).collect();
    Guard::with_loaders(policy, trust, &loaders)
}

/// What the host must know of a guard to serve it.
fn about(guard: &Guard) -> Object {
    let HeaderNames { names, credentials } = guard.headers();
    let owned = guard.policy.resources().iter().filter_map(|kind| Some((kind, kind.owner.as_ref()?)));
    let attributes =
        owned.fold(Object::new(), |object, (kind, owner)| object.with(&kind.name, vec![owner.resource.as_str()]));
    Object::new()
        .with("headers", names)
        .with("credentials", i64::try_from(credentials).unwrap_or(1))
        .with("synchronous", guard.is_synchronous())
        .with("hostVerified", guard.trust.has_host_verified_key())
        .with("resources", attributes)
        .with("engineFailed", Rejection::engine_failed().to_json())
}

/// Forgets a guard.
#[wasm_bindgen]
pub fn release(guard: u32) {
    with_state(|state| state.remove(guard));
}

/// Decides on the request in the input: method, URL, a field for each header, the context, one on a line.
#[wasm_bindgen]
pub fn check(guard: u32, length: u32, now: f64) -> u32 {
    let now = moment(now);
    let decided = with_guard(guard, length, |known, input| {
        let outcome = match read_request(&known.guard, input) {
            Some((request, justification)) => match &justification {
                Some(text) => known.guard.check(&request.justified_by(text), now),
                None => known.guard.check(&request, now),
            },
            None => known.guard.unreadable(now),
        };
        known.settle(outcome)
    });
    decided.unwrap_or(UNKNOWN)
}

/// The request of the input. `None` where it has another number of fields: then a field hides a line break.
fn read_request<'a>(guard: &'a Guard, input: &'a [u8]) -> Option<(Request<'a>, Option<String>)> {
    let mut fields = core::str::from_utf8(input).ok()?.split('\n');
    let mut request = Request::new(fields.next()?, fields.next()?);
    for name in guard.headers().names {
        let field = fields.next()?;
        if let Some(value) = field.strip_prefix('=') {
            request = request.header(name, value);
        } else if !field.is_empty() {
            return None;
        }
    }
    let context = fields.next()?;
    if fields.next().is_some() {
        return None;
    }
    let justification = match context.strip_prefix('=') {
        None if context.is_empty() => None,
        None => return None,
        Some(text) => {
            let context = Json::parse_within(text.as_bytes(), Limits::KEY_SET).ok()?;
            context.as_object()?;
            context.member("justification").and_then(Json::as_str).map(str::to_owned)
        }
    };
    Some((request, justification))
}

/// Decides by handles alone; what is no plain allow is a miss.
#[wasm_bindgen]
pub fn check_known(guard: u32, principal: u32, route: u32, now: f64) -> u32 {
    let now = moment(now);
    let decided = with_guard(guard, 0, |known, _| {
        let admitted = known.principals.get(principal)?;
        let matched = known.routes.get(route)?;
        let grant = known.guard.check_known(admitted, matched, now)?;
        known.last = Some(Last { outcome: Outcome::Allow(grant), principal, route });
        Some(ALLOW)
    });
    decided.map_or(UNKNOWN, |decided| decided.unwrap_or(MISS))
}

impl Known {
    /// Remembers an outcome, and says which it is.
    fn settle(&mut self, outcome: Outcome) -> u32 {
        self.last = None;
        let code = match outcome {
            // After four thousand million needs: the host makes the guard anew, and asks again.
            Outcome::Need(_) if self.pending.is_used_up() => return UNKNOWN,
            Outcome::Need(need) => {
                let asked_at = need.asked_at();
                let is_abandoned = |other: &Need| other.asked_at().after(ABANDONED_AFTER) <= asked_at;
                match self.pending.insert(need, is_abandoned) {
                    Some(number) => {
                        self.waiting = number;
                        return NEED;
                    }
                    None => return self.settle(self.guard.unreadable(asked_at)),
                }
            }
            Outcome::Allow(_) => ALLOW,
            Outcome::Reject(_) => REJECT,
        };
        self.last = Some(Last { outcome, principal: 0, route: 0 });
        code
    }
}

/// A handle for the principal of the last allow; 0 for none.
#[wasm_bindgen]
pub fn outcome_principal(guard: u32) -> u32 {
    let given = with_guard(guard, 0, |known, _| {
        let last = known.last.as_mut()?;
        if last.principal == 0 {
            let (admitted, _) = plain_allow(last)?;
            last.principal = known.principals.insert(admitted);
        }
        Some(last.principal)
    });
    given.flatten().unwrap_or(0)
}
/// A handle for the route of the last allow; 0 for none.
#[wasm_bindgen]
pub fn outcome_route(guard: u32) -> u32 {
    let given = with_guard(guard, 0, |known, _| {
        let last = known.last.as_mut()?;
        if last.route == 0 {
            let (_, matched) = plain_allow(last)?;
            last.route = known.routes.insert(matched);
        }
        Some(last.route)
    });
    given.flatten().unwrap_or(0)
}

/// The principal and the route of an allow that the short way may give again.
fn plain_allow(last: &Last) -> Option<(Arc<Admitted>, Arc<Matched>)> {
    let Outcome::Allow(grant) = &last.outcome else { return None };
    let (admitted, matched) = grant.parts();
    matched.is_plain().then(|| (Arc::clone(admitted), Arc::clone(matched)))
}

/// 1 elevated, 2 conditional, 4 preflight.
#[wasm_bindgen]
pub fn outcome_flags(guard: u32) -> u32 {
    let read = |last: &Last| match &last.outcome {
        Outcome::Allow(grant) => {
            let flag = |is_set, flag| if is_set { flag } else { 0 };
            flag(grant.is_elevated(), ELEVATED)
                | flag(grant.is_conditional(), CONDITIONAL)
                | flag(grant.is_preflight(), PREFLIGHT)
        }
        Outcome::Reject(_) | Outcome::Need(_) => 0,
    };
    with_guard(guard, 0, |known, _| known.last.as_ref().map_or(0, read)).unwrap_or(0)
}

/// The last outcome as JSON.
#[wasm_bindgen]
pub fn outcome(guard: u32) -> String {
    text(guard, |known| match &known.last.as_ref()?.outcome {
        Outcome::Allow(grant) => Some(grant.to_json(&known.guard)),
        Outcome::Reject(refused) => Some(refused.rejection().to_json()),
        Outcome::Need(_) => None,
    })
}

/// The event of the last outcome as JSON. `id` is the host's; an empty `request_id` is none.
#[wasm_bindgen]
pub fn event(guard: u32, id: &str, request_id: &str) -> String {
    let request_id = Some(request_id);
    text(guard, |known| match &known.last.as_ref()?.outcome {
        Outcome::Allow(grant) => Some(grant.event(&known.guard, request_id).to_json(id)),
        Outcome::Reject(refused) => Some(refused.event(&known.guard, request_id).to_json(id)),
        Outcome::Need(_) => None,
    })
}

/// The last need as JSON.
#[wasm_bindgen]
pub fn need(guard: u32) -> String {
    text(guard, |known| {
        let need = known.pending.get(known.waiting)?;
        let start = Object::new().with("pending", i64::from(known.waiting));
        Some(match need.ask() {
            Ask::Keys { url } => start.with("need", "keys").with("url", url).into(),
            Ask::Signature { key, algorithm, .. } => {
                start.with("need", "signature").with("key", i64::from(key)).with("algorithm", algorithm.name()).into()
            }
            Ask::Resource { kind, id } => start.with("need", "resource").with("type", kind).with("id", id).into(),
        })
    })
}

/// The public key of that number as a JWK.
#[wasm_bindgen]
pub fn jwk(guard: u32, key: u32) -> String {
    text(guard, |known| known.guard.trust.key(key)?.public_jwk())
}

fn text(guard: u32, read: impl FnOnce(&Known) -> Option<Json>) -> String {
    let json = with_guard(guard, 0, |known, _| read(known)).flatten();
    json.map_or_else(String::new, |json| json.to_text())
}

/// The bytes that a pending signature was made over.
#[wasm_bindgen]
pub fn signing_input(guard: u32, pending: u32) -> Vec<u8> {
    bytes(guard, pending, |ask| match ask {
        Ask::Signature { signing_input, .. } => signing_input.as_bytes().to_vec(),
        _ => Vec::new(),
    })
}

/// A pending signature.
#[wasm_bindgen]
pub fn signature(guard: u32, pending: u32) -> Vec<u8> {
    bytes(guard, pending, |ask| match ask {
        Ask::Signature { signature, .. } => signature.to_vec(),
        _ => Vec::new(),
    })
}

fn bytes(guard: u32, pending: u32, read: impl FnOnce(Ask<'_>) -> Vec<u8>) -> Vec<u8> {
    let found = with_guard(guard, 0, |known, _| {
        let need = known.pending.get(pending)?;
        Some(read(need.ask()))
    });
    found.flatten().unwrap_or_default()
}

/// Goes on with the host's answer: 1 yes or here it is, in the input; 0 no or none; 2 the host failed.
#[wasm_bindgen]
pub fn resume(guard: u32, pending: u32, answer: u32, length: u32) -> u32 {
    let decided = with_guard(guard, length, |known, input| {
        let need = known.pending.take(pending)?;
        let answer = match (need.ask(), answer) {
            (Ask::Signature { .. }, 1) => Answer::Signature(true),
            (Ask::Signature { .. }, 0) => Answer::Signature(false),
            (Ask::Keys { .. }, 1) => Answer::Keys(Some(input.to_vec())),
            (Ask::Resource { .. }, 0) => Answer::Resource(None),
            (Ask::Resource { .. }, 1) => match Json::parse_within(input, Limits::KEY_SET) {
                Ok(Json::Object(attributes)) => Answer::Resource(Some(attributes)),
                _ => Answer::Failed,
            },
            _ => Answer::Failed,
        };
        let outcome = known.guard.resume(need, answer);
        Some(known.settle(outcome))
    });
    decided.flatten().unwrap_or(UNKNOWN)
}

/// Registers the subject in the input; 0 where it is none.
#[wasm_bindgen]
pub fn subject(guard: u32, length: u32) -> u32 {
    let registered = with_guard(guard, length, |known, input| {
        let subject = read_subject(&Json::parse_within(input, Limits::KEY_SET).ok()?)?;
        let standing = known.guard.policy.standing(Arc::new(subject));
        Some(known.subjects.insert(standing))
    });
    registered.flatten().unwrap_or(0)
}

/// The number of the permission whose name is in the input; 0 where the policy does not declare it.
#[wasm_bindgen]
pub fn permission(guard: u32, length: u32) -> u32 {
    let found = with_guard(guard, length, |known, input| {
        let name = core::str::from_utf8(input).ok()?;
        known.guard.policy.permission_id(name)?.0.checked_add(1)
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

/// A clock that tells no time tells the last moment of all, at which every token has ended.
#[expect(clippy::as_conversions, reason = "saturates")]
const fn moment(now: f64) -> UnixTime {
    UnixTime::from_seconds(if now.is_finite() { now as i64 } else { i64::MAX })
}
