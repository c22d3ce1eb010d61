//! API keys that the host looks up: people make them and take them back while the guard runs, so the trust document cannot
//! list them.
//!
//! 1. Form and checksum come first: a mistyped key is refused before anybody is asked.
//! 2. An answer that is still remembered counts; else the host is asked, by the key's SHA-256 and never by the key.
//! 3. Its answer is read as strictly as an entry of the trust document. What is no entry says nothing of the key: 503.
//! 4. The id gets its prefix, and what the store may not say of a key is dropped.
//! 5. A key that has ended refuses, and so does one that was taken back.
//!
//! Hashes are compared in whatever time that takes. How far one agrees with another may show, but a hash leads to no key:
//! that has 178 random bits.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::api_key::{ApiKey, ApiKeyError};
use super::issuer::{MAX_NAMES, read_prefix};
use super::mapping::{Asserts, read_asserts};
use super::safeguards;
use super::trust::Trust;
use super::{AuthnError, Progress, Step};
use crate::ask::{Answer, Ask};
use crate::base64url;
use crate::digest::sha256;
use crate::document::{self, Document, Node, Problem};
use crate::json::{Json, Object};
use crate::key_text;
use crate::principal::{ApiKeyFacts, Assignment, Dropped, Kind, Principal, Subject};
use crate::time::UnixTime;

const MAX_MAX_AGE_SECONDS: i64 = 3600;
const MAX_TIME: i64 = 1 << 53;
/// How many answers are remembered, and of how many bytes of JSON each.
const MAX_KEPT: usize = 512;
const MAX_KEPT_BYTES: usize = 4096;

/// The keys that the host knows.
#[derive(Debug)]
pub(crate) struct ApiKeyStore {
    prefix: String,
    /// Stands in front of each id.
    pub(super) id_prefix: String,
    asserts: Asserts,
    /// How long an answer is remembered.
    max_age: Duration,
    /// Answers that still count, the oldest first.
    kept: Mutex<Vec<Kept>>,
}

#[derive(Debug)]
struct Kept {
    key: Arc<ApiKey>,
    since: UnixTime,
    until: UnixTime,
}

/// What the host is asked.
pub(super) struct Question {
    hash: [u8; 32],
    /// `sha256:` and the hash in base64url.
    name: String,
}

pub(super) fn read_store(root: &Node<'_>, trust: &Trust) -> Option<ApiKeyStore> {
    let node = root.member("apiKeyStore")?;
    node.has_only(&["prefix", "idPrefix", "asserts", "maxAge"]);
    let prefix = node.expect("prefix");
    if !key_text::is_prefix(prefix.str()) {
        prefix.bad("1 to 32 letters, digits and _");
    }
    // One prefix, one place that knows its keys.
    if trust.api_keys.iter().any(|key| key.prefix.as_deref() == Some(prefix.str())) {
        prefix.refuse(Problem::Duplicate);
    }
    let id_prefix = node.expect("idPrefix").str();
    read_prefix(&node, trust);
    if trust.api_keys.iter().any(|key| key.principal.id().starts_with(id_prefix)) {
        node.refuse_member("idPrefix", Problem::Duplicate);
    }
    Some(ApiKeyStore {
        prefix: prefix.str().to_owned(),
        id_prefix: id_prefix.to_owned(),
        asserts: read_asserts(&node),
        max_age: node.seconds_member("maxAge", 0, MAX_MAX_AGE_SECONDS, "0 to 3600 seconds").unwrap_or_default(),
        kept: Mutex::default(),
    })
}

/// The way of a key that the host knows, as far as it goes without the host; `None` where the document alone says whose
/// it is. The longest prefix chooses, as among the keys of the document.
pub(super) fn begin(trust: &Trust, text: &str, now: UnixTime) -> Option<Result<Progress, AuthnError>> {
    let store = trust.api_key_store.as_ref()?;
    let secret = key_text::secret_behind(text, &store.prefix)?;
    let mut listed = trust.api_keys.iter().filter_map(|key| key.prefix.as_deref());
    let is_nearer = |prefix: &str| prefix.len() > store.prefix.len();
    if listed.any(|prefix| is_nearer(prefix) && key_text::secret_behind(text, prefix).is_some()) {
        return None;
    }
    if let Err(fault) = key_text::check(text, secret) {
        return Some(Err(AuthnError::ApiKey(fault.into())));
    }
    let hash = sha256(text.as_bytes());
    Some(match store.kept(&hash, now) {
        Some(key) => admit(trust, key, now),
        None => {
            let name = ["sha256:", &base64url::encode(&hash)].concat();
            Ok(super::need(Step::ApiKey(Question { hash, name })))
        }
    })
}

