//! base64url as RFC 7515 §2 wants it: no padding, no line breaks, and one spelling for each value.

use base64ct::{Base64UrlUnpadded, Encoding};

/// The bytes, or `None` for padding, another alphabet, an impossible length or stray trailing bits.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).ok()
}

pub(crate) fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}
