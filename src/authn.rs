//! "Who are you?": a credential becomes a principal, or a reason why not. It sees no policy.
//!
//! 1. An API key is found by its hash, among those of the trust document or by the host; a token is verified and its claims hold (`bearer`), or its issuer says that it
//!    counts (`introspection`).
//! 2. What must hold beside that does (`safeguards`): who sends a bound token holds what it is bound to, nobody has taken
//!    the credential back, the proof has not been seen before.
//!
//! Where a step needs the host the credential waits, in here, and goes on in [`resume`].

pub(crate) mod api_key;
#[cfg(feature = "full")]
pub(crate) mod api_key_store;
mod bearer;
pub(crate) mod binding;
#[cfg(feature = "full")]
pub(crate) mod break_glass;
#[cfg(feature = "full")]
pub(crate) mod certificate;
mod discovery;
#[cfg(feature = "full")]
pub(crate) mod dpop;
#[cfg(feature = "full")]
pub(crate) mod introspection;
pub(crate) mod issuer;
mod issuer_name;
mod jwks;
#[cfg(feature = "full")]
mod key_export;
pub(crate) mod key_source;
mod mapping;
#[cfg(feature = "full")]
pub(crate) mod policy_keys;
#[cfg(feature = "full")]
mod possession;
mod preset;
#[cfg(feature = "full")]
pub(crate) mod revocation;
#[cfg_attr(not(feature = "full"), path = "authn/no_safeguards.rs")]
mod safeguards;
#[cfg(feature = "full")]
mod signing_keys;
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
use bearer::Token;
use binding::BindingError;
#[cfg(feature = "full")]
use break_glass::BreakGlassError;
#[cfg(feature = "full")]
use dpop::ProofError;
use safeguards::Evidence;
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
    #[cfg(feature = "full")]
    Revoked(crate::revocation::Revoked),
    /// The break-glass grant is refused.
    #[cfg(feature = "full")]
    BreakGlass(BreakGlassError),
    /// The API key is refused.
    ApiKey(ApiKeyError),
    /// Nobody can say whose API key it is.
    #[cfg(feature = "full")]
    ApiKeyUnavailable,
    /// The issuer's keys cannot be had, so nobody can say whether the token is good.
    KeysUnavailable,
    /// The host cannot verify the token's signature: its platform lacks the algorithm.
    SignatureUnavailable,
    /// The issuer does not say whether the token counts.
    #[cfg(feature = "full")]
    IntrospectionUnavailable,
    /// Nobody can say whether the credential was taken back.
    #[cfg(feature = "full")]
    RevocationUnavailable,
    /// Nobody can say whether the proof was seen before.
    #[cfg(feature = "full")]
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
            #[cfg(feature = "full")]
            Self::Revoked(_) => "revoked",
            #[cfg(feature = "full")]
            Self::BreakGlass(error) => error.reason(),
            Self::ApiKey(error) => error.reason(),
            #[cfg(feature = "full")]
            Self::ApiKeyUnavailable => "api_key_unavailable",
            Self::KeysUnavailable => "keys_unavailable",
            Self::SignatureUnavailable => "signature_unavailable",
            #[cfg(feature = "full")]
            Self::IntrospectionUnavailable => "introspection_unavailable",
            #[cfg(feature = "full")]
            Self::RevocationUnavailable => "revocation_unavailable",
            #[cfg(feature = "full")]
            Self::ReplayUnavailable => "replay_unavailable",
        }
    }

    /// The evidence, where there is some.
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::Token(error) => error.detail(),
            #[cfg(feature = "full")]
            Self::Proof(error) => error.detail(),
            #[cfg(feature = "full")]
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
        self.evidence.is_plain() && self.session.nonce.is_none() && self.session.access_token.is_none()
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
    Keys { token: Token, evidence: Evidence, url: String, stale: bool, is_second: bool },
    /// For the token's signature.
    Signature { token: Token, evidence: Evidence, key: Arc<Key> },
    #[cfg(feature = "full")]
    Introspection { question: introspection::Question, evidence: Evidence },
    /// For whose API key it is.
    #[cfg(feature = "full")]
    ApiKey(api_key_store::Question),
    #[cfg(feature = "full")]
    Safeguard(safeguards::Step),
}

/// A token's way, as far as it goes without the host.
pub(crate) fn token(trust: &Trust, text: &str, presented: Presented, now: UnixTime) -> Result<Progress, AuthnError> {
    let Presented { session, evidence } = presented;
    let verified = bearer::begin(trust, text, session, now)?;
    after_bearer(trust, verified, evidence, now)
}