/// Goes on with what the host found. `now` is when the request came, so no answer is remembered for longer than it may be.
pub(super) fn finish(
    trust: &Trust,
    question: &Question,
    answer: Answer,
    now: UnixTime,
) -> Result<Progress, AuthnError> {
    let store = trust.api_key_store.as_ref().ok_or(AuthnError::ApiKeyUnavailable)?;
    let Answer::ApiKey(found) = answer else { return Err(AuthnError::ApiKeyUnavailable) };
    store.forget(&question.hash);
    let entry = Json::Object(found.ok_or(AuthnError::ApiKey(ApiKeyError::Unknown))?);
    let read = document::read(Document::Trust, &entry, |node| store.read_entry(node, question.hash));
    let key = Arc::new(read.map_err(|_| AuthnError::ApiKeyUnavailable)?);
    store.keep(&key, &entry, now);
    admit(trust, key, now)
}

fn admit(trust: &Trust, key: Arc<ApiKey>, now: UnixTime) -> Result<Progress, AuthnError> {
    match key.not_after {
        Some(not_after) if now >= not_after => Err(AuthnError::ApiKey(ApiKeyError::Expired)),
        _ => safeguards::of_stored_key(trust, key, now),
    }
}

impl ApiKeyStore {
    fn read_entry(&self, node: &Node<'_>, hash: [u8; 32]) -> ApiKey {
        node.has_only(&["id", "roles", "permissions", "scopes", "assignments", "notAfter", "owner"]);
        let not_after = node.member("notAfter").map(|moment| moment.number(0, MAX_TIME, "seconds since 1970"));
        let not_after = not_after.map(UnixTime::from_seconds);
        let owner = node.member("owner").map(|owner| owner.some_text().to_owned());
        let mut attributes = Object::new();
        if let Some(owner) = &owner {
            attributes.set("owner", owner.as_str());
        }
        let mut subject = Subject {
            kind: Kind::Service,
            id: [&self.id_prefix, node.expect("id").some_text()].concat(),
            roles: node.texts_member("roles", MAX_NAMES),
            assignments: node.member("assignments").map_or_else(Vec::new, |list| Assignment::from_document(&list)),
            permissions: node.texts_member("permissions", MAX_NAMES),
            scopes: node.texts_member("scopes", MAX_NAMES),
            attributes,
            ..Subject::default()
        };
        let dropped = self.asserts.bound(&mut subject);
        let facts = ApiKeyFacts { owner, expires: not_after, dropped };
        ApiKey::looked_up(hash, not_after, Principal::verified(subject, None, None).by_api_key(facts))
    }

    fn keep(&self, key: &Arc<ApiKey>, entry: &Json, now: UnixTime) {
        let until = now.after(self.max_age);
        let until = key.not_after.map_or(until, |end| until.min(end));
        if until <= now || entry.to_text().len() > MAX_KEPT_BYTES {
            return;
        }
        let mut kept = self.locked();
        kept.retain(|other| now < other.until);
        if kept.len() >= MAX_KEPT {
            kept.remove(0);
        }
        kept.push(Kept { key: Arc::clone(key), since: now, until });
    }

    fn forget(&self, hash: &[u8; 32]) {
        self.locked().retain(|kept| kept.key.hash != *hash);
    }

    fn kept(&self, hash: &[u8; 32], now: UnixTime) -> Option<Arc<ApiKey>> {
        let kept = self.locked();
        let is_it = |kept: &&Kept| kept.key.hash == *hash && kept.since <= now && now < kept.until;
        kept.iter().find(is_it).map(|kept| Arc::clone(&kept.key))
    }

    fn locked(&self) -> MutexGuard<'_, Vec<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Asserts {
    /// Takes from a subject what may not be said of it.
    fn bound(&self, subject: &mut Subject) -> Dropped {
        let mut dropped = Dropped::default();
        let lists = [
            (&self.roles, &mut subject.roles, &mut dropped.roles),
            (&self.permissions, &mut subject.permissions, &mut dropped.permissions),
            (&self.scopes, &mut subject.scopes, &mut dropped.scopes),
        ];
        for (assertable, said, dropped) in lists {
            *said = assertable.filter(std::mem::take(said), dropped);
        }
        for one in std::mem::take(&mut subject.assignments) {
            if self.roles.allows(&one.role) {
                subject.assignments.push(one);
            } else {
                dropped.roles.push(one.role);
            }
        }
        dropped
    }
}

impl Question {
    pub(super) fn ask(&self) -> Ask<'_> {
        Ask::ApiKey { hash: &self.name }
    }
}
