//! The client's certificate, as whoever ended TLS hands it over in a header (RFC 8705, RFC 9440).

use super::trust::header_name;
use crate::base64url;
use crate::digest::sha256_base64url;
use crate::document::Node;
use crate::request::Request;

/// Where the certificate stands, and how it is written.
#[derive(Debug)]
pub(crate) struct CertificateHeader {
    pub(crate) name: String,
    form: Form,
}

#[derive(Debug, Clone, Copy)]
enum Form {
    /// A byte sequence of structured fields (RFC 9440 §2.1): base64 of the DER between colons.
    Rfc9440,
    /// One block of PEM (RFC 7468 §5), percent-encoded, or with its line breaks folded or lost.
    Pem,
    /// Base64 of the DER.
    Base64,
    /// The SHA-256 of the DER in hex.
    Sha256,
}

/// What stands in the header.
pub(super) struct Presented {
    /// The SHA-256 of the DER in base64url; `None` where the header is not readable.
    pub(super) thumbprint: Option<String>,
}

pub(super) fn read_certificate_header(
    credentials: &Node<'_>,
    (token_header, api_key_header): (&str, &str),
) -> Option<CertificateHeader> {
    let node = credentials.member("clientCertificate")?;
    node.has_only(&["header", "format"]);
    let name_node = node.expect("header");
    let name = header_name(&name_node);
    if name == token_header || name == api_key_header {
        name_node.bad("another header than those of credentials");
    }
    let form_node = node.expect("format");
    let form = match form_node.str() {
        "rfc9440" => Form::Rfc9440,
        "pem" => Form::Pem,
        "base64" => Form::Base64,
        "sha256" => Form::Sha256,
        _ => {
            form_node.bad("rfc9440, pem, base64 or sha256");
            return None;
        }
    };
    Some(CertificateHeader { name, form })
}

impl CertificateHeader {
    pub(super) fn read(&self, request: &Request<'_>) -> Option<Presented> {
        let value = request.field(&self.name)?.trim_matches([' ', '\t']);
        Some(Presented { thumbprint: self.form.thumbprint(value) })
    }
}

impl Form {
    fn thumbprint(self, value: &str) -> Option<String> {
        let der = match self {
            Self::Sha256 => return hex(value).map(|bytes| base64url::encode(&bytes)),
            Self::Rfc9440 => base64url::decode_base64(value.strip_prefix(':')?.strip_suffix(':')?)?,
            Self::Base64 => base64url::decode_base64(value)?,
            Self::Pem => pem(value)?,
        };
        // A certificate is a SEQUENCE (RFC 5280 §4.1).
        (der.first() == Some(&0x30)).then(|| sha256_base64url(&der))
    }
}

/// 32 bytes; colons may stand between them.
fn hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = if text.contains(':') {
        let pairs: Vec<&str> = text.split(':').collect();
        if pairs.iter().any(|pair| pair.len() != 2) {
            return None;
        }
        pairs.concat().into_bytes()
    } else {
        text.as_bytes().to_vec()
    };
    let bytes: Option<Vec<u8>> = digits.chunks(2).map(hex_byte).collect();
    bytes.filter(|bytes| bytes.len() == 32)
}

fn hex_byte(pair: &[u8]) -> Option<u8> {
    let [high, low] = pair else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some((digit(*high)? << 4) | digit(*low)?)
}

fn pem(value: &str) -> Option<Vec<u8>> {
    let text = if value.contains('%') { unescaped(value)? } else { value.to_owned() };
    let body = text.trim_matches([' ', '\t', '\r', '\n']).strip_prefix("-----BEGIN CERTIFICATE-----")?;
    let body = body.strip_suffix("-----END CERTIFICATE-----")?;
    let base64: String = body.chars().filter(|character| !matches!(character, ' ' | '\t' | '\r' | '\n')).collect();
    base64url::decode_base64(&base64)
}

/// Percent escapes decoded (RFC 3986 §2.1). A plus stays one: base64 has it.
fn unescaped(value: &str) -> Option<String> {
    let mut parts = value.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (pair, rest) = part.as_bytes().split_at_checked(2)?;
        bytes.push(hex_byte(pair)?);
        bytes.extend_from_slice(rest);
    }
    String::from_utf8(bytes).ok()
}
