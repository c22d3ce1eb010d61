//! DPoP proofs that were seen, as long as they could be sent again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::host::ReplayStore;
use crate::time::UnixTime;

/// Behind this many that still count the next is not remembered, and so not taken.
const MOST: usize = 100_000;

/// For one process. Servers that share their routes want one that they share.
#[derive(Default)]
pub(super) struct Replays {
    seen: Mutex<HashMap<String, UnixTime>>,
}

impl Replays {
    pub(super) fn into_store(self) -> Box<ReplayStore> {
        let replays = Arc::new(self);
        Box::new(move |name, until, now| {
            let remembered = replays.remember(name, until, now);
            Box::pin(std::future::ready(remembered))
        })
    }

    /// Whether the name is new; `None` where there is no room for it.
    fn remember(&self, name: String, until: UnixTime, now: UnixTime) -> Option<bool> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.get(&name).is_some_and(|until| now < *until) {
            return Some(false);
        }
        if seen.len() >= MOST {
            seen.retain(|_, until| now < *until);
        }
        if seen.len() >= MOST {
            return None;
        }
        seen.insert(name, until);
        Some(true)
    }
}
