//! Break-glass grants: a permission for one principal, for a short time, signed by somebody who may give it.
//!
//! It is presented beside the principal's own credential, and proves nobody's identity.

use std::sync::Arc;
use std::time::Duration;

use super::AuthnError;
use super::issuer::read_audiences;
use super::revocation::{Standing, refused_by};
use super::signing_keys::read_signing_keys;
use super::trust::{Trust, header_name};
use crate::ask::Answer;
use crate::digest::sha256_base64url;
use crate::document::{Node, Problem};
use crate::jose::key_set::KeySet;
use crate::json::{Json, Object};
use crate::jwt::token::{Signed, UnverifiedToken};
use crate::principal::Principal;
use crate::request::Request;
use crate::revocation::{FactName, Revocable, Revoked};
use crate::time::UnixTime;

const MAX_ISSUERS: usize = 100;
const DEFAULT_HEADER: &str = "x-break-glass";
const DEFAULT_LIFETIME_SECONDS: i64 = 3600;
const MAX_LIFETIME_SECONDS: i64 = 86_400;
/// How far ahead of the clock a grant may say that it was made.
const CLOCK_SKEW: Duration = Duration::from_secs(60);
const MAX_NAME_BYTES: usize = 256;
const MAX_REASON_CHARACTERS: usize = 1024;
const MAX_PERMISSIONS: usize = 100;
/// What a grant may say. Another claim could limit it in a way that nobody here knows, so it is refused.
const CLAIMS: &[&str] =
    &["iss", "sub", "aud", "iat", "exp", "nbf", "jti", "given_by", "reason", "permissions", "resource"];

/// Who may give grants, and how they are presented.
#[derive(Debug)]
pub(crate) struct BreakGlass {
    issuers: Vec<GrantIssuer>,
    /// What a grant must be for, one of them.
    audience: Vec<String>,
    pub(crate) header: String,
    max_lifetime: Duration,
}

#[derive(Debug)]
struct GrantIssuer {
    name: String,
    keys: KeySet,
}

/// A grant that was verified for a principal.
#[derive(Debug)]
pub(crate) struct EmergencyGrant {
    pub(crate) given_by: String,
    pub(crate) jti_hash: String,
    pub(crate) reason: String,
    pub(crate) expires: UnixTime,
    /// Names and wildcards, as a policy writes them.
    permissions: Vec<String>,
    /// Type and id of the one resource that it is for.
    resource: Option<(String, String)>,
    revocable: Revocable,
}

/// Why a break-glass grant is refused, in the order in which it is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BreakGlassError {
    /// It is no grant of a known issuer, or one that says too much or too little.
    Invalid,
    /// Its time is over.
    Expired,
    /// It is for somebody else.
    Subject,
}

impl BreakGlassError {
    /// The internal reason.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Invalid => "break_glass_invalid",
            Self::Expired => "break_glass_expired",
            Self::Subject => "break_glass_subject",
        }
    }
}

/// How far a grant has come.
pub(crate) enum Checked {
    Holds(Arc<EmergencyGrant>),
    /// The store of revocations must be asked for these names.
    Ask(Arc<EmergencyGrant>, Vec<String>),
}

pub(super) fn read_break_glass(root: &Node<'_>, trust: &Trust) -> Option<BreakGlass> {
    let node = root.member("breakGlass")?;
    let mut read = read_members(&node, trust);
    if let Some(header) = node.member("header") {
        read.header = header_name(&header);
    }
    let places = &trust.places;
    let certificate = trust.certificate.as_ref().map(|certificate| certificate.name.as_str());
    if [Some(places.token_header.as_str()), places.api_key_header.as_deref(), certificate].contains(&Some(&read.header))
    {
        node.refuse_member("header", Problem::BadValue { wanted: "another header than those of other credentials" });
    }
    Some(read)
}

