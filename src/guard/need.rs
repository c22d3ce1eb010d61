//! A request that waits for its host.

use core::fmt;
use std::sync::Arc;

use super::outcome::{Admitted, Asked};
use crate::ask::Ask;
use crate::authn::Waiting;
#[cfg(feature = "full")]
use crate::authn::break_glass::EmergencyGrant;
use crate::authn::trust::Trust;
use crate::json::Json;
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
    Authentication(Waiting),
    Resource {
        admitted: Arc<Admitted>,
        kind: String,
        id: String,
    },
    /// For what the store of revocations says of a break-glass grant.
    #[cfg(feature = "full")]
    BreakGlass {
        admitted: Arc<Admitted>,
        grant: Arc<EmergencyGrant>,
        names: Vec<String>,
    },
}

impl Need {
    /// What is asked.
    pub fn ask(&self) -> Ask<'_> {
        match &self.waits {
            Waits::Authentication(waiting) => waiting.ask(),
            Waits::Resource { kind, id, .. } => Ask::Resource { kind, id },
            #[cfg(feature = "full")]
            Waits::BreakGlass { names, .. } => Ask::Revocation { names },
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
            Waits::Authentication(waiting) => waiting.public_jwk(),
            _ => None,
        }
    }
}

/// A signature or a token is never printed.
impl fmt::Debug for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.ask(), f)
    }
}
