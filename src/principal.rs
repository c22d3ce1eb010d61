//! Who somebody is: what the decision point calls the subject, and the principal that `authn` vouches for.

use core::fmt;
use std::sync::Arc;

use crate::digest::sha256_base64url;
use crate::document::{self, Document, Node};
#[cfg(feature = "wasm")]
use crate::json::ListWriter;
use crate::json::{Json, Object};
#[cfg(feature = "full")]
use crate::revocation::Revocable;
use crate::time::UnixTime;

/// How many assignments one list may have.
const MAX_ASSIGNMENTS: usize = 100;

/// The kind of a subject. A guest never counts as authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// A person.
    #[default]
    User,
    /// A program that acts for itself.
    Service,
    /// Nobody in particular.
    Guest,
}

impl Kind {
    /// `user`, `service` or `guest`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Service => "service",
            Self::Guest => "guest",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::User, Self::Service, Self::Guest].into_iter().find(|kind| kind.name() == name)
    }
}

/// The subject of a question: who asks, and what is known of them.
///
/// Anybody may write one. Whether it is true is another matter: [`Principal`] is the one that was verified.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Subject {
    /// User, service or guest.
    pub kind: Kind,
    /// Never empty.
    pub id: String,
    /// Roles held, without those that they inherit.
    pub roles: Vec<String>,
    /// Roles held for a time, or in a tenant.
    pub assignments: Vec<Assignment>,
    /// Permissions held beside those of the roles.
    pub permissions: Vec<String>,
    /// OAuth scopes (RFC 6749 §3.3).
    pub scopes: Vec<String>,
    /// What conditions may read.
    pub attributes: Object,
    /// Authentication context class reference (OpenID Connect Core §2).
    pub acr: Option<String>,
    /// Authentication methods references (RFC 8176).
    pub amr: Vec<String>,
    /// When they signed in.
    pub auth_time: Option<UnixTime>,
}

/// A role that is held for a time, or for the resources of a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Assignment {
    /// The role.
    pub role: String,
    /// Only for resources of that tenant; everywhere where absent. Never empty.
    pub tenant: Option<String>,
    /// From this moment on.
    pub not_before: Option<UnixTime>,
    /// Up to this moment, which is none of it any more.
    pub not_after: Option<UnixTime>,
}

impl Assignment {
    /// Whether it counts at that time.
    pub fn holds(&self, now: UnixTime) -> bool {
        self.not_before.is_none_or(|from| from <= now) && self.not_after.is_none_or(|end| now < end)
    }

    /// A list of `{ role, tenant, notBefore, notAfter }`; `None` where it is none, or has a member of another type.
    pub(crate) fn read_all(json: &Json) -> Option<Vec<Self>> {
        document::read(Document::Trust, json, Self::from_document).ok()
    }

    /// The same in a document.
    pub(crate) fn from_document(list: &Node<'_>) -> Vec<Self> {
        let mut assignments = Vec::new();
        for item in list.list(MAX_ASSIGNMENTS) {
            // What bounds an assignment must not be passed over because it is mistyped.
            item.has_only(&["role", "tenant", "notBefore", "notAfter"]);
            let moment = |name| {
                let seconds = item.member(name)?.number(i64::MIN, i64::MAX, "seconds since 1970");
                Some(UnixTime::from_seconds(seconds))
            };
            assignments.push(Self {
                role: item.expect("role").some_text().to_owned(),
                tenant: item.member("tenant").map(|tenant| tenant.some_text().to_owned()),
                not_before: moment("notBefore"),
                not_after: moment("notAfter"),
            });
        }
        assignments
    }

    fn to_json(&self) -> Object {
        let mut json = Object::new().with("role", self.role.as_str());
        if let Some(tenant) = &self.tenant {
            json.set("tenant", tenant.as_str());
        }
        for (name, moment) in [("notBefore", self.not_before), ("notAfter", self.not_after)] {
            if let Some(moment) = moment {
                json.set(name, moment.seconds());
            }
        }
        json
    }
}

impl Subject {
    /// A user of that id, without roles.
    pub fn user(id: impl Into<String>) -> Self {
        Self { id: id.into(), ..Self::default() }
    }

    /// The same with roles.
    #[must_use]
    pub fn with_roles<'a>(mut self, roles: impl IntoIterator<Item = &'a str>) -> Self {
        self.roles = roles.into_iter().map(str::to_owned).collect();
        self
    }

    fn assignments_json(&self) -> Json {
        let mut assignments = Vec::new();
        for assignment in &self.assignments {
            assignments.push(Json::Object(assignment.to_json()));
        }
        Json::Array(assignments)
    }
}

/// A subject that authentication has verified. Nothing else can make one.
#[derive(Debug, Clone, PartialEq)]
pub struct Principal {
    subject: Arc<Subject>,
    issuer: Option<Arc<str>>,
    token: Option<TokenFacts>,
    #[cfg(feature = "full")]
    api_key: Option<Arc<ApiKeyFacts>>,
}

/// What is kept of an API key that the host has looked up.
#[cfg(feature = "full")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyFacts {
    /// Who made it, in the words of the store.
    pub owner: Option<String>,
    /// `notAfter`.
    pub expires: Option<UnixTime>,
    /// What the store says and the trust document does not let it say.
    pub dropped: Dropped,
}