fn read_members(node: &Node<'_>, trust: &Trust) -> BreakGlass {
    node.has_only(&["issuers", "audience", "header", "maxLifetime"]);
    let mut issuers: Vec<GrantIssuer> = Vec::new();
    let list = node.expect("issuers");
    for item in list.list(MAX_ISSUERS) {
        item.has_only(&["issuer", "jwks"]);
        let name = item.expect("issuer").some_text().to_owned();
        if issuers.iter().any(|issuer| issuer.name == name) {
            item.refuse_member("issuer", Problem::Duplicate);
        }
        issuers.push(GrantIssuer { name, keys: read_signing_keys(&item, trust) });
    }
    if issuers.is_empty() {
        list.bad("at least one issuer");
    }
    let lifetime = node
        .member("maxLifetime")
        .map_or(DEFAULT_LIFETIME_SECONDS, |lifetime| lifetime.number(1, MAX_LIFETIME_SECONDS, "1 to 86400 seconds"));
    let max_lifetime = Duration::from_secs(lifetime.unsigned_abs());
    let audience = read_audiences(&node.expect("audience"));
    BreakGlass { issuers, audience, header: DEFAULT_HEADER.to_owned(), max_lifetime }
}

impl Trust {
    /// The break-glass grant that a request presents, unread.
    pub(crate) fn presented_grant(&self, request: &Request<'_>) -> Option<Arc<str>> {
        self.break_glass.as_ref().and_then(|glass| request.field(&glass.header)).map(Arc::from)
    }

    /// Whether break-glass grants are given under that name.
    pub(crate) fn has_grant_issuer(&self, name: &str) -> bool {
        self.break_glass.as_ref().is_some_and(|glass| glass.issuers.iter().any(|issuer| issuer.name == name))
    }
}

/// A grant that somebody presents who was authenticated.
///
/// 1. A compact JWS of the type `break-glass+jwt`; `iss` chooses the issuer, `kid` the key, and that is Ed25519.
/// 2. All claims are there, in their form, and no others. It is for no longer than it may be, and has begun.
/// 3. It has not ended.
/// 4. It is for this principal, and for no guest.
/// 5. Nobody has taken it back.
pub(crate) fn check(trust: &Trust, text: &str, principal: &Principal, now: UnixTime) -> Result<Checked, AuthnError> {
    let grant = verify(trust, text, now).ok_or(BreakGlassError::Invalid)?;
    let (grant, subject) = grant;
    if now >= grant.expires {
        return Err(BreakGlassError::Expired.into());
    }
    if !principal.is_authenticated() || principal.id() != subject {
        return Err(BreakGlassError::Subject.into());
    }
    let grant = Arc::new(grant);
    match trust.revocations.of(Some(&grant.revocable), now) {
        Standing::Holds => Ok(Checked::Holds(grant)),
        Standing::Revoked(what) => Err(AuthnError::Revoked(what)),
        Standing::Ask(names) => Ok(Checked::Ask(grant, names)),
    }
}

/// Goes on with what the store says; where it says nothing the grant passes only as a token would.
pub(crate) fn resume(trust: &Trust, grant: &EmergencyGrant, answer: &Answer, now: UnixTime) -> Result<(), AuthnError> {
    let moments = if let Answer::Revocation(moments) = answer { Some(moments.as_slice()) } else { None };
    match refused_by(Some(&grant.revocable), moments) {
        Ok(Some(what)) => Err(AuthnError::Revoked(what)),
        Err(()) if !trust.revocations.allows_unavailable() => Err(AuthnError::RevocationUnavailable),
        // What was pushed while the store was asked counts too.
        Ok(None) | Err(()) => taken_back(trust, grant, now).map_or(Ok(()), Err),
    }
}

/// What was pushed against it.
pub(crate) fn taken_back(trust: &Trust, grant: &EmergencyGrant, now: UnixTime) -> Option<AuthnError> {
    trust.revocations.pushed_against(Some(&grant.revocable), now).map(AuthnError::Revoked)
}

