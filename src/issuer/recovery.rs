//! Recovery codes: for who has lost the authenticator. Each is used once.
//!
//! A code is 120 random bits, as 24 letters in six groups. It is what NIST SP 800-63B-4 §3.1.2 calls a look-up secret; from
//! 112 bits on such a one may be kept as a plain hash, for nobody guesses it. What is kept is the list of [hashes](RecoveryCode::hash),
//! from which a used one is gone.

use core::fmt;

use subtle::{ConditionallySelectable, ConstantTimeEq};

use super::error::Coded;
use super::random::{Random, RandomError};
use crate::digest;

/// How many codes are made at once.
pub const COUNT: usize = 10;

/// Hashes that are looked through at most.
const MOST: usize = 100;
/// Letters of a code, five bits each.
const LETTERS: usize = 24;
/// Letters of a group.
const GROUP: usize = 4;
/// Characters of a typed code that are looked at.
const LONGEST: usize = 64;

/// Crockford's base32: without I, L, O and U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Why a code is none, or a list is not looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecoveryError {
    /// Not 24 letters of base32.
    Malformed,
    /// A list has at most 100 hashes.
    TooMany,
}

impl fmt::Display for RecoveryError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Malformed => "a recovery code must be 24 letters and digits",
            Self::TooMany => "there must be at most 100 recovery codes",
        })
    }
}

impl std::error::Error for RecoveryError {}

impl Coded for RecoveryError {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "recovery_code_malformed",
            Self::TooMany => "recovery_codes_too_many",
        }
    }
}

/// One code. It is shown to its owner once; what is kept is its hash.
///
/// ```
/// use portcullis::issuer::SystemRandom;
/// use portcullis::issuer::recovery::{RecoveryCode, spend};
///
/// let codes = RecoveryCode::set(&mut SystemRandom)?;
/// let kept: Vec<String> = codes.iter().map(RecoveryCode::hash).collect();
///
/// let typed = codes[3].text().to_lowercase();
/// let Some(left) = spend(&typed, &kept)? else { panic!("refused") };
/// assert_eq!(left.len(), 9);
/// assert_eq!(spend(&typed, &left)?, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode {
    /// In upper case, without hyphens.
    letters: String,
}

impl RecoveryCode {
    /// A new code.
    ///
    /// # Errors
    ///
    /// [`RandomError`].
    pub fn generate(random: &mut impl Random) -> Result<Self, RandomError> {
        let mut bytes = [0; LETTERS];
        random.fill(&mut bytes)?;
        // Five bits of each byte, so that each letter is as likely as any other.
        let letters = bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte & 31)));
        Ok(Self { letters: letters.map(|letter| char::from(*letter)).collect() })
    }

    /// [`COUNT`] new codes, in place of all that were before.
    ///
    /// # Errors
    ///
    /// [`RandomError`].
    pub fn set(random: &mut impl Random) -> Result<Vec<Self>, RandomError> {
        (0..COUNT).map(|_| Self::generate(random)).collect()
    }

    /// What somebody typed: of either case, with spaces and hyphens anywhere, `O` for `0`, `I` and `L` for `1`.
    ///
    /// # Errors
    ///
    /// [`RecoveryError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, RecoveryError> {
        if text.len() > LONGEST {
            return Err(RecoveryError::Malformed);
        }
        let typed = text.bytes().filter(|byte| !matches!(byte, b' ' | b'-'));
        let letters = typed.map(|byte| match byte.to_ascii_uppercase() {
            b'O' => Some('0'),
            b'I' | b'L' => Some('1'),
            letter => ALPHABET.contains(&letter).then(|| char::from(letter)),
        });
        let letters: String = letters.collect::<Option<_>>().ok_or(RecoveryError::Malformed)?;
        if letters.len() == LETTERS { Ok(Self { letters }) } else { Err(RecoveryError::Malformed) }
    }

    /// `XXXX-XXXX-XXXX-XXXX-XXXX-XXXX`: a secret.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(LETTERS + LETTERS / GROUP);
        for (place, letter) in self.letters.chars().enumerate() {
            if place > 0 && place % GROUP == 0 {
                text.push('-');
            }
            text.push(letter);
        }
        text
    }

    /// `sha256:` and the unpadded base64url of the SHA-256 of its 24 upper-case letters.
    pub fn hash(&self) -> String {
        format!("sha256:{}", digest::sha256_base64url(self.letters.as_bytes()))
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("RecoveryCode").field("hash", &self.hash()).finish_non_exhaustive()
    }
}

/// The place of the hash of a typed code. All hashes are compared, in a time that does not tell which it was. What is no
/// code is of no place.
///
/// # Errors
///
/// [`RecoveryError::TooMany`].
pub fn find(typed: &str, hashes: &[String]) -> Result<Option<usize>, RecoveryError> {
    if hashes.len() > MOST {
        return Err(RecoveryError::TooMany);
    }
    let Ok(code) = RecoveryCode::parse(typed) else { return Ok(None) };
    let hash = code.hash();
    let mut found = 0_u32;
    for (position, kept) in (1_u32..).zip(hashes) {
        found.conditional_assign(&position, kept.as_bytes().ct_eq(hash.as_bytes()));
    }
    Ok(usize::try_from(found).ok().and_then(|found| found.checked_sub(1)))
}

/// The hashes that are left when a typed code is used, or `None` where it is none of them. Keep them before anything else is
/// done, on the condition that they are still the ones that were read: of two that use one code at once one wins.
///
/// # Errors
///
/// [`RecoveryError::TooMany`].
pub fn spend(typed: &str, hashes: &[String]) -> Result<Option<Vec<String>>, RecoveryError> {
    let used = find(typed, hashes)?.and_then(|place| hashes.get(place));
    Ok(used.map(|used| hashes.iter().filter(|hash| *hash != used).cloned().collect()))
}
