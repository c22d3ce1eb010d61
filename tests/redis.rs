//! The stores: one suite for the one in memory and the one in Redis, which is Debian's redis-server on a free port.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on must fail")]

#[path = "redis/server.rs"]
mod server;
#[path = "redis/suite.rs"]
mod suite;

use portcullis::UnixTime;
use portcullis::issuer::Coded;
use portcullis::stores::{self, AtomicStore, Decided, MemoryStore, RedisStore, StoreError};
use redis::aio::MultiplexedConnection;

use server::Server;
use suite::{NOW, at};

#[tokio::test(flavor = "multi_thread")]
async fn memory_keeps_what_a_store_promises() {
    suite::run(MemoryStore::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_keeps_what_a_store_promises() {
    let server = Server::start().await;
    suite::run(RedisStore::new(server.connect().await)).await;
}

/// As the npm package names them: `tests/web/issuer-otp.test.mjs`.
#[test]
fn names_hold_no_text_of_a_person() {
    assert_eq!(stores::name_of("totp", &["u1"]), "totp.s7Y8sz0E8A15KR03wg5ielxWqCUy7vrJ3sNzwexoPfM");
    assert_eq!(
        stores::name_of("attempts.account", &["\u{fc}\"\\\u{1}\n\u{2028}\u{7f}\u{1f511}"]),
        "attempts.account.q6hvqMnDx9nNd_-_jKGhANIY1oziriFpR9850sNZLSk"
    );
}

/// A store in which somebody else is always faster.
struct Busy;

impl AtomicStore for Busy {
    async fn read(&self, _: &str, _: UnixTime) -> Result<Option<stores::Entry>, StoreError> {
        Ok(None)
    }
    async fn swap(
        &self,
        _: &str,
        _: Option<&stores::Version>,
        _: &str,
        _: UnixTime,
        _: UnixTime,
    ) -> Result<bool, StoreError> {
        Ok(false)
    }
    async fn remove(&self, _: &str) -> Result<(), StoreError> {
        Ok(())
    }
}

#[tokio::test]
async fn a_race_that_is_always_lost_comes_to_an_end() {
    let mut decided = 0;
    let settled = stores::settle(&Busy, "a", NOW, |held| {
        assert_eq!(held, None);
        decided += 1;
        Ok::<_, StoreError>(Decided { answer: (), keep: Some((String::new(), at(60))) })
    });
    assert_eq!(settled.await.unwrap_err().code(), "store_contended");
    assert_eq!(decided, 64);
}

#[test]
fn memory_is_bounded_and_loses_none_silently() {
    let store = MemoryStore::with_room_for(2);
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
        assert!(store.swap("a", None, "1", at(10), NOW).await.unwrap());
        assert!(store.swap("b", None, "1", at(20), NOW).await.unwrap());
        assert_eq!(store.swap("c", None, "1", at(10), at(9)).await.unwrap_err().code(), "store_full");
        let held = store.read("b", NOW).await.unwrap().unwrap();
        assert!(store.swap("b", Some(held.version()), "2", at(20), at(9)).await.unwrap());
        assert_eq!(store.read("a", at(9)).await.unwrap().unwrap().value(), "1");
        assert!(store.swap("c", None, "1", at(20), at(10)).await.unwrap());
        assert_eq!(store.swap("a", None, "2", at(20), at(10)).await.unwrap_err().code(), "store_full");
        store.remove("b").await.unwrap();
        assert!(store.swap("a", None, "2", at(20), at(10)).await.unwrap());
    });
}

#[tokio::test]
async fn redis_that_is_down_is_an_error() {
    let server = Server::start().await;
    let store = RedisStore::new(server.connect().await);
    assert!(store.swap("a", None, "1", at(60), NOW).await.unwrap());
    drop(server);
    unavailable(store.read("a", NOW).await);
    unavailable(store.swap("a", None, "1", at(60), NOW).await);
    unavailable(store.remove("a").await);
}

