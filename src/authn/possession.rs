//! Proof of possession: a token that is bound to a key (RFC 9449) or a certificate (RFC 8705) is worth nothing without.

use super::bearer::Bearer;
#[cfg(feature = "full")]
use super::bearer::issuer_at;
use super::trust::Trust;
use super::{AuthnError, TokenError};
use crate::credential::Scheme;
#[cfg(feature = "full")]
use crate::document::{Fault, Node, Problem};
use crate::json::{Json, Object};
use crate::request::Request;
use crate::time::UnixTime;

#[cfg(feature = "full")]
pub(super) use super::dpop::Replay;
#[cfg(feature = "full")]
use super::dpop::{self, Proof};
/// Nothing can be replayed where there are no proofs.
#[cfg(not(feature = "full"))]
pub(super) type Replay = core::convert::Infallible;

/// Why a token is not presented as it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BindingError {
    /// It is bound by a method that nobody here knows (RFC 7800 §3.1).
    Unsupported,
    /// It is bound to a key, and came without a proof of it (RFC 9449 §7.2).
    Bound,
    /// It is not bound, and must be.
    Missing,
    /// It is bound to a certificate, and none came (RFC 8705 §3).
    CertificateMissing,
    /// The header of the certificate is not readable.
    CertificateMalformed,
    /// It is bound to another certificate.
    CertificateMismatch,
}

impl BindingError {
    /// The internal reason.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Unsupported => "binding_unsupported",
            Self::Bound => "token_bound",
            Self::Missing => "binding_missing",
            Self::CertificateMissing => "certificate_missing",
            Self::CertificateMalformed => "certificate_malformed",
            Self::CertificateMismatch => "certificate_mismatch",
        }
    }
}

/// How an issuer's tokens must be bound.
#[cfg(feature = "full")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Binding {
    Dpop,
    Certificate,
    Any,
}

/// What a token is bound to: the claim `cnf` (RFC 7800).
#[derive(Debug)]
pub(super) struct Confirmation {
    /// The thumbprint of a key (RFC 9449 §6.1).
    #[cfg(feature = "full")]
    key: Option<String>,
    /// The thumbprint of a certificate (RFC 8705 §3.1).
    #[cfg(feature = "full")]
    certificate: Option<String>,
}

impl Confirmation {
    pub(super) fn read(claims: &Object) -> Result<Option<Self>, AuthnError> {
        let wrong_type = || TokenError::ClaimType { name: "cnf".to_owned() };
        let cnf = match claims.member("cnf") {
            None => return Ok(None),
            Some(Json::Object(cnf)) => cnf,
            Some(_) => return Err(wrong_type().into()),
        };
        let text = |name: &str| match cnf.member(name) {
            None => Ok(None),
            Some(Json::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(wrong_type()),
        };
        let (key, certificate) = (text("jkt")?, text("x5t#S256")?);
        if !cfg!(feature = "full") || (key.is_none() && certificate.is_none()) {
            return Err(AuthnError::Binding(BindingError::Unsupported));
        }
        Ok(Some(Self {
            #[cfg(feature = "full")]
            key,
            #[cfg(feature = "full")]
            certificate,
        }))
    }
}

/// What of a request may prove that its sender holds what the token is bound to.
#[derive(Debug)]
pub(super) struct Evidence {
    #[cfg(feature = "full")]
    dpop: Option<dpop::Presented>,
    #[cfg(feature = "full")]
    certificate: Option<super::certificate::Presented>,
}

impl Evidence {
    #[cfg(feature = "full")]
    pub(super) fn of(request: &Request<'_>, (token, scheme): (&str, Scheme), trust: &Trust) -> Self {
        let with_scheme = trust.dpop.as_ref().filter(|_| scheme == Scheme::Dpop);
        let place = trust.certificate.as_ref();
        Self {
            dpop: with_scheme.map(|dpop| dpop::Presented::of(request, token, dpop)),
            certificate: place.and_then(|place| place.read(request)),
        }
    }

    #[cfg(not(feature = "full"))]
    pub(super) fn of(_: &Request<'_>, _: (&str, Scheme), _: &Trust) -> Self {
        Self {}
    }

    /// Whether the token came as a bearer token does. A certificate beside it matters only where the token says so.
    #[cfg(not(feature = "wasm"))]
    pub(super) const fn is_plain(&self) -> bool {
        #[cfg(feature = "full")]
        return self.dpop.is_none();
        #[cfg(not(feature = "full"))]
        true
    }
}

/// What has been proven.
pub(super) enum Possession {
    Settled {
        replay: Option<Replay>,
    },
    /// The host must verify the proof's signature first.
    #[cfg(feature = "full")]
    NeedSignature(Box<Proof>),
}

#[cfg(feature = "full")]
pub(super) fn read_binding(node: &Node<'_>) -> Result<Option<Binding>, Fault> {
    let Some(node) = node.member("binding") else { return Ok(None) };
    match node.text()? {
        "dpop" => Ok(Some(Binding::Dpop)),
        "certificate" => Ok(Some(Binding::Certificate)),
        "any" => Ok(Some(Binding::Any)),
        _ => Err(node.fail(Problem::BadValue { wanted: "dpop, certificate or any" })),
    }
}

/// 1. A token that is bound to a key comes by the DPoP scheme, and only such a token does (RFC 9449 §7.1, §7.2).
/// 2. The issuer's tokens are bound as they must be.
/// 3. The certificate is the token's (RFC 8705 §3).
/// 4. The proof is the key's, for this request, token and time (RFC 9449 §4.3).
#[cfg(feature = "full")]
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

#[cfg(not(feature = "full"))]
pub(super) fn check(_: &Trust, _: &Bearer, _: Evidence, _: UnixTime) -> Result<Possession, AuthnError> {
    // A token that is bound was refused where its claims were read.
    Ok(Possession::Settled { replay: None })
}
