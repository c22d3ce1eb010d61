//! A set of keys, and the one choice among them.

use std::sync::Arc;

use super::algorithm::Algorithm;
use super::key::Key;
use crate::json::{Json, JsonError, Limits};

/// A set may have this many keys.
pub(crate) const MAX_KEYS: usize = 100;

/// The keys of one issuer.
#[derive(Debug, Default)]
pub(crate) struct KeySet {
    pub(crate) keys: Vec<Arc<Key>>,
    /// A lone secret has no name, so a token's `kid` is not asked for it.
    pub(crate) nameless: bool,
}

/// Why a fetched text is no key set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeySetError {
    Json(JsonError),
    /// No `keys`, or not a list of at most [`MAX_KEYS`].
    Form,
}

/// Why no key was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChoiceError {
    /// No key has that `kid`.
    Unknown,
    /// The token names no key, and several would do.
    Required,
    /// The token names several keys.
    Ambiguous,
    /// The key is there, and does not allow the algorithm.
    NotAllowed,
}

impl KeySet {
    /// A fetched JWK set (RFC 7517 §5). A key that breaks a rule is passed over, as §5 wants it of unknown ones.
    pub(crate) fn parse_fetched(
        text: &[u8],
        listed: Option<&[Algorithm]>,
        next_number: &dyn Fn() -> u32,
    ) -> Result<Self, KeySetError> {
        let document = Json::parse_within(text, Limits::KEY_SET).map_err(KeySetError::Json)?;
        let jwks = document.member("keys").and_then(Json::as_array).ok_or(KeySetError::Form)?;
        if jwks.len() > MAX_KEYS {
            return Err(KeySetError::Form);
        }
        let mut keys = Vec::new();
        for jwk in jwks {
            if let Ok(key) = Key::from_jwk(jwk, listed, next_number()) {
                keys.push(Arc::new(key));
            }
        }
        Ok(Self { keys, nameless: false })
    }

    /// The one key for a token.
    ///
    /// 1. A token that names a key gets that key or none (RFC 7515 §4.1.4; no fallback).
    /// 2. A token that names none gets the only key that allows its algorithm.
    /// 3. The key must allow the algorithm: it is the key's word, not the token's (RFC 8725 §3.1).
    pub(crate) fn choose(&self, kid: Option<&str>, algorithm: Algorithm) -> Result<&Arc<Key>, ChoiceError> {
        let named = kid.filter(|_| !self.nameless);
        let mut candidates = 0;
        let mut chosen = None;
        for key in &self.keys {
            if named.is_some() && key.kid.as_deref() != named {
                continue;
            }
            candidates += 1;
            if key.verifier(algorithm).is_none() {
                continue;
            }
            if chosen.replace(key).is_some() {
                return Err(if named.is_some() { ChoiceError::Ambiguous } else { ChoiceError::Required });
            }
        }
        chosen.ok_or(match (named, candidates) {
            (Some(_), 0) => ChoiceError::Unknown,
            _ => ChoiceError::NotAllowed,
        })
    }

    /// Puts the keys of an earlier set in the place of those that are the same, so that a key keeps its number. Whether
    /// all are, one by one, so that it makes no difference which of the sets chooses.
    pub(crate) fn adopt(&mut self, before: &Self) -> bool {
        for key in &mut self.keys {
            if let Some(same) = before.keys.iter().find(|other| other.is_same(key)) {
                *key = Arc::clone(same);
            }
        }
        let mut pairs = self.keys.iter().zip(&before.keys);
        self.keys.len() == before.keys.len() && pairs.all(|(key, other)| Arc::ptr_eq(key, other))
    }

    /// The key of that number.
    #[cfg(feature = "wasm")]
    pub(crate) fn by_number(&self, number: u32) -> Option<&Arc<Key>> {
        self.keys.iter().find(|key| key.number == number)
    }
}
