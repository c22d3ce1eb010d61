//! Fetched keys as text, so that another instance need not fetch them first.

use std::time::Duration;

use super::jwks::MAX_TIME_TO_LIVE;
use super::key_source::FetchedKeys;
use super::url::{is_loopback_http, is_secure};
use crate::jose::key::Key;
use crate::json::{Json, Limits, Object};
use crate::time::UnixTime;

impl FetchedKeys {
    /// What is known, for another instance to start from; public keys alone.
    pub(crate) fn export(&self) -> Option<Object> {
        let state = self.state();
        let kept = state.set.as_ref()?;
        let location = state.location.as_ref().map(|(url, _)| url.as_str());
        Some(
            Object::new()
                .with("url", self.url.as_str())
                .with("jwksUri", location)
                .with("keys", public_keys(&kept.text)?)
                .with("fetched", kept.fetched.seconds())
                .with("freshUntil", kept.fresh_until.seconds()),
        )
    }

    /// Takes what another instance knew, where it is newer than what is known here and still of use.
    pub(crate) fn import(&self, exported: &Json, now: UnixTime, number: &dyn Fn() -> u32) -> Option<()> {
        if exported.member("url")?.as_str()? != self.url {
            return None;
        }
        let moment = |name: &str| match exported.member(name) {
            Some(Json::Integer(seconds)) => Some(UnixTime::from_seconds(*seconds)),
            _ => None,
        };
        let (fetched, fresh_until) = (moment("fetched")?, moment("freshUntil")?);
        let is_plausible = fetched <= now
            && fetched <= fresh_until
            && fresh_until <= fetched.after(Duration::from_secs(MAX_TIME_TO_LIVE));
        let text = exported.member("keys")?.as_str()?.as_bytes();
        let location = match (exported.member("jwksUri")?, &self.discovered_for) {
            (Json::Null, None) => None,
            (Json::String(url), Some(issuer)) if is_secure(url) && *url != self.url => {
                Some(url.clone()).filter(|url| !is_loopback_http(url) || is_loopback_http(issuer))
            }
            _ => return None,
        };
        let kept = self.read(text, fetched, fresh_until, number)?;
        let mut state = self.state();
        let is_newer = state.set.as_ref().is_none_or(|own| own.fetched < fetched);
        if !is_plausible || !is_newer || (location.is_none() && self.discovered_for.is_some()) {
            return None;
        }
        state.import(kept, location, now)
    }
}

/// The text of a set without the keys that have private members: they are of no use here, and nobody else's business.
fn public_keys(text: &[u8]) -> Option<String> {
    let set = Json::parse_within(text, Limits::KEY_SET).ok()?;
    let is_public = |key: &&Json| Key::from_jwk(key, None, 0).is_ok();
    let keys: Vec<Json> = set.member("keys")?.as_array()?.iter().filter(is_public).cloned().collect();
    Some(Json::from(Object::new().with("keys", keys)).to_text())
}
