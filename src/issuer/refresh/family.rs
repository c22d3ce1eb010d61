//! A family of refresh tokens: what the store keeps of somebody who signed in.

use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::{RefreshError, Rules, SubjectRevocation};
use crate::base64url;
use crate::grammar::is_scope_token;
use crate::issuer::sign_in::SignIn;
use crate::time::UnixTime;

/// For whom a family is, and what each of its refreshes gives again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Grant {
    /// Who signed in: 1 to 255 bytes.
    pub subject: String,
    /// Through which client, which alone may use the tokens: 1 to 255 bytes.
    pub client: String,
    /// The scopes that were granted.
    #[serde(default)]
    pub scope: Vec<String>,
    /// How they signed in: it does not change with a refresh.
    #[serde(default)]
    pub sign_in: Option<SignIn>,
    /// Whatever the caller wants to find again, up to 4096 bytes.
    #[serde(default)]
    pub data: String,
}

/// All that is kept of a family: no token, and nothing that a token could be made of without the secret. Whoever can write
/// it decides who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Family {
    /// 128 random bits as base64url.
    pub(super) id: String,
    pub(super) grant: Grant,
    /// The number of the newest token.
    pub(super) generation: u32,
    /// The id of the secret that made it.
    pub(super) secret: String,
    pub(super) started: i64,
    pub(super) rotated: i64,
    pub(super) idle_until: i64,
    pub(super) until: i64,
    #[serde(default)]
    pub(super) revoked: Option<i64>,
}

impl Grant {
    /// For that subject and client, and nothing else.
    pub fn new(subject: impl Into<String>, client: impl Into<String>) -> Self {
        let (scope, sign_in, data) = (Vec::new(), None, String::new());
        Self { subject: subject.into(), client: client.into(), scope, sign_in, data }
    }

    pub(super) fn check(&self) -> Result<(), RefreshError> {
        Family::check_name(&self.subject)?;
        Family::check_name(&self.client)?;
        if self.scope.len() > Family::MAX_SCOPES || !self.scope.iter().all(|scope| is_scope_token(scope)) {
            return Err(RefreshError::Scope);
        }
        if self.data.len() > Family::MAX_DATA_BYTES {
            return Err(RefreshError::DataTooLarge);
        }
        Ok(())
    }
}

impl Family {
    /// A subject or a client has at most this many bytes.
    pub const MAX_NAME_BYTES: usize = 255;
    /// There may be this many scopes.
    pub const MAX_SCOPES: usize = 100;
    /// The caller's data have at most this many bytes.
    pub const MAX_DATA_BYTES: usize = 4096;
    /// Characters of an id.
    pub(super) const ID_LENGTH: usize = 22;

    pub(super) fn begin(id: String, grant: Grant, secret: &str, rules: Rules, now: UnixTime) -> Self {
        let until = now.after(rules.absolute).seconds();
        Self {
            id,
            grant,
            generation: 0,
            secret: secret.to_owned(),
            started: now.seconds(),
            rotated: now.seconds(),
            idle_until: now.after(rules.idle).seconds().min(until),
            until,
            revoked: None,
        }
    }

    /// Whether a text can be a subject or a client: whoever revokes all families of a subject that has none is mistaken.
    ///
    /// # Errors
    ///
    /// [`RefreshError::Name`].
    pub fn check_name(name: &str) -> Result<(), RefreshError> {
        if (1..=Self::MAX_NAME_BYTES).contains(&name.len()) { Ok(()) } else { Err(RefreshError::Name) }
    }

    /// Whether a text has the form of an id: only then is there something to look for.
    pub fn is_id(text: &str) -> bool {
        base64url::decode(text).is_some_and(|bytes| bytes.len() == 16)
    }

    /// 22 characters of base64url: the name to keep it by. It is no secret.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// For whom it is.
    pub const fn grant(&self) -> &Grant {
        &self.grant
    }

    /// When it began.
    pub const fn started(&self) -> UnixTime {
        UnixTime::from_seconds(self.started)
    }

    /// When it was last refreshed, or began.
    pub const fn rotated(&self) -> UnixTime {
        UnixTime::from_seconds(self.rotated)
    }

    /// The moment from which on it does not count unless it is refreshed before. A store need not keep it longer.
    pub const fn ends(&self) -> UnixTime {
        UnixTime::from_seconds(self.idle_until)
    }

    /// Whether it was revoked.
    pub const fn is_revoked(&self) -> bool {
        self.revoked.is_some()
    }

    /// The same, revoked: none of its tokens counts any more. The first moment stays.
    #[must_use]
    pub fn revoked(&self, now: UnixTime) -> Self {
        Self { revoked: self.revoked.or(Some(now.seconds())), ..self.clone() }
    }

    /// The same as it counts beside what is known of its subject: revoked where that revokes it.
    #[must_use]
    pub fn beside(&self, revocation: Option<&SubjectRevocation>) -> Self {
        revocation
            .filter(|revocation| revocation.covers(self))
            .map_or_else(|| self.clone(), |all| self.revoked(all.at()))
    }

    pub(super) fn has_ended(&self, rules: Rules, now: UnixTime) -> bool {
        now.seconds() >= self.idle_until || now >= self.last(rules)
    }

    /// Its end, by the rules of when it began and by those of today: where they have become stricter, nothing may outlive
    /// them, because the revocation of a subject is kept only for so long.
    fn last(&self, rules: Rules) -> UnixTime {
        UnixTime::from_seconds(self.until).min(self.started().after(rules.absolute))
    }

    /// The same with the next token; `None` where there are no more numbers.
    pub(super) fn next(&self, secret: &str, rules: Rules, now: UnixTime) -> Option<Self> {
        Some(Self {
            generation: self.generation.checked_add(1)?,
            secret: secret.to_owned(),
            rotated: now.seconds(),
            idle_until: now.after(rules.idle).min(self.last(rules)).seconds(),
            ..self.clone()
        })
    }

    /// Whether the newest token came in the place of that one less than `grace` ago. A clock that is behind another's counts
    /// as no time.
    pub(super) fn was_rotated_from(&self, generation: u32, grace: Duration, now: UnixTime) -> bool {
        let is_before = generation.checked_add(1) == Some(self.generation);
        is_before && grace.as_secs() > 0 && now < self.rotated().after(grace)
    }
}
