//! The table of refusals: the only place that knows status codes and `WWW-Authenticate`.
//!
//! Each reason, whoever found it, falls into one row; the row says what the caller is told.

mod challenge;

use crate::authn::AuthnError;
#[cfg(feature = "full")]
use crate::authn::dpop::ProofError;
use crate::authz::decision::Denial;
use crate::credential::{CredentialError, Scheme};
use crate::json::{Json, Object};

pub(crate) use challenge::Schemes;
#[cfg(feature = "full")]
pub(crate) use challenge::resource_metadata;

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// No credential, and identity is needed.
    AuthenticationRequired,
    /// A malformed header, or two credentials.
    MalformedCredentials,
    /// The token is invalid, expired, revoked, or for someone else.
    InvalidToken,
    /// The API key is unknown, expired or revoked.
    InvalidApiKey,
    /// The DPoP proof is invalid.
    InvalidDpopProof,
    /// The DPoP proof wants a nonce, or a newer one.
    UseDpopNonce,
    /// A stronger or fresher sign-in is needed.
    InsufficientUserAuthentication,
    /// A scope is missing.
    InsufficientScope,
    /// A permission is missing, or the route is not declared.
    PermissionDenied,
    /// A role is missing.
    Forbidden,
    /// Not the owner, or a rule or condition denies.
    NotAllowed,
    /// An elevated role wants a justification.
    JustificationRequired,
    /// A cookie on an unsafe request that does not prove its origin.
    CrossSiteRequest,
    /// The resource is not there, or is hidden.
    NotFound,
    /// What the answer hangs on cannot be had now.
    Unavailable,
}

/// What a row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Which row.
    pub refusal: Refusal,
    /// The stable word.
    pub code: &'static str,
    /// The HTTP status code (RFC 9110 §15).
    pub status: u16,
    /// The challenge that goes with it.
    pub challenge: Challenge,
    /// What the caller is told.
    pub message: &'static str,
}

/// The `WWW-Authenticate` field of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Challenge {
    /// No field.
    None,
    /// Every scheme that is known, without `error` (RFC 6750 §3.1).
    Bare,
    /// Every scheme that is known; Bearer and DPoP with this `error`.
    All(&'static str),
    /// The scheme by which the token came, with this `error` (RFC 6750 §3.1, RFC 9449 §7.1, RFC 9470 §3); where that
    /// is Bearer and DPoP is known, DPoP follows without one.
    Token(&'static str),
    /// DPoP alone, with this `error` (RFC 9449 §7.1).
    Dpop(&'static str),
    /// The API key scheme alone.
    ApiKey,
}

/// The table. The README shows it, and a test holds the two equal.
#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    Row { refusal: Refusal::AuthenticationRequired, code: "authentication_required", status: 401, challenge: Challenge::Bare, message: "Authentication required" },
    Row { refusal: Refusal::MalformedCredentials, code: "malformed_credentials", status: 400, challenge: Challenge::All("invalid_request"), message: "Malformed credentials" },
    Row { refusal: Refusal::InvalidToken, code: "invalid_token", status: 401, challenge: Challenge::Token("invalid_token"), message: "Invalid or expired token" },
    Row { refusal: Refusal::InvalidApiKey, code: "invalid_api_key", status: 401, challenge: Challenge::ApiKey, message: "Invalid API key" },
    Row { refusal: Refusal::InvalidDpopProof, code: "invalid_dpop_proof", status: 401, challenge: Challenge::Dpop("invalid_dpop_proof"), message: "Invalid DPoP proof" },
    Row { refusal: Refusal::UseDpopNonce, code: "use_dpop_nonce", status: 401, challenge: Challenge::Dpop("use_dpop_nonce"), message: "DPoP nonce required" },
    Row { refusal: Refusal::InsufficientUserAuthentication, code: "insufficient_user_authentication", status: 401, challenge: Challenge::Token("insufficient_user_authentication"), message: "Stronger authentication required" },
    Row { refusal: Refusal::InsufficientScope, code: "insufficient_scope", status: 403, challenge: Challenge::Token("insufficient_scope"), message: "Insufficient scope" },
    Row { refusal: Refusal::PermissionDenied, code: "permission_denied", status: 403, challenge: Challenge::None, message: "Permission denied" },
    Row { refusal: Refusal::Forbidden, code: "forbidden", status: 403, challenge: Challenge::None, message: "Forbidden" },
    Row { refusal: Refusal::NotAllowed, code: "not_allowed", status: 403, challenge: Challenge::None, message: "Not allowed" },
    Row { refusal: Refusal::JustificationRequired, code: "justification_required", status: 403, challenge: Challenge::None, message: "Justification required" },
    Row { refusal: Refusal::CrossSiteRequest, code: "cross_site_request", status: 403, challenge: Challenge::None, message: "Cross-site request refused" },
    Row { refusal: Refusal::NotFound, code: "not_found", status: 404, challenge: Challenge::None, message: "Not found" },
    Row { refusal: Refusal::Unavailable, code: "unavailable", status: 503, challenge: Challenge::None, message: "Try again later" },
];

/// For [`Refusal::Unavailable`]: seconds until it is worth another try (RFC 9110 §10.2.3).
const RETRY_AFTER_SECONDS: &str = "5";

impl Refusal {
    /// What happened, in words.
    pub const fn what(self) -> &'static str {
        match self {
            Self::AuthenticationRequired => "no credential, identity needed (guests too)",
            Self::MalformedCredentials => "malformed header, two credentials",
            Self::InvalidToken => "token invalid, expired, revoked, for someone else",
            Self::InvalidApiKey => "API key unknown, mistyped, expired, revoked",
            Self::InvalidDpopProof => "DPoP proof missing or invalid",
            Self::UseDpopNonce => "DPoP proof without the nonce that is wanted",
            Self::InsufficientUserAuthentication => "stronger or fresher sign-in needed",
            Self::InsufficientScope => "scope missing",
            Self::PermissionDenied => "permission missing, or the route is not declared",
            Self::Forbidden => "role missing",
            Self::NotAllowed => "not the owner, or a rule denies",
            Self::JustificationRequired => "an elevated role wants a justification",
            Self::CrossSiteRequest => "cookie credential on an unsafe cross-site request",
            Self::NotFound => "resource not found, or hidden",
            Self::Unavailable => "keys, revocations, a resource or the engine unavailable",
        }
    }

    /// What the table says of it.
    pub fn row(self) -> &'static Row {
        const LAST: Row = match TABLE {
            [.., last] => *last,
            [] => Row { refusal: Refusal::Unavailable, code: "", status: 503, challenge: Challenge::None, message: "" },
        };
        TABLE.iter().find(|row| row.refusal == self).unwrap_or(&LAST)
    }
}

