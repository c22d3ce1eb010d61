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
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    until: HashMap<String, UnixTime>,
    /// No name that is here ends before. Where all room is taken, nobody looks through it before then.
    next_end: Option<UnixTime>,
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
        if seen.until.contains_key(&name) {
            return Some(false);
        }
        if seen.until.len() >= MOST && seen.next_end.is_some_and(|end| end <= now) {
            seen.until.retain(|_, until| now < *until);
            seen.next_end = seen.until.values().min().copied();
        }
        if seen.until.len() >= MOST {
            return None;
        }
        seen.next_end = Some(seen.next_end.map_or(until, |end| end.min(until)));
        seen.until.insert(name, until);
        Some(true)
    }
}
