//! scrypt, RFC 7914, for hashes that are there.

use core::hint::black_box;

use ::scrypt::{Params, scrypt};
use base64ct::Base64Unpadded;
use subtle::ConstantTimeEq;

use super::error::PasswordError;
use super::limits::Limits;
use super::phc;

/// A hash.
pub(super) struct Scrypt {
    params: Params,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl Scrypt {
    /// `ln=…,r=…,p=…`, the salt, the hash.
    pub(super) fn read(fields: &[&str], limits: &Limits) -> Result<Self, PasswordError> {
        let [parameters, salt, hash] = fields else { return Err(PasswordError::Malformed) };
        let [log_n, r, p] = phc::numbers(parameters, ["ln", "r", "p"])?;
        let salt = phc::bytes::<Base64Unpadded>(salt, phc::SALT)?;
        let hash = phc::bytes::<Base64Unpadded>(hash, phc::HASH)?;

        if log_n == 0 || r == 0 || p == 0 {
            return Err(PasswordError::Malformed);
        }
        // N·r·128 bytes are its memory, p times that its work.
        let bytes = u32::try_from(log_n)
            .ok()
            .and_then(|log_n| 1_u64.checked_shl(log_n))
            .and_then(|n| n.checked_mul(128))
            .and_then(|bytes| bytes.checked_mul(r))
            .and_then(|bytes| bytes.checked_mul(p))
            .ok_or(PasswordError::CostTooHigh)?;
        if bytes > u64::from(limits.memory_kib) * 1024 {
            return Err(PasswordError::CostTooHigh);
        }
        let params = match (u8::try_from(log_n), u32::try_from(r), u32::try_from(p)) {
            (Ok(log_n), Ok(r), Ok(p)) => Params::new(log_n, r, p).map_err(|_| PasswordError::CostTooHigh)?,
            _ => return Err(PasswordError::CostTooHigh),
        };
        Ok(Self { params, salt, hash })
    }

    pub(super) fn matches(&self, password: &[u8]) -> Result<bool, PasswordError> {
        self.reserve()?;
        let mut hash = vec![0; self.hash.len()];
        scrypt(password, &self.salt, &self.params, &mut hash).map_err(|_| PasswordError::Malformed)?;
        Ok(hash.ct_eq(&self.hash).into())
    }

    /// The function takes its memory for granted, so it is asked for before.
    fn reserve(&self) -> Result<(), PasswordError> {
        let bytes = self.params.n().checked_mul(128 * u64::from(self.params.r()));
        let bytes = bytes.and_then(|bytes| usize::try_from(bytes).ok()).ok_or(PasswordError::Memory)?;
        let mut memory = Vec::<u8>::new();
        memory.try_reserve_exact(bytes).map_err(|_| PasswordError::Memory)?;
        black_box(memory);
        Ok(())
    }
}