/// Why a request is refused, found by whoever looked.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Cause {
    /// The credentials are not well-formed.
    Credential(CredentialError),
    /// The credential proves nothing.
    Authentication(AuthnError),
    /// The decision is a denial.
    Denied(Denial),
    /// The decision is a denial, and the policy hides what it is about.
    Hidden(Denial),
    /// The decision is a denial, and whoever asked is a guest.
    Guest(Denial),
    /// The same, and the request has an `Authorization` of a scheme that nobody here knows.
    UnsupportedScheme,
    /// The loader finds no such resource.
    ResourceNotFound,
    /// The loader failed.
    ResourceUnavailable,
    /// The host answered something else than was asked, or the engine trapped.
    EngineFailed,
}

impl Cause {
    /// The one row for it.
    pub const fn refusal(&self) -> Refusal {
        match self {
            Self::Credential(CredentialError::CrossSite) => Refusal::CrossSiteRequest,
            Self::Credential(_) => Refusal::MalformedCredentials,
            Self::Authentication(error) => of_authn(error),
            Self::Guest(_) | Self::UnsupportedScheme => Refusal::AuthenticationRequired,
            Self::Denied(denial) => of_denial(denial),
            Self::Hidden(_) | Self::ResourceNotFound => Refusal::NotFound,
            Self::ResourceUnavailable | Self::EngineFailed => Refusal::Unavailable,
        }
    }

    /// The internal reason.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Credential(error) => error.reason(),
            Self::Authentication(error) => error.reason(),
            Self::Denied(denial) | Self::Hidden(denial) | Self::Guest(denial) => denial.reason(),
            Self::UnsupportedScheme => "unsupported_scheme",
            Self::ResourceNotFound => "resource_not_found",
            Self::ResourceUnavailable => "resource_unavailable",
            Self::EngineFailed => "engine_failed",
        }
    }

    /// The evidence, where there is some.
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::Authentication(error) => error.detail(),
            Self::Denied(denial) | Self::Hidden(denial) | Self::Guest(denial) => denial.detail(),
            _ => None,
        }
    }
}

