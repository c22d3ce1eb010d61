//! The secrets behind refresh tokens.

use core::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::RefreshError;
use crate::base64url;

/// What no other use of the same secret would write first.
const PURPOSE: &[u8] = b"portcullis refresh token\0";

/// Secrets by their ids. The first makes tokens, all of them are believed: a new one is put in front, and the old one goes
/// when no token of its time is left.
pub struct Secrets {
    newest: (String, Hmac<Sha256>),
    others: Vec<(String, Hmac<Sha256>)>,
}

impl Secrets {
    /// There may be this many.
    pub const MOST: usize = 8;
    /// Each has at least this many bytes.
    pub const MIN_BYTES: usize = 32;

    /// From ids and bytes, the newest first.
    ///
    /// # Errors
    ///
    /// [`RefreshError::NoSecret`], [`RefreshError::TooManySecrets`], [`RefreshError::SecretTooShort`],
    /// [`RefreshError::SecretId`].
    pub fn new<'a>(secrets: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Result<Self, RefreshError> {
        let mut keyed: Vec<(String, Hmac<Sha256>)> = Vec::new();
        for (id, bytes) in secrets {
            if id.is_empty() || id.len() > 64 || keyed.iter().any(|(own, _)| own == id) {
                return Err(RefreshError::SecretId);
            }
            if bytes.len() < Self::MIN_BYTES {
                return Err(RefreshError::SecretTooShort);
            }
            if keyed.len() == Self::MOST {
                return Err(RefreshError::TooManySecrets);
            }
            let mac = <Hmac<Sha256> as KeyInit>::new_from_slice(bytes).map_err(|_| RefreshError::SecretTooShort)?;
            keyed.push((id.to_owned(), mac));
        }
        let mut keyed = keyed.into_iter();
        let newest = keyed.next().ok_or(RefreshError::NoSecret)?;
        Ok(Self { newest, others: keyed.collect() })
    }

    /// The id of the one that makes tokens.
    pub(super) fn newest(&self) -> &str {
        &self.newest.0
    }

    /// The MAC by the secret of that id; by the newest where that one is gone.
    pub(super) fn mac(&self, id: &str, family: &str, generation: &str) -> String {
        let (_, keyed) = self.others.iter().find(|(own, _)| own == id).unwrap_or(&self.newest);
        Base64UrlUnpadded::encode_string(&over(keyed, family, generation).finalize().into_bytes())
    }

    /// Whether one of them has made this. Compared in constant time.
    pub(super) fn verify(&self, family: &str, generation: &str, mac: &str) -> bool {
        let Some(mac) = base64url::decode(mac) else { return false };
        core::iter::once(&self.newest)
            .chain(&self.others)
            .any(|(_, keyed)| over(keyed, family, generation).verify_slice(&mac).is_ok())
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids = core::iter::once(&self.newest).chain(&self.others).map(|(id, _)| id);
        out.debug_set().entries(ids).finish()
    }
}

fn over(keyed: &Hmac<Sha256>, family: &str, generation: &str) -> Hmac<Sha256> {
    let mut mac = keyed.clone();
    // The family has a fixed length, so no two pairs read alike.
    for part in [PURPOSE, family.as_bytes(), b".", generation.as_bytes()] {
        mac.update(part);
    }
    mac
}
