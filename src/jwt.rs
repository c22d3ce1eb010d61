//! JSON Web Tokens: from a text that says something to claims that hold. It knows no HTTP and no policy.

pub(crate) mod claims;
pub(crate) mod token;

use crate::jose::compact::CompactError;
use crate::jose::key_set::ChoiceError;

/// Why a token is refused, in the order in which it is checked. For the audit event, never for the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenError {
    /// More than 16 KiB.
    TooLarge,
    /// Not three parts, or an empty one (RFC 7515 §3.1).
    Malformed,
    /// A JWE (RFC 7516).
    Encrypted,
    /// A part is not base64url, or not its only spelling (RFC 7515 §2).
    Encoding,
    /// The header or the claims are no strict JSON object (RFC 7519 §7.2).
    Json,
    /// A header parameter of the wrong type.
    HeaderMember {
        /// Its name.
        name: &'static str,
    },
    /// `alg` names no algorithm known here (RFC 8725 §3.1); `none` is one of those.
    AlgorithmUnsupported,
    /// `crit` or `b64`: an extension that nobody here understands (RFC 7515 §4.1.11, RFC 7797 §6).
    CriticalHeader,
    /// No `iss`.
    IssuerMissing,
    /// `iss` names nobody who is trusted.
    IssuerUnknown,
    /// `typ` is not that of the profile (RFC 8725 §3.11).
    TypMismatch,
    /// Neither the issuer nor the key allows the algorithm.
    AlgorithmNotAllowed,
    /// The token names no key, and several would do.
    KeyRequired,
    /// No key has that `kid`.
    KeyUnknown,
    /// Several keys have that `kid`.
    KeyAmbiguous,
    /// The signature does not verify.
    SignatureInvalid,
    /// A claim that must be there is not.
    ClaimMissing {
        /// Its name.
        name: String,
    },
    /// A claim of another type or form than its own.
    ClaimType {
        /// Its name.
        name: String,
    },
    /// `aud` names somebody else (RFC 7519 §4.1.3).
    AudienceMismatch,
    /// `azp` names somebody else (OpenID Connect Core §3.1.3.7).
    AuthorizedPartyMismatch,
    /// `nonce` is not that of the session (OpenID Connect Core §3.1.3.7).
    NonceMismatch,
    /// `at_hash` is of another access token (OpenID Connect Core §3.1.3.8).
    AccessTokenMismatch,
    /// `exp` has passed (RFC 7519 §4.1.4).
    Expired,
    /// `nbf` has not come (RFC 7519 §4.1.5).
    NotYetValid,
    /// `iat` has not come.
    IssuedInFuture,
    /// `iat` is longer ago than the issuer's `maxAge`.
    TooOld,
    /// A claim says something else than the provider's tokens of this kind.
    ClaimValue {
        /// Its name.
        name: String,
    },
    /// The issuer says that the token does not count (RFC 7662 §2.2).
    Inactive,
    /// The subject's id begins as those of another issuer do.
    SubjectConflict,
}

impl TokenError {
    /// The internal reason.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::TooLarge => "token_too_large",
            Self::Malformed => "token_malformed",
            Self::Encrypted => "token_encrypted",
            Self::Encoding => "token_encoding",
            Self::Json => "token_json",
            Self::HeaderMember { .. } => "header_member",
            Self::AlgorithmUnsupported => "algorithm_unsupported",
            Self::CriticalHeader => "critical_header",
            Self::IssuerMissing => "issuer_missing",
            Self::IssuerUnknown => "issuer_unknown",
            Self::TypMismatch => "typ_mismatch",
            Self::AlgorithmNotAllowed => "algorithm_not_allowed",
            Self::KeyRequired => "key_required",
            Self::KeyUnknown => "key_unknown",
            Self::KeyAmbiguous => "key_ambiguous",
            Self::SignatureInvalid => "signature_invalid",
            Self::ClaimMissing { .. } => "claim_missing",
            Self::ClaimType { .. } => "claim_type",
            Self::AudienceMismatch => "audience_mismatch",
            Self::AuthorizedPartyMismatch => "authorized_party_mismatch",
            Self::NonceMismatch => "nonce_mismatch",
            Self::AccessTokenMismatch => "access_token_mismatch",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::IssuedInFuture => "issued_in_future",
            Self::TooOld => "too_old",
            Self::ClaimValue { .. } => "claim_value",
            Self::Inactive => "token_inactive",
            Self::SubjectConflict => "subject_conflict",
        }
    }

    /// Compiled once, and away from what is good.
    #[cold]
    pub(crate) fn claim_missing(name: &str) -> Self {
        Self::ClaimMissing { name: name.to_owned() }
    }

    #[cold]
    pub(crate) fn claim_type(name: &str) -> Self {
        Self::ClaimType { name: name.to_owned() }
    }

    /// Whether the text is no JWS with a JSON object: it may be an opaque token.
    #[cfg(feature = "full")]
    pub(crate) const fn is_no_jws(&self) -> bool {
        matches!(self, Self::Malformed | Self::Encrypted | Self::Encoding | Self::Json)
    }

    /// The evidence: the name of the header parameter or claim.
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::HeaderMember { name } => Some(name),
            Self::ClaimMissing { name } | Self::ClaimType { name } | Self::ClaimValue { name } => Some(name),
            _ => None,
        }
    }
}

impl From<CompactError> for TokenError {
    fn from(error: CompactError) -> Self {
        match error {
            CompactError::TooLarge => Self::TooLarge,
            CompactError::Malformed => Self::Malformed,
            CompactError::Encrypted => Self::Encrypted,
            CompactError::Encoding => Self::Encoding,
        }
    }
}

impl From<ChoiceError> for TokenError {
    fn from(error: ChoiceError) -> Self {
        match error {
            ChoiceError::Unknown => Self::KeyUnknown,
            ChoiceError::Required => Self::KeyRequired,
            ChoiceError::Ambiguous => Self::KeyAmbiguous,
            ChoiceError::NotAllowed => Self::AlgorithmNotAllowed,
        }
    }
}
