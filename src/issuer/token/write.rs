//! The claims of a token, in the order in which they are written.

use core::time::Duration;

use super::{IssueError, Prepared, SignedBy};
use crate::base64url;
use crate::grammar::{is_scope_token, joined};
use crate::issuer::random::Random;
use crate::issuer::sign_in::{Levels, SignIn};
use crate::jose::compact::MAX_TOKEN_BYTES;
use crate::json::{Json, Object};
use crate::time::UnixTime;

/// A subject (OpenID Connect Core §2), a client, a session.
pub(super) const MAX_NAME_BYTES: usize = 255;
/// An issuer, an audience.
pub(super) const MAX_URL_BYTES: usize = 1024;
const MAX_AUDIENCES: usize = 16;

/// Claims that this side writes, or that a guard reads into something that this side decides on. A further claim has none
/// of these names, so none stands twice.
const REGISTERED: &[&str] = &[
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "client_id",
    "azp",
    "auth_time",
    "acr",
    "amr",
    "nonce",
    "at_hash",
    "sid",
    "scope",
    "scp",
    "roles",
    "permissions",
    "guest",
];

/// The claims as far as they are written.
pub(super) struct Writer {
    claims: Object,
}

impl Writer {
    /// `iss`, and whom the token is for.
    pub(super) fn new(issuer: &str, audience: &[String]) -> Result<Self, IssueError> {
        let mut writer = Self { claims: Object::new() };
        writer.text("iss", issuer, MAX_URL_BYTES)?;
        if audience.is_empty() || audience.len() > MAX_AUDIENCES {
            return Err(IssueError::Audience);
        }
        for one in audience {
            check("aud", one, MAX_URL_BYTES)?;
        }
        match audience {
            [one] => writer.claims.set("aud", one.as_str()),
            many => writer.claims.set("aud", many),
        }
        Ok(writer)
    }

    /// A text that must be there.
    pub(super) fn text(&mut self, claim: &'static str, text: &str, max_bytes: usize) -> Result<(), IssueError> {
        check(claim, text, max_bytes)?;
        self.claims.set(claim, text);
        Ok(())
    }

    /// A text that may be there.
    pub(super) fn maybe(&mut self, claim: &'static str, text: Option<&str>) -> Result<(), IssueError> {
        text.map_or(Ok(()), |text| self.text(claim, text, MAX_NAME_BYTES))
    }

    /// Texts, where there are some.
    pub(super) fn texts(&mut self, claim: &'static str, texts: &[String]) -> Result<(), IssueError> {
        for one in texts {
            check(claim, one, MAX_NAME_BYTES)?;
        }
        if !texts.is_empty() {
            self.claims.set(claim, texts);
        }
        Ok(())
    }

    /// Scopes with one space between (RFC 6749 §3.3).
    pub(super) fn scope(&mut self, scope: &[String]) -> Result<(), IssueError> {
        if !scope.iter().all(|scope| is_scope_token(scope)) {
            return Err(IssueError::Scope);
        }
        if !scope.is_empty() {
            self.claims.set("scope", joined(scope, " "));
        }
        Ok(())
    }

    /// `auth_time`, `acr` and `amr` (RFC 9068 §2.2.1).
    pub(super) fn sign_in(&mut self, sign_in: Option<&SignIn>, levels: &Levels) -> Result<(), IssueError> {
        let Some(sign_in) = sign_in else { return Ok(()) };
        if sign_in.methods.is_empty() {
            return Err(IssueError::SignIn);
        }
        self.claims.set("auth_time", sign_in.at);
        self.text("acr", sign_in.acr(levels), MAX_NAME_BYTES)?;
        let amr = sign_in.amr();
        if !amr.is_empty() {
            self.claims.set("amr", amr);
        }
        Ok(())
    }

    /// Claims of the caller's own.
    pub(super) fn further(&mut self, claims: &Object) -> Result<(), IssueError> {
        for (name, value) in claims.iter() {
            if REGISTERED.contains(&name) {
                return Err(IssueError::Registered { claim: name.to_owned() });
            }
            self.claims.set(name, value.clone());
        }
        Ok(())
    }

    /// `iat`, `exp`, and a `jti` of 128 random bits; then the header before it.
    pub(super) fn finish(
        mut self,
        typ: &str,
        by: SignedBy<'_>,
        (lifetime, longest): (Duration, Duration),
        now: UnixTime,
        random: &mut dyn Random,
    ) -> Result<Prepared, IssueError> {
        if lifetime.as_secs() == 0 || lifetime > longest {
            return Err(IssueError::Lifetime);
        }
        let expires = now.after(Duration::from_secs(lifetime.as_secs()));
        let mut id = [0; 16];
        random.fill(&mut id).map_err(IssueError::Random)?;
        let id = base64url::encode(&id);
        self.claims.set("iat", now.seconds());
        self.claims.set("exp", expires.seconds());
        self.claims.set("jti", id.as_str());
        let mut header = Object::new().with("typ", typ).with("alg", by.algorithm.name());
        if let Some(kid) = by.kid {
            header.set("kid", kid);
        }
        let [header, payload] =
            [header, self.claims].map(|part| base64url::encode(Json::from(part).to_text().as_bytes()));
        let input = [&header, ".", &payload].concat();
        if input.len() > MAX_TOKEN_BYTES {
            return Err(IssueError::TooLarge);
        }
        Ok(Prepared { input, algorithm: by.algorithm, id, expires })
    }
}

fn check(claim: &'static str, text: &str, max_bytes: usize) -> Result<(), IssueError> {
    if (1..=max_bytes).contains(&text.len()) { Ok(()) } else { Err(IssueError::Text { claim }) }
}