#[tokio::test]
async fn what_is_no_entry_is_an_error_and_is_not_written_over() {
    let server = Server::start().await;
    let mut connection = server.connect().await;
    let store = RedisStore::new(connection.clone());
    let set = |text: &str| redis::cmd("SET").arg("portcullis:a").arg(text).to_owned();
    for text in ["", "1", "1 a", " 1 a b", "1  a", "a a a", "1790000060 x value", "-1 a value", "1e9 a value"] {
        set(text).exec_async(&mut connection).await.unwrap();
        unavailable(store.read("a", NOW).await);
        unavailable(store.swap("a", None, "1", at(60), NOW).await);
        assert_eq!(held(&mut connection, "portcullis:a").await, text.as_bytes());
    }
    // No text in UTF-8.
    redis::cmd("SET").arg("portcullis:a").arg(b"99999999999 ab \xff").exec_async(&mut connection).await.unwrap();
    unavailable(store.read("a", NOW).await);
    store.remove("a").await.unwrap();
    redis::cmd("RPUSH").arg("portcullis:a").arg("1").exec_async(&mut connection).await.unwrap();
    unavailable(store.read("a", NOW).await);
    unavailable(store.swap("a", None, "1", at(60), NOW).await);
    store.remove("a").await.unwrap();
    assert!(store.swap("a", None, "1", at(60), NOW).await.unwrap());
}

/// The npm package reads it so, and writes it so: `tests/web/stores-redis.test.mjs`.
#[tokio::test]
async fn a_key_holds_the_end_the_version_and_the_value() {
    let server = Server::start().await;
    let mut connection = server.connect().await;
    let store = RedisStore::with_prefix(connection.clone(), "app:").unwrap();
    assert!(store.swap("a", None, "the value", at(60), NOW).await.unwrap());
    let text = String::from_utf8(held(&mut connection, "app:a").await).unwrap();
    let mut words = text.splitn(3, ' ');
    assert_eq!(words.next().unwrap(), at(60).seconds().to_string());
    let version = words.next().unwrap();
    assert!(version.len() == 32 && version.bytes().all(|byte| b"0123456789abcdef".contains(&byte)), "{version}");
    assert_eq!(words.next().unwrap(), "the value");
    let ends: i64 = redis::cmd("PEXPIRETIME").arg("app:a").query_async(&mut connection).await.unwrap();
    assert_eq!(ends, (at(60).seconds() + 600) * 1000);

    let foreign = format!("{} 0123456789abcdef0123456789abcdef of the other", at(60).seconds());
    redis::cmd("SET").arg("app:b").arg(foreign).exec_async(&mut connection).await.unwrap();
    let entry = store.read("b", NOW).await.unwrap().unwrap();
    assert_eq!(entry.value(), "of the other");
    assert!(store.swap("b", Some(entry.version()), "mine", at(60), NOW).await.unwrap());

    for prefix in ["", "a b", "\u{e9}"] {
        assert_eq!(RedisStore::with_prefix(connection.clone(), prefix).unwrap_err().code(), "name_malformed");
    }
}

#[tokio::test]
async fn nothing_secret_is_in_a_debug_text() {
    let store = MemoryStore::default();
    store.swap("a", None, "secret", at(60), NOW).await.unwrap();
    let entry = store.read("a", NOW).await.unwrap().unwrap();
    assert!(!format!("{entry:?} {store:?}").contains("secret"));
}

async fn held(connection: &mut MultiplexedConnection, key: &str) -> Vec<u8> {
    redis::cmd("GET").arg(key).query_async(connection).await.unwrap()
}

fn unavailable<T: std::fmt::Debug>(answer: Result<T, StoreError>) {
    let error = answer.unwrap_err();
    assert_eq!(error.code(), "store_unavailable");
    assert!(std::error::Error::source(&error).is_some());
}
