//! API keys: a long random text whose SHA-256 the trust document holds.
//!
//! 1. The prefix chooses: the longest one that the key begins with. No other entry is asked after that.
//! 2. A key with a prefix carries a checksum; a wrong one is refused before any comparison.
//! 3. The SHA-256 of the whole text is compared with each chosen entry, in constant time, all of them.
//! 4. An entry that has ended refuses.

use std::sync::Arc;
#[cfg(feature = "full")]
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};
use subtle::{ConditionallySelectable, ConstantTimeEq};

use super::issuer::MAX_NAMES;
use crate::base64url;
use crate::document::{Node, Problem};
use crate::key_text::{self, Fault};
use crate::principal::{Assignment, Kind, Principal, Subject};
#[cfg(feature = "full")]
use crate::revocation::{FactName, Revocable, Revoked};
use crate::time::UnixTime;

/// Characters of a key without a prefix.
const PLAIN_LENGTH: core::ops::RangeInclusive<usize> = 32..=512;

const MAX_TIME: i64 = 1 << 53;

/// Why an API key is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApiKeyError {
    /// Not of the length or the characters of a key.
    Malformed,
    /// The checksum does not match: mistyped or truncated.
    Checksum,
    /// Nobody has this key.
    Unknown,
    /// The key has ended.
    Expired,
    /// The key was taken back.
    Revoked,
}

impl ApiKeyError {
    /// The internal reason.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Malformed => "api_key_malformed",
            Self::Checksum => "api_key_checksum",
            Self::Unknown => "api_key_unknown",
            Self::Expired => "api_key_expired",
            Self::Revoked => "api_key_revoked",
        }
    }
}

impl From<Fault> for ApiKeyError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Form => Self::Malformed,
            Fault::Checksum => Self::Checksum,
        }
    }
}

/// One known key.
#[derive(Debug)]
pub(crate) struct ApiKey {
    pub(crate) hash: [u8; 32],
    pub(crate) prefix: Option<String>,
    pub(crate) not_after: Option<UnixTime>,
    pub(crate) principal: Arc<Principal>,
    /// Since when and until when the store of revocations is believed that it has nothing against the key.
    #[cfg(feature = "full")]
    believed: Mutex<Option<(UnixTime, UnixTime)>>,
}

pub(super) fn read_api_key(node: &Node<'_>, others: &[ApiKey]) -> ApiKey {
    node.has_only(&["id", "hash", "prefix", "roles", "permissions", "scopes", "notAfter", "assignments"]);
    let id_node = node.expect("id");
    let id = id_node.some_text();
    if others.iter().any(|other| other.principal.id() == id) {
        id_node.refuse(Problem::Duplicate);
    }
    let hash_node = node.expect("hash");
    let hash = hash_node.str().strip_prefix("sha256:").and_then(base64url::decode);
    let hash: [u8; 32] = hash.and_then(|bytes| bytes.try_into().ok()).unwrap_or_else(|| {
        hash_node.bad("sha256: and the unpadded base64url of 32 bytes");
        [0; 32]
    });
    if others.iter().any(|other| other.hash == hash) {
        hash_node.refuse(Problem::Duplicate);
    }
    let mut prefix = None;
    if let Some(node) = node.member("prefix") {
        let text = node.str();
        if !key_text::is_prefix(text) {
            node.bad("1 to 32 letters, digits and _");
        }
        prefix = Some(text.to_owned());
    }
    let not_after = node.member("notAfter").map(|moment| moment.number(0, MAX_TIME, "seconds since 1970"));
    let subject = Subject {
        kind: Kind::Service,
        assignments: node.member("assignments").map_or_else(Vec::new, |list| Assignment::from_document(&list)),
        id: id.to_owned(),
        roles: node.texts_member("roles", MAX_NAMES),
        permissions: node.texts_member("permissions", MAX_NAMES),
        scopes: node.texts_member("scopes", MAX_NAMES),
        ..Subject::default()
    };
    ApiKey {
        hash,
        prefix,
        not_after: not_after.map(UnixTime::from_seconds),
        principal: Arc::new(Principal::verified(subject, None, None)),
        #[cfg(feature = "full")]
        believed: Mutex::default(),
    }
}

/// What may take back the API key of that principal.
#[cfg(feature = "full")]
pub(super) fn revocable(principal: &Principal) -> Revocable {
    Revocable { names: vec![FactName::of(Revoked::ApiKey, None, principal.id())], issued_at: None }
}

#[cfg(feature = "full")]
impl ApiKey {
    /// A key of which the host has said whose it is.
    pub(super) fn looked_up(hash: [u8; 32], not_after: Option<UnixTime>, principal: Principal) -> Self {
        Self { hash, prefix: None, not_after, principal: Arc::new(principal), believed: Mutex::default() }
    }

    pub(super) fn revocable(&self) -> Revocable {
        revocable(&self.principal)
    }

    pub(super) fn is_believed(&self, now: UnixTime) -> bool {
        let believed = *self.believed.lock().unwrap_or_else(PoisonError::into_inner);
        believed.is_some_and(|(since, until)| since <= now && now < until)
    }

    pub(super) fn believe(&self, since: UnixTime, until: UnixTime) {
        *self.believed.lock().unwrap_or_else(PoisonError::into_inner) = Some((since, until));
    }
}

/// The entry of the key and its place, or why there is none.
pub(super) fn find<'a>(keys: &'a [ApiKey], text: &str, now: UnixTime) -> Result<(usize, &'a ApiKey), ApiKeyError> {
    let prefixes = keys.iter().filter_map(|key| key.prefix.as_deref());
    let prefix =
        prefixes.filter(|prefix| key_text::secret_behind(text, prefix).is_some()).max_by_key(|prefix| prefix.len());
    match prefix.and_then(|prefix| key_text::secret_behind(text, prefix)) {
        Some(secret) => key_text::check(text, secret)?,
        None if PLAIN_LENGTH.contains(&text.len()) => {}
        None => return Err(ApiKeyError::Malformed),
    }
    let hash: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let mut found = 0_u32;
    for (position, key) in (1_u32..).zip(keys) {
        if key.prefix.as_deref() == prefix {
            found.conditional_assign(&position, key.hash.ct_eq(&hash));
        }
    }
    let found = usize::try_from(found).ok().and_then(|found| found.checked_sub(1));
    let (place, key) = found.and_then(|place| Some((place, keys.get(place)?))).ok_or(ApiKeyError::Unknown)?;
    match key.not_after {
        Some(not_after) if now >= not_after => Err(ApiKeyError::Expired),
        _ => Ok((place, key)),
    }
}
