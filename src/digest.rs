//! SHA-256, as documents and events write it.

use sha2::{Digest, Sha256};

use crate::base64url;

/// The SHA-256 of some bytes.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The same as unpadded base64url.
pub(crate) fn sha256_base64url(bytes: &[u8]) -> String {
    base64url::encode(&sha256(bytes))
}
