//! What both sides of a one-time code share.

use core::fmt;

use base32ct::{Base32UpperUnpadded, Encoding};

use super::{OtpAlgorithm, OtpError};
use crate::issuer::random::Random;

/// Bytes: 128 bits, RFC 4226 §4 R6.
const SHORTEST: usize = 16;
/// Bytes: the block of SHA-512. Longer keys HMAC hashes first.
const LONGEST: usize = 128;
/// Characters of base32 that are looked at, with what stands between them.
const LONGEST_TEXT: usize = 512;

/// The secret of one person's codes. It must be readable to check them, so it is kept encrypted where that can be done.
#[derive(Clone, PartialEq, Eq)]
pub struct OtpSecret(Vec<u8>);

impl OtpSecret {
    /// As long as the hash: 20, 32 or 64 bytes.
    ///
    /// # Errors
    ///
    /// [`OtpError::Random`].
    pub fn generate(algorithm: OtpAlgorithm, random: &mut impl Random) -> Result<Self, OtpError> {
        let mut bytes = vec![0; algorithm.secret_length()];
        random.fill(&mut bytes).map_err(OtpError::Random)?;
        Ok(Self(bytes))
    }

    /// 16 to 128 bytes of another system.
    ///
    /// # Errors
    ///
    /// [`OtpError::SecretTooShort`], [`OtpError::SecretTooLong`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, OtpError> {
        match bytes.len() {
            ..SHORTEST => Err(OtpError::SecretTooShort),
            SHORTEST..=LONGEST => Ok(Self(bytes.to_vec())),
            _ => Err(OtpError::SecretTooLong),
        }
    }

    /// Base32 as apps and people write it: of either case, with spaces and hyphens, with padding or without. Bits behind the
    /// last whole byte are passed over, as the apps do.
    ///
    /// # Errors
    ///
    /// [`OtpError::SecretMalformed`], [`OtpError::SecretTooShort`], [`OtpError::SecretTooLong`].
    pub fn from_base32(text: &str) -> Result<Self, OtpError> {
        if text.len() > LONGEST_TEXT {
            return Err(OtpError::SecretTooLong);
        }
        let written: String = text.chars().filter(|character| !matches!(character, ' ' | '-')).collect();
        let letters = written.trim_end_matches('=');
        // RFC 4648 §6: one, three, four or six.
        let is_padded = letters.len() != written.len();
        if is_padded && (written.len() - letters.len() > 6 || !written.len().is_multiple_of(8)) {
            return Err(OtpError::SecretMalformed);
        }
        let bytes = Base32UpperUnpadded::decode_vec(&letters.to_ascii_uppercase());
        Self::from_bytes(&bytes.map_err(|_| OtpError::SecretMalformed)?)
    }

    /// Upper-case base32 without padding: the secret as an app reads it.
    pub fn to_base32(&self) -> String {
        Base32UpperUnpadded::encode_string(&self.0)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for OtpSecret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("OtpSecret").field("bytes", &self.0.len()).finish_non_exhaustive()
    }
}
