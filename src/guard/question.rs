//! Questions to the decision point, beside any request: `can`, `evaluate`, `explain`.

#[cfg(feature = "full")]
mod counted;
#[cfg(feature = "full")]
mod filter;

use std::sync::Arc;

use super::outcome::justification;
use super::{Decision, Denial, Effect, Guard, Instance, Json, Kind, Object};
use crate::authz::explain::{self, Explanation};
#[cfg(feature = "full")]
use crate::authz::fields::Fields;
use crate::authz::policy::Policy;
use crate::authz::question::{self, Circumstances, Clock};
use crate::authz::standing::Standing;
use crate::credential::Scheme;
use crate::principal::{Assignment, Subject};
use crate::rejection::{Cause, Rejection};
use crate::time::UnixTime;

/// A question: may this subject do this?
///
/// Spec: OpenID AuthZEN Authorization API 1.0 §6.1. The permission is written as the policy writes it:
/// `article:update`, or a bare name.
#[derive(Debug, Clone)]
pub struct AccessRequest<'a> {
    /// Who asks.
    pub subject: Arc<Subject>,
    /// What they want.
    pub permission: &'a str,
    /// Of what.
    pub resource: Instance<'a>,
    /// The resource's id; conditions see it where its attributes have no `id`.
    pub resource_id: Option<&'a str>,
    /// The attributes of the context that conditions may read.
    pub context: Option<&'a Object>,
    /// The attributes of the action.
    pub action: Option<&'a Object>,
    /// Why they say they need it; for elevated roles.
    pub justification: Option<&'a str>,
}

impl<'a> AccessRequest<'a> {
    /// A question about a type, or a bare permission. Set what else is known.
    pub fn new(subject: impl Into<Arc<Subject>>, permission: &'a str) -> Self {
        Self {
            subject: subject.into(),
            permission,
            resource: Instance::Unknown,
            resource_id: None,
            context: None,
            action: None,
            justification: None,
        }
    }

    /// The same about a resource with these attributes.
    #[must_use]
    pub const fn of(mut self, attributes: &'a Object) -> Self {
        self.resource = Instance::Known(attributes);
        self
    }

    /// The same with what is known of the circumstances.
    #[must_use]
    pub const fn in_context(mut self, context: &'a Object) -> Self {
        self.context = Some(context);
        self
    }

    fn circumstances(&self, now: UnixTime) -> Circumstances<'a> {
        let is_justified = justification(self.justification).is_some();
        let Self { context, action, resource_id, .. } = *self;
        Circumstances { clock: Clock::at(now), is_justified, context, action, resource_id }
    }
}

impl Guard {
    /// Decides on a question.
    ///
    /// ```
    /// use portcullis::{AccessRequest, Guard, Policy, Subject, Trust, UnixTime};
    ///
    /// let policy = Policy::parse(r#"{ "policy": "blog", "revision": 1, "permissions": ["read_users"],
    ///     "roles": { "viewer": { "permits": ["read_users"] } } }"#)?;
    /// let guard = Guard::new(policy, Trust::nobody())?;
    /// let question = AccessRequest::new(Subject::user("u1").with_roles(["viewer"]), "read_users");
    /// assert!(guard.evaluate(&question, UnixTime::from_seconds(0)).is_permit());
    /// # Ok::<(), portcullis::ConfigError>(())
    /// ```
    pub fn evaluate(&self, question: &AccessRequest<'_>, now: UnixTime) -> Decision {
        evaluate_under(&self.policy(), question, now)
    }

    /// Decides on a question, and says why.
    pub fn explain(&self, question: &AccessRequest<'_>, now: UnixTime) -> (Decision, Explanation) {
        explain_under(&self.policy(), question, now)
    }

    /// The members of the resource that the subject may see or write: those that ordinary grants name, while no rule
    /// denies. A grant that names members never grants the whole.
    ///
    /// ```
    /// use portcullis::{AccessRequest, Fields, Guard, Policy, Subject, UnixTime};
    ///
    /// let policy = Policy::parse(r#"{ "policy": "blog", "revision": 1,
    ///     "resources": { "article": { "actions": ["read"], "fields": ["title", "body"] } },
    ///     "roles": { "reader": { "permits": [{ "permission": "article:read", "fields": ["title"] }] } } }"#)?;
    /// let guard = Guard::decision_point(policy);
    /// let question = AccessRequest::new(Subject::user("u1").with_roles(["reader"]), "article:read");
    /// assert_eq!(guard.fields(&question, UnixTime::from_seconds(0)), Fields::Listed(vec!["title".to_owned()]));
    /// # Ok::<(), portcullis::ConfigError>(())
    /// ```
    #[cfg(feature = "full")]
    pub fn fields(&self, question: &AccessRequest<'_>, now: UnixTime) -> Fields {
        let policy = self.policy();
        let standing = policy.standing(Arc::clone(&question.subject));
        match ask(&policy, &standing, question, now) {
            Some(question) => policy.fields(question),
            None => Fields::Listed(Vec::new()),
        }
    }

