//! What must hold of a credential beside its own proof, each in turn: the sender holds what the token is bound to, nobody
//! has taken the credential back, and the proof was not seen before.

use std::sync::Arc;

use super::api_key::{self, ApiKey, ApiKeyError};
use super::bearer::Bearer;
use super::dpop::{self, Proof, ProofError};
pub(super) use super::possession::Evidence;
use super::possession::{self, Possession, Replay};
use super::revocation::{self, Standing};
use super::trust::Trust;
use super::{AuthnError, Progress, Waiting};
use crate::ask::{Answer, Ask};
use crate::json::Json;
use crate::principal::{Principal, TokenFacts};
use crate::revocation::Revoked;
use crate::time::UnixTime;

/// A safeguard that waits for the host.
pub(super) enum Step {
    ProofSignature { bearer: Box<Bearer>, proof: Box<Proof> },
    Revocation { credential: Credential, names: Vec<String> },
    Replay { bearer: Box<Bearer>, replay: Replay },
}

/// A credential that proves who sends it, if nobody has taken it back.
pub(super) enum Credential {
    Token {
        bearer: Box<Bearer>,
        replay: Option<Replay>,
    },
    ApiKey {
        place: usize,
    },
    /// One that the host has looked up.
    StoredKey {
        key: Arc<ApiKey>,
    },
}

/// What the store of revocations has against a credential; an error where it does not say.
type Answered = Result<Option<Revoked>, ()>;

/// The safeguards of a token that was verified.
pub(super) fn of_token(
    trust: &Trust,
    bearer: Bearer,
    evidence: Evidence,
    now: UnixTime,
) -> Result<Progress, AuthnError> {
    let bearer = Box::new(bearer);
    match possession::check(trust, &bearer, evidence, now)? {
        Possession::Settled { replay } => after_possession(trust, bearer, replay, now),
        Possession::NeedSignature(proof) => Ok(need(Step::ProofSignature { bearer, proof })),
    }
}

/// Those of an API key, whose place in the trust document is `place`.
pub(super) fn of_api_key(trust: &Trust, (place, key): (usize, &ApiKey), now: UnixTime) -> Result<Progress, AuthnError> {
    of_key(trust, key, || Credential::ApiKey { place }, now)
}

/// Those of an API key that the host has looked up.
pub(super) fn of_stored_key(trust: &Trust, key: Arc<ApiKey>, now: UnixTime) -> Result<Progress, AuthnError> {
    of_key(trust, &key, || Credential::StoredKey { key: Arc::clone(&key) }, now)
}

fn of_key(
    trust: &Trust,
    key: &ApiKey,
    credential: impl FnOnce() -> Credential,
    now: UnixTime,
) -> Result<Progress, AuthnError> {
    match trust.revocations.of_api_key(key, now) {
        Standing::Holds => Ok(Progress::Principal(Arc::clone(&key.principal))),
        Standing::Revoked(_) => Err(AuthnError::ApiKey(ApiKeyError::Revoked)),
        Standing::Ask(names) => Ok(need(Step::Revocation { credential: credential(), names })),
    }
}

/// Whether nothing has taken a token back that was verified before.
pub(super) fn still_allow(trust: &Trust, token: &TokenFacts, now: UnixTime) -> bool {
    trust.revocations.still_allow(token, now)
}

/// What was pushed against somebody who was admitted before. Where nobody knew then what could take the token back,
/// nobody can say.
pub(super) fn taken_back(trust: &Trust, principal: &Principal, now: UnixTime) -> Option<AuthnError> {
    match principal.token() {
        Some(TokenFacts { revocable: None, .. }) => {
            trust.revocations.has_pushed().then_some(AuthnError::RevocationUnavailable)
        }
        Some(token) => trust.revocations.pushed_against(token.revocable.as_ref(), now).map(AuthnError::Revoked),
        None if !principal.is_authenticated() => None,
        None => {
            let what = trust.revocations.pushed_against(Some(&api_key::revocable(principal)), now);
            what.map(|_| AuthnError::ApiKey(ApiKeyError::Revoked))
        }
    }
}

/// Goes on with what the host answers; an answer to another question proves nothing.
pub(super) fn resume(trust: &Trust, step: Step, answer: Answer, now: UnixTime) -> Result<Progress, AuthnError> {
    match (step, answer) {
        (Step::ProofSignature { bearer, proof }, Answer::Signature(true)) => {
            let replay = dpop::finish(trust, *proof, now).map_err(AuthnError::Proof)?;
            after_possession(trust, bearer, replay, now)
        }
        (Step::ProofSignature { .. }, _) => Err(AuthnError::Proof(ProofError::Signature)),
        (Step::Revocation { credential, .. }, Answer::Revocation(moments)) => {
            after_lookup(trust, credential, Some(&moments), now)
        }
        (Step::Revocation { credential, .. }, _) => after_lookup(trust, credential, None, now),
        // What was pushed while the host was asked counts too.
        (Step::Replay { bearer, .. }, Answer::Fresh(true)) => match pushed_against(trust, &bearer, now) {
            Some(what) => Err(AuthnError::Revoked(what)),
            None => Ok(Progress::Principal(Arc::new(bearer.principal))),
        },
        (Step::Replay { .. }, Answer::Fresh(false)) => Err(AuthnError::Proof(ProofError::Replayed)),
        (Step::Replay { .. }, _) => Err(AuthnError::ReplayUnavailable),
    }
}

