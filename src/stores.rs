//! Where is kept what the sign-in side must remember: reads, and writes on a condition.
//!
//! A pure decision runs between a read and a swap, and once more where somebody else was faster: [`settle`].
//!
//! The npm package has the same contract in `portcullis/stores/…`, and its `RedisStore` and the one here may share one Redis.

mod error;
mod limits;
mod memory;
#[cfg(feature = "redis")]
mod redis;
mod settle;

use core::fmt;

use crate::time::UnixTime;

pub use error::StoreError;
pub use memory::MemoryStore;
#[cfg(feature = "redis")]
pub use redis::RedisStore;
pub use settle::{Decided, name_of, settle};

/// Changes with each write, and does not come back: also not where the entry ended and was written anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version(String);

/// What a store holds under a name.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    value: String,
    version: Version,
}

impl Entry {
    /// The text that was written last.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// For [`AtomicStore::swap`].
    pub const fn version(&self) -> &Version {
        &self.version
    }
}

/// Without the value, which may be a secret.
impl fmt::Debug for Entry {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Entry").field("version", &self.version).finish_non_exhaustive()
    }
}

/// Reads and conditional writes. Of any number of writers that name the same version exactly one succeeds.
///
/// A name is 1 to 512 characters of visible ASCII (`!` to `~`). A value is at most 65,536 bytes, without U+0000. Its
/// methods are asynchronous, because all stores but one are at the other end of a connection; the future of
/// [`MemoryStore`] is ready at once.
///
/// What each store promises:
///
/// 1. **One winner.** To compare the version and to write is one step. Of all calls of `swap` with one name and one version,
///    from any number of processes, exactly one is told `true`.
/// 2. **Its own writes.** What a `swap` that was told `true` wrote is what the next `read` finds, from any process.
/// 3. **The given end.** From the moment `until` on, and not before, the entry is as if it were not there: `read` gives
///    `None`, a `swap` that names its version is told `false`, and one that names `None` succeeds. Where `until` is past
///    already, `swap` succeeds and nothing is there.
/// 4. **Nothing is lost.** An entry is not forgotten before its end to make room. What is kept in memory ends with the
///    process.
/// 5. **No guess.** A store that cannot be reached, is full or answers otherwise than it should is an error. `None` and
///    `false` mean that it knows. Whether a `swap` that failed so was written is not known: read again.
///
/// # Errors
///
/// [`StoreError`], each of the methods.
pub trait AtomicStore: Send + Sync {
    /// What is under that name: `None` where there is nothing, or where it has ended.
    fn read(&self, name: &str, now: UnixTime) -> impl Future<Output = Result<Option<Entry>, StoreError>> + Send;

    /// Writes where the version is still that one (`None`: where there is nothing), and says whether it did. The entry ends
    /// at `until`, whenever the one before would have.
    fn swap(
        &self,
        name: &str,
        version: Option<&Version>,
        value: &str,
        until: UnixTime,
        now: UnixTime,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Removes what is under that name, whatever it is.
    fn remove(&self, name: &str) -> impl Future<Output = Result<(), StoreError>> + Send;
}
