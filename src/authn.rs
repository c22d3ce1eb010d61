//! "Who are you?": a credential becomes a principal, or a reason why not. It sees no policy.
//!
//! 1. An API key is found by its hash; a token is verified and its claims hold (`bearer`), or its issuer says that it
//!    counts (`introspection`).
//! 2. A token that is bound to a key or a certificate comes with the proof of it (`possession`).
//! 3. Nothing has taken the credential back (`revocation`).
//! 4. The proof has not been seen before.
//!
//! Where a step needs the host the credential waits, in here, and goes on in [`resume`].

pub(crate) mod api_key;
mod bearer;
#[cfg(feature = "full")]
pub(crate) mod certificate;
mod discovery;
#[cfg(feature = "full")]
pub(crate) mod dpop;
#[cfg(feature = "full")]
pub(crate) mod introspection;
pub(crate) mod issuer;
mod jwks;
pub(crate) mod key_source;
mod mapping;
pub(crate) mod possession;
mod preset;
pub(crate) mod revocation;
pub(crate) mod trust;
mod url;

use std::sync::Arc;

use crate::ask::{Answer, Ask};
use crate::credential::Scheme;
use crate::jose::key::Key;
use crate::json::Json;
use crate::jwt::TokenError;
use crate::jwt::claims::Session;
use crate::principal::Principal;
use crate::request::Request;
use crate::time::UnixTime;
use api_key::ApiKeyError;
use bearer::{Bearer, Token};
#[cfg(feature = "full")]
use dpop::{Proof, ProofError};
use possession::{BindingError, Evidence, Possession, Replay};
use revocation::Standing;
use trust::Trust;

/// Why a presented credential proves nothing. For the audit event, never for the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthnError {
    /// The token is refused.
    Token(TokenError),
    /// The token is not presented as it must be.
    Binding(BindingError),
    /// The DPoP proof is refused.
    #[cfg(feature = "full")]
    Proof(ProofError),
    /// The token was taken back: the subject, the token, the session or the key.
    Revoked(crate::revocation::Revoked),
    /// The API key is refused.
    ApiKey(ApiKeyError),
    /// The issuer's keys cannot be had, so nobody can say whether the token is good.
    KeysUnavailable,
    /// The issuer does not say whether the token counts.
    IntrospectionUnavailable,
    /// Nobody can say whether the credential was taken back.
    RevocationUnavailable,
    /// Nobody can say whether the proof was seen before.
    ReplayUnavailable,
}

impl AuthnError {
    /// The internal reason.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Token(error) => error.reason(),
            Self::Binding(error) => error.reason(),
            #[cfg(feature = "full")]
            Self::Proof(error) => error.reason(),
            Self::Revoked(_) => "revoked",
            Self::ApiKey(error) => error.reason(),
            Self::KeysUnavailable => "keys_unavailable",
            Self::IntrospectionUnavailable => "introspection_unavailable",
            Self::RevocationUnavailable => "revocation_unavailable",
            Self::ReplayUnavailable => "replay_unavailable",
        }
    }

    /// The evidence, where there is some.
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::Token(error) => error.detail(),
            #[cfg(feature = "full")]
            Self::Proof(error) => error.detail(),
            Self::Revoked(what) => Some(what.name()),
            _ => None,
        }
    }
}

impl From<TokenError> for AuthnError {
    fn from(error: TokenError) -> Self {
        Self::Token(error)
    }
}

/// What comes with a token.
pub(crate) struct Presented {
    session: Session,
    evidence: Evidence,
}

impl Presented {
    pub(crate) fn of(request: &Request<'_>, (token, scheme): (&str, Scheme), trust: &Trust) -> Self {
        let session = Session {
            nonce: request.expected_nonce().map(str::to_owned),
            access_token: request.expected_access_token().map(str::to_owned),
        };
        Self { session, evidence: Evidence::of(request, (token, scheme), trust) }
    }

    /// Whether nothing comes with the token that another request would not have too.
    #[cfg(not(feature = "wasm"))]
    pub(crate) fn is_plain(&self) -> bool {
        self.session.nonce.is_none() && self.session.access_token.is_none() && self.evidence.is_plain()
    }
}

/// How far a credential has come.
pub(crate) enum Progress {
    Principal(Arc<Principal>),
    Need(Waiting),
}

/// A credential that waits for the host. It stays in here, so that nobody can change it between the steps.
pub(crate) struct Waiting(Box<Step>);

enum Step {
    /// For the issuer's keys, or its metadata.
    Keys {
        token: Token,
        evidence: Evidence,
        url: String,
        stale: bool,
    },
    /// For the token's signature.
    Signature {
        token: Token,
        evidence: Evidence,
        key: Arc<Key>,
    },
    #[cfg(feature = "full")]
    Introspection {
        question: introspection::Question,
        evidence: Evidence,
    },
    #[cfg(feature = "full")]
    ProofSignature {
        bearer: Box<Bearer>,
        proof: Box<Proof>,
    },
    Revocation {
        credential: Credential,
        names: Vec<String>,
    },
    #[cfg(feature = "full")]
    Replay {
        principal: Arc<Principal>,
        replay: Replay,
    },
}

