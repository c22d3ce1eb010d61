//! A bearer token becomes a principal.
//!
//! 1. The token is read (`jwt`). What it says chooses only whom to ask.
//! 2. `iss` chooses the issuer, byte for byte; `typ` must be that of the issuer's profile.
//! 3. The issuer and its key must allow the algorithm; `kid` chooses the key. The host may have to fetch the keys.
//! 4. The signature is verified, here or by the host.
//! 5. The claims are checked.
//! 6. What the issuer may assert becomes the principal; the rest is dropped.

use std::sync::Arc;

use super::AuthnError;
use super::issuer::{Assertable, ClaimPath, Issuer};
use super::key_source::{Chosen, KeySource};
use super::trust::Trust;
use crate::digest::sha256_base64url;
use crate::grammar::is_scope_token;
use crate::jose::key::Key;
use crate::jose::key_set::KeySet;
use crate::json::{Json, Object};
use crate::jwt::TokenError;
use crate::jwt::claims::{Claims, numeric_date};
use crate::jwt::token::{Signed, UnverifiedToken, ValidSignature};
use crate::principal::{Kind, Principal, Subject, TokenFacts, Verified};
use crate::time::UnixTime;

/// How far a token has come.
pub(crate) enum Progress {
    Principal(Arc<Principal>),
    /// The host should fetch the issuer's keys.
    NeedKeys(Waiting),
    /// The host should verify with the key.
    NeedSignature(Waiting, Arc<Key>),
}

/// A token that waits for the host. It stays in here, so that nobody can change it between the steps.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) token: Box<UnverifiedToken>,
    issuer: usize,
}

/// Steps 1 to 5, as far as they go without the host.
pub(crate) fn authenticate(trust: &Trust, text: &str, now: UnixTime) -> Result<Progress, AuthnError> {
    let token = Box::new(UnverifiedToken::parse(text)?);
    let issuer = choose_issuer(trust, &token)?;
    let waiting = Waiting { token, issuer };
    let issuer = waiting.issuer(trust)?;
    if !issuer.expectations.profile.accepts_typ(waiting.token.typ()) {
        return Err(TokenError::TypMismatch.into());
    }
    if issuer.algorithms.as_ref().is_some_and(|listed| !listed.contains(&waiting.token.algorithm())) {
        return Err(TokenError::AlgorithmNotAllowed.into());
    }
    with_keys(trust, waiting, now, false)
}

/// Goes on when the host has fetched the keys, or failed to.
pub(crate) fn resume_with_keys(
    trust: &Trust,
    waiting: Waiting,
    fetched: Option<&[u8]>,
    now: UnixTime,
) -> Result<Progress, AuthnError> {
    let issuer = waiting.issuer(trust)?;
    if let KeySource::Fetched(keys) = &issuer.keys {
        let listed = issuer.algorithms.as_deref();
        let set = fetched.and_then(|text| KeySet::parse_fetched(text, listed, || trust.next_key_number()).ok());
        keys.store(set, now);
    }
    with_keys(trust, waiting, now, true)
}

/// Goes on when the host has verified the signature.
pub(crate) fn resume_with_signature(
    trust: &Trust,
    waiting: Waiting,
    key: u32,
    valid: bool,
    now: UnixTime,
) -> Result<Progress, AuthnError> {
    if !valid {
        return Err(TokenError::SignatureInvalid.into());
    }
    finish(trust, waiting, ValidSignature::danger_by_host(), key, now)
}

/// Whether a token that was verified before would still be: its key is in use, and it has neither ended nor, by a
/// clock that went backwards, not begun.
#[cfg(feature = "wasm")]
pub(crate) fn still_holds(trust: &Trust, token: &TokenFacts, now: UnixTime) -> bool {
    let Verified { at, issuer, key } = token.verified;
    let is_in_use = || trust.issuers.get(issuer).is_some_and(|issuer| issuer.keys.is_in_use(key, now));
    at <= now && now < token.valid_until && is_in_use()
}

impl Waiting {
    fn issuer<'a>(&self, trust: &'a Trust) -> Result<&'a Issuer, AuthnError> {
        trust.issuers.get(self.issuer).ok_or_else(|| TokenError::IssuerUnknown.into())
    }

    /// What waits is small: claims are many times their text, and whoever sends garbage can make many wait.
    fn without_claims(mut self) -> Self {
        self.token.forget_claims();
        self
    }

    /// The URL of the issuer's keys.
    pub(crate) fn keys_url<'a>(&self, trust: &'a Trust) -> Option<&'a str> {
        match &trust.issuers.get(self.issuer)?.keys {
            KeySource::Fetched(keys) => Some(&keys.url),
            KeySource::Configured(_) => None,
        }
    }
}

/// An issuer that waives `iss` stands alone, so it is asked for every token.
fn choose_issuer(trust: &Trust, token: &UnverifiedToken) -> Result<usize, TokenError> {
    if let [Issuer { expectations, .. }] = trust.issuers.as_slice()
        && expectations.issuer.is_none()
    {
        return Ok(0);
    }
    let claimed = match token.claimed_issuer() {
        None => return Err(TokenError::IssuerMissing),
        Some(Json::String(claimed)) => claimed,
        Some(_) => return Err(TokenError::ClaimType { name: "iss".to_owned() }),
    };
    let is_it = |issuer: &Issuer| issuer.expectations.issuer.as_ref() == Some(claimed);
    trust.issuers.iter().position(is_it).ok_or(TokenError::IssuerUnknown)
}

