//! Whether a credential was taken back: by what the host has pushed, and by what its store says.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::api_key::ApiKey;
use crate::document::Node;
use crate::principal::TokenFacts;
use crate::revocation::{Facts, Revocable, RevocationError, Revoked};
use crate::time::UnixTime;

const DEFAULT_MAX_AGE_SECONDS: i64 = 30;
const MAX_MAX_AGE_SECONDS: i64 = 3600;

/// What takes credentials back, as the trust document says.
#[derive(Debug, Default)]
pub(crate) struct Revocations {
    store: Option<Store>,
    pushed: Mutex<Facts>,
}

#[derive(Debug, Clone, Copy)]
struct Store {
    /// How long an answer is believed.
    max_age: Duration,
    /// No answer lets pass.
    allows_unavailable: bool,
}

/// What is known of one credential.
pub(super) enum Standing {
    Holds,
    Revoked(Revoked),
    /// The store must be asked for these names.
    Ask(Vec<String>),
}

pub(super) fn read_revocations(root: &Node<'_>) -> Revocations {
    let Some(node) = root.member("revocation") else { return Revocations::default() };
    node.has_only(&["source", "maxAge", "onUnavailable"]);
    let is_word = |name, words: [&str; 2], wanted| {
        let Some(member) = node.member(name) else { return false };
        let text = member.str();
        if !words.contains(&text) {
            member.bad(wanted);
        }
        text == words[1]
    };
    let is_stored = is_word("source", ["pushed", "store"], "pushed or store");
    let allows_unavailable = is_word("onUnavailable", ["deny", "allow"], "deny or allow");
    let max_age = node.seconds_member("maxAge", 0, MAX_MAX_AGE_SECONDS, "0 to 3600 seconds");
    let max_age = max_age.unwrap_or(Duration::from_secs(DEFAULT_MAX_AGE_SECONDS.unsigned_abs()));
    let store = is_stored.then_some(Store { max_age, allows_unavailable });
    Revocations { store, pushed: Mutex::default() }
}

impl Revocations {
    /// Whether the host's store is asked.
    #[cfg(feature = "wasm")]
    pub(crate) const fn has_store(&self) -> bool {
        self.store.is_some()
    }

    /// Whether anything can take a credential back now; else nobody need know what would.
    pub(super) fn are_there(&self) -> bool {
        self.store.is_some() || self.has_pushed()
    }

    /// What is known of a token that was just verified.
    pub(super) fn of(&self, credential: Option<&Revocable>, now: UnixTime) -> Standing {
        let Some(credential) = credential else { return Standing::Holds };
        match self.pushed().refusing(credential, now) {
            Some(what) => Standing::Revoked(what),
            None if self.store.is_some() && !credential.names.is_empty() => {
                Standing::Ask(credential.names.iter().map(|name| name.text()).collect())
            }
            None => Standing::Holds,
        }
    }

    /// Whether the host has pushed anything.
    pub(super) fn has_pushed(&self) -> bool {
        !self.pushed().is_empty()
    }

    /// What the host has pushed against it.
    pub(super) fn pushed_against(&self, credential: Option<&Revocable>, now: UnixTime) -> Option<Revoked> {
        self.pushed().refusing(credential?, now)
    }

    pub(super) fn of_api_key(&self, key: &ApiKey, now: UnixTime) -> Standing {
        if !self.are_there() {
            return Standing::Holds;
        }
        match self.of(Some(&key.revocable()), now) {
            Standing::Ask(_) if key.is_believed(now) => Standing::Holds,
            standing => standing,
        }
    }

    /// Whether a token that was verified before still passes. Where nobody knew then what would take it back, a fact that
    /// has come since makes it go the whole way again.
    pub(super) fn still_allow(&self, token: &TokenFacts, now: UnixTime) -> bool {
        let pushed = self.pushed();
        let is_free = match &token.revocable {
            None => pushed.is_empty(),
            Some(credential) => pushed.refusing(credential, now).is_none(),
        };
        is_free && token.believed_until.is_none_or(|until| now < until)
    }

    /// Until when an answer of the store is believed that came now.
    pub(super) fn believed_until(&self, now: UnixTime) -> UnixTime {
        self.store.map_or(now, |store| now.after(store.max_age))
    }

    pub(super) fn allows_unavailable(&self) -> bool {
        self.store.is_some_and(|store| store.allows_unavailable)
    }

    pub(crate) fn push(
        &self,
        name: &str,
        moment: UnixTime,
        until: UnixTime,
        now: UnixTime,
    ) -> Result<(), RevocationError> {
        self.pushed().insert(name, moment, until, now)
    }

    fn pushed(&self) -> MutexGuard<'_, Facts> {
        self.pushed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What takes the credential back, of what the store says; an error where it says nothing, or not for each name.
pub(super) fn refused_by(
    credential: Option<&Revocable>,
    moments: Option<&[Option<i64>]>,
) -> Result<Option<Revoked>, ()> {
    match (credential, moments) {
        (Some(credential), Some(moments)) if credential.names.len() == moments.len() => {
            Ok(credential.refused_by(moments))
        }
        _ => Err(()),
    }
}
