//! The compact serialization (RFC 7515 §3.1, §7.1). There is no other here.

use crate::base64url;

/// A token may have this many bytes.
pub(crate) const MAX_TOKEN_BYTES: usize = 16 << 10;

/// The parts of a compact JWS, decoded and believed by nobody.
pub(crate) struct Compact {
    pub(crate) header: Vec<u8>,
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

impl Compact {
    pub(crate) fn parse(text: &str) -> Result<Self, CompactError> {
        if text.len() > MAX_TOKEN_BYTES {
            return Err(CompactError::TooLarge);
        }
        // Six at most, so that a text of nothing but dots costs no list of its parts.
        let mut parts = text.splitn(6, '.');
        let (Some(header), Some(payload), Some(signature)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(CompactError::Malformed);
        };
        match parts.count() {
            0 => {}
            2 => return Err(CompactError::Encrypted),
            _ => return Err(CompactError::Malformed),
        }
        if header.is_empty() || payload.is_empty() || signature.is_empty() {
            return Err(CompactError::Malformed);
        }
        let signed_length = header.len() + 1 + payload.len();
        let decode = |part| decode(part).ok_or(CompactError::Encoding);
        let ((header, first), (payload, second), (signature, third)) =
            (decode(header)?, decode(payload)?, decode(signature)?);
        Ok(Self {
            header,
            payload,
            signing_input: text.get(..signed_length).ok_or(CompactError::Malformed)?.to_owned(),
            signature,
            is_padded: first || second || third,
        })
    }
}

/// The bytes of a part, and whether it was padded, as it must be then: to a length that four divides. Whoever asked
/// decides whether it may be.
fn decode(part: &str) -> Option<(Vec<u8>, bool)> {
    let bare = part.trim_end_matches('=');
    if bare.len() != part.len() && (!part.len().is_multiple_of(4) || part.len() - bare.len() > 2) {
        return None;
    }
    Some((base64url::decode(bare)?, bare.len() != part.len()))
}
