//! Codes by a counter that grows with each.

use core::fmt;

use super::{Codes, OtpAlgorithm, OtpError, OtpSecret, uri};

/// The largest counter: what JavaScript counts to.
pub const MAX_COUNTER: u64 = (1 << 53) - 1;

const MOST_AHEAD: u8 = 100;

/// How the codes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HotpSettings {
    /// The hash; [`OtpAlgorithm::Sha1`] by default.
    pub algorithm: OtpAlgorithm,
    /// Digits of a code, 6 to 8; 6 by default.
    pub digits: u8,
    /// How many counters beyond the next are tried, 0 to 100; 10 by default: somebody pressed the button and typed nothing.
    /// Each makes a guess likelier to be right. RFC 4226 §7.4.
    pub look_ahead: u8,
}

impl Default for HotpSettings {
    fn default() -> Self {
        Self { algorithm: OtpAlgorithm::Sha1, digits: 6, look_ahead: 10 }
    }
}

/// HOTP, RFC 4226.
///
/// ```
/// use portcullis::issuer::otp::{Hotp, HotpSettings, OtpSecret};
///
/// let secret = OtpSecret::from_bytes(b"12345678901234567890")?;
/// let hotp = Hotp::new(secret, HotpSettings::default())?;
/// assert_eq!(hotp.code(0)?, "755224");
/// assert_eq!(hotp.verify("287 082", 0)?, Some(2));
/// assert_eq!(hotp.verify("287082", 2)?, None);
/// # Ok::<(), portcullis::issuer::otp::OtpError>(())
/// ```
#[derive(Clone)]
pub struct Hotp {
    codes: Codes,
    settings: HotpSettings,
}

impl Hotp {
    /// Codes of that secret.
    ///
    /// # Errors
    ///
    /// [`OtpError::Digits`], [`OtpError::LookAhead`].
    pub fn new(secret: OtpSecret, settings: HotpSettings) -> Result<Self, OtpError> {
        if settings.look_ahead > MOST_AHEAD {
            return Err(OtpError::LookAhead);
        }
        Ok(Self { codes: Codes::new(secret, settings.algorithm, settings.digits)?, settings })
    }

    /// The code of a counter: a secret until it is used.
    ///
    /// # Errors
    ///
    /// [`OtpError::Counter`].
    pub fn code(&self, counter: u64) -> Result<String, OtpError> {
        if counter > MAX_COUNTER { Err(OtpError::Counter) } else { Ok(self.codes.code(counter)) }
    }

    /// Looks for a code that was typed, from the counter `next` on. What is found is the counter that comes next: keep it,
    /// and each code is taken once. `None` where the code is wrong, or was passed over already.
    ///
    /// # Errors
    ///
    /// [`OtpError::Counter`].
    pub fn verify(&self, typed: &str, next: u64) -> Result<Option<u64>, OtpError> {
        if next > MAX_COUNTER {
            return Err(OtpError::Counter);
        }
        // The last has no next.
        let end = (next + u64::from(self.settings.look_ahead) + 1).min(MAX_COUNTER);
        Ok(self.codes.matched(typed, next..end).map(|counter| counter + 1))
    }

    /// The `otpauth://` URI by which an app takes the secret up, from a QR code for the most part: a secret. The app's next
    /// code is that of `counter`.
    ///
    /// # Errors
    ///
    /// [`OtpError::Label`], [`OtpError::Counter`].
    pub fn uri(&self, issuer: &str, account: &str, counter: u64) -> Result<String, OtpError> {
        if counter > MAX_COUNTER {
            return Err(OtpError::Counter);
        }
        uri::of("hotp", &self.codes, issuer, account, "counter", counter)
    }
}

impl fmt::Debug for Hotp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Hotp").field("settings", &self.settings).finish_non_exhaustive()
    }
}
