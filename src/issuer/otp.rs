//! One-time codes of an authenticator app or token: HOTP (RFC 4226) and TOTP (RFC 6238).
//!
//! Both are a [`OtpSecret`] that the two sides share, and a counter: one that grows with each code ([`Hotp`]), or the number
//! of the time step ([`Totp`]). Whoever checks a code keeps the counter, so that each code is taken once.
//!
//! Six digits are soon guessed: let `attempts` count before a code is looked at (RFC 4226 §7.3).
//!
//! Spec: RFC 4226, RFC 6238, and for the URI the Key Uri Format that the apps read.

mod hotp;
mod secret;
mod totp;
mod uri;

use core::fmt;
use core::ops::Range;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

use super::error::Coded;
use super::random::RandomError;
pub use hotp::{Hotp, HotpSettings, MAX_COUNTER};
pub use secret::OtpSecret;
pub use totp::{Totp, TotpOutcome, TotpSettings};

/// Characters of a typed code that are looked at: eight digits and some spaces.
const LONGEST_CODE: usize = 32;

/// The hash under the HMAC. Many apps know the first alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum OtpAlgorithm {
    /// HMAC-SHA-1: what all apps know. What is broken of SHA-1 HMAC does not rest on.
    #[default]
    Sha1,
    /// HMAC-SHA-256.
    Sha256,
    /// HMAC-SHA-512.
    Sha512,
}

impl OtpAlgorithm {
    /// As the URI has it: `SHA1`, `SHA256`, `SHA512`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
        }
    }

    /// Bytes of a new secret: the length of the hash, RFC 6238 §3 R6 and §5.1.
    const fn secret_length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }

    /// The 31 bits of which the code is the last digits.
    fn truncated(self, secret: &[u8], counter: u64) -> Option<u32> {
        match self {
            Self::Sha1 => truncated::<Hmac<Sha1>>(secret, counter),
            Self::Sha256 => truncated::<Hmac<Sha256>>(secret, counter),
            Self::Sha512 => truncated::<Hmac<Sha512>>(secret, counter),
        }
    }
}

/// RFC 4226 §5.3: four bytes at the place that the last half byte names, without their first bit.
fn truncated<Hash: Mac + KeyInit>(secret: &[u8], counter: u64) -> Option<u32> {
    // An HMAC takes a key of any length.
    let mut hmac = <Hash as KeyInit>::new_from_slice(secret).ok()?;
    hmac.update(&counter.to_be_bytes());
    let bytes = hmac.finalize().into_bytes();
    let place = usize::from(bytes.last()? & 0xf);
    let four = bytes.get(place..)?.first_chunk::<4>()?;
    Some(u32::from_be_bytes(*four) & 0x7fff_ffff)
}

/// Why there is no code, secret or URI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum OtpError {
    /// A secret is base32 (RFC 4648 §6).
    SecretMalformed,
    /// A secret has at least 128 bits, RFC 4226 §4 R6.
    SecretTooShort,
    /// A secret has at most 128 bytes.
    SecretTooLong,
    /// A code has 6 to 8 digits.
    Digits,
    /// A time step is 15 to 120 seconds. NIST SP 800-63B-4 §3.1.4.1 has it change every two minutes at least.
    Period,
    /// At most ten time steps on each side are tried.
    Window,
    /// At most a hundred counters beyond the next are tried.
    LookAhead,
    /// A counter is at most 2^53 - 1.
    Counter,
    /// Issuer and account of the URI are 1 to 128 bytes without colons and control characters.
    Label,
    /// There is no randomness.
    Random(RandomError),
}

impl fmt::Display for OtpError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::SecretMalformed => "the secret of one-time codes must be base32",
            Self::SecretTooShort => "the secret of one-time codes must have 128 bits",
            Self::SecretTooLong => "the secret of one-time codes must have at most 128 bytes",
            Self::Digits => "a one-time code must have 6 to 8 digits",
            Self::Period => "a time step must be 15 to 120 seconds",
            Self::Window => "the window must be at most 10 time steps on each side",
            Self::LookAhead => "the look-ahead must be at most 100 counters",
            Self::Counter => "a counter must be less than 2^53",
            Self::Label => "issuer and account must be 1 to 128 bytes without colons and control characters",
            Self::Random(error) => return error.fmt(out),
        })
    }
}

impl std::error::Error for OtpError {}

impl Coded for OtpError {
    fn code(&self) -> &'static str {
        match self {
            Self::SecretMalformed => "otp_secret_malformed",
            Self::SecretTooShort => "otp_secret_too_short",
            Self::SecretTooLong => "otp_secret_too_long",
            Self::Digits => "otp_digits",
            Self::Period => "otp_period",
            Self::Window => "otp_window",
            Self::LookAhead => "otp_look_ahead",
            Self::Counter => "otp_counter",
            Self::Label => "otp_label",
            Self::Random(error) => error.code(),
        }
    }
}

/// How many digits a code has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Digits {
    Six,
    Seven,
    Eight,
}

impl Digits {
    const fn of(count: u8) -> Result<Self, OtpError> {
        match count {
            6 => Ok(Self::Six),
            7 => Ok(Self::Seven),
            8 => Ok(Self::Eight),
            _ => Err(OtpError::Digits),
        }
    }

    const fn count(self) -> usize {
        match self {
            Self::Six => 6,
            Self::Seven => 7,
            Self::Eight => 8,
        }
    }

    /// The last digits. Each divisor stands there: a division by a number that is not known beforehand takes a time that
    /// tells of both.
    const fn last(self, number: u32) -> u32 {
        match self {
            Self::Six => number % 1_000_000,
            Self::Seven => number % 10_000_000,
            Self::Eight => number % 100_000_000,
        }
    }

    /// What somebody typed: that many ASCII digits, with spaces anywhere.
    fn read(self, text: &str) -> Option<u32> {
        if text.len() > LONGEST_CODE {
            return None;
        }
        let (mut number, mut count) = (0, 0);
        for byte in text.bytes().filter(|byte| *byte != b' ') {
            let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
            if count == self.count() {
                return None;
            }
            number = number * 10 + u32::from(digit);
            count += 1;
        }
        (count == self.count()).then_some(number)
    }
}

/// What both kinds of codes are made with.
#[derive(Clone)]
struct Codes {
    secret: OtpSecret,
    algorithm: OtpAlgorithm,
    digits: Digits,
}

impl Codes {
    fn new(secret: OtpSecret, algorithm: OtpAlgorithm, digits: u8) -> Result<Self, OtpError> {
        Ok(Self { secret, algorithm, digits: Digits::of(digits)? })
    }

    fn number(&self, counter: u64) -> Option<u32> {
        Some(self.digits.last(self.algorithm.truncated(self.secret.bytes(), counter)?))
    }

    fn code(&self, counter: u64) -> String {
        let width = self.digits.count();
        self.number(counter).map(|number| format!("{number:0width$}")).unwrap_or_default()
    }

    /// The last of the counters whose code was typed. All of them are tried, and the time tells nothing of which it was. The
    /// last, because two may have the same digits, which else were taken a second time.
    fn matched(&self, typed: &str, counters: Range<u64>) -> Option<u64> {
        let typed = self.digits.read(typed)?;
        let (mut is_found, mut found) = (Choice::from(0), 0_u64);
        for counter in counters {
            let is = self.number(counter)?.ct_eq(&typed);
            found.conditional_assign(&counter, is);
            is_found |= is;
        }
        bool::from(is_found).then_some(found)
    }
}
