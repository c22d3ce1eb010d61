//! bcrypt, for hashes that are there.

use base64ct::Base64Bcrypt;
use subtle::ConstantTimeEq;

use super::error::PasswordError;
use super::limits::{Limits, within};
use super::phc;

/// All that bcrypt sees of a password and the NUL behind it.
const KEY_BYTES: usize = 72;
/// It computes 24 bytes and has always left the last one out.
const HASH_BYTES: usize = 23;
const SALT_CHARACTERS: usize = 22;

/// A hash.
pub(super) struct Bcrypt {
    cost: u32,
    salt: [u8; 16],
    hash: Vec<u8>,
}

impl Bcrypt {
    /// The cost in two digits, then 22 characters of salt and 31 of hash. `2a`, `2b` and `2y` differ in bugs alone that are
    /// not here.
    pub(super) fn read(fields: &[&str], limits: &Limits) -> Result<Self, PasswordError> {
        let [cost, rest] = fields else { return Err(PasswordError::Malformed) };
        let (salt, hash) = rest.split_at_checked(SALT_CHARACTERS).ok_or(PasswordError::Malformed)?;
        let salt = phc::bytes::<Base64Bcrypt>(salt, 16..=16)?;
        let hash = phc::bytes::<Base64Bcrypt>(hash, HASH_BYTES..=HASH_BYTES)?;
        let cost = match cost.as_bytes() {
            [tens @ b'0'..=b'3', ones @ b'0'..=b'9'] => u64::from((tens - b'0') * 10 + (ones - b'0')),
            _ => return Err(PasswordError::Malformed),
        };
        if !(4..=31).contains(&cost) {
            return Err(PasswordError::Malformed);
        }
        let salt = salt.try_into().map_err(|_| PasswordError::Malformed)?;
        Ok(Self { cost: within(cost, limits.bcrypt_cost)?, salt, hash })
    }

    /// A password that bcrypt would cut is none of which this could be the hash; that takes as long to say.
    pub(super) fn matches(&self, password: &[u8]) -> bool {
        let is_whole = password.len() <= KEY_BYTES && !password.contains(&0);
        let key: Vec<u8> = password.iter().copied().chain([0]).take(KEY_BYTES).collect();
        let computed = ::bcrypt::bcrypt(self.cost, self.salt, &key);
        let is_equal: bool = computed.get(..HASH_BYTES).is_some_and(|computed| computed.ct_eq(&self.hash).into());
        is_equal && is_whole
    }
}
