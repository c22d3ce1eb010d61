//! What the guard asks of its host, and what the host answers.

use core::fmt;
use std::sync::Arc;

use super::outcome::{Admitted, Asked};
use crate::authn::bearer::Waiting;
use crate::authn::trust::Trust;
use crate::jose::algorithm::Algorithm;
use crate::jose::key::Key;
use crate::json::{Json, Object};
#[cfg(feature = "wasm")]
use crate::time::UnixTime;

/// A request that waits for its host. It holds what was read so far, so that nobody can change it in between.
pub struct Need {
    pub(super) waits: Waits,
    pub(super) asked: Asked,
    /// Of the guard that asked: keys that one guard believes are none for another.
    pub(super) trust: Arc<Trust>,
}

pub(super) enum Waits {
    Keys(Waiting, String),
    Signature(Waiting, Arc<Key>),
    Resource { admitted: Arc<Admitted>, kind: String, id: String },
}

/// One thing that only the host can do.
#[derive(Clone, Copy)]
pub enum Ask<'a> {
    /// Fetch the JWK set at this URL: no redirect, status 200, at most 64 KiB. Answer with [`Answer::Keys`].
    Keys {
        /// https, or http on a loopback address.
        url: &'a str,
    },
    /// Verify a signature. Answer with [`Answer::Signature`].
    Signature {
        /// Tells this key from every other of the guard, for hosts that keep imported keys.
        key: u32,
        /// ES*, RS* or PS*.
        algorithm: Algorithm,
        /// The ASCII text that was signed.
        signing_input: &'a str,
        /// As it stands in a JWS: for ES* r and s side by side (RFC 7518 §3.4).
        signature: &'a [u8],
    },
    /// Load a resource. Answer with [`Answer::Resource`].
    Resource {
        /// Its type.
        kind: &'a str,
        /// The segment of the path, decoded.
        id: &'a str,
    },
}

/// What the host answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The text of the JWK set; `None` where it cannot be had.
    Keys(Option<Vec<u8>>),
    /// Whether the signature is valid.
    Signature(bool),
    /// The resource's attributes; `None` where there is no such resource.
    Resource(Option<Object>),
    /// The host failed. The request is refused, as unavailable where it may be worth another try.
    Failed,
}

impl Need {
    /// What is asked.
    pub fn ask(&self) -> Ask<'_> {
        match &self.waits {
            Waits::Keys(_, url) => Ask::Keys { url },
            Waits::Signature(waiting, key) => Ask::Signature {
                key: key.number,
                algorithm: waiting.token.algorithm(),
                signing_input: waiting.token.signing_input(),
                signature: waiting.token.signature(),
            },
            Waits::Resource { kind, id, .. } => Ask::Resource { kind, id },
        }
    }

    /// When the request was asked.
    #[cfg(feature = "wasm")]
    pub(crate) const fn asked_at(&self) -> UnixTime {
        self.asked.now
    }

    /// For [`Ask::Signature`]: the public key as a JWK with `kty` and its own members, nothing else.
    pub fn public_jwk(&self) -> Option<Json> {
        match &self.waits {
            Waits::Signature(_, key) => key.public_jwk(),
            Waits::Keys(..) | Waits::Resource { .. } => None,
        }
    }
}

/// A signature or a token is never printed.
impl fmt::Debug for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.ask(), f)
    }
}

impl fmt::Debug for Ask<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keys { url } => f.debug_struct("Keys").field("url", url).finish(),
            Self::Signature { key, algorithm, .. } => {
                f.debug_struct("Signature").field("key", key).field("algorithm", algorithm).finish_non_exhaustive()
            }
            Self::Resource { kind, id } => f.debug_struct("Resource").field("kind", kind).field("id", id).finish(),
        }
    }
}
