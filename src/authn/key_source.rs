//! Where an issuer's keys come from, and what is remembered of a fetched set.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::jose::algorithm::Algorithm;
use crate::jose::key::Key;
use crate::jose::key_set::{ChoiceError, KeySet};
use crate::time::UnixTime;

/// How long a fetched set is used.
const TIME_TO_LIVE: Duration = Duration::from_secs(600);
/// How long an unknown `kid`, or a failure, makes nobody fetch again.
const COOLDOWN: Duration = Duration::from_secs(30);
/// How long a failure makes nobody fetch again where there is no set at all, and how long a fetch may be under way.
const RETRY: Duration = Duration::from_secs(5);
/// How many fetches may be under way at once where there is no set: each waits for its own, because requests do not
/// wait for one another, and a flood must not become one at the issuer.
const MAX_COLD_FETCHES: u32 = 32;

/// The keys of one issuer.
#[derive(Debug)]
pub(crate) enum KeySource {
    /// Written in the trust document.
    Configured(KeySet),
    /// Fetched by the host from a URL.
    Fetched(FetchedKeys),
}

/// A set that the host fetches. The state is plain data: no timer, no promise.
#[derive(Debug)]
pub(crate) struct FetchedKeys {
    pub(crate) url: String,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    set: Option<(Arc<KeySet>, UnixTime)>,
    /// When a fetch last ended, well or not.
    last_attempt: Option<UnixTime>,
    /// When the host was last asked to, and how often since a fetch ended.
    asked: Option<(UnixTime, u32)>,
}

/// The answer for one token.
pub(crate) enum Chosen {
    Key(Arc<Key>),
    /// The host should fetch the set first.
    Fetch,
    Refused(ChoiceError),
    Unavailable,
}

impl KeySource {
    /// The key for a token. `asked` says that the host has just been asked to fetch.
    pub(crate) fn choose(&self, kid: Option<&str>, algorithm: Algorithm, now: UnixTime, asked: bool) -> Chosen {
        match self {
            Self::Configured(set) => from_set(set, kid, algorithm),
            Self::Fetched(fetched) => fetched.choose(kid, algorithm, now, asked),
        }
    }

    /// Whether a token would still be verified with the key of that number.
    #[cfg(feature = "wasm")]
    pub(crate) fn is_in_use(&self, number: u32, now: UnixTime) -> bool {
        match self {
            Self::Configured(set) => set.by_number(number).is_some(),
            Self::Fetched(fetched) => {
                let state = fetched.state.lock().unwrap_or_else(PoisonError::into_inner);
                let fresh = state.set.as_ref().filter(|(_, fetched)| is_within(TIME_TO_LIVE, *fetched, now));
                fresh.is_some_and(|(set, _)| set.by_number(number).is_some())
            }
        }
    }

    /// The key of that number, if it is still in use.
    #[cfg(feature = "wasm")]
    pub(crate) fn by_number(&self, number: u32) -> Option<Arc<Key>> {
        match self {
            Self::Configured(set) => set.by_number(number).cloned(),
            Self::Fetched(fetched) => {
                let state = fetched.state.lock().unwrap_or_else(PoisonError::into_inner);
                state.set.as_ref().and_then(|(set, _)| set.by_number(number).cloned())
            }
        }
    }
}

impl FetchedKeys {
    pub(crate) fn new(url: String) -> Self {
        Self { url, state: Mutex::default() }
    }

    /// 1. A fresh set chooses. For a `kid` that it lacks the host fetches once in the cooldown; while that is under
    ///    way nobody knows better.
    /// 2. Without a fresh set the host fetches; shortly after a failure, or with many under way, nobody does.
    ///
    /// `asked` says that this token has just had the host fetch.
    fn choose(&self, kid: Option<&str>, algorithm: Algorithm, now: UnixTime, asked: bool) -> Chosen {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let attempted_within = |span| state.last_attempt.is_some_and(|moment| is_within(span, moment, now));
        let under_way = state.asked.filter(|(moment, _)| is_within(RETRY, *moment, now)).map_or(0, |(_, count)| count);
        let chosen = match &state.set {
            Some((set, fetched)) if is_within(TIME_TO_LIVE, *fetched, now) => match from_set(set, kid, algorithm) {
                Chosen::Refused(ChoiceError::Unknown) if asked || attempted_within(COOLDOWN) => {
                    Chosen::Refused(ChoiceError::Unknown)
                }
                Chosen::Refused(ChoiceError::Unknown) if under_way > 0 => Chosen::Unavailable,
                Chosen::Refused(ChoiceError::Unknown) => Chosen::Fetch,
                chosen => chosen,
            },
            _ if asked || attempted_within(RETRY) || under_way >= MAX_COLD_FETCHES => Chosen::Unavailable,
            _ => Chosen::Fetch,
        };
        if matches!(chosen, Chosen::Fetch) {
            state.asked = Some((now, under_way.saturating_add(1)));
        }
        chosen
    }

    /// Takes what the host fetched; `None` where it failed. A set without one usable key is no reason to forget the
    /// keys that were good.
    pub(crate) fn store(&self, set: Option<KeySet>, now: UnixTime) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.last_attempt = Some(now);
        state.asked = None;
        let has_fresh = state.set.as_ref().is_some_and(|(_, fetched)| is_within(TIME_TO_LIVE, *fetched, now));
        if let Some(set) = set.filter(|set| !set.keys.is_empty() || !has_fresh) {
            state.set = Some((Arc::new(set), now));
        }
    }
}

fn is_within(span: Duration, moment: UnixTime, now: UnixTime) -> bool {
    now >= moment && now < moment.after(span)
}

fn from_set(set: &KeySet, kid: Option<&str>, algorithm: Algorithm) -> Chosen {
    match set.choose(kid, algorithm) {
        Ok(key) => Chosen::Key(Arc::clone(key)),
        Err(error) => Chosen::Refused(error),
    }
}
