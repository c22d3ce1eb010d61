//! A signature without its payload (RFC 7515, appendix F): `header..signature`. What it is over the reader has already.

use super::compact::MAX_TOKEN_BYTES;
use crate::base64url;
use crate::json::{Json, Limits};

/// A detached compact JWS, believed by nobody yet.
pub(crate) struct Detached {
    pub(crate) header: Json,
    /// The ASCII text that must have been signed.
    pub(crate) signing_input: String,
    pub(crate) signature: Vec<u8>,
}

impl Detached {
    /// `None` where the text is no compact JWS with an empty payload, or its header no JSON object.
    pub(crate) fn parse(text: &str, payload: &[u8]) -> Option<Self> {
        if text.len() > MAX_TOKEN_BYTES {
            return None;
        }
        let mut parts = text.splitn(4, '.');
        let (header, nothing, signature) = (parts.next()?, parts.next()?, parts.next()?);
        if !nothing.is_empty() || parts.next().is_some() {
            return None;
        }
        let read = Json::parse_within(&base64url::decode(header)?, Limits::TOKEN).ok()?;
        read.as_object()?;
        Some(Self {
            header: read,
            signing_input: [header, ".", &base64url::encode(payload)].concat(),
            signature: base64url::decode(signature)?,
        })
    }
}
