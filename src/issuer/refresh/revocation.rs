//! The end of all families of a subject at once.

use serde::{Deserialize, Serialize};

use super::{Family, Rules};
use crate::time::UnixTime;

/// All families of a subject that began at a moment, or before it, count no more: what the store keeps of a sign-out
/// everywhere, under a name that is the subject's. The moment when a family began never changes, so there is no race: whoever
/// rotated before this was written has a token that is refused from then on.
///
/// A family that began in the same second is refused too, because nobody can say which of the two came first. Who begins one
/// and knows of this begins it [behind](Self::behind).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SubjectRevocation {
    at: i64,
    until: i64,
}

impl SubjectRevocation {
    /// Later than the one before, so that it is about what began [behind](Self::behind) that too, whatever the clock says.
    pub(super) fn after(before: Option<&Self>, rules: Rules, now: UnixTime) -> Self {
        let at = before.map_or(now, |before| before.behind(now));
        let until = at.after(rules.absolute).seconds();
        Self { at: at.seconds(), until: before.map_or(until, |before| until.max(before.until)) }
    }

    /// The moment: what began later counts.
    pub const fn at(&self) -> UnixTime {
        UnixTime::from_seconds(self.at)
    }

    /// From this moment on each family that it is about has come to its end. A store need not keep it longer.
    pub const fn ends(&self) -> UnixTime {
        UnixTime::from_seconds(self.until)
    }

    /// When a family begins that is to count: now, or in the first second that this is not about, which a clock that is behind
    /// has not reached yet.
    pub fn behind(&self, now: UnixTime) -> UnixTime {
        now.max(UnixTime::from_seconds(self.at.saturating_add(1)))
    }

    /// Whether it is about a family, which must be of that subject.
    pub const fn covers(&self, family: &Family) -> bool {
        family.started <= self.at
    }
}
