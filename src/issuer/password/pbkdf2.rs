//! PBKDF2, RFC 8018 §5.2, for hashes that are there.

use ::pbkdf2::pbkdf2_hmac;
use base64ct::{Base64, Base64Pbkdf2, Base64Unpadded};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use subtle::ConstantTimeEq;

use super::error::PasswordError;
use super::limits::{Limits, within};
use super::phc;
use crate::grammar::Class;

/// The hash function inside.
#[derive(Clone, Copy)]
pub(super) enum Prf {
    Sha1,
    Sha256,
    Sha512,
}

impl Prf {
    pub(super) fn of_phc(id: &str) -> Option<Self> {
        match id {
            "pbkdf2" | "pbkdf2-sha1" => Some(Self::Sha1),
            "pbkdf2-sha256" => Some(Self::Sha256),
            "pbkdf2-sha512" => Some(Self::Sha512),
            _ => None,
        }
    }

    pub(super) fn of_django(id: &str) -> Option<Self> {
        match id {
            "pbkdf2_sha1" => Some(Self::Sha1),
            "pbkdf2_sha256" => Some(Self::Sha256),
            _ => None,
        }
    }

    fn bytes(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }
}

/// A hash.
pub(super) struct Pbkdf2 {
    prf: Prf,
    iterations: u32,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl Pbkdf2 {
    /// `i=…` and maybe `,l=…`, or a number alone as passlib has it; the salt, the hash.
    pub(super) fn read(prf: Prf, fields: &[&str], limits: &Limits) -> Result<Self, PasswordError> {
        let [parameters, salt, hash] = fields else { return Err(PasswordError::Malformed) };
        if !parameters.contains('=') {
            let salt = phc::bytes::<Base64Pbkdf2>(salt, phc::SALT)?;
            let hash = phc::bytes::<Base64Pbkdf2>(hash, phc::HASH)?;
            return Self::checked(prf, phc::number(parameters)?, salt, hash, limits);
        }
        let salt = phc::bytes::<Base64Unpadded>(salt, phc::SALT)?;
        let hash = phc::bytes::<Base64Unpadded>(hash, phc::HASH)?;
        let iterations = if parameters.contains(',') {
            let [iterations, length] = phc::numbers(parameters, ["i", "l"])?;
            if usize::try_from(length) != Ok(hash.len()) {
                return Err(PasswordError::Malformed);
            }
            iterations
        } else {
            let [iterations] = phc::numbers(parameters, ["i"])?;
            iterations
        };
        Self::checked(prf, iterations, salt, hash, limits)
    }

    /// The iterations, the salt as it is, the hash with its padding.
    pub(super) fn read_django(prf: Prf, fields: &[&str], limits: &Limits) -> Result<Self, PasswordError> {
        let [iterations, salt, hash] = fields else { return Err(PasswordError::Malformed) };
        if !phc::SALT.contains(&salt.len()) || !Class::VISIBLE.holds(salt) || hash.len() % 4 != 0 {
            return Err(PasswordError::Malformed);
        }
        let hash = phc::bytes::<Base64>(hash, phc::HASH)?;
        Self::checked(prf, phc::number(iterations)?, salt.as_bytes().to_vec(), hash, limits)
    }

    fn checked(
        prf: Prf,
        iterations: u64,
        salt: Vec<u8>,
        hash: Vec<u8>,
        limits: &Limits,
    ) -> Result<Self, PasswordError> {
        if iterations == 0 {
            return Err(PasswordError::Malformed);
        }
        // Each part of the hash is computed anew: a long one of SHA-1 costs four times as much.
        let parts = u64::try_from(hash.len().div_ceil(prf.bytes())).map_err(|_| PasswordError::Malformed)?;
        within(iterations * parts, limits.pbkdf2_iterations)?;
        Ok(Self { prf, iterations: within(iterations, limits.pbkdf2_iterations)?, salt, hash })
    }

    pub(super) fn matches(&self, password: &[u8]) -> bool {
        let mut hash = vec![0; self.hash.len()];
        let (salt, iterations) = (self.salt.as_slice(), self.iterations);
        match self.prf {
            Prf::Sha1 => pbkdf2_hmac::<Sha1>(password, salt, iterations, &mut hash),
            Prf::Sha256 => pbkdf2_hmac::<Sha256>(password, salt, iterations, &mut hash),
            Prf::Sha512 => pbkdf2_hmac::<Sha512>(password, salt, iterations, &mut hash),
        }
        hash.ct_eq(&self.hash).into()
    }
}
