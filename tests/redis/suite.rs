//! What every store must do: the cases of `tests/web/stores/suite.mjs`.

use std::sync::Arc;

use portcullis::UnixTime;
use portcullis::issuer::Coded;
use portcullis::issuer::otp::{OtpSecret, Totp, TotpOutcome, TotpSettings};
use portcullis::stores::{self, AtomicStore, Decided, StoreError, Version};

/// Later than any day on which the tests run, so that Redis by its own clock makes no room.
pub(crate) const NOW: UnixTime = UnixTime::from_seconds(9_790_000_000);

/// A moment that many seconds after [`NOW`].
pub(crate) const fn at(seconds: i64) -> UnixTime {
    UnixTime::from_seconds(NOW.seconds() + seconds)
}

/// Runs all cases.
pub(crate) async fn run(store: impl AtomicStore + 'static) {
    reads_what_was_written(&store).await;
    expects_what_is_there(&store).await;
    a_version_never_comes_back(&store).await;
    ends_at_its_until(&store).await;
    far_and_past_ends(&store).await;
    removes(&store).await;
    odd_names(&store).await;
    limits(&store).await;
    let store = Arc::new(store);
    one_of_fifty_wins(&store).await;
    fifty_increments(&store).await;
    one_code_of_fifty_is_accepted(&store).await;
}

async fn one_code_of_fifty_is_accepted(store: &Arc<impl AtomicStore + 'static>) {
    let secret = || OtpSecret::from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap();
    let name = stores::name_of("totp", &["u1"]);
    let uses = (0..50).map(|_| {
        let (store, name) = (Arc::clone(store), name.clone());
        let totp = Totp::new(secret(), TotpSettings::default()).unwrap();
        tokio::spawn(async move {
            let code = totp.code(NOW);
            stores::settle(&*store, &name, NOW, |last| {
                let answer = totp.verify(&code, NOW, last.map(|step| step.parse().unwrap()));
                let keep = match answer {
                    TotpOutcome::Accepted { step } => Some((step.to_string(), totp.keep_until(step))),
                    _ => None,
                };
                Ok::<_, StoreError>(Decided { answer, keep })
            })
            .await
            .unwrap()
        })
    });
    let mut outcomes = Vec::new();
    for used in uses.collect::<Vec<_>>() {
        outcomes.push(used.await.unwrap());
    }
    assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, TotpOutcome::Accepted { .. })).count(), 1);
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == TotpOutcome::Used).count(), 49);
}

async fn value(store: &impl AtomicStore, name: &str, now: UnixTime) -> Option<String> {
    store.read(name, now).await.unwrap().map(|entry| entry.value().to_owned())
}

async fn version(store: &impl AtomicStore, name: &str) -> Version {
    store.read(name, NOW).await.unwrap().unwrap().version().clone()
}

async fn reads_what_was_written(store: &impl AtomicStore) {
    assert_eq!(value(store, "read", NOW).await, None);
    let long = ["a".repeat(65_536), "\u{20ac}".repeat(21_845)];
    let short = ["", " ", "1 2 3", "a\nb\r\n", "\"'`;--\\", "\u{e9}\u{1f600}\u{feff}\u{2028}\u{ffff}"];
    for text in short.into_iter().chain(long.iter().map(String::as_str)) {
        assert!(store.swap("read", None, text, at(60), NOW).await.unwrap());
        assert_eq!(value(store, "read", NOW).await.unwrap(), text);
        store.remove("read").await.unwrap();
    }
}

async fn expects_what_is_there(store: &impl AtomicStore) {
    assert!(store.swap("expects", None, "first", at(60), NOW).await.unwrap());
    assert!(!store.swap("expects", None, "second", at(60), NOW).await.unwrap());
    let first = version(store, "expects").await;
    assert!(store.swap("expects", Some(&first), "second", at(60), NOW).await.unwrap());
    assert!(!store.swap("expects", Some(&first), "third", at(60), NOW).await.unwrap());
    assert_eq!(value(store, "expects", NOW).await.unwrap(), "second");
    let second = version(store, "expects").await;
    assert!(!store.swap("expects.other", Some(&second), "third", at(60), NOW).await.unwrap());
    assert_eq!(value(store, "expects.other", NOW).await, None);
}

async fn a_version_never_comes_back(store: &impl AtomicStore) {
    let mut seen: Vec<Version> = Vec::new();
    for turn in 0..6 {
        if turn == 3 {
            store.remove("version").await.unwrap();
        }
        // An end that is past already: nothing is there, and what comes is new.
        if turn == 5 {
            assert!(store.swap("version", seen.last(), "ended", NOW, NOW).await.unwrap());
        }
        let expected = seen.last().filter(|_| turn != 3 && turn != 5);
        assert!(store.swap("version", expected, "same", at(60), NOW).await.unwrap(), "{turn}");
        for before in &seen {
            assert!(!store.swap("version", Some(before), "other", at(60), NOW).await.unwrap(), "{turn}");
        }
        let version = version(store, "version").await;
        assert!(!seen.contains(&version));
        seen.push(version);
    }
}

