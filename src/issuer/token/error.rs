//! Why there is no token.

use core::fmt;

use crate::issuer::error::Coded;
use crate::issuer::random::RandomError;
use crate::issuer::signing_key::SigningKeyError;

/// Why there is no token.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum IssueError {
    /// A text that must be there is empty, or longer than it may be.
    Text {
        /// The claim that it would be.
        claim: &'static str,
    },
    /// No audience, or more than 16.
    Audience,
    /// A scope that is no scope token (RFC 6749 §3.3).
    Scope,
    /// A lifetime of nothing, or beyond the longest of such a token.
    Lifetime,
    /// Somebody signed in without showing anything.
    SignIn,
    /// Who signed in, or has a session, has the client's name: a guard would take them for a service.
    SubjectIsClient,
    /// A further claim has the name of one that this side writes or that a guard reads.
    Registered {
        /// Its name.
        claim: String,
    },
    /// More than 16 KiB: a guard would not read it.
    TooLarge,
    /// A signature of another length than its algorithm's.
    Signature,
    /// There is no randomness.
    Random(RandomError),
    /// The key did not sign.
    Key(SigningKeyError),
}

impl fmt::Display for IssueError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Text { claim } => return write!(out, "{claim} is empty or too long"),
            Self::Registered { claim } => return write!(out, "the claim {claim} is not for the caller to write"),
            Self::Audience => "a token is for 1 to 16 audiences",
            Self::Scope => "a scope must be a scope token",
            Self::Lifetime => "the lifetime of the token is nothing, or too long",
            Self::SignIn => "whoever signed in has shown something",
            Self::SubjectIsClient => "a person has the name of the client",
            Self::TooLarge => "the token would have more than 16 KiB",
            Self::Signature => "the signature has another length than its algorithm's",
            Self::Random(error) => return error.fmt(out),
            Self::Key(error) => return error.fmt(out),
        })
    }
}

impl std::error::Error for IssueError {}

impl Coded for IssueError {
    fn code(&self) -> &'static str {
        match self {
            Self::Text { .. } => "claim_text",
            Self::Audience => "audience",
            Self::Scope => "scope",
            Self::Lifetime => "lifetime",
            Self::SignIn => "sign_in",
            Self::SubjectIsClient => "subject_is_client",
            Self::Registered { .. } => "claim_registered",
            Self::TooLarge => "token_too_large",
            Self::Signature => "signature_length",
            Self::Random(error) => error.code(),
            Self::Key(error) => error.code(),
        }
    }
}
