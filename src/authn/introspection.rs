//! Token introspection: an issuer says of a token whether it counts, and what it claims (RFC 7662).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::AuthnError;
use super::bearer::{Bearer, Progress, bearer, issuer_at};
use super::issuer_name::IssuerName;
use super::key_source::KeySource;
use super::mapping;
use super::trust::Trust;
use super::url::secure_url;
use crate::ask::Ask;
use crate::base64url;
use crate::digest::sha256;
use crate::document::Node;
use crate::jose::algorithm::Algorithm;
use crate::jose::compact::MAX_TOKEN_BYTES;
use crate::json::{Json, Limits, Members, Value};
use crate::jwt::TokenError;
use crate::jwt::claims::{Claims, Session};
use crate::time::UnixTime;

const DEFAULT_MAX_AGE: Duration = Duration::from_secs(60);
const MAX_MAX_AGE_SECONDS: i64 = 3600;
/// How many answers are kept, and of how many bytes each.
const MAX_KEPT: usize = 512;
const MAX_KEPT_BYTES: usize = 4096;
/// How many questions may be under way at once, and how long one may take.
const MAX_UNDER_WAY: u32 = 32;
const PATIENCE: Duration = Duration::from_secs(5);

/// Whom to ask.
pub(crate) struct Endpoint {
    url: String,
    authorization: String,
    max_age: Duration,
    state: Arc<Mutex<State>>,
}

/// What is remembered of an endpoint.
struct State {
    /// How many questions are under way that were asked since that moment. Those from before are forgotten: whoever
    /// asked them may never come back.
    asked: (UnixTime, u32),
    /// Answers that still count, the oldest first.
    kept: Vec<Kept>,
}

struct Kept {
    /// The SHA-256 of the token.
    token: [u8; 32],
    body: Vec<u8>,
    since: UnixTime,
    until: UnixTime,
}

/// A question about a token. It counts as under way until it is dropped.
pub(super) struct Question {
    state: Arc<Mutex<State>>,
    since: UnixTime,
    issuer: usize,
    token: [u8; 32],
    url: String,
    authorization: String,
    body: String,
}

pub(super) fn read_endpoint(node: &Node<'_>, trust: &Trust) -> Endpoint {
    if trust.introspecting().is_some() {
        node.bad("the only issuer with introspection");
    }
    node.has_only(&["endpoint", "clientId", "clientSecret", "maxAge"]);
    let (id, secret) = (node.expect("clientId").some_text(), node.expect("clientSecret").some_text());
    let max_age = node.seconds_member("maxAge", 0, MAX_MAX_AGE_SECONDS, "0 to 3600 seconds");
    // RFC 6749 §2.3.1: both are form-encoded first.
    let pair = [&form_encoded(id), ":", &form_encoded(secret)].concat();
    Endpoint {
        url: secure_url(&node.expect("endpoint")).to_owned(),
        authorization: ["Basic ", &base64url::encode_base64(pair.as_bytes())].concat(),
        max_age: max_age.unwrap_or(DEFAULT_MAX_AGE),
        state: Arc::new(Mutex::new(State { asked: (UnixTime::from_seconds(i64::MIN), 0), kept: Vec::new() })),
    }
}

/// What the issuer has said of a token; else the question, where not too many are under way.
pub(super) fn ask(trust: &Trust, place: usize, text: &str, now: UnixTime) -> Result<Progress, AuthnError> {
    if text.len() > MAX_TOKEN_BYTES {
        return Err(TokenError::TooLarge.into());
    }
    let endpoint = endpoint(trust, place)?;
    let token = sha256(text.as_bytes());
    if let Some((body, until)) = endpoint.kept(&token, now) {
        return read(trust, place, &body, until, now).map(|(bearer, _)| Progress::Verified(bearer));
    }
    let since = endpoint.begin(now).ok_or(AuthnError::IntrospectionUnavailable)?;
    Ok(Progress::NeedIntrospection(Question {
        state: Arc::clone(&endpoint.state),
        since,
        issuer: place,
        token,
        url: endpoint.url.clone(),
        authorization: endpoint.authorization.clone(),
        body: ["token=", &form_encoded(text), "&token_type_hint=access_token"].concat(),
    }))
}

/// What the issuer says, which is kept while it counts.
pub(super) fn finish(
    trust: &Trust,
    question: &Question,
    body: Option<&[u8]>,
    now: UnixTime,
) -> Result<Bearer, AuthnError> {
    let endpoint = endpoint(trust, question.issuer)?;
    let body = body.ok_or(AuthnError::IntrospectionUnavailable)?;
    let (bearer, until) = read(trust, question.issuer, body, now.after(endpoint.max_age), now)?;
    if now < until && body.len() <= MAX_KEPT_BYTES {
        endpoint.keep(Kept { token: question.token, body: body.to_vec(), since: now, until }, now);
    }
    Ok(bearer)
}

