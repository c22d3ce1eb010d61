//! One budget of attempts, and what is kept of it.

use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::AttemptsError;
use crate::time::UnixTime;

/// Seconds.
const LONGEST_WAIT: i64 = 3600;
/// Seconds.
const LONGEST_FORGET: i64 = 86_400;
const MOST_FREE: u32 = 10_000;

/// How many attempts, and how quickly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BudgetSettings {
    /// Attempts without a wait, 1 to 10,000; 5 by default.
    pub free: u32,
    /// The wait after the first that is not free, in whole seconds, 1 to `longest`; 1 by default. It doubles with each.
    pub first: Duration,
    /// The longest wait, in whole seconds, to one hour; 15 minutes by default.
    pub longest: Duration,
    /// One attempt is forgotten each time this has passed, in whole seconds, 1 to one day; one hour by default.
    pub forget: Duration,
}

impl Default for BudgetSettings {
    fn default() -> Self {
        let (first, longest) = (Duration::from_secs(1), Duration::from_secs(900));
        Self { free: 5, first, longest, forget: Duration::from_secs(3600) }
    }
}

/// Settings that were looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    free: u32,
    first: i64,
    longest: i64,
    forget: i64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { free: 5, first: 1, longest: 900, forget: 3600 }
    }
}

impl Budget {
    /// What many people share: a network.
    pub(super) const SHARED: Self = Self { free: 50, first: 1, longest: 900, forget: 60 };

    /// A budget of those settings. Fractions of a second are cut off.
    ///
    /// # Errors
    ///
    /// [`AttemptsError::Free`], [`AttemptsError::Wait`], [`AttemptsError::Forget`].
    pub fn new(settings: BudgetSettings) -> Result<Self, AttemptsError> {
        let seconds = |span: Duration| i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
        let (first, longest, forget) = (seconds(settings.first), seconds(settings.longest), seconds(settings.forget));
        if !(1..=MOST_FREE).contains(&settings.free) {
            return Err(AttemptsError::Free);
        }
        if !(1..=LONGEST_WAIT).contains(&longest) || !(1..=longest).contains(&first) {
            return Err(AttemptsError::Wait);
        }
        if !(1..=LONGEST_FORGET).contains(&forget) {
            return Err(AttemptsError::Forget);
        }
        Ok(Self { free: settings.free, first, longest, forget })
    }

    /// Counts one attempt, or says from when on one is allowed.
    pub(super) fn count(&self, kept: Option<&State>, now: UnixTime) -> Result<State, UnixTime> {
        let now = now.seconds();
        let kept = kept.copied().unwrap_or_default();
        if kept.is_locked(now, self.longest) {
            return Err(UnixTime::from_seconds(kept.until));
        }
        let (level, since) = self.forgotten(&kept, now);
        // Behind the longest wait there is nothing to count: so a quiet time always forgets in the same time.
        let level = if self.wait(level) < self.longest { level + 1 } else { level };
        let until = match self.wait(level) {
            0 => 0,
            wait => now.saturating_add(wait),
        };
        Ok(State { level, since, until, failures: kept.failures.saturating_add(1) })
    }

    /// What is left of the level, and from when on it is forgotten further. A moment that lies ahead was written by a clock
    /// that was wrong.
    fn forgotten(&self, kept: &State, now: i64) -> (u32, i64) {
        let since = kept.since.min(now);
        let times = now.saturating_sub(since) / self.forget;
        match u32::try_from(times).ok().and_then(|times| kept.level.checked_sub(times)) {
            Some(level) if level > 0 => (level.min(self.highest()), since + times * self.forget),
            _ => (0, now),
        }
    }

    /// When nothing is left to say, if nobody tries again.
    pub(super) fn forgotten_at(&self, kept: &State, now: UnixTime) -> UnixTime {
        let span = i64::from(kept.level.min(self.highest())) * self.forget;
        let forgotten = UnixTime::from_seconds(kept.since.min(now.seconds()).saturating_add(span));
        let free = if kept.is_locked(now.seconds(), self.longest) { kept.free_from() } else { now };
        forgotten.max(free)
    }

    /// In seconds: nothing, then doubling.
    fn wait(&self, level: u32) -> i64 {
        match level.checked_sub(self.free + 1) {
            None => 0,
            Some(doublings) => {
                self.first.saturating_mul(1 << doublings.min(LONGEST_WAIT.ilog2() + 1)).min(self.longest)
            }
        }
    }

    /// The level from which on the wait is the longest.
    fn highest(&self) -> u32 {
        let doublings = (0..=LONGEST_WAIT.ilog2() + 1).find(|doublings| self.first << doublings >= self.longest);
        self.free + 1 + doublings.unwrap_or(0)
    }
}

/// What is kept of one budget: plain data. Whatever it holds, nothing is locked for longer than the longest wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Attempts that count and are not forgotten.
    pub level: u32,
    /// From when on the next is forgotten, in seconds since 1970.
    pub since: i64,
    /// Locked until then, in seconds since 1970; 0 where it is not.
    pub until: i64,
    /// Attempts without success since the last success.
    pub failures: u32,
}

impl State {
    /// A lock that ends later than the longest wait is of a clock that was wrong, or of other settings: it does not hold.
    const fn is_locked(&self, now: i64, longest: i64) -> bool {
        now < self.until && self.until.saturating_sub(now) <= longest
    }

    pub(super) const fn free_from(&self) -> UnixTime {
        UnixTime::from_seconds(self.until)
    }

    /// Without one attempt. Its lock is lifted where it is still that attempt's: another may have counted since.
    pub(super) fn without(&self, taken: &Self) -> Self {
        let level = self.level.saturating_sub(1);
        let until = if self.until == taken.until { 0 } else { self.until };
        let since = if level == 0 { 0 } else { self.since };
        Self { level, since, until, failures: self.failures.saturating_sub(1) }
    }
}