    /// The same of a question in AuthZEN's JSON shape: `"all"`, or a list. What is no question grants none.
    #[cfg(feature = "full")]
    pub fn fields_json(&self, request: &Json, now: UnixTime) -> Json {
        match self.read_question(request).map(|question| self.fields(&question.borrow(), now)) {
            Some(Fields::All) => Json::from("all"),
            Some(Fields::Listed(fields)) => Json::from(fields),
            None => Json::Array(Vec::new()),
        }
    }

    /// Decides on a question in AuthZEN's JSON shape, and answers in it. What is no question is denied.
    pub fn evaluate_json(&self, request: &Json, now: UnixTime) -> Json {
        match self.read_question(request) {
            Some(question) => {
                let policy = self.policy();
                let decision = evaluate_under(&policy, &question.borrow(), now);
                self.decision_json(&decision, &question.subject, is_hidden(&policy, &question.permission)).into()
            }
            None => self.no_question().into(),
        }
    }

    /// The same with the explanation.
    pub fn explain_json(&self, request: &Json, now: UnixTime) -> Json {
        match self.read_question(request) {
            Some(question) => {
                let policy = self.policy();
                let (decision, explanation) = explain_under(&policy, &question.borrow(), now);
                explanation.append_to(self.decision_json(
                    &decision,
                    &question.subject,
                    is_hidden(&policy, &question.permission),
                ))
            }
            None => Explanation::of_no_question().append_to(self.no_question()),
        }
    }

    fn no_question(&self) -> Object {
        self.decision_json(&Decision::deny(Denial::PermissionUnknown), &Subject::default(), false)
    }

    /// `{ decision, context }`, with what a refusal would say. A conditional answer is none that allows.
    fn decision_json(&self, decision: &Decision, subject: &Subject, hidden: bool) -> Object {
        let (cause, code) = match &decision.effect {
            Effect::Permit => {
                let context = Object::new().with("code", "permitted").with("reason", "permitted");
                let context = if decision.elevated { context.with("elevated", true) } else { context };
                return Object::new().with("decision", true).with("context", context);
            }
            Effect::Conditional => (Cause::Denied(Denial::ResourceRequired), Some("conditional")),
            Effect::Deny(denial) if subject.kind == Kind::Guest => (Cause::Guest(denial.clone()), None),
            Effect::Deny(denial) if hidden => (Cause::Hidden(denial.clone()), None),
            Effect::Deny(denial) => (Cause::Denied(denial.clone()), None),
        };
        let rejection = Rejection::new(cause, &self.schemes, Scheme::default());
        let context = Object::new()
            .with("code", code.unwrap_or(rejection.code()))
            .with("reason", decision.reason())
            .with("status", i64::from(rejection.status()))
            .with("message", rejection.message());
        let context = match &decision.effect {
            Effect::Deny(denial) => match denial.rule() {
                Some((id, _)) => context.with("rule", id),
                None => context,
            },
            _ => context,
        };
        Object::new().with("decision", false).with("context", context)
    }

    /// 1. `action` is a permission by itself, or with `resource.type` before it.
    /// 2. `resource.properties` are its attributes; without them the question is about the type.
    fn read_question(&self, request: &Json) -> Option<Question> {
        let subject = Arc::new(read_subject(request.member("subject")?)?);
        let action = match request.member("action")? {
            Json::String(name) => name.as_str(),
            action => action.member("name")?.as_str()?,
        };
        let resource = request.member("resource");
        let permission = match resource.map(|resource| resource.member("type")) {
            Some(kind) => {
                let kind = kind?.as_str()?;
                let is_whole = action.split_once(':').is_some_and(|(own, _)| own == kind);
                if is_whole { action.to_owned() } else { [kind, ":", action].concat() }
            }
            None => action.to_owned(),
        };
        let object = |value: Option<&Json>| match value {
            None => Some(None),
            Some(value) => Some(Some(value.as_object()?.clone())),
        };
        Some(Question {
            subject,
            permission,
            attributes: object(resource.and_then(|resource| resource.member("properties")))?,
            resource_id: resource.and_then(|resource| resource.member("id")).and_then(Json::as_str).map(str::to_owned),
            context: object(request.member("context"))?,
            action: object(request.member("action").and_then(|action| action.member("properties")))?,
        })
    }
}