/// A credential that proves who sends it, if nobody has taken it back.
enum Credential {
    Token { bearer: Box<Bearer>, replay: Option<Replay> },
    ApiKey { place: usize },
}

/// A token's way, as far as it goes without the host.
pub(crate) fn token(trust: &Trust, text: &str, presented: Presented, now: UnixTime) -> Result<Progress, AuthnError> {
    let Presented { session, evidence } = presented;
    let verified = bearer::begin(trust, text, session, now)?;
    after_bearer(trust, verified, evidence, now)
}

/// An API key's way, as far as it goes without the host.
pub(crate) fn api_key(trust: &Trust, text: &str, now: UnixTime) -> Result<Progress, AuthnError> {
    let (place, key) = api_key::find(&trust.api_keys, text, now).map_err(AuthnError::ApiKey)?;
    match trust.revocations.of_api_key(key, now) {
        Standing::Holds => Ok(Progress::Principal(Arc::clone(&key.principal))),
        Standing::Revoked(_) => Err(AuthnError::ApiKey(ApiKeyError::Revoked)),
        Standing::Ask(names) => Ok(need(Step::Revocation { credential: Credential::ApiKey { place }, names })),
    }
}

/// Goes on with what the host answers; an answer to another question proves nothing.
pub(crate) fn resume(trust: &Trust, waiting: Waiting, answer: Answer, now: UnixTime) -> Result<Progress, AuthnError> {
    match (*waiting.0, answer) {
        (Step::Keys { token, evidence, url, stale }, answer) => {
            let fetched = match answer {
                Answer::Keys(fetched) => bearer::Brought::Fetched(fetched),
                Answer::Later if stale => bearer::Brought::Later,
                _ => bearer::Brought::Fetched(None),
            };
            let progress = bearer::with_fetched(trust, token, &url, &fetched, now)?;
            after_bearer(trust, progress, evidence, now)
        }
        (Step::Signature { token, evidence, key }, Answer::Signature(true)) => {
            let progress = bearer::with_valid_signature(trust, token, &key, now)?;
            after_bearer(trust, progress, evidence, now)
        }
        (Step::Signature { .. }, _) => Err(TokenError::SignatureInvalid.into()),
        #[cfg(feature = "full")]
        (Step::Introspection { question, evidence }, answer) => {
            let body = if let Answer::Introspection(body) = answer { body } else { None };
            let bearer = introspection::finish(trust, &question, body.as_deref(), now)?;
            after_bearer(trust, bearer::Progress::Verified(bearer), evidence, now)
        }
        #[cfg(feature = "full")]
        (Step::ProofSignature { bearer, proof }, Answer::Signature(true)) => {
            let replay = dpop::finish(trust, *proof, now).map_err(AuthnError::Proof)?;
            after_possession(trust, *bearer, replay, now)
        }
        #[cfg(feature = "full")]
        (Step::ProofSignature { .. }, _) => Err(AuthnError::Proof(ProofError::Signature)),
        (Step::Revocation { credential, .. }, answer) => {
            let moments = if let Answer::Revocation(moments) = answer { Some(moments) } else { None };
            after_lookup(trust, credential, moments.as_deref(), now)
        }
        #[cfg(feature = "full")]
        (Step::Replay { principal, .. }, Answer::Fresh(true)) => Ok(Progress::Principal(principal)),
        #[cfg(feature = "full")]
        (Step::Replay { .. }, Answer::Fresh(false)) => Err(AuthnError::Proof(ProofError::Replayed)),
        #[cfg(feature = "full")]
        (Step::Replay { .. }, _) => Err(AuthnError::ReplayUnavailable),
    }
}

/// Whether a token that was verified before would still be: its key is in use, nobody has taken it back, and it has
/// neither ended nor, by a clock that went backwards, not begun. A bound token wants its proof each time.
pub(crate) fn still_holds(trust: &Trust, principal: &Principal, now: UnixTime) -> bool {
    let Some(token) = principal.token() else { return true };
    let verified = token.verified;
    let would_choose =
        || trust.issuers.get(verified.issuer).is_some_and(|issuer| issuer.keys.still_chooses(verified.set, now));
    !token.is_bound
        && verified.at <= now
        && now < token.valid_until
        && verified.believed_until.is_none_or(|until| now < until)
        && trust.revocations.still_allow(token.revocable.as_ref(), now)
        && would_choose()
}

