//! What a token is bound to: its claim `cnf` (RFC 7800). It is worth nothing without.

use super::AuthnError;
use crate::json::{Json, Members, Value};
use crate::jwt::TokenError;

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

/// What a token is bound to: the claim `cnf` (RFC 7800).
#[derive(Debug)]
pub(super) struct Confirmation {
    /// The thumbprint of a key (RFC 9449 §6.1).
    #[cfg(feature = "full")]
    pub(super) key: Option<String>,
    /// The thumbprint of a certificate (RFC 8705 §3.1).
    #[cfg(feature = "full")]
    pub(super) certificate: Option<String>,
}

impl Confirmation {
    pub(super) fn read(claims: &Members) -> Result<Option<Self>, AuthnError> {
        let wrong_type = || TokenError::claim_type("cnf");
        let cnf = match claims.member("cnf") {
            None => return Ok(None),
            Some(Value::Json(Json::Object(cnf))) => cnf,
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
