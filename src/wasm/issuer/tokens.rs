//! Tokens: written here, and signed here where the key is a secret, else by the host.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::{argument, thrown, value_of};
use crate::authz::policy::Policy;
use crate::issuer::SystemRandom;
use crate::issuer::sign_in::{Levels, SignIn};
use crate::issuer::signing_key::{SigningKey, SigningKeyError};
use crate::issuer::token::{AccessToken, GuestToken, IdToken, IssueError, Prepared, SignedBy, join};
use crate::jose::algorithm::Algorithm;
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

impl Order {
    fn signed_by(&self) -> Result<SignedBy<'_>, JsValue> {
        let algorithm = Algorithm::from_name(&self.algorithm).ok_or(SigningKeyError::Algorithm).map_err(thrown)?;
        Ok(SignedBy { algorithm, kid: self.kid.as_deref() })
    }

    const fn now(&self) -> UnixTime {
        UnixTime::from_seconds(self.now)
    }

    fn lifetime(&self, usual: Duration) -> Duration {
        self.lifetime.map_or(usual, Duration::from_secs)
    }

    /// TypeScript has written the text, so it is an object, and only its size can be wrong.
    fn claims(&self) -> Result<Object, JsValue> {
        let Some(text) = &self.claims else { return Ok(Object::new()) };
        let read = Json::parse_within(text.as_bytes(), Limits::TOKEN).ok();
        read.and_then(|json| json.as_object().cloned()).ok_or(IssueError::TooLarge).map_err(thrown)
    }
}

fn written(prepared: &Prepared) -> Result<JsValue, JsValue> {
    value_of(&Written { input: prepared.signing_input(), id: prepared.id(), expires: prepared.expires().seconds() })
}

/// From an order to `{ input, id, expires }`.
#[wasm_bindgen]
pub fn write_access_token(order: JsValue) -> Result<JsValue, JsValue> {
    let order: Order = argument(order)?;
    let token = AccessToken {
        issuer: order.issuer.clone(),
        audience: order.audience.clone(),
        client: order.client.clone().unwrap_or_default(),
        subject: order.subject.clone(),
        scope: order.scope.clone().unwrap_or_default(),
        roles: order.roles.clone().unwrap_or_default(),
        permissions: order.permissions.clone().unwrap_or_default(),
        session: order.session.clone(),
        sign_in: order.sign_in.clone(),
        levels: order.levels.clone().unwrap_or_default(),
        lifetime: order.lifetime(AccessToken::LIFETIME),
        claims: order.claims()?,
    };
    written(&token.prepare(order.signed_by()?, order.now(), &mut SystemRandom).map_err(thrown)?)
}

/// The same of an ID token.
#[wasm_bindgen]
pub fn write_id_token(order: JsValue) -> Result<JsValue, JsValue> {
    let order: Order = argument(order)?;
    let token = IdToken {
        issuer: order.issuer.clone(),
        audience: order.audience.clone(),
        subject: order.subject.clone(),
        nonce: order.nonce.clone(),
        access_token: order.access_token.clone(),
        session: order.session.clone(),
        sign_in: order.sign_in.clone(),
        levels: order.levels.clone().unwrap_or_default(),
        lifetime: order.lifetime(IdToken::LIFETIME),
        claims: order.claims()?,
    };
    written(&token.prepare(order.signed_by()?, order.now(), &mut SystemRandom).map_err(thrown)?)
}

/// The same of a guest's token, whose `subject` is the guest.
#[wasm_bindgen]
pub fn write_guest_token(order: JsValue) -> Result<JsValue, JsValue> {
    let order: Order = argument(order)?;
    let token = GuestToken {
        issuer: order.issuer.clone(),
        audience: order.audience.clone(),
        client: order.client.clone().unwrap_or_default(),
        guest: order.subject.clone(),
        roles: order.roles.clone().unwrap_or_default(),
        session: order.session.clone(),
        lifetime: order.lifetime(GuestToken::LIFETIME),
        claims: order.claims()?,
    };
    written(&token.prepare(order.signed_by()?, order.now(), &mut SystemRandom).map_err(thrown)?)
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
