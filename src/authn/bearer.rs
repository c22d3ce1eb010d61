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
use super::binding::Confirmation;
use super::issuer::Issuer;
use super::issuer_name::IssuerName;
use super::jwks::{Asked, Chosen};
use super::mapping;
use super::trust::Trust;
use crate::ask::{Ask, Fetched};
use crate::jose::key::Key;
use crate::json::Value;
use crate::jwt::TokenError;
use crate::jwt::claims::{Claims, Session};
use crate::jwt::token::{Signed, UnverifiedToken, ValidSignature};
use crate::principal::{Principal, TokenFacts, Verified};
#[cfg(feature = "full")]
use crate::revocation::{FactName, Revocable, Revoked};
use crate::time::UnixTime;

/// How far a token has come.
pub(super) enum Progress {
    Verified(Bearer),
    /// The host should fetch.
    NeedKeys {
        token: Token,
        url: String,
        stale: bool,
        /// The metadata were fetched before.
        is_second: bool,
    },
    /// The host should verify with the key.
    NeedSignature {
        token: Token,
        key: Arc<Key>,
    },
    /// The issuer should be asked.
    #[cfg(feature = "full")]
    NeedIntrospection(super::introspection::Question),
}

/// A token that was read, and whom its issuer's place names.
pub(super) struct Token {
    token: Box<UnverifiedToken>,
    issuer: usize,
    session: Session,
    /// The number of the key set that has chosen its key.
    set: u32,
}

/// Who a token says that its sender is, and what the sender must hold.
pub(super) struct Bearer {
    pub(super) principal: Principal,
    #[cfg(feature = "full")]
    pub(super) confirmation: Option<Confirmation>,
    /// The place of the issuer in the trust document.
    #[cfg(feature = "full")]
    pub(super) issuer: usize,
}

/// Steps 1 to 6, as far as they go without the host.
pub(super) fn begin(trust: &Trust, text: &str, session: Session, now: UnixTime) -> Result<Progress, AuthnError> {
    let token = match UnverifiedToken::parse(text, &trust.last_header) {
        Ok(token) => Box::new(token),
        #[cfg(feature = "full")]
        Err(error) if error.is_no_jws() && trust.introspecting().is_some() => {
            return super::introspection::ask(trust, trust.introspecting().unwrap_or(0), text, now);
        }
        Err(error) => return Err(error.into()),
    };
    let place = match choose_issuer(trust, &token) {
        Err(_) if token.is_padded() => return Err(TokenError::Encoding.into()),
        chosen => chosen?,
    };
    let issuer = issuer_at(trust, place)?;
    #[cfg(feature = "full")]
    if trust.introspecting() == Some(place) {
        return super::introspection::ask(trust, place, text, now);
    }
    if token.is_padded() && !issuer.is_padded {
        return Err(TokenError::Encoding.into());
    }
    if !issuer.expectations.profile.accepts_typ(token.typ()) {
        return Err(TokenError::TypMismatch.into());
    }
    if issuer.algorithms.as_ref().is_some_and(|listed| !listed.contains(&token.algorithm())) {
        return Err(TokenError::AlgorithmNotAllowed.into());
    }
    with_keys(trust, Token { token, issuer: place, session, set: 0 }, now, Asked::Nothing)
}

/// Goes on when the host has fetched from `url`, or failed to. `is_second` says that metadata were fetched before for
/// this token: then nothing is fetched for it again.
pub(super) fn with_fetched(
    trust: &Trust,
    token: Token,
    (url, is_second): (&str, bool),
    fetched: Option<&Fetched>,
    now: UnixTime,
) -> Result<Progress, AuthnError> {
    if let Some(keys) = issuer_at(trust, token.issuer)?.keys.fetched()
        && let Some(url) = keys.store(url, fetched, now, &|| trust.next_key_number())
        && !is_second
    {
        return Ok(Progress::NeedKeys { token, url, stale: false, is_second: true });
    }
    with_keys(trust, token, now, Asked::Fetched)
}

/// Goes on when the host will fetch in the background.
pub(super) fn without_fetched(trust: &Trust, token: Token, now: UnixTime) -> Result<Progress, AuthnError> {
    with_keys(trust, token, now, Asked::Later)
}

/// Goes on when the host has verified the signature. A key that was withdrawn meanwhile has verified nothing.
pub(super) fn with_valid_signature(
    trust: &Trust,
    mut token: Token,
    key: &Key,
    now: UnixTime,
) -> Result<Progress, AuthnError> {
    let issuer = issuer_at(trust, token.issuer)?;
    let set = issuer.keys.still_has(key, token.token.kid(), token.token.algorithm());
    token.set = set.ok_or(TokenError::KeyUnknown)?;
    finish(trust, token, ValidSignature::danger_by_host(), key, now)
}

impl Token {
    pub(super) fn ask(&self, key: &Key) -> Ask<'_> {
        Ask::Signature {
            key: key.number,
            algorithm: self.token.algorithm(),
            signing_input: self.token.signing_input(),
            signature: self.token.signature(),
        }
    }

    /// What waits is small: claims are many times their text, and whoever sends garbage can make many wait.
    fn without_long_claims(mut self) -> Self {
        self.token.forget_long_claims();
        self
    }
}

pub(super) fn issuer_at(trust: &Trust, place: usize) -> Result<&Issuer, AuthnError> {
    trust.issuers.get(place).ok_or_else(|| TokenError::IssuerUnknown.into())
}

