//! Tokens: written here, and signed here where the key is a secret, else by the host.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::{argument, thrown, value_of};
use crate::authz::policy::Policy;
use crate::issuer::SystemRandom;
use crate::issuer::sign_in::{Levels, SignIn};
use crate::issuer::signing_key::{Algorithm, SigningKey, SigningKeyError};
use crate::issuer::token::{AccessToken, GuestToken, IdToken, IssueError, Prepared, SignedBy, join};
use crate::json::{Json, Limits, Object};
use crate::time::UnixTime;

/// What the three kinds have in common, and what one of them alone has.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Order {
    algorithm: String,
    kid: Option<String>,
    now: i64,
    issuer: String,
    audience: Vec<String>,
    client: Option<String>,
    /// The guest of a guest's token.
    subject: String,
    scope: Option<Vec<String>>,
    roles: Option<Vec<String>>,
    permissions: Option<Vec<String>>,
    session: Option<String>,
    nonce: Option<String>,
    access_token: Option<String>,
    sign_in: Option<SignIn>,
    levels: Option<Levels>,
    /// Seconds.
    lifetime: Option<u64>,
    /// As JSON text.
    claims: Option<String>,
}

#[derive(Serialize)]
struct Written<'a> {
    input: &'a str,
    id: &'a str,
    expires: i64,
}

fn signed_by<'a>(algorithm: &str, kid: Option<&'a str>) -> Result<SignedBy<'a>, JsValue> {
    let algorithm = Algorithm::from_name(algorithm).ok_or(SigningKeyError::Algorithm).map_err(thrown)?;
    Ok(SignedBy { algorithm, kid })
}

/// TypeScript has written the text, so it is an object, and only its size can be wrong.
fn further(claims: Option<String>) -> Result<Object, JsValue> {
    let Some(text) = claims else { return Ok(Object::new()) };
    let read = Json::parse_within(text.as_bytes(), Limits::TOKEN).ok();
    read.and_then(|json| json.as_object().cloned()).ok_or(IssueError::TooLarge).map_err(thrown)
}

fn written(prepared: Result<Prepared, IssueError>) -> Result<JsValue, JsValue> {
    let prepared = prepared.map_err(thrown)?;
    value_of(&Written { input: prepared.signing_input(), id: prepared.id(), expires: prepared.expires().seconds() })
}

/// From an order to `{ input, id, expires }`.
#[wasm_bindgen]
pub fn write_access_token(order: JsValue) -> Result<JsValue, JsValue> {
    let Order {
        algorithm,
        kid,
        now,
        issuer,
        audience,
        client,
        subject,
        scope,
        roles,
        permissions,
        session,
        sign_in,
        levels,
        lifetime,
        claims,
        ..
    } = argument(order)?;
    let token = AccessToken {
        issuer,
        audience,
        client: client.unwrap_or_default(),
        subject,
        scope: scope.unwrap_or_default(),
        roles: roles.unwrap_or_default(),
        permissions: permissions.unwrap_or_default(),
        session,
        sign_in,
        levels: levels.unwrap_or_default(),
        lifetime: lifetime.map_or(AccessToken::LIFETIME, Duration::from_secs),
        claims: further(claims)?,
    };
    let by = signed_by(&algorithm, kid.as_deref())?;
    written(token.prepare(by, UnixTime::from_seconds(now), &mut SystemRandom))
}

/// The same of an ID token.
#[wasm_bindgen]
pub fn write_id_token(order: JsValue) -> Result<JsValue, JsValue> {
    let order: Order = argument(order)?;
    let token = IdToken {
        issuer: order.issuer,
        audience: order.audience,
        subject: order.subject,
        nonce: order.nonce,
        access_token: order.access_token,
        session: order.session,
        sign_in: order.sign_in,
        levels: order.levels.unwrap_or_default(),
        lifetime: order.lifetime.map_or(IdToken::LIFETIME, Duration::from_secs),
        claims: further(order.claims)?,
    };
    let by = signed_by(&order.algorithm, order.kid.as_deref())?;
    written(token.prepare(by, UnixTime::from_seconds(order.now), &mut SystemRandom))
}

/// The same of a guest's token, whose `subject` is the guest.
#[wasm_bindgen]
pub fn write_guest_token(order: JsValue) -> Result<JsValue, JsValue> {
    let Order { algorithm, kid, now, issuer, audience, client, subject, roles, session, lifetime, claims, .. } =
        argument(order)?;
    let token = GuestToken {
        issuer,
        audience,
        client: client.unwrap_or_default(),
        guest: subject,
        roles: roles.unwrap_or_default(),
        session,
        lifetime: lifetime.map_or(GuestToken::LIFETIME, Duration::from_secs),
        claims: further(claims)?,
    };
    let by = signed_by(&algorithm, kid.as_deref())?;
    written(token.prepare(by, UnixTime::from_seconds(now), &mut SystemRandom))
}

/// The token of what was written, signed with a secret: the text of its JWK.
#[wasm_bindgen]
pub fn sign_token(jwk: &str, input: &str) -> Result<String, JsValue> {
    let key = SigningKey::from_jwk(jwk).map_err(thrown)?;
    let signature = key.sign(input.as_bytes(), &mut SystemRandom).map_err(thrown)?;
    join(input, key.algorithm(), &signature).map_err(thrown)
}

/// The token of what was written and the host has signed.
#[wasm_bindgen]
pub fn join_token(algorithm: &str, input: &str, signature: &[u8]) -> Result<String, JsValue> {
    let algorithm = Algorithm::from_name(algorithm).ok_or(SigningKeyError::Algorithm).map_err(thrown)?;
    join(input, algorithm, signature).map_err(thrown)
}

/// The permissions that roles grant without any condition, by the text of a policy.
#[wasm_bindgen]
pub fn plain_permissions(policy: &str, roles: JsValue) -> Result<JsValue, JsValue> {
    let roles: Vec<String> = argument(roles)?;
    let policy = Policy::parse(policy).map_err(thrown)?;
    value_of(&policy.plain_permissions(&roles))
}
