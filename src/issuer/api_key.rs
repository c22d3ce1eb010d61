//! API keys: made, looked at, hashed, and exchanged for new ones.
//!
//! A key is `prefix_` with 30 base62 characters (178 bits) and a checksum of six behind it. Its SHA-256 is what is kept: the
//! `hash` of an entry of `apiKeys` in the trust document. A key that random needs no slow hash.

use core::fmt;
use core::time::Duration;

use super::error::Coded;
use super::random::{Random, RandomError};
use crate::digest;
use crate::key_text::{self, BASE62, Fault, SECRET_LENGTH};
use crate::time::UnixTime;

/// Why there is no key, or the text is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyTextError {
    /// A prefix is 1 to 32 letters, digits and `_`.
    Prefix,
    /// Not of the prefix, the length or the characters of such a key.
    Malformed,
    /// The checksum does not match: mistyped or truncated.
    Checksum,
    /// There is no randomness.
    Random(RandomError),
}

impl fmt::Display for KeyTextError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Prefix => out.write_str("the prefix of API keys must be 1 to 32 letters, digits and _"),
            Self::Malformed => out.write_str("this is no API key of that prefix"),
            Self::Checksum => out.write_str("the checksum of this API key does not match"),
            Self::Random(error) => error.fmt(out),
        }
    }
}

impl std::error::Error for KeyTextError {}

impl Coded for KeyTextError {
    fn code(&self) -> &'static str {
        match self {
            Self::Prefix => "prefix_malformed",
            Self::Malformed => "api_key_malformed",
            Self::Checksum => "api_key_checksum",
            Self::Random(error) => error.code(),
        }
    }
}

/// A key that was made. It is shown to its owner once; what is kept is its hash.
#[derive(Clone, PartialEq, Eq)]
pub struct NewApiKey {
    text: String,
}

impl NewApiKey {
    /// A new key.
    ///
    /// # Errors
    ///
    /// [`KeyTextError::Prefix`], [`KeyTextError::Random`].
    pub fn generate(prefix: &str, random: &mut impl Random) -> Result<Self, KeyTextError> {
        if !key_text::is_prefix(prefix) {
            return Err(KeyTextError::Prefix);
        }
        let mut text = format!("{prefix}_{}", base62(random)?);
        text.push_str(&key_text::checksum(&text));
        Ok(Self { text })
    }

    /// The key: a secret.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// [`hash_of`] it.
    pub fn hash(&self) -> String {
        hash_of(&self.text)
    }
}

impl fmt::Debug for NewApiKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("NewApiKey").field("hash", &self.hash()).finish_non_exhaustive()
    }
}

/// A key in exchange for another, which works on for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotated {
    /// The new key.
    pub key: NewApiKey,
    /// From when on the old key is refused: `notAfter` of its entry.
    pub old_not_after: UnixTime,
}

/// A new key in the place of one that ends at `not_after`, or never. The old one works on for `overlap`, but no longer than
/// it would have.
///
/// # Errors
///
/// Those of [`NewApiKey::generate`].
pub fn rotate(
    prefix: &str,
    not_after: Option<UnixTime>,
    overlap: Duration,
    now: UnixTime,
    random: &mut impl Random,
) -> Result<Rotated, KeyTextError> {
    let end = now.after(overlap);
    Ok(Rotated {
        key: NewApiKey::generate(prefix, random)?,
        old_not_after: not_after.map_or(end, |not_after| not_after.min(end)),
    })
}

/// Looks at a text without a look-up: does it have the form of a key with that prefix, and its checksum?
///
/// # Errors
///
/// [`KeyTextError::Malformed`], [`KeyTextError::Checksum`].
pub fn check_form(text: &str, prefix: &str) -> Result<(), KeyTextError> {
    let secret = key_text::secret_behind(text, prefix).ok_or(KeyTextError::Malformed)?;
    key_text::check(text, secret).map_err(|fault| match fault {
        Fault::Form => KeyTextError::Malformed,
        Fault::Checksum => KeyTextError::Checksum,
    })
}

/// `sha256:` and the unpadded base64url of the SHA-256 of the whole key, as the trust document has it.
pub fn hash_of(text: &str) -> String {
    format!("sha256:{}", digest::sha256_base64url(text.as_bytes()))
}

/// Each of the 62 as likely as any other: bytes beyond the last whole multiple are thrown away.
fn base62(random: &mut impl Random) -> Result<String, KeyTextError> {
    let mut text = String::with_capacity(SECRET_LENGTH);
    let mut bytes = [0; 64];
    while text.len() < SECRET_LENGTH {
        random.fill(&mut bytes).map_err(KeyTextError::Random)?;
        let even = bytes.iter().filter(|byte| **byte < 248);
        let digits = even.filter_map(|byte| BASE62.get(usize::from(*byte % 62)));
        text.extend(digits.take(SECRET_LENGTH - text.len()).map(|digit| char::from(*digit)));
    }
    Ok(text)
}
