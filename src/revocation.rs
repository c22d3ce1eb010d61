//! Revocation: facts that take a credential back before its end, and the names under which they are kept.
//!
//! A fact is a name and a moment. Of a subject it refuses the tokens that were issued before the moment, because a role
//! that was taken away must stop working; of a token, a session, a signing key or an API key it refuses all.

use core::fmt;

use crate::base64url;
use crate::digest::sha256;
use crate::json::Json;
use crate::time::UnixTime;

/// Facts that a guard keeps of those that its host has pushed.
const MAX_FACTS: usize = 100_000;
/// Facts are found by the first byte of their hash, and then one by one.
const BUCKETS: usize = 256;

/// What a fact is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revoked {
    /// A subject, by the claim that its id comes from.
    Subject,
    /// A token, by its `jti`.
    Jti,
    /// A session, by its `sid`.
    Sid,
    /// A signing key, by its `kid`.
    Key,
    /// An API key, by the `id` of its entry.
    ApiKey,
}

impl Revoked {
    const ALL: [Self; 5] = [Self::Subject, Self::Jti, Self::Sid, Self::Key, Self::ApiKey];

    /// `subject`, `jti`, `sid`, `key` or `apikey`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Jti => "jti",
            Self::Sid => "sid",
            Self::Key => "key",
            Self::ApiKey => "apikey",
        }
    }

    /// What has that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// The name of a fact. It tells neither the issuer nor the value, so that a store may be shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FactName {
    pub(crate) kind: Revoked,
    hash: [u8; 32],
}

impl FactName {
    /// Of what an issuer calls `value`.
    pub(crate) fn of(kind: Revoked, issuer: Option<&str>, value: &str) -> Self {
        let pair = Json::Array(vec![issuer.map_or(Json::Null, Json::from), Json::from(value)]);
        Self { kind, hash: sha256(pair.to_text().as_bytes()) }
    }

    fn parse(text: &str) -> Option<Self> {
        let (kind, hash) = text.split_once('.')?;
        Some(Self { kind: Revoked::from_name(kind)?, hash: base64url::decode(hash)?.try_into().ok()? })
    }

    /// The kind, a dot, and the hash of issuer and value in base64url.
    pub(crate) fn text(&self) -> String {
        [self.kind.name(), ".", &base64url::encode(&self.hash)].concat()
    }

    /// Whether a fact of that moment refuses a token that was issued then. A token that does not say when is as old as
    /// can be.
    fn is_refused(&self, moment: UnixTime, issued_at: Option<UnixTime>) -> bool {
        self.kind != Revoked::Subject || issued_at.is_none_or(|issued_at| issued_at < moment)
    }
}

/// What may take one credential back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Revocable {
    pub(crate) names: Vec<FactName>,
    pub(crate) issued_at: Option<UnixTime>,
}

impl Revocable {
    /// What takes it back, of the moments that a store gave for its names in their order.
    pub(crate) fn refused_by(&self, moments: &[Option<i64>]) -> Option<Revoked> {
        let pairs = self.names.iter().zip(moments);
        let is_refused = |name: &FactName, moment: &Option<i64>| {
            moment.is_some_and(|moment| name.is_refused(UnixTime::from_seconds(moment), self.issued_at))
        };
        pairs.into_iter().find(|(name, moment)| is_refused(name, moment)).map(|(name, _)| name.kind)
    }
}

/// Why a fact was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RevocationError {
    /// The name is none that [`Guard::revocation_name`](crate::Guard::revocation_name) gives.
    Malformed,
    /// The guard keeps as many facts as it may, and none of them has ended.
    Full,
}

impl fmt::Display for RevocationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "the name is no name of a revocation",
            Self::Full => "the guard keeps 100000 revocations, and none of them has ended",
        })
    }
}

impl core::error::Error for RevocationError {}

/// The facts that the host has pushed.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    buckets: Vec<Vec<Fact>>,
    count: usize,
}

#[derive(Debug)]
struct Fact {
    name: FactName,
    moment: UnixTime,
    /// The first moment at which it may be forgotten.
    until: UnixTime,
}

impl Facts {
    pub(crate) const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Takes a fact. Of two with one name the later moment and the later end count.
    pub(crate) fn insert(
        &mut self,
        name: &str,
        moment: UnixTime,
        until: UnixTime,
        now: UnixTime,
    ) -> Result<(), RevocationError> {
        let name = FactName::parse(name).ok_or(RevocationError::Malformed)?;
        self.buckets.resize_with(BUCKETS, Vec::new);
        let known =
            self.buckets.get_mut(index(&name)).and_then(|bucket| bucket.iter_mut().find(|fact| fact.name == name));
        if let Some(known) = known {
            known.moment = known.moment.max(moment);
            known.until = known.until.max(until);
            return Ok(());
        }
        if self.count >= MAX_FACTS {
            for bucket in &mut self.buckets {
                bucket.retain(|fact| now < fact.until);
            }
            self.count = self.buckets.iter().map(Vec::len).sum();
        }
        match self.buckets.get_mut(index(&name)) {
            Some(bucket) if self.count < MAX_FACTS => {
                bucket.push(Fact { name, moment, until });
                self.count += 1;
                Ok(())
            }
            _ => Err(RevocationError::Full),
        }
    }

    /// What takes it back.
    pub(crate) fn refusing(&self, credential: &Revocable, now: UnixTime) -> Option<Revoked> {
        let found = credential.names.iter().find(|name| {
            let bucket = self.buckets.get(index(name)).map_or(&[][..], Vec::as_slice);
            let fact = bucket.iter().find(|fact| fact.name == **name && now < fact.until);
            fact.is_some_and(|fact| name.is_refused(fact.moment, credential.issued_at))
        });
        found.map(|name| name.kind)
    }
}

fn index(name: &FactName) -> usize {
    name.hash.first().map_or(0, |byte| usize::from(*byte))
}
