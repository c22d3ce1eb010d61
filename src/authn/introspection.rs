//! Token introspection: an issuer says of a token whether it counts, and what it claims (RFC 7662).

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64ct::{Base64, Encoding};

use super::AuthnError;
use super::bearer::{Bearer, Progress, bearer, issuer_at};
use super::key_source::KeySource;
use super::trust::Trust;
use super::url::secure_url;
use crate::ask::Ask;
use crate::document::{Fault, Node, Problem};
use crate::jose::algorithm::Algorithm;
use crate::jose::compact::MAX_TOKEN_BYTES;
use crate::json::{Json, Limits};
use crate::jwt::TokenError;
use crate::jwt::claims::{Claims, Session};
use crate::time::UnixTime;

const DEFAULT_MAX_AGE: Duration = Duration::from_secs(60);
const MAX_MAX_AGE_SECONDS: i64 = 3600;
/// How many questions may be under way at once, and how long one may take.
const MAX_UNDER_WAY: u32 = 32;
const PATIENCE: Duration = Duration::from_secs(5);

/// Whom to ask.
pub(crate) struct Endpoint {
    url: String,
    authorization: String,
    max_age: Duration,
    /// Since when questions are under way, and how many.
    asked: Mutex<(UnixTime, u32)>,
}

/// A question about a token.
pub(super) struct Question {
    issuer: usize,
    url: String,
    authorization: String,
    body: String,
}

pub(super) fn read_endpoint(node: &Node<'_>, trust: &Trust) -> Result<Endpoint, Fault> {
    if trust.introspecting().is_some() {
        return Err(node.fail(Problem::BadValue { wanted: "the only issuer with introspection" }));
    }
    node.object(&["endpoint", "clientId", "clientSecret", "maxAge"])?;
    let (id, secret) = (node.required("clientId")?.non_empty()?, node.required("clientSecret")?.non_empty()?);
    let max_age = node.seconds_member("maxAge", 0, MAX_MAX_AGE_SECONDS, "0 to 3600 seconds")?;
    // RFC 6749 §2.3.1: both are form-encoded first.
    let pair = [&form_encoded(&id), ":", &form_encoded(&secret)].concat();
    Ok(Endpoint {
        url: secure_url(&node.required("endpoint")?)?,
        authorization: ["Basic ", &Base64::encode_string(pair.as_bytes())].concat(),
        max_age: max_age.unwrap_or(DEFAULT_MAX_AGE),
        asked: Mutex::new((UnixTime::from_seconds(i64::MIN), 0)),
    })
}

/// The question about a token, where not too many are under way.
pub(super) fn ask(trust: &Trust, place: usize, text: &str, now: UnixTime) -> Result<Progress, AuthnError> {
    if text.len() > MAX_TOKEN_BYTES {
        return Err(TokenError::TooLarge.into());
    }
    let endpoint = endpoint(trust, place)?;
    if !endpoint.begin(now) {
        return Err(AuthnError::IntrospectionUnavailable);
    }
    Ok(Progress::NeedIntrospection(Question {
        issuer: place,
        url: endpoint.url.clone(),
        authorization: endpoint.authorization.clone(),
        body: ["token=", &form_encoded(text), "&token_type_hint=access_token"].concat(),
    }))
}

/// What the issuer says. Its word is bound to TLS, so the claims need no signature; they must hold all the same.
pub(super) fn finish(
    trust: &Trust,
    question: &Question,
    body: Option<&[u8]>,
    now: UnixTime,
) -> Result<Bearer, AuthnError> {
    let endpoint = endpoint(trust, question.issuer)?;
    endpoint.end();
    let answer = body.and_then(|body| Json::parse_within(body, Limits::KEY_SET).ok());
    let Some(Json::Object(mut claims)) = answer else { return Err(AuthnError::IntrospectionUnavailable) };
    match claims.member("active") {
        Some(Json::Bool(true)) => {}
        Some(Json::Bool(false)) => return Err(TokenError::Inactive.into()),
        _ => return Err(AuthnError::IntrospectionUnavailable),
    }
    let issuer = issuer_at(trust, question.issuer)?;
    match (claims.member("iss"), issuer.name.exact()) {
        (Some(Json::String(iss)), Some(name)) if iss != name => return Err(TokenError::IssuerUnknown.into()),
        (Some(Json::String(_)) | None, _) => {}
        (Some(_), _) => return Err(TokenError::ClaimType { name: "iss".to_owned() }.into()),
    }
    let kept_until = now.after(endpoint.max_age);
    if claims.member("exp").is_none() {
        // The answer may leave it out (RFC 7662 §2.2); then it counts for as long as it is kept.
        claims.set("exp", kept_until.seconds().saturating_add(1));
    }
    // No signature, so the algorithm says nothing; and no session asks for an opaque ID token.
    let mut claims = Claims::check(claims, &issuer.expectations, (&Session::default(), Algorithm::EdDsa), now)?;
    claims.valid_until = claims.valid_until.min(kept_until);
    bearer(trust, question.issuer, &claims, (0, None), now)
}

fn endpoint(trust: &Trust, place: usize) -> Result<&Endpoint, AuthnError> {
    match &issuer_at(trust, place)?.keys {
        KeySource::Introspected(endpoint) => Ok(endpoint),
        _ => Err(AuthnError::IntrospectionUnavailable),
    }
}

impl Endpoint {
    fn begin(&self, now: UnixTime) -> bool {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, count) = *asked;
        let is_recent = since <= now && now < since.after(PATIENCE);
        // Questions that nobody came back with are forgotten with the time that they were asked in.
        let (since, count) = if is_recent { (since, count) } else { (now, 0) };
        *asked = (since, count.saturating_add(1));
        count < MAX_UNDER_WAY
    }

    fn end(&self) {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.1 = asked.1.saturating_sub(1);
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
