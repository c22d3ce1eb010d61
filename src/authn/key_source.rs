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
/// How long a failure makes nobody fetch again where there is no set at all.
const RETRY: Duration = Duration::from_secs(5);

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
    last_attempt: Option<UnixTime>,
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

    fn choose(&self, kid: Option<&str>, algorithm: Algorithm, now: UnixTime, asked: bool) -> Chosen {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let since = |span| move |moment: UnixTime| now >= moment && now < moment.after(span);
        let attempted_within = |span| state.last_attempt.is_some_and(since(span));
        let fresh = state.set.as_ref().filter(|(_, fetched)| since(TIME_TO_LIVE)(*fetched));
        match fresh {
            Some((set, _)) => match from_set(set, kid, algorithm) {
                Chosen::Refused(ChoiceError::Unknown) if !asked && !attempted_within(COOLDOWN) => Chosen::Fetch,
                chosen => chosen,
            },
            None if asked || attempted_within(RETRY) => Chosen::Unavailable,
            None => Chosen::Fetch,
        }
    }

    /// Takes what the host fetched; `None` where it failed.
    pub(crate) fn store(&self, set: Option<KeySet>, now: UnixTime) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.last_attempt = Some(now);
        if let Some(set) = set {
            state.set = Some((Arc::new(set), now));
        }
    }
}

fn from_set(set: &KeySet, kid: Option<&str>, algorithm: Algorithm) -> Chosen {
    match set.choose(kid, algorithm) {
        Ok(key) => Chosen::Key(Arc::clone(key)),
        Err(error) => Chosen::Refused(error),
    }
}
