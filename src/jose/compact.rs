//! The compact serialization (RFC 7515 §3.1, §7.1). There is no other here.

use crate::base64url;

/// A token may have this many bytes.
pub(crate) const MAX_TOKEN_BYTES: usize = 16 << 10;

/// The parts of a compact JWS, decoded and believed by nobody.
pub(crate) struct Compact<'a> {
    /// `None` where its text is the one that was known.
    pub(crate) header: Option<Vec<u8>>,
    /// The header as it stands in the token.
    pub(crate) header_text: &'a str,
    pub(crate) payload: Vec<u8>,
    /// The ASCII text that was signed (RFC 7515 §5.2 step 8).
    pub(crate) signing_input: String,
    pub(crate) signature: Vec<u8>,
    /// A part ends in padding.
    pub(crate) is_padded: bool,
}

/// Why a text is no compact JWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CompactError {
    TooLarge,
    /// Not three parts, or an empty one.
    Malformed,
    /// Five parts: a JWE (RFC 7516 §3.1), which is nobody's bearer token here.
    Encrypted,
    /// A part is not base64url.
    Encoding,
}

/// The payload of a signing input that was read before.
pub(crate) fn payload(signing_input: &str) -> Option<Vec<u8>> {
    decode(signing_input.split_once('.')?.1).map(|(bytes, _)| bytes)
}

impl<'a> Compact<'a> {
    /// `known_header`: the text of a header that was decoded before, and was not padded.
    pub(crate) fn parse(text: &'a str, known_header: Option<&str>) -> Result<Self, CompactError> {
        if text.len() > MAX_TOKEN_BYTES {
            return Err(CompactError::TooLarge);
        }
        let is_dot = |byte: &u8| *byte == b'.';
        let bytes = text.as_bytes();
        let (Some(first), Some(last)) = (bytes.iter().position(is_dot), bytes.iter().rposition(is_dot)) else {
            return Err(CompactError::Malformed);
        };
        // A dot in the middle part is no base64url, so nobody looks for one in a token that is good.
        let read = || {
            let header_text = text.get(..first)?;
            let (header, padded_header) = match known_header {
                Some(known) if known == header_text => (None, false),
                _ => decode(header_text).map(|(header, is_padded)| (Some(header), is_padded))?,
            };
            let (payload, padded_payload) = decode(text.get(first + 1..last)?)?;
            let (signature, padded_signature) = decode(text.get(last + 1..)?)?;
            let is_padded = padded_header || padded_payload || padded_signature;
            Some(Self {
                header,
                header_text,
                payload,
                signing_input: text.get(..last)?.to_owned(),
                signature,
                is_padded,
            })
        };
        read().ok_or_else(|| match bytes.iter().filter(|byte| is_dot(byte)).count() {
            2 if first > 0 && first + 1 < last && last + 1 < bytes.len() => CompactError::Encoding,
            4 => CompactError::Encrypted,
            _ => CompactError::Malformed,
        })
    }
}

/// The bytes of a part, and whether it was padded, as it must be then: to a length that four divides. Whoever asked
/// decides whether it may be.
fn decode(part: &str) -> Option<(Vec<u8>, bool)> {
    let bare = part.get(..=part.bytes().rposition(|byte| byte != b'=')?)?;
    if bare.len() != part.len() && (!part.len().is_multiple_of(4) || part.len() - bare.len() > 2) {
        return None;
    }
    Some((base64url::decode(bare)?, bare.len() != part.len()))
}