/// What is kept of the token that a principal came with.
#[derive(Debug, Clone, PartialEq)]
pub struct TokenFacts {
    pub(crate) jti: Option<Jti>,
    /// `exp`.
    pub expires: UnixTime,
    /// The first moment at which the token no longer counts.
    pub valid_until: UnixTime,
    /// What the token says and its issuer may not.
    pub dropped: Dropped,
    /// It came with a proof or a certificate, which the next request must bring too.
    pub(crate) is_bound: bool,
    pub(crate) verified: Verified,
    /// What may take it back, where somebody may.
    #[cfg(feature = "full")]
    pub(crate) revocable: Option<Revocable>,
    /// Until when the answer of the store of revocations is believed, where it was asked.
    #[cfg(feature = "full")]
    pub(crate) believed_until: Option<UnixTime>,
}

/// The claim `jti`. It is never printed.
#[derive(Clone, PartialEq)]
pub(crate) struct Jti(pub(crate) String);

impl fmt::Debug for Jti {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Jti(…)")
    }
}

impl TokenFacts {
    /// The SHA-256 of `jti` in base64url, where there is one.
    pub fn jti_hash(&self) -> Option<String> {
        self.jti.as_ref().map(|jti| sha256_base64url(jti.0.as_bytes()))
    }
}

/// What a token says of its subject although its issuer may not assert it, or a store of a key. It counts for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dropped {
    /// Roles.
    pub roles: Vec<String>,
    /// Permissions.
    pub permissions: Vec<String>,
    /// Scopes.
    pub scopes: Vec<String>,
}

impl Dropped {
    /// Whether nothing was dropped.
    pub const fn is_empty(&self) -> bool {
        self.roles.is_empty() && self.permissions.is_empty() && self.scopes.is_empty()
    }
}

/// When a token was verified, and with what; for answering again without verifying again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Verified {
    pub(crate) at: UnixTime,
    /// The place of the issuer in the trust document.
    pub(crate) issuer: usize,
    /// The number of the key set that its key is in; 0 where that does not change.
    pub(crate) set: u32,
}

impl Principal {
    /// For `authn` alone; `tests/architecture.rs` holds that.
    pub(crate) fn verified(subject: Subject, issuer: Option<Arc<str>>, token: Option<TokenFacts>) -> Self {
        Self {
            subject: Arc::new(subject),
            issuer,
            token,
            #[cfg(feature = "full")]
            api_key: None,
        }
    }

    /// The same, by an API key that the host has looked up.
    #[cfg(feature = "full")]
    pub(crate) fn by_api_key(self, facts: ApiKeyFacts) -> Self {
        Self { api_key: Some(Arc::new(facts)), ..self }
    }

    /// The API key, where it is one that the host has looked up.
    #[cfg(feature = "full")]
    pub fn api_key(&self) -> Option<&ApiKeyFacts> {
        self.api_key.as_deref()
    }

    /// Who it is.
    pub const fn subject(&self) -> &Arc<Subject> {
        &self.subject
    }

    /// The `sub` of the token, the `id` of the API key, or `guest`; behind the prefix that the trust document gives them.
    pub fn id(&self) -> &str {
        &self.subject.id
    }

    /// User, service or guest.
    pub fn kind(&self) -> Kind {
        self.subject.kind
    }

    /// Whether somebody has proved who they are: every kind but a guest.
    pub fn is_authenticated(&self) -> bool {
        self.subject.kind != Kind::Guest
    }

    /// The token's issuer; `None` for API keys and guests.
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// Notes on its way what is found out about the token.
    #[cfg(feature = "full")]
    pub(crate) fn mark_token(&mut self, mark: impl FnOnce(&mut TokenFacts)) {
        if let Some(token) = &mut self.token {
            mark(token);
        }
    }

    /// The token, where there was one.
    pub const fn token(&self) -> Option<&TokenFacts> {
        self.token.as_ref()
    }

    /// The principal as `types.d.ts` shows it.
    pub fn to_json(&self) -> Json {
        let subject = &self.subject;
        let start = Object::new()
            .with("kind", subject.kind.name())
            .with("id", subject.id.as_str())
            .with("issuer", self.issuer.as_deref())
            .with("roles", subject.roles.as_slice());
        let start =
            if subject.assignments.is_empty() { start } else { start.with("assignments", subject.assignments_json()) };
        start
            .with("permissions", subject.permissions.as_slice())
            .with("scopes", subject.scopes.as_slice())
            .with("attributes", subject.attributes.clone())
            .with("acr", subject.acr.as_deref())
            .with("amr", subject.amr.as_slice())
            .with("authTime", subject.auth_time.map(UnixTime::seconds))
            .into()
    }

    /// For the boundary to JavaScript: the members of [`Principal::to_json`] without `id`, in their order as a list without
    /// their names, which ends where nothing follows but what is empty or null; behind it a line break, and `id` as it is.
    /// So what many have in common is the same text.
    #[cfg(feature = "wasm")]
    pub(crate) fn to_list_text(&self) -> String {
        let subject = &self.subject;
        let mut list = ListWriter::new();
        list.text(Some(subject.kind.name()));
        list.text(self.issuer.as_deref());
        list.texts(&subject.roles);
        list.json(&subject.assignments_json());
        list.texts(&subject.permissions);
        list.texts(&subject.scopes);
        list.object(&subject.attributes);
        list.text(subject.acr.as_deref());
        list.texts(&subject.amr);
        list.json(&subject.auth_time.map(UnixTime::seconds).into());
        let mut text = list.into_text();
        text.push('\n');
        text.push_str(&subject.id);
        text
    }
}
