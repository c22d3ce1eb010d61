//! Tokens that were verified before, natively: a name for each token's whole text leads to who it was.
//!
//! Nothing is decided from it alone. Whoever finds a principal here asks `authn` whether it still holds, and the policy
//! again. It belongs to one guard, so it knows one policy and one trust.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::outcome::{Admitted, Asked};
use crate::digest::sha256;

/// The SHA-256 of the token's text. The text itself is not kept.
pub(super) type Name = [u8; 32];

/// When the younger half is full, the older one goes.
const HALF: usize = 1024;

/// Bytes of a token beyond which it is verified each time: what is kept of it is bounded.
const LONGEST: usize = 4096;

pub(super) fn name(token: &str) -> Option<Name> {
    (token.len() <= LONGEST).then(|| sha256(token.as_bytes()))
}

/// The younger and the older.
#[derive(Debug, Default)]
struct Halves(HashMap<Name, Arc<Admitted>>, HashMap<Name, Arc<Admitted>>);

#[derive(Debug, Default)]
pub(super) struct Seen {
    halves: Mutex<Halves>,
}

impl Seen {
    pub(super) fn get(&self, name: &Name) -> Option<Arc<Admitted>> {
        let halves = self.halves.lock().unwrap_or_else(PoisonError::into_inner);
        halves.0.get(name).or_else(|| halves.1.get(name)).cloned()
    }

    /// A token that is bound to something comes with a proof each time, and is not remembered.
    pub(super) fn remember(&self, asked: &Asked, admitted: &Arc<Admitted>) {
        let (Some(name), Some(token)) = (asked.name, admitted.principal.token()) else { return };
        if token.is_bound {
            return;
        }
        let mut halves = self.halves.lock().unwrap_or_else(PoisonError::into_inner);
        if halves.0.len() >= HALF {
            halves.1 = std::mem::take(&mut halves.0);
        }
        halves.0.insert(name, Arc::clone(admitted));
    }
}