async fn ends_at_its_until(store: &impl AtomicStore) {
    assert!(store.swap("ends", None, "first", at(10), NOW).await.unwrap());
    let first = version(store, "ends").await;
    assert_eq!(value(store, "ends", at(9)).await.unwrap(), "first");
    assert!(!store.swap("ends", None, "second", at(60), at(9)).await.unwrap());
    assert_eq!(value(store, "ends", at(10)).await, None);
    assert!(!store.swap("ends", Some(&first), "second", at(60), at(10)).await.unwrap());
    assert!(store.swap("ends", None, "third", at(60), at(10)).await.unwrap());
    let third = version(store, "ends").await;
    assert!(store.swap("ends", Some(&third), "fourth", at(20), at(10)).await.unwrap());
    assert_eq!(value(store, "ends", at(19)).await.unwrap(), "fourth");
    assert_eq!(value(store, "ends", at(20)).await, None);
}

async fn far_and_past_ends(store: &impl AtomicStore) {
    for until in [i64::MIN, -1, 0, 1, NOW.seconds() - 1, NOW.seconds()] {
        assert!(store.swap("past", None, "first", UnixTime::from_seconds(until), NOW).await.unwrap(), "{until}");
        assert_eq!(value(store, "past", NOW).await, None, "{until}");
    }
    for until in [9_007_199_254_740_991, i64::MAX] {
        assert!(store.swap("far", None, "first", UnixTime::from_seconds(until), NOW).await.unwrap(), "{until}");
        assert_eq!(value(store, "far", UnixTime::from_seconds(9_007_199_254_740_990)).await.unwrap(), "first");
        store.remove("far").await.unwrap();
    }
}

async fn removes(store: &impl AtomicStore) {
    store.remove("removes").await.unwrap();
    assert!(store.swap("removes", None, "first", at(60), NOW).await.unwrap());
    let first = version(store, "removes").await;
    store.remove("removes").await.unwrap();
    assert_eq!(value(store, "removes", NOW).await, None);
    assert!(!store.swap("removes", Some(&first), "second", at(60), NOW).await.unwrap());
    assert!(store.swap("removes", None, "third", at(60), NOW).await.unwrap());
}

async fn odd_names(store: &impl AtomicStore) {
    let long = ["x".repeat(512), "x".repeat(511)];
    let odd = ["!", "~", "'", "\"", "`", "\\", "%", "*", "{a}", "$1", ":", "';--", "A", "a", "__proto__"];
    let names: Vec<&str> = odd.into_iter().chain(long.iter().map(String::as_str)).collect();
    for name in &names {
        assert!(store.swap(name, None, name, at(60), NOW).await.unwrap(), "{name}");
    }
    for name in &names {
        assert_eq!(value(store, name, NOW).await.unwrap(), *name);
    }
}

async fn limits(store: &impl AtomicStore) {
    for name in ["", " ", "a b", "a\n", "\u{e9}", "a\0", "\x7f", &"a".repeat(513)] {
        assert_eq!(store.read(name, NOW).await.unwrap_err().code(), "name_malformed", "{name:?}");
        assert_eq!(store.swap(name, None, "a", at(60), NOW).await.unwrap_err().code(), "name_malformed", "{name:?}");
        assert_eq!(store.remove(name).await.unwrap_err().code(), "name_malformed", "{name:?}");
    }
    for large in ["a".repeat(65_537), "\u{e9}".repeat(32_769)] {
        assert_eq!(store.swap("limits", None, &large, at(60), NOW).await.unwrap_err().code(), "value_too_large");
    }
    for wrong in ["\0", "a\0b"] {
        assert_eq!(store.swap("limits", None, wrong, at(60), NOW).await.unwrap_err().code(), "value_malformed");
    }
    assert_eq!(value(store, "limits", NOW).await, None);
}

async fn one_of_fifty_wins<S: AtomicStore + 'static>(store: &Arc<S>) {
    for expected in [None, Some(()), None] {
        let version = match expected {
            None => None,
            Some(()) => Some(version(&**store, "race").await),
        };
        let tasks = (0..50).map(|turn| {
            let (store, version) = (Arc::clone(store), version.clone());
            tokio::spawn(async move {
                store.swap("race", version.as_ref(), &turn.to_string(), at(60), NOW).await.unwrap().then_some(turn)
            })
        });
        let winners: Vec<i32> = all(tasks).await.into_iter().flatten().collect();
        assert_eq!(winners.len(), 1, "{winners:?}");
        assert_eq!(value(&**store, "race", NOW).await, winners.first().map(ToString::to_string));
        if expected.is_some() {
            store.remove("race").await.unwrap();
        }
    }
}

async fn fifty_increments<S: AtomicStore + 'static>(store: &Arc<S>) {
    let tasks = (0..50).map(|_| {
        let store = Arc::clone(store);
        tokio::spawn(async move {
            loop {
                let held = store.read("count", NOW).await.unwrap();
                let next = held.as_ref().map_or(0, |entry| entry.value().parse::<u64>().unwrap()) + 1;
                let version = held.as_ref().map(|entry| entry.version());
                if store.swap("count", version, &next.to_string(), at(60), NOW).await.unwrap() {
                    break;
                }
            }
        })
    });
    all(tasks).await;
    assert_eq!(value(&**store, "count", NOW).await.unwrap(), "50");
}

async fn all<T>(tasks: impl Iterator<Item = tokio::task::JoinHandle<T>>) -> Vec<T> {
    let mut answers = Vec::new();
    // All are under way before the first is waited for.
    for task in tasks.collect::<Vec<_>>() {
        answers.push(task.await.unwrap());
    }
    answers
}
