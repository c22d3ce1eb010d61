//! The fetched keys of one issuer as a state machine on plain data: no timer, no promise, no clock of its own.
//!
//! A set is fresh, then stale, then gone. While it is fresh it is used. While it is stale one request has it fetched
//! again and all others use it meanwhile; so they do where the fetch fails. Without a set a request waits for one.
//! A `kid` that a set lacks has it fetched once in a while, and the kids that a fetch did not bring are remembered.

use std::sync::Arc;
use std::time::Duration;

use crate::ask::Fetched;
use crate::grammar::{Class, trimmed};
use crate::jose::algorithm::Algorithm;
use crate::jose::key::Key;
use crate::jose::key_set::{ChoiceError, KeySet};
use crate::time::UnixTime;

/// How long a set is fresh where its answer does not say.
const DEFAULT_TIME_TO_LIVE: Duration = Duration::from_secs(600);
const MIN_TIME_TO_LIVE: u64 = 60;
pub(super) const MAX_TIME_TO_LIVE: u64 = 86_400;
/// How long a stale set is still used.
const STALE: Duration = Duration::from_secs(86_400);
/// How long an unknown `kid`, or a failure while there is a stale set, makes nobody fetch again.
const COOLDOWN: Duration = Duration::from_secs(30);
/// How long a failure makes nobody fetch again where there is no set, and how long a fetch may be under way.
const RETRY: Duration = Duration::from_secs(5);
/// How many fetches may be under way at once where there is no set: each waits for its own, because requests do not
/// wait for one another, and a flood must not become one at the issuer.
const MAX_COLD_FETCHES: u32 = 32;
/// How long a `kid` that a fetch did not bring causes no other.
const ABSENT: Duration = Duration::from_secs(120);
const MAX_ABSENT: usize = 64;
const MAX_ABSENT_BYTES: usize = 128;
/// How long a discovered location is believed.
const LOCATION: Duration = Duration::from_secs(86_400);

/// All that is remembered of an issuer's keys.
#[derive(Debug, Default)]
pub(super) struct Jwks {
    pub(super) set: Option<Kept>,
    /// Where the set is, as the issuer's metadata said, and when.
    pub(super) location: Option<(String, UnixTime)>,
    /// When a fetch last ended, and whether it failed.
    attempt: Option<(UnixTime, bool)>,
    /// When the host was last asked to fetch, and how often since a fetch ended.
    asked: Option<(UnixTime, u32)>,
    absent: Vec<(String, UnixTime)>,
}

/// A set and how long it counts.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) keys: KeySet,
    /// Tells it from every other set that would choose otherwise.
    pub(super) number: u32,
    /// As it was fetched.
    #[cfg(feature = "full")]
    pub(super) text: Vec<u8>,
    pub(super) fetched: UnixTime,
    pub(super) fresh_until: UnixTime,
}

/// The answer for one token.
pub(crate) enum Chosen {
    /// The key, and the number of its set.
    Key(Arc<Key>, u32),
    /// The host should fetch first; `stale` says that an old set will do meanwhile.
    Fetch {
        stale: bool,
    },
    Refused(ChoiceError),
    Unavailable,
}

/// What the host has just done for a token.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Asked {
    Nothing,
    /// It fetches in the background: what comes of it nobody knows yet.
    Later,
    /// It has fetched, or failed to.
    Fetched,
}

#[derive(PartialEq)]
enum Age {
    Fresh,
    Stale,
    Gone,
}

impl Kept {
    fn age(&self, now: UnixTime) -> Age {
        if now < self.fetched || now >= self.fresh_until.after(STALE) {
            Age::Gone
        } else if now < self.fresh_until {
            Age::Fresh
        } else {
            Age::Stale
        }
    }
}

impl Kept {
    /// Comes in the place of the set before.
    fn follow(&mut self, before: Option<&Self>) {
        if let Some(before) = before
            && self.keys.adopt(&before.keys)
        {
            self.number = before.number;
        }
    }
}

impl Jwks {
    /// The set that counts, fresh or stale.
    pub(super) fn usable(&self, now: UnixTime) -> Option<&Kept> {
        self.set.as_ref().filter(|set| set.age(now) != Age::Gone)
    }

    /// Whether the set is stale and it is time for somebody to fetch the next.
    pub(super) fn wants_fetch(&self, now: UnixTime) -> bool {
        let is_stale = self.set.as_ref().is_some_and(|set| set.age(now) == Age::Stale);
        is_stale && self.under_way(now) == 0 && !(self.has_failed() && self.ended_within(COOLDOWN, now))
    }

    /// The key for a token. `asked` is what the host has just done for it.
    pub(super) fn choose(&mut self, kid: Option<&str>, algorithm: Algorithm, now: UnixTime, asked: Asked) -> Chosen {
        let under_way = self.under_way(now);
        let age = self.set.as_ref().map_or(Age::Gone, |set| set.age(now));
        let chosen = match age {
            Age::Gone if asked != Asked::Nothing || self.ended_within(RETRY, now) || under_way >= MAX_COLD_FETCHES => {
                Chosen::Unavailable
            }
            Age::Gone => Chosen::Fetch { stale: false },
            Age::Stale if asked == Asked::Nothing && self.wants_fetch(now) => Chosen::Fetch { stale: true },
            Age::Stale | Age::Fresh => match self.set.as_ref().map(|set| (set.keys.choose(kid, algorithm), set.number))
            {
                Some((Ok(key), number)) => Chosen::Key(Arc::clone(key), number),
                Some((Err(ChoiceError::Unknown), _)) => self.unknown(kid, now, asked),
                Some((Err(error), _)) => Chosen::Refused(error),
                None => Chosen::Unavailable,
            },
        };
        if matches!(chosen, Chosen::Fetch { .. }) {
            self.asked = Some((now, under_way.saturating_add(1)));
        }
        chosen
    }