fn with_keys(trust: &Trust, waiting: Waiting, now: UnixTime, asked: bool) -> Result<Progress, AuthnError> {
    let issuer = waiting.issuer(trust)?;
    let key = match issuer.keys.choose(waiting.token.kid(), waiting.token.algorithm(), now, asked) {
        Chosen::Key(key) => key,
        Chosen::Fetch => return Ok(Progress::NeedKeys(waiting.without_claims())),
        Chosen::Refused(error) => return Err(TokenError::from(error).into()),
        Chosen::Unavailable => return Err(AuthnError::KeysUnavailable),
    };
    match waiting.token.verify_signature(&key)? {
        Signed::Valid(signature) => finish(trust, waiting, signature, key.number, now),
        Signed::AskHost => Ok(Progress::NeedSignature(waiting.without_claims(), key)),
    }
}

fn finish(
    trust: &Trust,
    waiting: Waiting,
    signature: ValidSignature,
    key: u32,
    now: UnixTime,
) -> Result<Progress, AuthnError> {
    let place = waiting.issuer;
    let issuer = waiting.issuer(trust)?;
    let verified = waiting.token.into_verified(signature, &issuer.expectations, now)?;
    let how = Verified { at: now, issuer: place, key };
    Ok(Progress::Principal(Arc::new(principal(issuer, &verified.claims, how)?)))
}

/// Step 6.
fn principal(issuer: &Issuer, claims: &Claims, verified: Verified) -> Result<Principal, TokenError> {
    let paths = &issuer.claims;
    let id = match paths.id.find(&claims.all) {
        None => return Err(TokenError::ClaimMissing { name: paths.id.name() }),
        Some(Json::String(id)) if !id.is_empty() => id.clone(),
        Some(_) => return Err(TokenError::ClaimType { name: paths.id.name() }),
    };
    let client = claims.text("client_id").or_else(|| claims.text("azp"));
    let attributes = paths.attributes.iter().filter_map(|(name, path)| {
        let value = path.find(&claims.all)?;
        Some((name.as_str(), value.clone()))
    });
    let subject = Subject {
        kind: if client.is_some() && client == claims.text("sub") { Kind::Service } else { Kind::User },
        roles: issuer.asserts.roles.filter(names(&paths.roles, &claims.all)?),
        permissions: issuer.asserts.permissions.filter(names(&paths.permissions, &claims.all)?),
        scopes: issuer.asserts.scopes.filter(scopes(&paths.scopes, &claims.all)?),
        attributes: attributes.fold(Object::new(), |object, (name, value)| object.with(name, value)),
        acr: claims.text("acr").map(str::to_owned),
        amr: names(&ClaimPath::of("amr"), &claims.all)?,
        auth_time: numeric_date(&claims.all, "auth_time")?,
        id,
    };
    let facts = TokenFacts {
        jti_hash: claims.text("jti").map(|jti| sha256_base64url(jti.as_bytes())),
        expires: claims.expires,
        valid_until: claims.valid_until,
        verified,
    };
    Ok(Principal::verified(subject, claims.text("iss").map(str::to_owned), Some(facts)))
}

impl Assertable {
    /// What the issuer may say of what it says.
    fn filter(&self, said: Vec<String>) -> Vec<String> {
        match self {
            Self::Any => said,
            Self::None => Vec::new(),
            Self::Listed(listed) => said.into_iter().filter(|one| listed.contains(one)).collect(),
        }
    }
}

/// A list of texts, or one text.
fn names(path: &ClaimPath, claims: &Object) -> Result<Vec<String>, TokenError> {
    let wrong_type = || TokenError::ClaimType { name: path.name() };
    match path.find(claims) {
        None => Ok(Vec::new()),
        Some(Json::String(one)) => Ok(vec![one.clone()]),
        Some(Json::Array(many)) => {
            many.iter().map(|one| one.as_str().map(str::to_owned)).collect::<Option<_>>().ok_or_else(wrong_type)
        }
        Some(_) => Err(wrong_type()),
    }
}

/// The first path that leads somewhere: a list, or scope tokens with one space between (RFC 6749 §3.3).
fn scopes(paths: &[ClaimPath], claims: &Object) -> Result<Vec<String>, TokenError> {
    let Some(path) = paths.iter().find(|path| path.find(claims).is_some()) else { return Ok(Vec::new()) };
    let scopes: Vec<String> = match path.find(claims) {
        Some(Json::String(text)) if text.is_empty() => Vec::new(),
        Some(Json::String(text)) => text.split(' ').map(str::to_owned).collect(),
        _ => names(path, claims)?,
    };
    if !scopes.iter().all(|scope| is_scope_token(scope)) {
        return Err(TokenError::ClaimType { name: path.name() });
    }
    let mut once: Vec<String> = Vec::new();
    for scope in scopes {
        if !once.contains(&scope) {
            once.push(scope);
        }
    }
    Ok(once)
}
