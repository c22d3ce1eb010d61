//! The URI by which authenticator apps take a secret up, as the Key Uri Format has it.

use super::{Codes, OtpError};

/// Bytes of an issuer's or an account's name: more fits into no QR code that a phone reads.
const LONGEST_NAME: usize = 128;

/// `kind` is `totp` or `hotp`; the last parameter is the period or the counter.
pub(super) fn of(
    kind: &str,
    codes: &Codes,
    issuer: &str,
    account: &str,
    last: &str,
    value: u64,
) -> Result<String, OtpError> {
    let (issuer, account) = (name(issuer)?, name(account)?);
    let (secret, algorithm) = (codes.secret.to_base32(), codes.algorithm.name());
    let digits = codes.digits.count();
    Ok(format!(
        "otpauth://{kind}/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm={algorithm}&digits={digits}&{last}={value}"
    ))
}

/// A name with all but the unreserved characters of RFC 3986 §2.3 escaped. A space is `%20`: apps do not read `+` as one. A
/// colon divides issuer and account, also where it is escaped.
fn name(text: &str) -> Result<String, OtpError> {
    let is_name = (1..=LONGEST_NAME).contains(&text.len());
    if !is_name || text.chars().any(|character| character == ':' || character.is_control()) {
        return Err(OtpError::Label);
    }
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    Ok(escaped)
}