/// An issuer that waives `iss` stands alone, so it is asked for every token.
fn choose_issuer(trust: &Trust, token: &UnverifiedToken) -> Result<usize, TokenError> {
    if let [Issuer { name: IssuerName::Waived, .. }] = trust.issuers.as_slice() {
        return Ok(0);
    }
    let claimed = match token.claimed("iss") {
        None => return Err(TokenError::IssuerMissing),
        Some(Value::Text(claimed)) => claimed,
        Some(_) => return Err(TokenError::claim_type("iss")),
    };
    let named = trust.issuers.iter().position(|issuer| issuer.name.exact() == Some(claimed));
    // A name that is written out comes before a template that it fits.
    #[cfg(feature = "full")]
    let named = named.or_else(|| {
        let tenant = token.claimed("tid").and_then(Value::as_str);
        trust.issuers.iter().position(|issuer| issuer.name.is_named(claimed, tenant))
    });
    named.ok_or(TokenError::IssuerUnknown)
}

fn with_keys(trust: &Trust, mut token: Token, now: UnixTime, asked: Asked) -> Result<Progress, AuthnError> {
    let issuer = issuer_at(trust, token.issuer)?;
    let key = match issuer.keys.choose(token.token.kid(), token.token.algorithm(), now, asked) {
        Chosen::Key(key, set) => {
            token.set = set;
            key
        }
        Chosen::Fetch { stale } => {
            let url = issuer.keys.fetched().map(|keys| keys.next_url(now)).ok_or(AuthnError::KeysUnavailable)?;
            return Ok(Progress::NeedKeys { token: token.without_long_claims(), url, stale, is_second: false });
        }
        Chosen::Refused(error) => return Err(TokenError::from(error).into()),
        Chosen::Unavailable => return Err(AuthnError::KeysUnavailable),
    };
    match token.token.verify_signature(&key)? {
        Signed::Valid(signature) => finish(trust, token, signature, &key, now),
        Signed::AskHost => Ok(Progress::NeedSignature { token: token.without_long_claims(), key }),
    }
}

fn finish(
    trust: &Trust,
    token: Token,
    signature: ValidSignature,
    key: &Key,
    now: UnixTime,
) -> Result<Progress, AuthnError> {
    let Token { token, issuer: place, session, set } = token;
    let issuer = issuer_at(trust, place)?;
    let verified = token.into_verified(signature, &issuer.expectations, &session, now)?;
    #[cfg(feature = "full")]
    if !issuer.name.owns(key, &verified.claims.all) {
        return Err(TokenError::KeyUnknown.into());
    }
    bearer(trust, place, &verified.claims, (set, key.kid.as_deref()), now).map(Progress::Verified)
}

/// Step 6: who the claims, which hold, say that the sender is. Their key is in the set of that number, under that name.
#[cfg_attr(not(feature = "full"), expect(unused_variables, reason = "guard.wasm revokes nothing by its key"))]
pub(super) fn bearer(
    trust: &Trust,
    place: usize,
    claims: &Claims,
    (set, kid): (u32, Option<&str>),
    now: UnixTime,
) -> Result<Bearer, AuthnError> {
    let issuer = issuer_at(trust, place)?;
    let confirmation = Confirmation::read(&claims.all)?;
    let facts = TokenFacts {
        jti: None,
        expires: claims.expires,
        valid_until: claims.valid_until,
        dropped: crate::principal::Dropped::default(),
        is_bound: confirmation.is_some(),
        verified: Verified { at: now, issuer: place, set },
        #[cfg(feature = "full")]
        believed_until: None,
        #[cfg(feature = "full")]
        // Of a bound token the host is asked more, and something may be pushed meanwhile.
        revocable: (trust.revocations.are_there() || confirmation.is_some()).then(|| revocable(issuer, claims, kid, now)),
    };
    let principal = mapping::principal(issuer, claims, facts, now)?;
    let is_foreign = |other: &Issuer| {
        other.id_prefix != issuer.id_prefix
            && other.id_prefix.as_deref().is_some_and(|prefix| principal.id().starts_with(prefix))
    };
    let is_taken = trust.issuers.iter().any(is_foreign);
    #[cfg(feature = "full")]
    let is_taken = is_taken
        || trust.api_key_store.as_ref().is_some_and(|store| principal.id().starts_with(store.id_prefix.as_str()));
    if is_taken {
        return Err(TokenError::SubjectConflict.into());
    }
    Ok(Bearer {
        principal,
        #[cfg(feature = "full")]
        confirmation,
        #[cfg(feature = "full")]
        issuer: place,
    })
}

/// What may take a token back, under the names that its issuer gives.
#[cfg(feature = "full")]
fn revocable(issuer: &Issuer, claims: &Claims, kid: Option<&str>, now: UnixTime) -> Revocable {
    // Whoever waives the name revokes without one.
    let iss = if let IssuerName::Waived = issuer.name { None } else { claims.text("iss").or(issuer.name.exact()) };
    let session = issuer.claims.session.find(&claims.all).and_then(Value::as_str);
    let named = [
        (Revoked::Subject, mapping::subject(issuer, &claims.all)),
        (Revoked::Jti, claims.text("jti")),
        (Revoked::Sid, session),
        (Revoked::Key, kid),
    ];
    let mut names = Vec::new();
    for (kind, value) in named {
        names.extend(value.map(|value| FactName::of(kind, iss, value)));
    }
    // An issuer's clock may be ahead; a token that is here was issued by now.
    Revocable { names, issued_at: claims.issued_at().map(|issued_at| issued_at.min(now)) }
}
