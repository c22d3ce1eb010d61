//! Tokens: access tokens (RFC 9068), ID tokens (OpenID Connect Core §2) and tokens of guests, as a guard takes them.
//!
//! What a token says is prepared first ([`Prepared`]), and then signed: natively by [`Prepared::sign`]; where the host has
//! the key, by the host, and [`Prepared::with_signature`] joins the two.

mod access;
mod error;
mod guest;
mod id;
mod write;

use core::fmt;

pub use access::AccessToken;
use base64ct::{Base64UrlUnpadded, Encoding};
pub use error::IssueError;
pub use guest::GuestToken;
pub use id::IdToken;

use super::random::Random;
use super::signing_key::SigningKey;
use crate::jose::algorithm::Algorithm;
use crate::jose::compact::MAX_TOKEN_BYTES;
use crate::time::UnixTime;

/// What the header of a token says of the key that signs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedBy<'a> {
    /// Its algorithm.
    pub algorithm: Algorithm,
    /// Its name.
    pub kid: Option<&'a str>,
}

impl<'a> From<&'a SigningKey> for SignedBy<'a> {
    fn from(key: &'a SigningKey) -> Self {
        Self { algorithm: key.algorithm(), kid: key.kid() }
    }
}

/// A token that is signed by nobody yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    input: String,
    algorithm: Algorithm,
    id: String,
    expires: UnixTime,
}

impl Prepared {
    /// What is signed: header and claims as `header.payload` (RFC 7515 §5.1).
    pub fn signing_input(&self) -> &str {
        &self.input
    }

    /// Its `jti`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its `exp`.
    pub const fn expires(&self) -> UnixTime {
        self.expires
    }

    /// Signs it in this process, with the key that it was prepared for.
    ///
    /// # Errors
    ///
    /// [`IssueError::Key`], [`IssueError::TooLarge`].
    pub fn sign(self, key: &SigningKey, random: &mut impl Random) -> Result<Token, IssueError> {
        let signature = key.sign(self.input.as_bytes(), random).map_err(IssueError::Key)?;
        self.with_signature(&signature)
    }

    /// Joins it with the signature that the host made: of ES* R and S, not DER.
    ///
    /// # Errors
    ///
    /// [`IssueError::Signature`] where it has another length than its algorithm's, [`IssueError::TooLarge`].
    pub fn with_signature(self, signature: &[u8]) -> Result<Token, IssueError> {
        let text = join(&self.input, self.algorithm, signature)?;
        Ok(Token { text, id: self.id, expires: self.expires })
    }
}

/// The compact form of a JWS.
pub(crate) fn join(input: &str, algorithm: Algorithm, signature: &[u8]) -> Result<String, IssueError> {
    let is_of_length = match algorithm.signature_bytes() {
        Some(bytes) => signature.len() == bytes,
        // RSA: its modulus has 2048 to 8192 bits.
        None => (256..=1024).contains(&signature.len()),
    };
    if !is_of_length {
        return Err(IssueError::Signature);
    }
    let text = [input, ".", &Base64UrlUnpadded::encode_string(signature)].concat();
    if text.len() > MAX_TOKEN_BYTES { Err(IssueError::TooLarge) } else { Ok(text) }
}

/// A token: a secret of whoever it is for.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    text: String,
    id: String,
    expires: UnixTime,
}

impl Token {
    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its `jti`, by which it is revoked.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its `exp`.
    pub const fn expires(&self) -> UnixTime {
        self.expires
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Token").field("id", &self.id).field("expires", &self.expires).finish_non_exhaustive()
    }
}
