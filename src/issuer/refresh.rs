//! Refresh tokens: each is used once and gives the next. Rotation is a decision on plain data; a store with compare-and-set
//! makes it one of many at once.
//!
//! A token is `family.generation.mac`. The MAC (HMAC-SHA-256, base64url) is over the first two, by a secret of the server:
//! a stolen store holds no token, a forged text reaches no store and can revoke nothing, and who asks again because the
//! answer was lost gets the same next token, which needs to be kept nowhere.
//!
//! A token that is presented is decided on in this order:
//!
//! 1. a MAC that is not ours, another family, another client: [`Rotation::Unknown`];
//! 2. a family that was revoked, or that began when all of its subject were revoked, or before: [`Rotation::Revoked`];
//! 3. one that nobody refreshed for too long, or that has come to its end: [`Rotation::Expired`];
//! 4. the newest token: [`Rotation::Rotated`];
//! 5. the one before it, within the grace and while the newest was never used: [`Rotation::Replayed`];
//! 6. any other: two hold tokens of one family, and nobody can say who stole: [`Rotation::Reused`], the family is revoked.
//!
//! Spec: RFC 6749 §6, §10.4; RFC 7009 §2; RFC 9700 §2.2.2, §4.14.2.

mod family;
mod revocation;
mod secrets;

use core::fmt;
use core::time::Duration;

pub use family::{Family, Grant};
pub use revocation::SubjectRevocation;
pub use secrets::Secrets;

use super::error::Coded;
use super::random::{Random, RandomError};
use crate::base64url;
use crate::time::UnixTime;

/// 22 characters, ten digits, 43 characters and the dots between are 77.
const MAX_TEXT_BYTES: usize = 77;

/// Why no family can be started, or no secret taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefreshError {
    /// No secret.
    NoSecret,
    /// More than [`Secrets::MOST`] secrets.
    TooManySecrets,
    /// A secret of fewer than 32 bytes.
    SecretTooShort,
    /// The id of a secret is empty, longer than 64 bytes, or there twice.
    SecretId,
    /// A subject or a client that is empty or longer than [`Family::MAX_NAME_BYTES`].
    Name,
    /// A scope that is none (RFC 6749 §3.3), or more than [`Family::MAX_SCOPES`].
    Scope,
    /// Data of more than [`Family::MAX_DATA_BYTES`].
    DataTooLarge,
    /// A span of nothing, an end before the first use must be over, or a grace beyond [`Rules::MAX_GRACE`].
    Rules,
    /// There is no randomness.
    Random(RandomError),
}

impl fmt::Display for RefreshError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::NoSecret => "refresh tokens need a secret",
            Self::TooManySecrets => "there are more than 8 secrets of refresh tokens",
            Self::SecretTooShort => "a secret of refresh tokens must have at least 32 bytes",
            Self::SecretId => "each secret of refresh tokens needs an id of its own of 1 to 64 bytes",
            Self::Name => "subject and client must have 1 to 255 bytes",
            Self::Scope => "a scope must be a scope token, and there may be 100 of them",
            Self::DataTooLarge => "the data of a family may have 4096 bytes",
            Self::Rules => {
                "a family must live for a while, idle no longer than that, with a grace of at most 60 seconds"
            }
            Self::Random(error) => return error.fmt(out),
        })
    }
}

impl std::error::Error for RefreshError {}

impl Coded for RefreshError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSecret => "refresh_secret_missing",
            Self::TooManySecrets => "refresh_secrets_too_many",
            Self::SecretTooShort => "refresh_secret_too_short",
            Self::SecretId => "refresh_secret_id",
            Self::Name => "refresh_name",
            Self::Scope => "refresh_scope",
            Self::DataTooLarge => "refresh_data_too_large",
            Self::Rules => "refresh_rules",
            Self::Random(error) => error.code(),
        }
    }
}

/// How long families live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Whoever does not refresh for so long signs in again.
    pub idle: Duration,
    /// After so long everybody signs in again. It is one for all who share a store: a [`SubjectRevocation`] is kept no longer.
    pub absolute: Duration,
    /// For so long after a rotation the token before gives the same next one again. Nothing: any second use is theft.
    pub grace: Duration,
}

