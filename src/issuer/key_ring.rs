//! Which key signs now, and which are published: how one key takes the place of another without a token being refused.
//!
//! A key is in turn:
//!
//! 1. published, and waiting for [`KeyRing::LEAD`], so that whoever keeps the set has it before the first token;
//! 2. signing, until the next one does;
//! 3. retired, and published for [`KeyRing::KEEP`] more, as long as a token of it can live;
//! 4. gone.
//!
//! The moments follow from one number for each key, so a ring is right at any time without anybody touching it.
//!
//! Spec: RFC 7517 §5; OpenID Connect Core §10.1.1.

use core::fmt;
use core::time::Duration;

use super::error::Coded;
use super::signing_key::{SigningKey, SigningKeyError};
use super::token::GuestToken;
use crate::json::{Json, Limits, Object};
use crate::time::UnixTime;

/// Why there is no such ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RingError {
    /// Not the text of a ring.
    Form,
    /// A secret is shared and not published: it is signed with alone, without a ring.
    Secret,
    /// A key that waits is the next; another one would hurry it.
    Waiting,
    /// A key of that name is there.
    Known,
    /// No key has that name.
    Unknown,
    /// More than [`KeyRing::MOST`] keys at once.
    TooMany,
    /// A key of the ring is none.
    Key(SigningKeyError),
}

impl fmt::Display for RingError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Form => "this is not the text of a key ring",
            Self::Secret => "a secret is not published, so it is in no ring",
            Self::Waiting => "a key waits already to be the next",
            Self::Known => "a key of that name is in the ring",
            Self::Unknown => "no key of the ring has that name",
            Self::TooMany => "a ring has 8 keys at most",
            Self::Key(error) => return error.fmt(out),
        })
    }
}

impl std::error::Error for RingError {}

impl Coded for RingError {
    fn code(&self) -> &'static str {
        match self {
            Self::Form => "ring_malformed",
            Self::Secret => "ring_secret",
            Self::Waiting => "ring_waiting",
            Self::Known => "ring_key_known",
            Self::Unknown => "ring_key_unknown",
            Self::TooMany => "ring_too_many",
            Self::Key(error) => error.code(),
        }
    }
}

/// The keys of an issuer over time: never empty, the first to sign first.
///
/// ```
/// use portcullis::issuer::SystemRandom;
/// use portcullis::issuer::key_ring::KeyRing;
/// use portcullis::issuer::signing_key::SigningKey;
/// use portcullis::{Algorithm, UnixTime};
///
/// let now = UnixTime::from_seconds(1_790_000_000);
/// let [first, next] = [0, 1].map(|_| SigningKey::generate(Algorithm::Es256, &mut SystemRandom));
/// let (first, next) = (first?, next?);
/// let next_kid = next.kid().map(str::to_owned);
/// let mut ring = KeyRing::new(first, now)?;
/// ring.rotate(next, now)?;
/// assert_eq!(ring.published(now).member("keys").and_then(|keys| keys.as_array()).map(<[_]>::len), Some(2));
/// assert_ne!(ring.signing(now).kid(), next_kid.as_deref());
/// assert_eq!(ring.signing(now.after(KeyRing::LEAD)).kid(), next_kid.as_deref());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct KeyRing {
    first: RingKey,
    /// Each signs later than the one before.
    others: Vec<RingKey>,
}

#[derive(Debug)]
struct RingKey {
    key: SigningKey,
    signs_from: UnixTime,
}

impl KeyRing {
    /// For so long a new key is published before it signs: a day. A guard keeps a set for a day at most, whatever the answer
    /// says, and caches between do as [`CACHE_CONTROL`](Self::CACHE_CONTROL) says.
    pub const LEAD: Duration = Duration::from_secs(86_400);
    /// For so long a key is published when it signs no more: the longest life of a token, and an hour for clocks that differ
    /// (a guard's leeway is ten minutes at most).
    pub const KEEP: Duration = GuestToken::MAX_LIFETIME.saturating_add(Duration::from_secs(3600));
    /// For the answer with the published set. An hour: so long a key that was withdrawn is believed.
    pub const CACHE_CONTROL: &str = "public, max-age=3600";
    /// There may be this many keys at once.
    pub const MOST: usize = 8;

    /// A ring of one key, which signs at once: nobody has an older set.
    ///
    /// # Errors
    ///
    /// [`RingError::Secret`].
    pub fn new(key: SigningKey, now: UnixTime) -> Result<Self, RingError> {
        Ok(Self { first: ring_key(key, now)?, others: Vec::new() })
    }