/// Whether the policy permits it, for a standing that was worked out before and nothing else that is known.
#[cfg(feature = "wasm")]
pub(crate) fn permits(
    policy: &Policy,
    standing: &Standing,
    permission: crate::authz::role::PermissionId,
    instance: Instance<'_>,
    clock: Clock<'_>,
) -> bool {
    let circumstances = Circumstances { clock, is_justified: false, context: None, action: None, resource_id: None };
    policy.permits(question::Question { standing, permission, instance, circumstances })
}

fn evaluate_under(policy: &Policy, question: &AccessRequest<'_>, now: UnixTime) -> Decision {
    let standing = policy.standing(Arc::clone(&question.subject));
    match ask(policy, &standing, question, now) {
        Some(question) => policy.decide(question),
        None => Decision::deny(Denial::PermissionUnknown),
    }
}

fn explain_under(policy: &Policy, question: &AccessRequest<'_>, now: UnixTime) -> (Decision, Explanation) {
    let decision = evaluate_under(policy, question, now);
    let standing = policy.standing(Arc::clone(&question.subject));
    let asked = ask(policy, &standing, question, now);
    let explanation = explain::explain(policy, &standing, now, asked, &decision);
    (decision, explanation)
}

/// The question as the policy understands it; `None` where it declares no such permission.
fn ask<'a>(
    policy: &Policy,
    standing: &'a Standing,
    request: &AccessRequest<'a>,
    now: UnixTime,
) -> Option<question::Question<'a>> {
    let permission = policy.permission_id(request.permission)?;
    let circumstances = request.circumstances(now);
    Some(question::Question { standing, permission, instance: request.resource, circumstances })
}

fn is_hidden(policy: &Policy, permission: &str) -> bool {
    let kind = policy.permission_id(permission).and_then(|permission| policy.resource_of(permission));
    kind.is_some_and(|kind| kind.hide)
}

struct Question {
    subject: Arc<Subject>,
    permission: String,
    attributes: Option<Object>,
    resource_id: Option<String>,
    context: Option<Object>,
    action: Option<Object>,
}

impl Question {
    fn borrow(&self) -> AccessRequest<'_> {
        let context = self.context.as_ref();
        AccessRequest {
            subject: Arc::clone(&self.subject),
            permission: &self.permission,
            resource: self.attributes.as_ref().map_or(Instance::Unknown, Instance::Known),
            resource_id: self.resource_id.as_deref(),
            context,
            action: self.action.as_ref(),
            justification: context.and_then(|context| context.member("justification")).and_then(Json::as_str),
        }
    }
}

/// A subject as `types.d.ts` shows it: `id` is text that is not empty, and no member has another type than its own.
pub(crate) fn read_subject(json: &Json) -> Option<Subject> {
    let texts = |name: &str| match json.member(name) {
        None | Some(Json::Null) => Some(Vec::new()),
        Some(list) => list.to_texts(),
    };
    Some(Subject {
        kind: match json.member("kind") {
            None => Kind::User,
            Some(kind) => Kind::from_name(kind.as_str()?)?,
        },
        id: json.member("id")?.as_str().filter(|id| !id.is_empty())?.to_owned(),
        roles: texts("roles")?,
        assignments: match json.member("assignments") {
            None | Some(Json::Null) => Vec::new(),
            Some(list) => Assignment::read_all(list)?,
        },
        permissions: texts("permissions")?,
        scopes: texts("scopes")?,
        attributes: match json.member("attributes") {
            None => Object::new(),
            Some(attributes) => attributes.as_object()?.clone(),
        },
        acr: match json.member("acr") {
            None | Some(Json::Null) => None,
            Some(acr) => Some(acr.as_str()?.to_owned()),
        },
        amr: texts("amr")?,
        auth_time: match json.member("authTime") {
            None | Some(Json::Null) => None,
            Some(Json::Integer(seconds)) => Some(UnixTime::from_seconds(*seconds)),
            Some(_) => return None,
        },
    })
}
