//! What stands in the place of `safeguards` in guard.wasm: no token may be bound there, so nothing is looked for beside it,
//! and nothing takes a credential back.

use std::sync::Arc;

use super::api_key::ApiKey;
use super::bearer::Bearer;
use super::trust::Trust;
use super::{AuthnError, Progress};
use crate::credential::Scheme;
use crate::principal::{Principal, TokenFacts};
use crate::request::Request;
use crate::time::UnixTime;

pub(super) struct Evidence;

impl Evidence {
    pub(super) const fn of(_: &Request<'_>, _: (&str, Scheme), _: &Trust) -> Self {
        Self
    }

    #[cfg(not(feature = "wasm"))]
    pub(super) const fn is_plain(&self) -> bool {
        true
    }
}

#[expect(clippy::unnecessary_wraps, reason = "safeguards refuse")]
pub(super) fn of_token(_: &Trust, bearer: Bearer, _: Evidence, _: UnixTime) -> Result<Progress, AuthnError> {
    Ok(Progress::Principal(Arc::new(bearer.principal)))
}

#[expect(clippy::unnecessary_wraps, reason = "safeguards refuse")]
pub(super) fn of_api_key(_: &Trust, (_, key): (usize, &ApiKey), _: UnixTime) -> Result<Progress, AuthnError> {
    Ok(Progress::Principal(Arc::clone(&key.principal)))
}

pub(super) const fn taken_back(_: &Trust, _: &Principal, _: UnixTime) -> Option<AuthnError> {
    None
}

pub(super) const fn still_allow(_: &Trust, _: &TokenFacts, _: UnixTime) -> bool {
    true
}