fn after_possession(
    trust: &Trust,
    bearer: Box<Bearer>,
    replay: Option<Replay>,
    now: UnixTime,
) -> Result<Progress, AuthnError> {
    let revocable = bearer.principal.token().and_then(|token| token.revocable.as_ref());
    match trust.revocations.of(revocable, now) {
        Standing::Holds => Ok(settled(bearer, replay)),
        Standing::Revoked(what) => Err(AuthnError::Revoked(what)),
        Standing::Ask(names) => Ok(need(Step::Revocation { credential: Credential::Token { bearer, replay }, names })),
    }
}

/// `moments` are what the store says; `None` where it says nothing.
fn after_lookup(
    trust: &Trust,
    credential: Credential,
    moments: Option<&[Option<i64>]>,
    now: UnixTime,
) -> Result<Progress, AuthnError> {
    let believed_until = |revoked: Answered| match revoked {
        Ok(None) => Ok(Some(trust.revocations.believed_until(now))),
        Ok(Some(what)) => Err(AuthnError::Revoked(what)),
        Err(()) if trust.revocations.allows_unavailable() => Ok(None),
        Err(()) => Err(AuthnError::RevocationUnavailable),
    };
    match credential {
        Credential::Token { mut bearer, replay } => {
            let revocable = bearer.principal.token().and_then(|token| token.revocable.as_ref());
            let until = believed_until(revocation::refused_by(revocable, moments))?;
            // What was pushed while the store was asked counts too.
            if let Some(what) = pushed_against(trust, &bearer, now) {
                return Err(AuthnError::Revoked(what));
            }
            // An answer that nobody gave is believed for this request alone.
            bearer.principal.mark_token(|token| token.believed_until = Some(until.unwrap_or(now)));
            Ok(settled(bearer, replay))
        }
        Credential::ApiKey { place } => {
            let key = trust.api_keys.get(place).ok_or(AuthnError::ApiKey(ApiKeyError::Unknown))?;
            of_key_after_lookup(trust, key, (moments, believed_until), now)
        }
        Credential::StoredKey { key } => of_key_after_lookup(trust, &key, (moments, believed_until), now),
    }
}

fn of_key_after_lookup(
    trust: &Trust,
    key: &ApiKey,
    (moments, believed_until): (Option<&[Option<i64>]>, impl Fn(Answered) -> Result<Option<UnixTime>, AuthnError>),
    now: UnixTime,
) -> Result<Progress, AuthnError> {
    let revocable = key.revocable();
    let is_pushed = trust.revocations.pushed_against(Some(&revocable), now).is_some();
    match believed_until(revocation::refused_by(Some(&revocable), moments)) {
        Ok(_) if is_pushed => Err(AuthnError::ApiKey(ApiKeyError::Revoked)),
        Ok(until) => {
            key.believe(now, until.unwrap_or(now));
            Ok(Progress::Principal(Arc::clone(&key.principal)))
        }
        Err(AuthnError::Revoked(_)) => Err(AuthnError::ApiKey(ApiKeyError::Revoked)),
        Err(error) => Err(error),
    }
}

/// What the host has pushed against a token by now.
fn pushed_against(trust: &Trust, bearer: &Bearer, now: UnixTime) -> Option<Revoked> {
    let revocable = bearer.principal.token().and_then(|token| token.revocable.as_ref());
    trust.revocations.pushed_against(revocable, now)
}

fn settled(bearer: Box<Bearer>, replay: Option<Replay>) -> Progress {
    match replay {
        None => Progress::Principal(Arc::new(bearer.principal)),
        Some(replay) => need(Step::Replay { bearer, replay }),
    }
}

fn need(step: Step) -> Progress {
    Progress::Need(Waiting(Box::new(super::Step::Safeguard(step))))
}

impl Step {
    pub(super) fn ask(&self) -> Ask<'_> {
        match self {
            Self::ProofSignature { proof, .. } => proof.ask(),
            Self::Revocation { names, .. } => Ask::Revocation { names },
            Self::Replay { replay, .. } => Ask::Replay { name: &replay.name, until: replay.until },
        }
    }

    pub(super) fn public_jwk(&self) -> Option<Json> {
        match self {
            Self::ProofSignature { proof, .. } => proof.key.public_jwk(),
            Self::Revocation { .. } | Self::Replay { .. } => None,
        }
    }
}
