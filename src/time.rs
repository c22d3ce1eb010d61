//! Time as the caller tells it: the core reads no clock.

use std::time::Duration;

/// Seconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// Spec: `NumericDate`, RFC 7519 §2, rounded up to whole seconds.
///
/// ```
/// use portcullis::UnixTime;
/// use std::time::Duration;
///
/// let now = UnixTime::from_seconds(1_790_000_000);
/// assert_eq!(now.after(Duration::from_secs(60)).seconds(), 1_790_000_060);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime(i64);

impl UnixTime {
    /// The moment `seconds` after the epoch; negative before it.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since the epoch.
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// The moment `span` later. A span beyond what the type holds gives its last moment.
    #[must_use]
    pub fn after(self, span: Duration) -> Self {
        let seconds = i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(seconds))
    }
}
