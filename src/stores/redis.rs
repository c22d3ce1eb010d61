//! Redis: a script runs alone, so a look and a write in one script are one step. A key holds the end, the version and the
//! value, parted by spaces. The end that counts is the one in there, by the caller's clock; that of the key is later, and
//! only makes room. `www/src/stores/redis.ts` has the same scripts, and both may share one Redis.

use core::fmt;
use core::fmt::Write;
use core::time::Duration;

use redis::aio::ConnectionLike;
use redis::{Cmd, FromRedisValue};

use super::error::StoreError;
use super::limits::{checked_name, checked_value};
use super::{AtomicStore, Entry, Version};
use crate::issuer::{Random, SystemRandom};
use crate::time::UnixTime;

/// For which a key outlasts its entry: the clocks of the callers are others than Redis's.
const SLACK: Duration = Duration::from_secs(600);

/// The last moment whose milliseconds a number of JavaScript and of Lua holds.
const LAST_KEY_END: i64 = 9_007_199_254_740_991;

/// A script behind a look at the entry. `ARGV`: now. What is no entry is an error.
macro_rules! behind_a_look {
    ($script:literal) => {
        concat!(
            r"
local held = redis.call('GET', KEYS[1])
local ends, version, value
if held then
  ends, version, value = string.match(held, '^(%d+) (%x+) (.*)$')
  if not ends then return redis.error_reply('ERR not an entry of portcullis') end
  if tonumber(ends) <= tonumber(ARGV[1]) then version = nil end
end
",
            $script
        )
    };
}

const READ: &str = behind_a_look!(
    r"
if version then return { version, value } end
return false
"
);

/// Further `ARGV`: what must be there, `-` for nothing or `=` and its version; the key's new text, and when the key ends in
/// milliseconds.
const SWAP: &str = behind_a_look!(
    r"
if (version and '=' .. version or '-') ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[1], ARGV[3], 'PXAT', ARGV[4])
return 1
"
);

const REMOVE: &str = "return redis.call('DEL', KEYS[1])";

/// Entries in Redis 6.2 or later. They are as lasting as Redis is set up to be: without `appendfsync always` what it wrote
/// last may be gone after a crash, and a replica that takes over may lack it. With another `maxmemory-policy` than
/// `noeviction` Redis forgets entries before their end.
///
/// `C` is a connection of the crate redis 1.8 that is cloned for each call: a `MultiplexedConnection`, or a
/// `ConnectionManager`, which connects again. How long a call waits is the connection's. The versions come from
/// [`SystemRandom`], because many tasks write through one store.
pub struct RedisStore<C> {
    connection: C,
    prefix: String,
}

impl<C: ConnectionLike + Clone + Send + Sync> RedisStore<C> {
    /// A store whose keys begin with `portcullis:`.
    pub fn new(connection: C) -> Self {
        Self { connection, prefix: "portcullis:".to_owned() }
    }

    /// A store whose keys begin with `prefix`.
    ///
    /// # Errors
    ///
    /// [`StoreError::Name`] where the prefix is no name.
    pub fn with_prefix(connection: C, prefix: &str) -> Result<Self, StoreError> {
        Ok(Self { connection, prefix: checked_name(prefix)?.to_owned() })
    }

    /// What a script with one key answers.
    async fn eval<T: FromRedisValue>(&self, script: &str, name: &str, words: &[&str]) -> Result<T, StoreError> {
        let mut command = Cmd::new();
        command.arg("EVAL").arg(script).arg(1).arg([&self.prefix, checked_name(name)?].concat()).arg(words);
        command.query_async(&mut self.connection.clone()).await.map_err(unavailable)
    }
}

impl<C: ConnectionLike + Clone + Send + Sync> AtomicStore for RedisStore<C> {
    async fn read(&self, name: &str, now: UnixTime) -> Result<Option<Entry>, StoreError> {
        let found: Option<(String, String)> = self.eval(READ, name, &[&seconds(now)]).await?;
        Ok(found.map(|(version, value)| Entry { value, version: Version(version) }))
    }

    async fn swap(
        &self,
        name: &str,
        version: Option<&Version>,
        value: &str,
        until: UnixTime,
        now: UnixTime,
    ) -> Result<bool, StoreError> {
        let expected = version.map_or_else(|| "-".to_owned(), |Version(version)| ["=", version].concat());
        let held = [&seconds(until), " ", &fresh_version()?, " ", checked_value(value)?].concat();
        let key_end = until.after(SLACK).seconds().clamp(1, LAST_KEY_END / 1000) * 1000;
        match self.eval(SWAP, name, &[&seconds(now), &expected, &held, &key_end.to_string()]).await? {
            0 => Ok(false),
            1 => Ok(true),
            answer => Err(unavailable(NoAnswer(answer))),
        }
    }

    async fn remove(&self, name: &str) -> Result<(), StoreError> {
        self.eval::<u64>(REMOVE, name, &[]).await.map(drop)
    }
}

impl<C> fmt::Debug for RedisStore<C> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("RedisStore").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

/// The script says 0 or 1.
#[derive(Debug)]
struct NoAnswer(i64);

impl fmt::Display for NoAnswer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the script of a swap answered {}", self.0)
    }
}

impl std::error::Error for NoAnswer {}

/// A moment as the scripts read it: before 1970 it is past like 1970.
fn seconds(moment: UnixTime) -> String {
    moment.seconds().max(0).to_string()
}

/// 128 random bits, so that no version comes back.
fn fresh_version() -> Result<String, StoreError> {
    let mut bytes = [0; 16];
    SystemRandom.fill(&mut bytes).map_err(unavailable)?;
    bytes.iter().try_fold(String::with_capacity(32), |mut text, byte| {
        write!(text, "{byte:02x}").map_err(unavailable)?;
        Ok(text)
    })
}

fn unavailable(cause: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    StoreError::Unavailable(Box::new(cause))
}
