//! A stored hash, of whichever scheme.

use super::Settings;
use super::argon2id::Argon2id;
use super::bcrypt::Bcrypt;
use super::error::PasswordError;
use super::pbkdf2::{Pbkdf2, Prf};
use super::scrypt::Scrypt;

/// No form of a hash is longer, with the longest numbers, salt and hash.
const MAX_BYTES: usize = 256;

/// A hash that is well-formed and within the limits.
pub(super) enum Stored<'a> {
    Argon2id(Argon2id<'a>),
    Bcrypt(Bcrypt),
    Scrypt(Scrypt),
    Pbkdf2(Pbkdf2),
}

impl<'a> Stored<'a> {
    pub(super) fn read(text: &str, settings: &'a Settings) -> Result<Self, PasswordError> {
        if text.len() > MAX_BYTES {
            return Err(PasswordError::Malformed);
        }
        let limits = &settings.limits;
        let fields: Vec<&str> = text.split('$').collect();
        match fields.as_slice() {
            ["", "argon2id", rest @ ..] => Argon2id::read(rest, settings).map(Self::Argon2id),
            ["", "2a" | "2b" | "2y", rest @ ..] => Bcrypt::read(rest, limits).map(Self::Bcrypt),
            ["", "scrypt", rest @ ..] => Scrypt::read(rest, limits).map(Self::Scrypt),
            ["", "", ..] | [] => Err(PasswordError::Malformed),
            ["", id, rest @ ..] => match Prf::of_phc(id) {
                Some(prf) => Pbkdf2::read(prf, rest, limits).map(Self::Pbkdf2),
                None => Err(PasswordError::Unsupported),
            },
            [id, rest @ ..] => match Prf::of_django(id) {
                Some(prf) => Pbkdf2::read_django(prf, rest, limits).map(Self::Pbkdf2),
                None => Err(PasswordError::Malformed),
            },
        }
    }

    pub(super) fn matches(&self, password: &[u8]) -> Result<bool, PasswordError> {
        match self {
            Self::Argon2id(hash) => hash.matches(password),
            Self::Bcrypt(hash) => Ok(hash.matches(password)),
            Self::Scrypt(hash) => hash.matches(password),
            Self::Pbkdf2(hash) => Ok(hash.matches(password)),
        }
    }

    /// Whether it is what these settings make.
    pub(super) fn is_current(&self, settings: &Settings) -> bool {
        matches!(self, Self::Argon2id(hash) if hash.is_of(settings))
    }
}
