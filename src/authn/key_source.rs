//! Where an issuer's keys come from.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::discovery::read_metadata;
use super::jwks::{Asked, Chosen, Jwks, Kept, time_to_live};
use crate::ask::Fetched;
use crate::jose::algorithm::Algorithm;
use crate::jose::key::Key;
use crate::jose::key_set::KeySet;
use crate::time::UnixTime;

/// The keys of one issuer.
#[derive(Debug)]
pub(crate) enum KeySource {
    /// Written in the trust document.
    Configured(KeySet),
    /// Fetched by the host from a URL.
    Fetched(FetchedKeys),
    /// None: the issuer is asked about each token.
    #[cfg(feature = "full")]
    Introspected(super::introspection::Endpoint),
}

/// A set that the host fetches.
#[derive(Debug)]
pub(crate) struct FetchedKeys {
    /// Of the set, or of the issuer's metadata.
    pub(super) url: String,
    /// Where the metadata say where the set is: who must have written them.
    pub(super) discovered_for: Option<String>,
    listed: Option<Vec<Algorithm>>,
    state: Mutex<Jwks>,
}

impl KeySource {
    /// The key for a token. `asked` is what the host has just done for it.
    pub(crate) fn choose(&self, kid: Option<&str>, algorithm: Algorithm, now: UnixTime, asked: Asked) -> Chosen {
        match self {
            Self::Configured(set) => match set.choose(kid, algorithm) {
                Ok(key) => Chosen::Key(Arc::clone(key), 0),
                Err(error) => Chosen::Refused(error),
            },
            Self::Fetched(fetched) => fetched.state().choose(kid, algorithm, now, asked),
            #[cfg(feature = "full")]
            Self::Introspected(_) => Chosen::Unavailable,
        }
    }

    /// The number of the set, where it is this key that it has for such a token. It asks for no moment: the walk that has
    /// led here began before.
    pub(crate) fn still_has(&self, key: &Key, kid: Option<&str>, algorithm: Algorithm) -> Option<u32> {
        let is_it = |set: &KeySet| set.choose(kid, algorithm).is_ok_and(|chosen| chosen.number == key.number);
        match self {
            Self::Configured(set) => is_it(set).then_some(0),
            Self::Fetched(fetched) => {
                let state = fetched.state();
                state.set.as_ref().filter(|kept| is_it(&kept.keys)).map(|kept| kept.number)
            }
            #[cfg(feature = "full")]
            Self::Introspected(_) => None,
        }
    }

    /// Whether a token that was verified with a key of the set of that number still would be, and nobody need fetch
    /// first.
    pub(crate) fn still_chooses(&self, number: u32, now: UnixTime) -> bool {
        match self {
            Self::Configured(_) => true,
            Self::Fetched(fetched) => {
                let state = fetched.state();
                !state.wants_fetch(now) && state.usable(now).is_some_and(|kept| kept.number == number)
            }
            #[cfg(feature = "full")]
            Self::Introspected(_) => true,
        }
    }

    /// The key of that number, if it is still in use.
    #[cfg(feature = "wasm")]
    pub(crate) fn by_number(&self, number: u32) -> Option<Arc<Key>> {
        match self {
            Self::Configured(set) => set.by_number(number).cloned(),
            Self::Fetched(fetched) => fetched.state().set.as_ref()?.keys.by_number(number).cloned(),
            #[cfg(feature = "full")]
            Self::Introspected(_) => None,
        }
    }

    /// What the host fetches.
    pub(crate) const fn fetched(&self) -> Option<&FetchedKeys> {
        match self {
            Self::Fetched(fetched) => Some(fetched),
            _ => None,
        }
    }
}

impl FetchedKeys {
    /// `discovered_for` is the issuer whose metadata stand at `url`; `None` where the set itself does.
    pub(crate) fn new(url: String, discovered_for: Option<String>, listed: Option<Vec<Algorithm>>) -> Self {
        Self { url, discovered_for, listed, state: Mutex::default() }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, Jwks> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the host should fetch now: the metadata, or the set.
    pub(crate) fn next_url(&self, now: UnixTime) -> String {
        match self.discovered_for {
            None => self.url.clone(),
            Some(_) => self.state().location(now).unwrap_or(&self.url).to_owned(),
        }
    }

    /// Takes what was fetched from `url`. Where that were metadata, what is to be fetched next: the set that they name,
    /// or, where they cannot be had, the one that was known before.
    pub(crate) fn store(
        &self,
        url: &str,
        fetched: Option<&Fetched>,
        now: UnixTime,
        number: &dyn Fn() -> u32,
    ) -> Option<String> {
        let mut state = self.state();
        if let Some(issuer) = self.discovered_for.as_deref().filter(|_| url == self.url) {
            if let Some(place) = fetched.and_then(|fetched| read_metadata(&fetched.body, issuer, &self.url)) {
                state.location = Some((place, now));
            } else if state.location.is_none() {
                state.fail(now);
            }
            return state.location.as_ref().map(|(place, _)| place.clone());
        }
        let kept = fetched.and_then(|fetched| {
            let fresh_until = now.after(time_to_live(fetched));
            self.read(&fetched.body, now, fresh_until, number)
        });
        match kept {
            Some(kept) => state.succeed(kept, now),
            None => state.fail(now),
        }
        None
    }

    /// Whether a fetch from `url` is for this issuer.
    pub(crate) fn is_at(&self, url: &str) -> bool {
        let is_location = |(location, _): &(String, UnixTime)| location == url;
        self.url == url || self.state().location.as_ref().is_some_and(is_location)
    }

    /// A set with at least one usable key.
    pub(super) fn read(
        &self,
        text: &[u8],
        fetched: UnixTime,
        fresh_until: UnixTime,
        number: &dyn Fn() -> u32,
    ) -> Option<Kept> {
        let keys = KeySet::parse_fetched(text, self.listed.as_deref(), number).ok()?;
        (!keys.keys.is_empty()).then(|| Kept {
            keys,
            number: number(),
            #[cfg(feature = "full")]
            text: text.to_vec(),
            fetched,
            fresh_until,
        })
    }
}