impl Rules {
    /// The longest grace.
    pub const MAX_GRACE: Duration = Duration::from_secs(60);
}

impl Default for Rules {
    /// 14 days idle, 90 days in all, 10 seconds of grace.
    fn default() -> Self {
        let day = 86_400;
        Self {
            idle: Duration::from_secs(14 * day),
            absolute: Duration::from_secs(90 * day),
            grace: Duration::from_secs(10),
        }
    }
}

/// Starts families and decides on their tokens.
///
/// ```
/// use portcullis::UnixTime;
/// use portcullis::issuer::SystemRandom;
/// use portcullis::issuer::refresh::{Rotation, Grant, RefreshTokens, Rules, Secrets};
///
/// let secrets = Secrets::new([("2026", &b"TEST ONLY: 32 bytes at the least"[..])])?;
/// let tokens = RefreshTokens::new(secrets, Rules::default())?;
/// let now = UnixTime::from_seconds(1_790_000_000);
/// let first = tokens.start(Grant::new("u1", "web"), now, &mut SystemRandom)?;
///
/// let presented = tokens.read(&first.token).expect("a token of ours");
/// let Rotation::Rotated { family, token } = tokens.decide(&presented, "web", Some(&first.family), None, now)
/// else {
///     panic!("the newest token is rotated");
/// };
/// // The caller swaps the family in its store, and hands over the token only where that succeeds.
/// assert_ne!(token, first.token);
/// // An answer that was lost is given again.
/// assert_eq!(tokens.decide(&presented, "web", Some(&family), None, now), Rotation::Replayed { token });
/// # Ok::<(), portcullis::issuer::refresh::RefreshError>(())
/// ```
#[derive(Debug)]
pub struct RefreshTokens {
    secrets: Secrets,
    rules: Rules,
}

/// A family that has begun.
#[derive(Clone, PartialEq, Eq)]
pub struct Started {
    /// What the store keeps.
    pub family: Family,
    /// The first token: a secret of whoever signed in.
    pub token: String,
}

impl fmt::Debug for Started {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Started").field("family", &self.family).finish_non_exhaustive()
    }
}

/// A token of ours: the MAC is right. Whether it still counts only its family says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    family: String,
    generation: u32,
}

impl Presented {
    /// The id of its family, to look it up by: 22 characters of base64url.
    pub fn family(&self) -> &str {
        &self.family
    }

    fn is_of(&self, family: &Family, client: &str) -> bool {
        family.id == self.family && family.grant.client == client
    }
}

/// What becomes of a token that is presented.
#[derive(Clone, PartialEq, Eq)]
pub enum Rotation {
    /// It was the newest. `family` takes the place of the one that was read, by compare-and-set; only then is `token`
    /// handed over.
    Rotated {
        /// What the store keeps from now on.
        family: Family,
        /// The next token.
        token: String,
    },
    /// It was used a moment ago: the same next token again. Nothing is written.
    Replayed {
        /// The same next token.
        token: String,
    },
    /// It was used before: the family is revoked, and takes the place of the one that was read.
    Reused {
        /// What the store keeps from now on.
        family: Family,
    },
    /// The family has ended.
    Expired,
    /// The family was revoked, alone or with all of its subject.
    Revoked,
    /// No token of ours, of no family that is known, or of another client.
    Unknown,
}

impl fmt::Debug for Rotation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rotated { family, .. } => out.debug_struct("Rotated").field("family", family).finish_non_exhaustive(),
            Self::Reused { family } => out.debug_struct("Reused").field("family", family).finish(),
            other => out.write_str(other.name()),
        }
    }
}

impl Rotation {
    /// `rotated`, `replayed`, `reused`, `expired`, `revoked` or `unknown`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Rotated { .. } => "rotated",
            Self::Replayed { .. } => "replayed",
            Self::Reused { .. } => "reused",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Unknown => "unknown",
        }
    }
}