fn after_bearer(
    trust: &Trust,
    progress: bearer::Progress,
    evidence: Evidence,
    now: UnixTime,
) -> Result<Progress, AuthnError> {
    let bearer = match progress {
        bearer::Progress::NeedKeys { token, url, stale } => {
            return Ok(need(Step::Keys { token, evidence, url, stale }));
        }
        bearer::Progress::NeedSignature { token, key } => return Ok(need(Step::Signature { token, evidence, key })),
        #[cfg(feature = "full")]
        bearer::Progress::NeedIntrospection(question) => {
            return Ok(need(Step::Introspection { question, evidence }));
        }
        bearer::Progress::Verified(bearer) => bearer,
    };
    match possession::check(trust, &bearer, evidence, now)? {
        Possession::Settled { replay } => after_possession(trust, bearer, replay, now),
        #[cfg(feature = "full")]
        Possession::NeedSignature(proof) => Ok(need(Step::ProofSignature { bearer: Box::new(bearer), proof })),
    }
}

fn after_possession(
    trust: &Trust,
    bearer: Bearer,
    replay: Option<Replay>,
    now: UnixTime,
) -> Result<Progress, AuthnError> {
    let revocable = bearer.principal.token().and_then(|token| token.revocable.as_ref());
    match trust.revocations.of(revocable, now) {
        Standing::Holds => settled(bearer, replay),
        Standing::Revoked(what) => Err(AuthnError::Revoked(what)),
        Standing::Ask(names) => {
            Ok(need(Step::Revocation { credential: Credential::Token { bearer: Box::new(bearer), replay }, names }))
        }
    }
}

/// `moments` are what the store says; `None` where it says nothing.
fn after_lookup(
    trust: &Trust,
    credential: Credential,
    moments: Option<&[Option<i64>]>,
    now: UnixTime,
) -> Result<Progress, AuthnError> {
    let believed_until = |revoked| match revoked {
        Ok(None) => Ok(Some(trust.revocations.believed_until(now))),
        Ok(Some(what)) => Err(AuthnError::Revoked(what)),
        Err(()) if trust.revocations.allows_unavailable() => Ok(None),
        Err(()) => Err(AuthnError::RevocationUnavailable),
    };
    match credential {
        Credential::Token { mut bearer, replay } => {
            let revocable = bearer.principal.token().and_then(|token| token.revocable.as_ref());
            let until = believed_until(revocation::refused_by(revocable, moments))?;
            // An answer that nobody gave is believed for this request alone.
            bearer.principal.mark_token(|token| token.verified.believed_until = Some(until.unwrap_or(now)));
            settled(*bearer, replay)
        }
        Credential::ApiKey { place } => {
            let key = trust.api_keys.get(place).ok_or(AuthnError::ApiKey(ApiKeyError::Unknown))?;
            let revocable = key.revocable();
            match believed_until(revocation::refused_by(Some(&revocable), moments)) {
                Ok(until) => {
                    key.believe(until.unwrap_or(now));
                    Ok(Progress::Principal(Arc::clone(&key.principal)))
                }
                Err(AuthnError::Revoked(_)) => Err(AuthnError::ApiKey(ApiKeyError::Revoked)),
                Err(error) => Err(error),
            }
        }
    }
}

fn settled(bearer: Bearer, replay: Option<Replay>) -> Result<Progress, AuthnError> {
    let principal = Arc::new(bearer.principal);
    match replay {
        None => Ok(Progress::Principal(principal)),
        #[cfg(feature = "full")]
        Some(replay) => Ok(need(Step::Replay { principal, replay })),
        #[cfg(not(feature = "full"))]
        Some(never) => match never {},
    }
}

fn need(step: Step) -> Progress {
    Progress::Need(Waiting(Box::new(step)))
}

impl Waiting {
    /// What the host is asked.
    pub(crate) fn ask(&self) -> Ask<'_> {
        match &*self.0 {
            Step::Keys { url, stale, .. } => Ask::Keys { url, stale: *stale },
            Step::Signature { token, key, .. } => token.ask(key),
            #[cfg(feature = "full")]
            Step::Introspection { question, .. } => question.ask(),
            #[cfg(feature = "full")]
            Step::ProofSignature { proof, .. } => proof.ask(),
            Step::Revocation { names, .. } => Ask::Revocation { names },
            #[cfg(feature = "full")]
            Step::Replay { replay, .. } => Ask::Replay { name: &replay.name, until: replay.until },
        }
    }

    /// For [`Ask::Signature`]: the public key as a JWK with `kty` and its own members, nothing else.
    pub(crate) fn public_jwk(&self) -> Option<Json> {
        match &*self.0 {
            Step::Signature { key, .. } => key.public_jwk(),
            #[cfg(feature = "full")]
            Step::ProofSignature { proof, .. } => proof.key.public_jwk(),
            _ => None,
        }
    }
}
