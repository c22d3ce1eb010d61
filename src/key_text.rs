//! The form of an API key with a prefix: prefix, `_`, 30 base62 characters, and a checksum of 6. Who looks for leaked keys
//! finds it by that, and a mistyped one is refused without a look-up.

use sha2::{Digest, Sha256};

use crate::grammar::Class;

/// Base62 characters between prefix and checksum.
pub(crate) const SECRET_LENGTH: usize = 30;
/// Base62 characters of the checksum.
pub(crate) const CHECKSUM_LENGTH: usize = 6;

pub(crate) const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// What is wrong with the text of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Not of the length or the characters of a key.
    Form,
    /// The checksum is another one.
    Checksum,
}

/// 1 to 32 letters, digits and `_`.
pub(crate) fn is_prefix(text: &str) -> bool {
    (1..=32).contains(&text.len()) && Class::WORD.holds(text)
}

/// What stands behind the prefix, where the text begins with it.
pub(crate) fn secret_behind<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    text.strip_prefix(prefix)?.strip_prefix('_')
}

/// Looks at a key of which `secret` is what stands behind its prefix.
pub(crate) fn check(text: &str, secret: &str) -> Result<(), Fault> {
    if secret.len() != SECRET_LENGTH + CHECKSUM_LENGTH || !Class::ALPHANUMERIC.holds(secret) {
        return Err(Fault::Form);
    }
    let (checked, stated) = text.split_at_checked(text.len() - CHECKSUM_LENGTH).ok_or(Fault::Form)?;
    if checksum(checked) == stated { Ok(()) } else { Err(Fault::Checksum) }
}

/// The first four bytes of the SHA-256 of what stands before it, as a number in base62, six digits.
pub(crate) fn checksum(checked: &str) -> String {
    let hash = Sha256::digest(checked.as_bytes());
    let mut number = hash.iter().take(4).fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
    let mut digits = [b'0'; CHECKSUM_LENGTH];
    for digit in digits.iter_mut().rev() {
        let value = usize::try_from(number % 62).unwrap_or(0);
        *digit = BASE62.get(value).copied().unwrap_or(b'0');
        number /= 62;
    }
    digits.into_iter().map(char::from).collect()
}
