//! Proof of possession: a token that is bound to a key (RFC 9449) or a certificate (RFC 8705) is worth nothing without.

use super::AuthnError;
use super::bearer::{Bearer, issuer_at};
use super::binding::BindingError;
pub(super) use super::dpop::Replay;
use super::dpop::{self, Proof};
use super::trust::Trust;
use crate::credential::Scheme;
use crate::document::Node;
use crate::request::Request;
use crate::time::UnixTime;

/// How an issuer's tokens must be bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Binding {
    Dpop,
    Certificate,
    Any,
}

/// What of a request may prove that its sender holds what the token is bound to.
pub(super) struct Evidence {
    dpop: Option<dpop::Presented>,
    certificate: Option<super::certificate::Presented>,
}

impl Evidence {
    pub(super) fn of(request: &Request<'_>, (token, scheme): (&str, Scheme), trust: &Trust) -> Self {
        let with_scheme = trust.dpop.as_ref().filter(|_| scheme == Scheme::Dpop);
        let place = trust.certificate.as_ref();
        Self {
            dpop: with_scheme.map(|dpop| dpop::Presented::of(request, token, dpop)),
            certificate: place.and_then(|place| place.read(request)),
        }
    }

    /// Whether the token came as a bearer token does. A certificate beside it matters only where the token says so.
    #[cfg(not(feature = "wasm"))]
    pub(super) const fn is_plain(&self) -> bool {
        self.dpop.is_none()
    }
}

/// What has been proven.
pub(super) enum Possession {
    Settled {
        replay: Option<Replay>,
    },
    /// The host must verify the proof's signature first.
    NeedSignature(Box<Proof>),
}

pub(super) fn read_binding(node: &Node<'_>) -> Option<Binding> {
    let node = node.member("binding")?;
    match node.str() {
        "dpop" => return Some(Binding::Dpop),
        "certificate" => return Some(Binding::Certificate),
        "any" => {}
        _ => node.bad("dpop, certificate or any"),
    }
    Some(Binding::Any)
}

/// 1. A token that is bound to a key comes by the DPoP scheme, and only such a token does (RFC 9449 §7.1, §7.2).
/// 2. The issuer's tokens are bound as they must be.
/// 3. The certificate is the token's (RFC 8705 §3).
/// 4. The proof is the key's, for this request, token and time (RFC 9449 §4.3).
pub(super) fn check(
    trust: &Trust,
    bearer: &Bearer,
    evidence: Evidence,
    now: UnixTime,
) -> Result<Possession, AuthnError> {
    let refuse = |error| Err(AuthnError::Binding(error));
    let confirmation = bearer.confirmation.as_ref();
    let key = confirmation.and_then(|confirmation| confirmation.key.as_deref());
    let certificate = confirmation.and_then(|confirmation| confirmation.certificate.as_deref());
    match (key, &evidence.dpop) {
        (Some(_), None) => return refuse(BindingError::Bound),
        (None, Some(_)) => return refuse(BindingError::Missing),
        _ => {}
    }
    let is_as_wanted = match issuer_at(trust, bearer.issuer)?.binding {
        None => true,
        Some(Binding::Dpop) => key.is_some(),
        Some(Binding::Certificate) => certificate.is_some(),
        Some(Binding::Any) => confirmation.is_some(),
    };
    if !is_as_wanted {
        return refuse(BindingError::Missing);
    }
    if let Some(wanted) = certificate {
        match evidence.certificate.as_ref().map(|presented| presented.thumbprint.as_deref()) {
            None => return refuse(BindingError::CertificateMissing),
            Some(None) => return refuse(BindingError::CertificateMalformed),
            Some(Some(thumbprint)) if thumbprint != wanted => return refuse(BindingError::CertificateMismatch),
            Some(Some(_)) => {}
        }
    }
    match (key, evidence.dpop) {
        (Some(key), Some(presented)) => dpop::check(trust, key, presented, now).map_err(AuthnError::Proof),
        _ => Ok(Possession::Settled { replay: None }),
    }
}