    /// A ring from its [`private_text`](Self::private_text), of at most 64 KiB.
    ///
    /// # Errors
    ///
    /// [`RingError::Form`], [`RingError::Secret`], [`RingError::Known`], [`RingError::TooMany`], [`RingError::Key`].
    pub fn parse(text: &str) -> Result<Self, RingError> {
        let json = Json::parse_within(text.as_bytes(), Limits::KEY_SET).map_err(|_| RingError::Form)?;
        let keys = json.member("keys").and_then(Json::as_array).ok_or(RingError::Form)?;
        let mut read = None;
        for entry in keys {
            let (Some(jwk), Some(Json::Integer(from))) = (entry.member("jwk"), entry.member("signsFrom")) else {
                return Err(RingError::Form);
            };
            let key = SigningKey::from_jwk(&jwk.to_text()).map_err(RingError::Key)?;
            let key = ring_key(key, UnixTime::from_seconds(*from))?;
            match &mut read {
                None => read = Some(Self { first: key, others: Vec::new() }),
                Some(ring) if ring.last().signs_from > key.signs_from => return Err(RingError::Form),
                Some(ring) => ring.push(key)?,
            }
        }
        read.ok_or(RingError::Form)
    }

    /// All of it, to be kept where secrets are.
    pub fn private_text(&self) -> String {
        let entries = self.keys().map(|own| {
            let jwk = Json::Object(own.key.private_object().clone());
            Json::from(Object::new().with("jwk", jwk).with("signsFrom", own.signs_from.seconds()))
        });
        Json::from(Object::new().with("keys", Json::Array(entries.collect()))).to_text()
    }

    /// Publishes a key from now on, which signs when [`LEAD`](Self::LEAD) is over. Keys that are gone are forgotten.
    ///
    /// # Errors
    ///
    /// [`RingError::Waiting`], [`RingError::Known`], [`RingError::Secret`], [`RingError::TooMany`].
    pub fn rotate(&mut self, key: SigningKey, now: UnixTime) -> Result<(), RingError> {
        if self.last().signs_from > now {
            return Err(RingError::Waiting);
        }
        let key = ring_key(key, now.after(Self::LEAD))?;
        self.forget(now);
        self.push(key)
    }

    /// Takes back a key that somebody may have got hold of: it is published no longer, and the other one signs at once. A
    /// guard asks for the set when it sees the new name; it believes the old key until it has asked.
    ///
    /// # Errors
    ///
    /// [`RingError::Unknown`], [`RingError::Known`], [`RingError::Secret`].
    pub fn replace(&mut self, kid: &str, key: SigningKey, now: UnixTime) -> Result<(), RingError> {
        let key = ring_key(key, now.max(self.first.signs_from))?;
        if !self.has(kid) {
            return Err(RingError::Unknown);
        }
        if key.key.kid().is_some_and(|own| self.has(own)) {
            return Err(RingError::Known);
        }
        self.forget(now);
        // One that waits goes on waiting, behind the new one.
        let place = self.others.iter().take_while(|own| own.signs_from <= key.signs_from).count();
        self.others.insert(place, key);
        if self.first.key.kid() == Some(kid) {
            self.first = self.others.remove(0);
        } else {
            self.others.retain(|own| own.key.kid() != Some(kid));
        }
        Ok(())
    }

    /// The key that signs now: the last whose time has come, and before all of them the first.
    pub fn signing(&self, now: UnixTime) -> &SigningKey {
        let come = self.others.iter().rev().find(|own| own.signs_from <= now);
        &come.unwrap_or(&self.first).key
    }

    /// The public keys of those that wait, sign, or have signed what may still live, as a JWK set (RFC 7517 §5).
    pub fn published(&self, now: UnixTime) -> Json {
        let mut keys = Vec::new();
        for (place, own) in self.keys().enumerate() {
            if !self.is_gone(place, now) {
                keys.extend(own.key.public_jwk());
            }
        }
        Json::from(Object::new().with("keys", keys))
    }

    fn keys(&self) -> impl Iterator<Item = &RingKey> {
        core::iter::once(&self.first).chain(&self.others)
    }

    fn last(&self) -> &RingKey {
        self.others.last().unwrap_or(&self.first)
    }

    fn has(&self, kid: &str) -> bool {
        self.keys().any(|own| own.key.kid() == Some(kid))
    }

    fn push(&mut self, key: RingKey) -> Result<(), RingError> {
        if key.key.kid().is_some_and(|kid| self.has(kid)) {
            return Err(RingError::Known);
        }
        if self.others.len() + 1 >= Self::MOST {
            return Err(RingError::TooMany);
        }
        self.others.push(key);
        Ok(())
    }

    /// Whether the next one has signed for so long that no token of this one lives.
    fn is_gone(&self, place: usize, now: UnixTime) -> bool {
        self.others.get(place).is_some_and(|next| next.signs_from.after(Self::KEEP) <= now)
    }

    fn forget(&mut self, now: UnixTime) {
        while self.is_gone(0, now) {
            self.first = self.others.remove(0);
        }
    }
}

fn ring_key(key: SigningKey, signs_from: UnixTime) -> Result<RingKey, RingError> {
    if key.public_jwk().is_some() { Ok(RingKey { key, signs_from }) } else { Err(RingError::Secret) }
}