/// An answer that counts until `until` at most, and until when it does. The issuer's word is bound to TLS, so the claims
/// need no signature; they must hold all the same.
fn read(
    trust: &Trust,
    place: usize,
    body: &[u8],
    until: UnixTime,
    now: UnixTime,
) -> Result<(Bearer, UnixTime), AuthnError> {
    let answer = Json::parse_within(body, Limits::KEY_SET);
    let Ok(Json::Object(claims)) = answer else { return Err(AuthnError::IntrospectionUnavailable) };
    let mut claims = Members::from(claims);
    match claims.member("active") {
        Some(Value::Json(Json::Bool(true))) => {}
        Some(Value::Json(Json::Bool(false))) => return Err(TokenError::Inactive.into()),
        _ => return Err(AuthnError::IntrospectionUnavailable),
    }
    let issuer = issuer_at(trust, place)?;
    let tenant = claims.text("tid");
    match (claims.member("iss"), &issuer.name) {
        (Some(Value::Text(_)), IssuerName::Waived) | (None, IssuerName::Waived | IssuerName::Exactly(_)) => {}
        (Some(Value::Text(iss)), name) if name.is_named(iss, tenant) => {}
        (Some(Value::Text(_)), _) => return Err(TokenError::IssuerUnknown.into()),
        (Some(_), _) => return Err(TokenError::claim_type("iss").into()),
        (None, IssuerName::Tenant(_)) => return Err(TokenError::IssuerMissing.into()),
    }
    // Of a client that acts for itself some issuers name the client alone (RFC 7662 §2.2 requires neither). Its ids
    // and those of users must not meet.
    if let (false, Some(client)) = (mapping::says_id(issuer, &claims), claims.text("client_id")) {
        let client = client.to_owned();
        claims.set("sub", client.into());
    }
    if claims.member("exp").is_none() {
        // The answer may leave it out (RFC 7662 §2.2); then it counts for as long as it is kept.
        claims.set("exp", until.seconds().saturating_add(1).into());
    }
    // No signature, so the algorithm says nothing; and no session asks for an opaque ID token.
    let mut claims = Claims::check(claims, &issuer.expectations, (&Session::default(), Algorithm::EdDsa), now)?;
    claims.valid_until = claims.expires.min(until);
    let until = claims.valid_until;
    Ok((bearer(trust, place, &claims, (0, None), now)?, until))
}

fn endpoint(trust: &Trust, place: usize) -> Result<&Endpoint, AuthnError> {
    match &issuer_at(trust, place)?.keys {
        KeySource::Introspected(endpoint) => Ok(endpoint),
        _ => Err(AuthnError::IntrospectionUnavailable),
    }
}

impl Endpoint {
    fn state(&self) -> MutexGuard<'_, State> {
        locked(&self.state)
    }

    /// Counts one more question, where there is room, and says since when it is counted.
    fn begin(&self, now: UnixTime) -> Option<UnixTime> {
        let mut state = self.state();
        let (since, count) = state.asked;
        let is_recent = since <= now && now < since.after(PATIENCE);
        let (since, count) = if is_recent { (since, count) } else { (now, 0) };
        if count >= MAX_UNDER_WAY {
            return None;
        }
        state.asked = (since, count + 1);
        Some(since)
    }

    fn keep(&self, kept: Kept, now: UnixTime) {
        let mut state = self.state();
        state.kept.retain(|other| now < other.until && other.token != kept.token);
        if state.kept.len() >= MAX_KEPT {
            state.kept.remove(0);
        }
        state.kept.push(kept);
    }

    /// The answer that was kept, and until when.
    fn kept(&self, token: &[u8; 32], now: UnixTime) -> Option<(Vec<u8>, UnixTime)> {
        let state = self.state();
        let kept = state.kept.iter().find(|kept| kept.token == *token && kept.since <= now && now < kept.until)?;
        Some((kept.body.clone(), kept.until))
    }
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Question {
    fn drop(&mut self) {
        let mut state = locked(&self.state);
        if state.asked.0 == self.since {
            state.asked.1 = state.asked.1.saturating_sub(1);
        }
    }
}

impl Question {
    pub(super) fn ask(&self) -> Ask<'_> {
        Ask::Introspection { url: &self.url, authorization: &self.authorization, body: &self.body }
    }
}

/// `application/x-www-form-urlencoded` (RFC 6749 appendix B).
fn form_encoded(text: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |value: u8| DIGITS.get(usize::from(value)).copied().map_or('0', char::from);
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'*' => encoded.push(char::from(byte)),
            b' ' => encoded.push('+'),
            _ => encoded.extend(['%', digit(byte >> 4), digit(byte & 15)]),
        }
    }
    encoded
}

/// The client's secret is never printed.
impl core::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Endpoint").field("url", &self.url).finish_non_exhaustive()
    }
}
