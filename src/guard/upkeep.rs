//! What a host tells a guard beside requests, and what it may ask of it: keys, revocations, metadata.

use super::Guard;
use crate::ask::Fetched;
#[cfg(feature = "full")]
use crate::json::{Json, Limits, Object};
#[cfg(feature = "full")]
use crate::rejection::resource_metadata;
#[cfg(feature = "full")]
use crate::revocation::{FactName, RevocationError, Revoked};
use crate::time::UnixTime;

#[cfg(feature = "full")]
const EXPORT_VERSION: i64 = 1;

/// What becomes of what the host has fetched in the background.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Supplied {
    /// No issuer has its keys or its metadata there.
    Unknown,
    /// It was taken, or noted that it failed.
    Done,
    /// The same, and this URL is to be fetched next.
    Next(String),
}

impl Guard {
    /// Hands over what the host has fetched from `url` in the background; `None` where it failed. What the host should
    /// fetch next, and hand over too: the key set, where these were the metadata that name it.
    pub fn supply_keys(&self, url: &str, fetched: Option<&Fetched>, now: UnixTime) -> Supplied {
        let mut supplied = Supplied::Unknown;
        for keys in self.trust.fetched_keys() {
            if keys.is_at(url) {
                let next = keys.store(url, fetched, now, &|| self.trust.next_key_number());
                supplied = match (next, supplied) {
                    (Some(next), _) => Supplied::Next(next),
                    (None, Supplied::Next(next)) => Supplied::Next(next),
                    (None, _) => Supplied::Done,
                };
            }
        }
        supplied
    }
}

#[cfg(feature = "full")]
impl Guard {
    /// The key sets that were fetched, as JSON text, for another instance to start from. Public keys alone; but
    /// whoever can change the text decides whom the guard believes.
    ///
    /// ```
    /// use portcullis::{Guard, Policy, Trust, UnixTime};
    ///
    /// let policy = r#"{ "policy": "blog", "revision": 1 }"#;
    /// let trust = r#"{ "issuers": [{ "issuer": "https://id.example.com", "audience": "api" }] }"#;
    /// let (warm, cold) = (Guard::new(Policy::parse(policy)?, Trust::parse(trust)?)?, Guard::new(Policy::parse(policy)?, Trust::parse(trust)?)?);
    /// assert_eq!(cold.import_keys(&warm.export_keys(), UnixTime::from_seconds(1_790_000_000)), 0);
    /// # Ok::<(), portcullis::ConfigError>(())
    /// ```
    pub fn export_keys(&self) -> String {
        let sets: Vec<Object> = self.trust.fetched_keys().filter_map(|keys| keys.export()).collect();
        Json::from(Object::new().with("version", EXPORT_VERSION).with("sets", sets)).to_text()
    }

    /// Takes what [`Guard::export_keys`] gave elsewhere: each set of an issuer of this guard that is still of use and
    /// newer than what is known here. How many were taken; what is unreadable is passed over.
    pub fn import_keys(&self, exported: &str, now: UnixTime) -> usize {
        let Ok(exported) = Json::parse_within(exported.as_bytes(), Limits::DOCUMENT) else { return 0 };
        if exported.member("version") != Some(&Json::Integer(EXPORT_VERSION)) {
            return 0;
        }
        let sets = exported.member("sets").and_then(Json::as_array).unwrap_or(&[]);
        let mut taken = 0;
        for keys in self.trust.fetched_keys() {
            for set in sets {
                taken += usize::from(keys.import(set, now, &|| self.trust.next_key_number()).is_some());
            }
        }
        taken
    }

    /// The name under which a revocation is kept: of what the issuer calls the subject, token, session or key, or of the
    /// id of an API key. `issuer` is the token's `iss`; where it is absent, the only issuer's. `None` where nobody can say
    /// which is meant.
    ///
    /// ```
    /// use portcullis::{Guard, Policy, Revoked, Trust, UnixTime};
    ///
    /// let policy = Policy::parse(r#"{ "policy": "blog", "revision": 1 }"#)?;
    /// let trust = Trust::parse(r#"{ "issuers": [{ "issuer": "https://id.example.com", "audience": "api" }] }"#)?;
    /// let guard = Guard::new(policy, trust)?;
    /// let now = UnixTime::from_seconds(1_790_000_000);
    ///
    /// let name = guard.revocation_name(Revoked::Subject, None, "u1").unwrap();
    /// assert_eq!(guard.revocation_name(Revoked::Subject, Some("https://id.example.com"), "u1"), Some(name.clone()));
    /// guard.revoke(&name, now, UnixTime::from_seconds(1_790_003_600), now).unwrap();
    /// # Ok::<(), portcullis::ConfigError>(())
    /// ```
    pub fn revocation_name(&self, what: Revoked, issuer: Option<&str>, value: &str) -> Option<String> {
        let issuer = match issuer {
            _ if what == Revoked::ApiKey => None,
            issuer => self.trust.revoking_issuer(issuer)?,
        };
        Some(FactName::of(what, issuer, value).text())
    }

    /// Takes a fact: of a subject, the tokens that were issued before `not_before` are refused; of all else, whatever
    /// has that name. It counts until `until`, which should be when the last token that it refuses has ended.
    ///
    /// # Errors
    /// [`RevocationError`] where the name is none, or the guard keeps 100,000 facts already.
    pub fn revoke(
        &self,
        name: &str,
        not_before: UnixTime,
        until: UnixTime,
        now: UnixTime,
    ) -> Result<(), RevocationError> {
        self.trust.revocations.push(name, not_before, until, now)
    }

    /// The metadata of this protected resource (RFC 9728 §2), to be served at `trust.resourceMetadata`; `None` where
    /// that is no URL of the form that RFC 9728 §3.1 gives.
    pub fn resource_metadata(&self) -> Option<Json> {
        let policy = self.policy();
        resource_metadata(&self.trust, &self.schemes, &policy.scopes())
    }
}
