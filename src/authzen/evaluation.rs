//! One question, and many in one request (§6, §7).

use super::question::{Asked, MEMBERS, check_cost};
use super::{DecisionPoint, RequestError};
use crate::authz::decision::{Decision, Denial, Effect};
use crate::json::{Json, Object};

const MAX_EVALUATIONS: usize = 1_000;

/// Which decision ends a batch.
#[derive(Clone, Copy, PartialEq)]
enum Semantic {
    ExecuteAll,
    DenyOnFirstDeny,
    PermitOnFirstPermit,
}

impl Semantic {
    fn ends_with(self, decision: bool) -> bool {
        match self {
            Self::ExecuteAll => false,
            Self::DenyOnFirstDeny => !decision,
            Self::PermitOnFirstPermit => decision,
        }
    }
}

/// The decision on one question.
pub(super) fn one(point: &DecisionPoint<'_>, asked: Asked<'_>) -> Result<Object, RequestError> {
    let question = asked
        .question()?
        .with("subject", point.subject(asked.entity("subject")?))
        .with("action", asked.action()?)
        .with("resource", point.resource(asked.entity("resource")?));
    Ok(point.decide(&question.into()))
}

/// The decisions on many, in their order.
///
/// 1. Without `evaluations`, or where it is empty, the request is one question.
/// 2. A member of an item stands in place of the whole member of the request; nothing is merged.
/// 3. An item that is no question is denied, and the others are decided.
/// 4. The two short semantics end behind the first denial, or the first permit.
pub(super) fn many(point: &DecisionPoint<'_>, request: &Json) -> Result<Object, RequestError> {
    let items = match request.member("evaluations") {
        None => &[],
        Some(items) => items.as_array().ok_or_else(|| wrong_type("evaluations", "a list"))?,
    };
    let semantic = semantic(request)?;
    let defaults = Asked::alone(request);
    if items.is_empty() {
        return one(point, defaults);
    }
    if items.len() > MAX_EVALUATIONS {
        return Err(RequestError::TooMany { member: "evaluations".to_owned(), limit: MAX_EVALUATIONS });
    }
    for name in MEMBERS {
        defaults.optional_object(name)?;
    }
    check_cost(request, items.len())?;
    let mut decisions = Vec::new();
    for item in items {
        let decision = match item {
            Json::Object(_) => one(point, Asked { own: item, of_batch: Some(request) }),
            _ => Err(wrong_type("the evaluation", "an object")),
        };
        let decision = decision.unwrap_or_else(|error| failed(&error));
        let is_permit = decision.member("decision") == Some(&Json::Bool(true));
        decisions.push(decision);
        if semantic.ends_with(is_permit) {
            break;
        }
    }
    Ok(Object::new().with("evaluations", decisions))
}

fn semantic(request: &Json) -> Result<Semantic, RequestError> {
    let options = Asked::alone(request).optional_object("options")?;
    match options.and_then(|options| options.member("evaluations_semantic")) {
        None => Ok(Semantic::ExecuteAll),
        Some(Json::String(name)) => match name.as_str() {
            "execute_all" => Ok(Semantic::ExecuteAll),
            "deny_on_first_deny" => Ok(Semantic::DenyOnFirstDeny),
            "permit_on_first_permit" => Ok(Semantic::PermitOnFirstPermit),
            _ => Err(RequestError::BadValue {
                member: "options.evaluations_semantic",
                wanted: "execute_all, deny_on_first_deny or permit_on_first_permit",
            }),
        },
        Some(_) => Err(wrong_type("options.evaluations_semantic", "text")),
    }
}

fn wrong_type(member: &str, wanted: &'static str) -> RequestError {
    RequestError::WrongType { member: member.to_owned(), wanted }
}

/// The denial of an item that is no question.
fn failed(error: &RequestError) -> Object {
    let error = Object::new()
        .with("status", i64::from(error.status()))
        .with("code", error.code())
        .with("message", error.to_string());
    Object::new().with("decision", false).with("context", Object::new().with("error", error))
}

impl DecisionPoint<'_> {
    /// The decision with what its context says to the caller, and to the reviewer where the directory allows it.
    fn decide(&self, question: &Json) -> Object {
        let (decided, made) = self.guard.decide_json(question, self.now, &self.budget);
        let mut decided = Json::from(decided);
        if self.directory.explains {
            decided = self.guard.explain_json_within(question, self.now, &self.budget);
        }
        let own = decided.member("context").and_then(Json::as_object).cloned().unwrap_or_default();
        let decision = decided.member("decision").cloned().unwrap_or(Json::Bool(false));
        Object::new().with("decision", decision).with("context", self.with_reasons(own, &decided, &made))
    }

    fn with_reasons(&self, mut own: Object, decided: &Json, decision: &Decision) -> Object {
        let Some(Json::Integer(status)) = context(decided, "status") else { return own };
        let under_status = |text: &Json| Object::new().with(&status.to_string(), text.clone());
        if let Some(message) = context(decided, "message") {
            own.set("reason_user", under_status(message));
        }
        if let Some(summary) = decided.member("summary").filter(|_| self.directory.explains) {
            own.set("reason_admin", under_status(summary));
        }
        if let Effect::Deny(Denial::Elevation { acr, max_age }) = &decision.effect {
            step_up(&mut own, acr, *max_age);
        }
        own
    }
}

/// The sign-in that would help (RFC 9470 §3).
fn step_up(own: &mut Object, acr: &[String], max_age: Option<u64>) {
    if !acr.is_empty() {
        own.set("acr_values", acr.join(" "));
    }
    if let Some(seconds) = max_age.and_then(|seconds| i64::try_from(seconds).ok()) {
        own.set("max_age", seconds);
    }
}

fn context<'a>(decided: &'a Json, name: &str) -> Option<&'a Json> {
    decided.member("context").and_then(|context| context.member(name))
}
