//! Entries in the memory of this process.

use core::fmt;
use std::collections::HashMap;
use std::future::ready;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::error::StoreError;
use super::limits::{checked_name, checked_value};
use super::{AtomicStore, Entry, Version};
use crate::time::UnixTime;

const MOST: usize = 100_000;

/// Entries in the memory of this process: enough for one, and for tests.
pub struct MemoryStore {
    most: usize,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    entries: HashMap<String, Kept>,
    writes: u64,
    /// No entry ends before. Where all room is taken, nobody looks through it before then.
    next_end: Option<UnixTime>,
}

struct Kept {
    entry: Entry,
    until: UnixTime,
}

impl MemoryStore {
    /// At most that many entries are kept. Behind that a newcomer is refused: nothing is forgotten before its time.
    pub fn with_room_for(most: usize) -> Self {
        Self { most, held: Mutex::default() }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look(&self, name: &str, now: UnixTime) -> Result<Option<Entry>, StoreError> {
        let name = checked_name(name)?;
        Ok(self.held().current(name, now).cloned())
    }

    fn write(
        &self,
        name: &str,
        version: Option<&Version>,
        value: &str,
        until: UnixTime,
        now: UnixTime,
    ) -> Result<bool, StoreError> {
        let (name, value) = (checked_name(name)?, checked_value(value)?);
        let mut held = self.held();
        if held.current(name, now).map(Entry::version) != version {
            return Ok(false);
        }
        if held.entries.len() >= self.most && !held.entries.contains_key(name) {
            held.forget(now);
            if held.entries.len() >= self.most {
                return Err(StoreError::Full);
            }
        }
        held.writes += 1;
        let entry = Entry { value: value.to_owned(), version: Version(held.writes.to_string()) };
        held.entries.insert(name.to_owned(), Kept { entry, until });
        held.next_end = Some(held.next_end.map_or(until, |end| end.min(until)));
        Ok(true)
    }
}

impl Held {
    fn current(&self, name: &str, now: UnixTime) -> Option<&Entry> {
        self.entries.get(name).filter(|kept| now < kept.until).map(|kept| &kept.entry)
    }

    fn forget(&mut self, now: UnixTime) {
        if self.next_end.is_some_and(|end| end <= now) {
            self.entries.retain(|_, kept| now < kept.until);
            self.next_end = self.entries.values().map(|kept| kept.until).min();
        }
    }
}

/// Room for 100,000 entries.
impl Default for MemoryStore {
    fn default() -> Self {
        Self::with_room_for(MOST)
    }
}

/// Without what it holds.
impl fmt::Debug for MemoryStore {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("MemoryStore").field("most", &self.most).finish_non_exhaustive()
    }
}

impl AtomicStore for MemoryStore {
    fn read(&self, name: &str, now: UnixTime) -> impl Future<Output = Result<Option<Entry>, StoreError>> + Send {
        ready(self.look(name, now))
    }

    fn swap(
        &self,
        name: &str,
        version: Option<&Version>,
        value: &str,
        until: UnixTime,
        now: UnixTime,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send {
        ready(self.write(name, version, value, until, now))
    }

    fn remove(&self, name: &str) -> impl Future<Output = Result<(), StoreError>> + Send {
        ready(checked_name(name).map(|name| {
            self.held().entries.remove(name);
        }))
    }
}