const fn of_authn(error: &AuthnError) -> Refusal {
    match error {
        AuthnError::Token(_) | AuthnError::Binding(_) => Refusal::InvalidToken,
        #[cfg(feature = "full")]
        AuthnError::Revoked(_) | AuthnError::BreakGlass(_) => Refusal::InvalidToken,
        #[cfg(feature = "full")]
        AuthnError::Proof(ProofError::Nonce { .. }) => Refusal::UseDpopNonce,
        #[cfg(feature = "full")]
        AuthnError::Proof(_) => Refusal::InvalidDpopProof,
        AuthnError::ApiKey(_) => Refusal::InvalidApiKey,
        AuthnError::KeysUnavailable | AuthnError::SignatureUnavailable => Refusal::Unavailable,
        #[cfg(feature = "full")]
        AuthnError::ApiKeyUnavailable
        | AuthnError::IntrospectionUnavailable
        | AuthnError::RevocationUnavailable
        | AuthnError::ReplayUnavailable => Refusal::Unavailable,
    }
}

const fn of_denial(denial: &Denial) -> Refusal {
    match denial {
        Denial::AuthenticationMissing => Refusal::AuthenticationRequired,
        Denial::ScopeMissing { .. } => Refusal::InsufficientScope,
        Denial::RoleMissing { .. } => Refusal::Forbidden,
        Denial::NotOwner
        | Denial::ConditionFailed
        | Denial::FieldsOnly
        | Denial::TenantMismatch
        | Denial::ResourceRequired
        | Denial::Rule { .. }
        | Denial::Requirement { .. } => Refusal::NotAllowed,
        Denial::Elevation { .. } => Refusal::InsufficientUserAuthentication,
        Denial::Justification { .. } => Refusal::JustificationRequired,
        Denial::PathMalformed
        | Denial::RouteUndeclared
        | Denial::PermissionUnknown
        | Denial::RolesExclusive
        | Denial::PermissionMissing { .. } => Refusal::PermissionDenied,
    }
}

/// The finished refusal of a request: status, header fields, body.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejection {
    refusal: Refusal,
    message: String,
    challenge: Option<String>,
    cause: Cause,
}

impl Rejection {
    /// Renders a cause for the schemes that are known.
    /// `scheme` is how the token came.
    pub(crate) fn new(cause: Cause, schemes: &Schemes, scheme: Scheme) -> Self {
        let refusal = cause.refusal();
        let row = refusal.row();
        let message = match &cause {
            Cause::Denied(denial) => denial.rule().and_then(|(_, message)| message).unwrap_or(row.message).to_owned(),
            _ => row.message.to_owned(),
        };
        let challenge = schemes.challenge(row, &cause, scheme);
        Self { refusal, message, challenge, cause }
    }

    /// What to answer where the engine itself cannot.
    pub fn engine_failed() -> Self {
        let schemes =
            Schemes { bearer: false, dpop: None, api_key: false, realm: String::new(), resource_metadata: None };
        Self::new(Cause::EngineFailed, &schemes, Scheme::Bearer)
    }

    /// Which row of the table.
    pub const fn refusal(&self) -> Refusal {
        self.refusal
    }

    /// The HTTP status code.
    pub fn status(&self) -> u16 {
        self.refusal.row().status
    }

    /// The stable word for the caller.
    pub fn code(&self) -> &'static str {
        self.refusal.row().code
    }

    /// What led here. For the audit event, never for the caller.
    pub const fn cause(&self) -> &Cause {
        &self.cause
    }

    /// The header fields, in lower case and in this order.
    pub fn headers(&self) -> Vec<(&'static str, &str)> {
        let mut headers = vec![("content-type", "application/problem+json"), ("cache-control", "no-store")];
        if let Some(challenge) = &self.challenge {
            headers.push(("www-authenticate", challenge));
        }
        if self.refusal == Refusal::Unavailable {
            headers.push(("retry-after", RETRY_AFTER_SECONDS));
        }
        #[cfg(feature = "full")]
        if let Cause::Authentication(AuthnError::Proof(ProofError::Nonce { current })) = &self.cause {
            headers.push(("dpop-nonce", current));
        }
        headers
    }

    /// The body: problem details (RFC 9457) as JSON text.
    pub fn body(&self) -> String {
        Json::from(self.problem()).to_text()
    }

    fn problem(&self) -> Object {
        Object::new()
            .with("type", "about:blank")
            .with("title", phrase(self.status()))
            .with("status", i64::from(self.status()))
            .with("detail", self.message.as_str())
            .with("code", self.code())
    }

    /// The message for the caller.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The refusal as `types.d.ts` shows it.
    pub fn to_json(&self) -> Json {
        let mut headers = Object::new();
        for (name, value) in self.headers() {
            headers.set(name, value);
        }
        Object::new()
            .with("allowed", false)
            .with("status", i64::from(self.status()))
            .with("code", self.code())
            .with("headers", headers)
            .with("problem", self.problem())
            .into()
    }
}

/// RFC 9110 §15.
const fn phrase(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        _ => "Service Unavailable",
    }
}
