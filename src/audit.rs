//! The decision event: one for each decision, for the log that auditors read. It never holds a credential.

#[cfg(feature = "full")]
mod trace;

use crate::json::{Json, Object};
#[cfg(feature = "full")]
use crate::principal::ApiKeyFacts;
use crate::principal::Dropped;
use crate::time::UnixTime;

#[cfg(feature = "full")]
pub use trace::Check;
#[cfg(all(feature = "wasm", feature = "full"))]
pub(crate) use trace::trace;

/// What is written down of a decision.
#[derive(Debug, Clone, PartialEq)]
pub struct DecisionEvent {
    /// When.
    pub time: UnixTime,
    /// The host's id of the request, where it has one.
    pub request_id: Option<String>,
    /// The request's method.
    pub method: String,
    /// The route of the policy that matched, as it is written there.
    pub route: Option<String>,
    /// Who asked; `None` where authentication failed.
    pub subject: Option<EventSubject>,
    /// The permission that was asked for.
    pub action: Option<String>,
    /// Type and id of the resource.
    pub resource: Option<(String, String)>,
    /// The refusal's status; `None` for an allow.
    pub status: Option<u16>,
    /// The code that the caller was told; `permitted` or `conditional` for an allow.
    pub code: &'static str,
    /// The internal reason.
    pub reason: &'static str,
    /// Where the reason has evidence: the claim's name, the missing permission, the role, the rule.
    pub detail: Option<String>,
    /// An elevated role or a break-glass grant decided.
    pub elevated: bool,
    /// Why the caller says it is needed.
    pub justification: Option<String>,
    /// The policy that decided.
    pub policy: EventPolicy,
    /// The token that was verified.
    pub token: Option<EventToken>,
    /// The API key, where it is one that the host has looked up.
    #[cfg(feature = "full")]
    pub api_key: Option<ApiKeyFacts>,
    /// The break-glass grant that decided.
    #[cfg(feature = "full")]
    pub break_glass: Option<EventBreakGlass>,
}

/// The break-glass grant of an event.
#[cfg(feature = "full")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventBreakGlass {
    /// Who gave it.
    pub given_by: String,
    /// The SHA-256 of its `jti`.
    pub jti_hash: String,
    /// Why it was given.
    pub reason: String,
    /// Its `exp`.
    pub expires: UnixTime,
}

/// The subject of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventSubject {
    /// `user`, `service` or `guest`.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// Its roles with all that they inherit.
    pub roles: Vec<String>,
}

/// The policy of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventPolicy {
    /// Its name.
    pub name: String,
    /// Its revision.
    pub revision: i64,
    /// Its hash.
    pub hash: String,
}

/// The token of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventToken {
    /// Its issuer.
    pub issuer: Option<String>,
    /// The SHA-256 of its `jti`.
    pub jti_hash: Option<String>,
    /// Its `exp`.
    pub expires: UnixTime,
    /// What it says and its issuer may not.
    pub dropped: Dropped,
}

impl DecisionEvent {
    /// The event as `types.d.ts` shows it. `id` is the host's: it has the random source.
    pub fn to_json(&self, id: &str) -> Json {
        let subject = self.subject.as_ref().map(|subject| {
            Object::new()
                .with("kind", subject.kind)
                .with("id", subject.id.as_str())
                .with("roles", subject.roles.as_slice())
        });
        let resource =
            self.resource.as_ref().map(|(kind, id)| Object::new().with("type", kind.as_str()).with("id", id.as_str()));
        let token = self.token.as_ref().map(|token| {
            Object::new()
                .with("issuer", token.issuer.as_deref())
                .with("jtiHash", token.jti_hash.as_deref())
                .with("expires", token.expires.seconds())
                .with("dropped", dropped(&token.dropped))
        });
        let policy = Object::new()
            .with("name", self.policy.name.as_str())
            .with("revision", self.policy.revision)
            .with("hash", self.policy.hash.as_str());
        let told = Object::new()
            .with("id", id)
            .with("time", self.time.seconds())
            .with("requestId", self.request_id.as_deref())
            .with("method", self.method.as_str())
            .with("route", self.route.as_deref())
            .with("subject", subject)
            .with("action", self.action.as_deref())
            .with("resource", resource)
            .with("decision", if self.status.is_some() { "deny" } else { "allow" })
            .with("status", self.status.map(i64::from))
            .with("code", self.code)
            .with("reason", self.reason)
            .with("detail", self.detail.as_deref())
            .with("elevated", self.elevated)
            .with("justification", self.justification.as_deref())
            .with("policy", policy)
            .with("token", token);
        #[cfg(feature = "full")]
        let told = match &self.api_key {
            None => told,
            Some(key) => {
                let key = Object::new()
                    .with("owner", key.owner.as_deref())
                    .with("expires", key.expires.map(UnixTime::seconds))
                    .with("dropped", dropped(&key.dropped));
                told.with("apiKey", key)
            }
        };
        #[cfg(feature = "full")]
        if let Some(grant) = &self.break_glass {
            let grant = Object::new()
                .with("givenBy", grant.given_by.as_str())
                .with("jtiHash", grant.jti_hash.as_str())
                .with("reason", grant.reason.as_str())
                .with("expires", grant.expires.seconds());
            return told.with("breakGlass", grant).into();
        }
        told.into()
    }
}

fn dropped(dropped: &Dropped) -> Option<Object> {
    (!dropped.is_empty()).then(|| {
        Object::new()
            .with("roles", dropped.roles.as_slice())
            .with("permissions", dropped.permissions.as_slice())
            .with("scopes", dropped.scopes.as_slice())
    })
}