impl RefreshTokens {
    /// # Errors
    ///
    /// [`RefreshError::Rules`].
    pub fn new(secrets: Secrets, rules: Rules) -> Result<Self, RefreshError> {
        let is_sound = rules.idle.as_secs() > 0 && rules.idle <= rules.absolute && rules.grace <= Rules::MAX_GRACE;
        if is_sound { Ok(Self { secrets, rules }) } else { Err(RefreshError::Rules) }
    }

    /// A new family for somebody who has just signed in, with 128 random bits as its id. `now` is
    /// [behind](SubjectRevocation::behind) what the store has for the subject, where it has something.
    ///
    /// # Errors
    ///
    /// [`RefreshError::Name`], [`RefreshError::Scope`], [`RefreshError::DataTooLarge`], [`RefreshError::Random`].
    pub fn start(&self, grant: Grant, now: UnixTime, random: &mut impl Random) -> Result<Started, RefreshError> {
        grant.check()?;
        let mut id = [0; 16];
        random.fill(&mut id).map_err(RefreshError::Random)?;
        let family = Family::begin(base64url::encode(&id), grant, self.secrets.newest(), self.rules, now);
        let token = self.token(&family);
        Ok(Started { family, token })
    }

    /// A text as a token of ours, or `None`: then nobody need look anything up.
    pub fn read(&self, text: &str) -> Option<Presented> {
        if text.len() > MAX_TEXT_BYTES {
            return None;
        }
        let (signed, mac) = text.rsplit_once('.')?;
        let (family, generation) = signed.split_once('.')?;
        let is_ours = family.len() == Family::ID_LENGTH && self.secrets.verify(family, generation, mac);
        // What bears our MAC was written by us, so the number has one spelling.
        let generation = generation.parse().ok().filter(|_| is_ours)?;
        Some(Presented { family: family.to_owned(), generation })
    }

    /// Decides on a token. `family` is what the store has under its name; `revocation` what it has for the family's subject,
    /// which is read after the family; `client` is who presents it.
    pub fn decide(
        &self,
        presented: &Presented,
        client: &str,
        family: Option<&Family>,
        revocation: Option<&SubjectRevocation>,
        now: UnixTime,
    ) -> Rotation {
        let Some(family) = family.filter(|family| presented.is_of(family, client)) else { return Rotation::Unknown };
        if family.is_revoked() || revocation.is_some_and(|revocation| revocation.covers(family)) {
            return Rotation::Revoked;
        }
        if family.has_ended(self.rules, now) {
            return Rotation::Expired;
        }
        if presented.generation == family.generation {
            let Some(next) = family.next(self.secrets.newest(), self.rules, now) else { return Rotation::Expired };
            return Rotation::Rotated { token: self.token(&next), family: next };
        }
        if family.was_rotated_from(presented.generation, self.rules.grace, now) {
            return Rotation::Replayed { token: self.token(family) };
        }
        Rotation::Reused { family: family.revoked(now) }
    }

    /// The family of a token that its client takes back (RFC 7009 §2.1), revoked, whichever of its tokens it is; `None` where
    /// it is of no family that is known, or of another client. It takes the place of the one that was read.
    pub fn revoke(
        &self,
        presented: &Presented,
        client: &str,
        family: Option<&Family>,
        now: UnixTime,
    ) -> Option<Family> {
        family.filter(|family| presented.is_of(family, client)).map(|family| family.revoked(now))
    }

    /// Ends all families of a subject that have begun. `before` is what the store has for the subject; what comes back takes
    /// its place, by compare-and-set.
    #[must_use]
    pub fn revoke_subject(&self, before: Option<&SubjectRevocation>, now: UnixTime) -> SubjectRevocation {
        SubjectRevocation::after(before, self.rules, now)
    }

    /// The newest token of a family.
    fn token(&self, family: &Family) -> String {
        let generation = family.generation.to_string();
        let mac = self.secrets.mac(&family.secret, &family.id, &generation);
        [&family.id, ".", &generation, ".", &mac].concat()
    }
}
