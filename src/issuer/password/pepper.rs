//! The secret that is not in the store.

use core::fmt;

use super::error::PasswordError;
use crate::grammar::Class;

/// A secret that goes into every hash and is kept elsewhere than they: who steals the store alone can guess nothing. It is
/// argon2's own secret input (RFC 9106 §3.1, K). Its id stands in each hash as `keyid`, so it can be replaced: the new one
/// in [`Settings::pepper`](super::Settings::pepper), the one before among the old ones, until
/// [`needs_rehash`](super::Passwords::needs_rehash) has changed the hashes.
#[derive(Clone)]
pub struct Pepper {
    id: String,
    secret: Vec<u8>,
}

impl Pepper {
    /// With an id of 1 to 8 letters, digits, `-` and `_`, and a secret of 16 to 64 random bytes.
    ///
    /// # Errors
    ///
    /// [`PasswordError::Pepper`].
    pub fn new(id: &str, secret: &[u8]) -> Result<Self, PasswordError> {
        if !(1..=8).contains(&id.len()) || !Class::NAME.holds(id) || !(16..=64).contains(&secret.len()) {
            return Err(PasswordError::Pepper);
        }
        Ok(Self { id: id.to_owned(), secret: secret.to_vec() })
    }

    /// What hashes call it.
    pub fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn secret(&self) -> &[u8] {
        &self.secret
    }
}

impl fmt::Debug for Pepper {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Pepper").field("id", &self.id).finish_non_exhaustive()
    }
}
