//! base64url as RFC 7515 §2 wants it: no padding, no line breaks, and one spelling for each value; and base64 with its
//! padding (RFC 4648 §4), for what is not of JOSE.

#[cfg(feature = "full")]
use base64ct::Base64;
use base64ct::{Base64UrlUnpadded, Encoding};

/// The bytes, or `None` for padding, another alphabet, an impossible length or stray trailing bits.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).ok()
}

pub(crate) fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// The bytes of base64 with its padding, in its one spelling.
#[cfg(feature = "full")]
pub(crate) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    // The decoder takes some texts without their padding.
    if text.len().is_multiple_of(4) { Base64::decode_vec(text).ok() } else { None }
}

#[cfg(feature = "full")]
pub(crate) fn encode_base64(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}