/// Steps 1 and 2, and for whom it is.
fn verify(trust: &Trust, text: &str, now: UnixTime) -> Option<(EmergencyGrant, String)> {
    let glass = trust.break_glass.as_ref()?;
    let token = UnverifiedToken::parse_typed(text.trim_matches([' ', '\t']), "break-glass+jwt").ok()?;
    let issuer = token.claimed("iss")?.as_str()?;
    let known = glass.issuers.iter().find(|known| known.name == issuer)?;
    let key = known.keys.choose(Some(token.kid()?), token.algorithm()).ok()?;
    match token.verify_signature(key) {
        Ok(Signed::Valid(_)) if !token.is_padded() => {}
        _ => return None,
    }
    let claims = &token.claims()?.to_object();
    if claims.iter().any(|(name, _)| !CLAIMS.contains(&name)) {
        return None;
    }
    let moment = |name| token.claimed_moment(name);
    let (issued_at, expires) = (moment("iat")?, moment("exp")?);
    let has_begun = match claims.member("nbf") {
        None => true,
        Some(_) => moment("nbf")? <= now,
    };
    let is_short = issued_at < expires && expires <= issued_at.after(glass.max_lifetime);
    if !has_begun || !is_short || now.after(CLOCK_SKEW) < issued_at {
        return None;
    }
    let is_for = |name: &String| glass.audience.contains(name);
    let is_for_us = match claims.member("aud")? {
        Json::String(name) => is_for(name),
        names => names.to_texts()?.iter().any(is_for),
    };
    if !is_for_us {
        return None;
    }
    let jti = name_of(claims, "jti")?;
    let reason = claims.member("reason")?.as_str()?;
    if reason.is_empty() || reason.chars().count() > MAX_REASON_CHARACTERS {
        return None;
    }
    let names = vec![FactName::of(Revoked::Jti, Some(issuer), jti)];
    let grant = EmergencyGrant {
        given_by: name_of(claims, "given_by")?.to_owned(),
        jti_hash: sha256_base64url(jti.as_bytes()),
        reason: reason.to_owned(),
        expires,
        permissions: read_permissions(claims)?,
        resource: match claims.member("resource") {
            None => None,
            Some(resource) => Some(read_resource(resource)?),
        },
        revocable: Revocable { names, issued_at: Some(issued_at) },
    };
    Some((grant, name_of(claims, "sub")?.to_owned()))
}

/// A claim that is a text of 1 to 256 bytes.
fn name_of<'a>(claims: &'a Object, name: &str) -> Option<&'a str> {
    claims.member(name)?.as_str().filter(|text| (1..=MAX_NAME_BYTES).contains(&text.len()))
}

fn read_permissions(claims: &Object) -> Option<Vec<String>> {
    let permissions = claims.member("permissions")?.to_texts()?;
    let is_listed = (1..=MAX_PERMISSIONS).contains(&permissions.len());
    (is_listed && permissions.iter().all(|name| !name.is_empty())).then_some(permissions)
}

fn read_resource(resource: &Json) -> Option<(String, String)> {
    let members = resource.as_object()?;
    if members.len() != 2 {
        return None;
    }
    Some((name_of(members, "type")?.to_owned(), name_of(members, "id")?.to_owned()))
}

impl EmergencyGrant {
    /// Whether it is for that permission, and for the resource that the route names, where it is for one alone.
    pub(crate) fn covers(&self, permission: &str, resource: Option<(&str, &str)>) -> bool {
        let is_there = match &self.resource {
            None => true,
            Some((kind, id)) => resource == Some((kind, id)),
        };
        is_there && self.permissions.iter().any(|pattern| is_named(pattern, permission))
    }
}

/// Whether a pattern names the permission: the name itself, `*`, `type:*` or `*:action`.
fn is_named(pattern: &str, permission: &str) -> bool {
    if pattern == "*" || pattern == permission {
        return true;
    }
    match (pattern.split_once(':'), permission.split_once(':')) {
        (Some(("*", wanted)), Some((_, action))) => wanted == action,
        (Some((wanted, "*")), Some((kind, _))) => wanted == kind,
        _ => false,
    }
}

impl From<BreakGlassError> for AuthnError {
    fn from(error: BreakGlassError) -> Self {
        Self::BreakGlass(error)
    }
}
