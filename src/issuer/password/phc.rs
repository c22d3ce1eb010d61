//! The parts of a stored hash, read strictly: what two readers could read in two ways is read in none.

use core::ops::RangeInclusive;

use base64ct::Encoding;

use super::error::PasswordError;

/// Of a salt. None of the schemes wants more, and none of their users has more.
pub(super) const SALT: RangeInclusive<usize> = 1..=64;
/// Of a hash: shorter ones can be guessed, and each scheme would go on for longer ones as long as it is asked to.
pub(super) const HASH: RangeInclusive<usize> = 16..=64;

/// The numbers of exactly these parameters, in this order: `m=65536,t=2,p=1`.
pub(super) fn numbers<const COUNT: usize>(text: &str, names: [&str; COUNT]) -> Result<[u64; COUNT], PasswordError> {
    let mut parts = text.split(',');
    let mut numbers = [0; COUNT];
    for (place, name) in numbers.iter_mut().zip(names) {
        let (found, digits) = parts.next().and_then(|part| part.split_once('=')).ok_or(PasswordError::Malformed)?;
        if found != name {
            return Err(PasswordError::Malformed);
        }
        *place = number(digits)?;
    }
    if parts.next().is_some() { Err(PasswordError::Malformed) } else { Ok(numbers) }
}

/// A number in its one spelling, of ten digits at most.
pub(super) fn number(digits: &str) -> Result<u64, PasswordError> {
    let is_one = (1..=10).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_one || (digits.len() > 1 && digits.starts_with('0')) {
        return Err(PasswordError::Malformed);
    }
    digits.parse().map_err(|_| PasswordError::Malformed)
}

/// So many bytes of base64 in its one spelling. It is decoded without a look at a table, in constant time.
pub(super) fn bytes<Alphabet: Encoding>(text: &str, length: RangeInclusive<usize>) -> Result<Vec<u8>, PasswordError> {
    let bytes = Alphabet::decode_vec(text).map_err(|_| PasswordError::Malformed)?;
    if length.contains(&bytes.len()) { Ok(bytes) } else { Err(PasswordError::Malformed) }
}
