//! "Who are you?": a credential becomes a principal, or a reason why not. It sees no policy.

pub(crate) mod api_key;
pub(crate) mod bearer;
pub(crate) mod issuer;
mod key_source;
pub(crate) mod trust;
mod url;

use crate::jwt::TokenError;
use api_key::ApiKeyError;

/// Why a presented credential proves nothing. For the audit event, never for the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthnError {
    /// The token is refused.
    Token(TokenError),
    /// The API key is refused.
    ApiKey(ApiKeyError),
    /// The issuer's keys cannot be had, so nobody can say whether the token is good.
    KeysUnavailable,
}

impl AuthnError {
    /// The internal reason.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Token(error) => error.reason(),
            Self::ApiKey(error) => error.reason(),
            Self::KeysUnavailable => "keys_unavailable",
        }
    }

    /// The evidence, where there is some.
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::Token(error) => error.detail(),
            Self::ApiKey(_) | Self::KeysUnavailable => None,
        }
    }
}

impl From<TokenError> for AuthnError {
    fn from(error: TokenError) -> Self {
        Self::Token(error)
    }
}
