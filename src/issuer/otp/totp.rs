//! Codes by the time.

use core::fmt;
use core::time::Duration;

use super::{Codes, OtpAlgorithm, OtpError, OtpSecret, uri};
use crate::time::UnixTime;

const WIDEST: u8 = 10;
/// How long a used step is kept beyond its end: longer than any window reaches, and than clocks are wrong.
const KEPT: Duration = Duration::from_secs(86_400);

/// How the codes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TotpSettings {
    /// The hash; [`OtpAlgorithm::Sha1`] by default.
    pub algorithm: OtpAlgorithm,
    /// Digits of a code, 6 to 8; 6 by default.
    pub digits: u8,
    /// A time step in whole seconds, 15 to 120; 30 by default.
    pub period: Duration,
    /// How many steps before and behind the present one are tried, 0 to 10; 1 by default: clocks differ, and typing takes
    /// its time. Each makes a guess likelier to be right. RFC 6238 §5.2.
    pub window: u8,
}

impl Default for TotpSettings {
    fn default() -> Self {
        Self { algorithm: OtpAlgorithm::Sha1, digits: 6, period: Duration::from_secs(30), window: 1 }
    }
}

/// What a typed code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TotpOutcome {
    /// Right, and not used yet. Keep the step before anything else is done: it is the last used from here on.
    Accepted {
        /// The time step whose code it is.
        step: u64,
    },
    /// Right once: the code of a step at or before the last used. Somebody types too fast, or somebody else looked on.
    Used,
    /// Not a code of this time.
    Wrong,
}

/// TOTP, RFC 6238.
///
/// ```
/// use portcullis::UnixTime;
/// use portcullis::issuer::otp::{OtpSecret, Totp, TotpOutcome, TotpSettings};
///
/// let secret = OtpSecret::from_bytes(b"12345678901234567890")?;
/// let totp = Totp::new(secret, TotpSettings { digits: 8, ..TotpSettings::default() })?;
/// let now = UnixTime::from_seconds(59);
/// assert_eq!(totp.code(now), "94287082");
/// assert_eq!(totp.verify("9428 7082", now, None), TotpOutcome::Accepted { step: 1 });
/// assert_eq!(totp.verify("9428 7082", now, Some(1)), TotpOutcome::Used);
/// # Ok::<(), portcullis::issuer::otp::OtpError>(())
/// ```
#[derive(Clone)]
pub struct Totp {
    codes: Codes,
    settings: TotpSettings,
}

impl Totp {
    /// Codes of that secret.
    ///
    /// # Errors
    ///
    /// [`OtpError::Digits`], [`OtpError::Period`], [`OtpError::Window`].
    pub fn new(secret: OtpSecret, settings: TotpSettings) -> Result<Self, OtpError> {
        if !matches!(settings.period.as_secs(), 15..=120) || settings.period.subsec_nanos() != 0 {
            return Err(OtpError::Period);
        }
        if settings.window > WIDEST {
            return Err(OtpError::Window);
        }
        Ok(Self { codes: Codes::new(secret, settings.algorithm, settings.digits)?, settings })
    }

    /// The code of that moment: a secret until it is used.
    pub fn code(&self, now: UnixTime) -> String {
        self.codes.code(self.step(now))
    }

    /// Looks at a code that was typed. `last_used` is the step that was accepted last: neither it nor one before it is
    /// accepted again (RFC 6238 §5.2, NIST SP 800-63B-4 §3.1.4.2).
    pub fn verify(&self, typed: &str, now: UnixTime, last_used: Option<u64>) -> TotpOutcome {
        let (present, window) = (self.step(now), u64::from(self.settings.window));
        let steps = present.saturating_sub(window)..present.saturating_add(window + 1);
        match self.codes.matched(typed, steps) {
            None => TotpOutcome::Wrong,
            Some(step) if last_used.is_some_and(|last| step <= last) => TotpOutcome::Used,
            Some(step) => TotpOutcome::Accepted { step },
        }
    }

    /// Until when a used step must be kept.
    pub fn keep_until(&self, step: u64) -> UnixTime {
        let seconds = step.saturating_add(1).saturating_mul(self.settings.period.as_secs());
        UnixTime::from_seconds(i64::try_from(seconds).unwrap_or(i64::MAX)).after(KEPT)
    }

    /// The `otpauth://` URI by which an app takes the secret up, from a QR code for the most part: a secret. Some apps know
    /// only SHA-1, 6 digits and 30 seconds, and pass over what the URI says.
    ///
    /// # Errors
    ///
    /// [`OtpError::Label`].
    pub fn uri(&self, issuer: &str, account: &str) -> Result<String, OtpError> {
        uri::of("totp", &self.codes, issuer, account, "period", self.settings.period.as_secs())
    }

    /// Before 1970 it is the first.
    fn step(&self, now: UnixTime) -> u64 {
        u64::try_from(now.seconds()).unwrap_or(0) / self.settings.period.as_secs()
    }
}

impl fmt::Debug for Totp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Totp").field("settings", &self.settings).finish_non_exhaustive()
    }
}