/// An API key's way, as far as it goes without the host.
pub(crate) fn api_key(trust: &Trust, text: &str, now: UnixTime) -> Result<Progress, AuthnError> {
    #[cfg(feature = "full")]
    if let Some(progress) = api_key_store::begin(trust, text, now) {
        return progress;
    }
    let found = api_key::find(&trust.api_keys, text, now).map_err(AuthnError::ApiKey)?;
    safeguards::of_api_key(trust, found, now)
}

/// Goes on with what the host answers; an answer to another question proves nothing.
pub(crate) fn resume(trust: &Trust, waiting: Waiting, answer: Answer, now: UnixTime) -> Result<Progress, AuthnError> {
    match (*waiting.0, answer) {
        (Step::Keys { token, evidence, stale: true, .. }, Answer::Later) => {
            let progress = bearer::without_fetched(trust, token, now)?;
            after_bearer(trust, progress, evidence, now)
        }
        (Step::Keys { token, evidence, url, is_second, .. }, answer) => {
            let fetched = if let Answer::Keys(fetched) = answer { fetched } else { None };
            let progress = bearer::with_fetched(trust, token, (&url, is_second), fetched.as_ref(), now)?;
            after_bearer(trust, progress, evidence, now)
        }
        (Step::Signature { token, evidence, key }, Answer::Signature(true)) => {
            let progress = bearer::with_valid_signature(trust, token, &key, now)?;
            after_bearer(trust, progress, evidence, now)
        }
        (Step::Signature { .. }, Answer::Signature(false)) => Err(TokenError::SignatureInvalid.into()),
        (Step::Signature { .. }, _) => Err(AuthnError::SignatureUnavailable),
        #[cfg(feature = "full")]
        (Step::Introspection { question, evidence }, answer) => {
            let body = if let Answer::Introspection(body) = answer { body } else { None };
            let bearer = introspection::finish(trust, &question, body.as_deref(), now)?;
            after_bearer(trust, bearer::Progress::Verified(bearer), evidence, now)
        }
        #[cfg(feature = "full")]
        (Step::ApiKey(question), answer) => api_key_store::finish(trust, &question, answer, now),
        #[cfg(feature = "full")]
        (Step::Safeguard(step), answer) => safeguards::resume(trust, step, answer, now),
    }
}

/// Whether a token that was verified before would still be: its key is in use, nobody has taken it back, and it has
/// neither ended nor, by a clock that went backwards, not begun. A bound token wants its proof each time.
pub(crate) fn still_holds(trust: &Trust, principal: &Principal, now: UnixTime) -> bool {
    // Whoever looked the key up is asked again, or what was found is still remembered: not here.
    #[cfg(feature = "full")]
    if principal.api_key().is_some() {
        return false;
    }
    let Some(token) = principal.token() else { return true };
    let verified = token.verified;
    let would_choose =
        || trust.issuers.get(verified.issuer).is_some_and(|issuer| issuer.keys.still_chooses(verified.set, now));
    !token.is_bound
        && verified.at <= now
        && now < token.valid_until
        && safeguards::still_allow(trust, token, now)
        && would_choose()
}

/// Why somebody who was admitted is not any more, where the host was asked for something else since.
pub(crate) fn taken_back(trust: &Trust, principal: &Principal, now: UnixTime) -> Option<AuthnError> {
    safeguards::taken_back(trust, principal, now)
}

fn after_bearer(
    trust: &Trust,
    progress: bearer::Progress,
    evidence: Evidence,
    now: UnixTime,
) -> Result<Progress, AuthnError> {
    let bearer = match progress {
        bearer::Progress::NeedKeys { token, url, stale, is_second } => {
            return Ok(need(Step::Keys { token, evidence, url, stale, is_second }));
        }
        bearer::Progress::NeedSignature { token, key } => return Ok(need(Step::Signature { token, evidence, key })),
        #[cfg(feature = "full")]
        bearer::Progress::NeedIntrospection(question) => {
            return Ok(need(Step::Introspection { question, evidence }));
        }
        bearer::Progress::Verified(bearer) => bearer,
    };
    safeguards::of_token(trust, bearer, evidence, now)
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
            Step::ApiKey(question) => question.ask(),
            #[cfg(feature = "full")]
            Step::Safeguard(step) => step.ask(),
        }
    }

    /// For [`Ask::Signature`]: the public key as a JWK with `kty` and its own members, nothing else.
    pub(crate) fn public_jwk(&self) -> Option<Json> {
        match &*self.0 {
            Step::Signature { key, .. } => key.public_jwk(),
            #[cfg(feature = "full")]
            Step::Safeguard(step) => step.public_jwk(),
            _ => None,
        }
    }
}