    /// A `kid` that the set lacks: refused where a fetch has just shown it, unavailable where nobody can say.
    fn unknown(&mut self, kid: Option<&str>, now: UnixTime, asked: Asked) -> Chosen {
        let kid = kid.unwrap_or("");
        let is_absent = |(own, since): &(String, UnixTime)| own == kid && is_within(ABSENT, *since, now);
        if self.absent.iter().any(is_absent) {
            return Chosen::Refused(ChoiceError::Unknown);
        }
        if asked == Asked::Later {
            return Chosen::Unavailable;
        }
        if asked == Asked::Fetched || self.ended_within(COOLDOWN, now) {
            if self.has_failed() {
                return Chosen::Unavailable;
            }
            if asked == Asked::Fetched {
                self.remember_absent(kid, now);
            }
            return Chosen::Refused(ChoiceError::Unknown);
        }
        if self.under_way(now) > 0 { Chosen::Unavailable } else { Chosen::Fetch { stale: false } }
    }

    fn remember_absent(&mut self, kid: &str, now: UnixTime) {
        if kid.len() > MAX_ABSENT_BYTES {
            return;
        }
        self.absent.retain(|(own, since)| own != kid && is_within(ABSENT, *since, now));
        if self.absent.len() >= MAX_ABSENT {
            self.absent.remove(0);
        }
        self.absent.push((kid.to_owned(), now));
    }

    /// Where the host should fetch now, as far as it has been found out.
    pub(super) fn location(&self, now: UnixTime) -> Option<&str> {
        self.location.as_ref().filter(|(_, found)| is_within(LOCATION, *found, now)).map(|(url, _)| url.as_str())
    }

    /// Takes a set that was fetched. Keys that were in the one before stay the same keys.
    pub(super) fn succeed(&mut self, mut kept: Kept, now: UnixTime) {
        kept.follow(self.set.as_ref());
        self.attempt = Some((now, false));
        self.asked = None;
        self.absent.retain(|(kid, _)| !kept.keys.keys.iter().any(|key| key.kid.as_deref() == Some(kid)));
        self.set = Some(kept);
    }

    /// Takes a set that another instance fetched, while it is of use. It tells nothing of fetches here.
    #[cfg(feature = "full")]
    pub(super) fn import(&mut self, mut kept: Kept, location: Option<String>, now: UnixTime) -> Option<()> {
        if kept.age(now) == Age::Gone {
            return None;
        }
        kept.follow(self.set.as_ref());
        self.location = location.map(|url| (url, kept.fetched));
        self.set = Some(kept);
        Some(())
    }

    /// A fetch failed: what is there stays.
    pub(super) fn fail(&mut self, now: UnixTime) {
        self.attempt = Some((now, true));
        self.asked = None;
    }

    fn under_way(&self, now: UnixTime) -> u32 {
        self.asked.filter(|(moment, _)| is_within(RETRY, *moment, now)).map_or(0, |(_, count)| count)
    }

    fn ended_within(&self, span: Duration, now: UnixTime) -> bool {
        self.attempt.is_some_and(|(ended, _)| is_within(span, ended, now))
    }

    fn has_failed(&self) -> bool {
        self.attempt.is_some_and(|(_, failed)| failed)
    }
}

fn is_within(span: Duration, moment: UnixTime, now: UnixTime) -> bool {
    now >= moment && now < moment.after(span)
}

/// How long an answer is fresh: `max-age` of its Cache-Control (RFC 9111 §5.2.2.1), within a minute and a day.
pub(super) fn time_to_live(fetched: &Fetched) -> Duration {
    let Some(header) = &fetched.cache_control else { return DEFAULT_TIME_TO_LIVE };
    let mut time_to_live = None;
    for directive in header.split(',') {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        let seconds = match trimmed(name, b" \t") {
            name if name.eq_ignore_ascii_case("no-store") || name.eq_ignore_ascii_case("no-cache") => Some(0),
            name if name.eq_ignore_ascii_case("max-age") => delta_seconds(trimmed(value, b" \t\"")),
            _ => None,
        };
        if let Some(seconds) = seconds {
            time_to_live = Some(time_to_live.map_or(seconds, |least: u64| least.min(seconds)));
        }
    }
    time_to_live
        .map_or(DEFAULT_TIME_TO_LIVE, |seconds| Duration::from_secs(seconds.clamp(MIN_TIME_TO_LIVE, MAX_TIME_TO_LIVE)))
}

/// RFC 9111 §1.2.2: digits; more than fit count as very many.
fn delta_seconds(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && Class::DIGIT.holds(text);
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}
