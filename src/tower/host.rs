//! What a Rust host does for its guard, and the loop.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderValue;
use http::request::Parts;

use super::{Eventually, Introspection, LoadError};
use crate::ask::{Answer, Ask, Fetched};
use crate::audit::DecisionEvent;
use crate::guard::{Grant, Guard, Outcome, Supplied};
use crate::json::Object;
use crate::rejection::Rejection;
use crate::request::Request;
use crate::time::UnixTime;

type Fetcher = dyn Fn(String) -> Eventually<Option<Fetched>> + Send + Sync;
type Spawner = dyn Fn(Eventually<()>) + Send + Sync;
type Introspector = dyn Fn(Introspection) -> Eventually<Option<Vec<u8>>> + Send + Sync;
type Revocations = dyn Fn(Vec<String>) -> Eventually<Option<Vec<Option<i64>>>> + Send + Sync;
/// A name, until when it is to be kept, and the time.
pub(super) type ReplayStore = dyn Fn(String, UnixTime, UnixTime) -> Eventually<Option<bool>> + Send + Sync;
type ApiKeys = dyn Fn(String) -> Eventually<Result<Option<Object>, LoadError>> + Send + Sync;
type Loader = dyn Fn(String) -> Eventually<Result<Option<Object>, LoadError>> + Send + Sync;
type Listener = dyn Fn(&str, &DecisionEvent) + Send + Sync;
type Clock = dyn Fn() -> UnixTime + Send + Sync;

/// What a Rust host does for its guard.
pub(super) struct Host {
    pub(super) guard: Arc<Guard>,
    pub(super) headers: Vec<String>,
    pub(super) fetcher: Option<Box<Fetcher>>,
    pub(super) spawner: Option<Box<Spawner>>,
    pub(super) introspector: Option<Box<Introspector>>,
    pub(super) revocations: Option<Box<Revocations>>,
    pub(super) replays: Box<ReplayStore>,
    pub(super) api_keys: Option<Box<ApiKeys>>,
    pub(super) loaders: BTreeMap<String, Box<Loader>>,
    pub(super) listeners: Vec<Box<Listener>>,
    pub(super) passes_preflights: bool,
    pub(super) clock: Box<Clock>,
}

pub(super) fn system_clock() -> UnixTime {
    // A clock before 1970 is broken: at the last moment of all every token has expired.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::MAX);
    UnixTime::from_seconds(0).after(since)
}

impl Host {
    /// The loop: check, do what is needed, resume.
    pub(super) async fn check(self: &Arc<Self>, parts: &Parts) -> Result<Grant, Rejection> {
        let mut outcome = {
            let url = parts.uri.to_string();
            let request = Request::new(parts.method.as_str(), &url).by_senders_authority();
            let request = self.headers.iter().fold(request, |request, name| {
                let values = parts.headers.get_all(name.as_str()).iter().map(text);
                values.fold(request, |request, value| request.header(name, value))
            });
            self.guard.check(&request, (self.clock)())
        };
        loop {
            let need = match outcome {
                Outcome::Allow(grant) => {
                    self.tell(|| grant.event(request_id(parts)));
                    return Ok(grant);
                }
                Outcome::Reject(refused) => {
                    self.tell(|| refused.event(request_id(parts)));
                    return Err(refused.rejection().clone());
                }
                Outcome::Need(need) => need,
            };
            let answer = self.answer(need.ask()).await;
            outcome = self.guard.resume(need, answer);
        }
    }

    async fn answer(self: &Arc<Self>, ask: Ask<'_>) -> Answer {
        match ask {
            Ask::Keys { url, stale } => match &self.fetcher {
                None => Answer::Failed,
                Some(_) if stale && self.fetches_later(url) => Answer::Later,
                Some(fetch) => Answer::Keys(fetch(url.to_owned()).await),
            },
            Ask::Revocation { names } => match &self.revocations {
                None => Answer::Failed,
                Some(look_up) => look_up(names.to_vec()).await.map_or(Answer::Failed, Answer::Revocation),
            },
            Ask::Replay { name, until } => {
                let remembered = (self.replays)(name.to_owned(), until, (self.clock)()).await;
                remembered.map_or(Answer::Failed, Answer::Fresh)
            }
            Ask::Introspection { url, authorization, body } => match &self.introspector {
                None => Answer::Failed,
                Some(ask) => {
                    let [url, authorization, body] = [url, authorization, body].map(str::to_owned);
                    Answer::Introspection(ask(Introspection { url, authorization, body }).await)
                }
            },
            Ask::ApiKey { hash } => match &self.api_keys {
                None => Answer::Failed,
                Some(look_up) => look_up(hash.to_owned()).await.map_or(Answer::Failed, Answer::ApiKey),
            },
            Ask::Resource { kind, id } => match self.loaders.get(kind) {
                Some(load) => load(id.to_owned()).await.map_or(Answer::Failed, Answer::Resource),
                None => Answer::Failed,
            },
            Ask::Signature { .. } => Answer::Failed,
        }
    }

    /// Whether the fetch goes on beside the request.
    fn fetches_later(self: &Arc<Self>, url: &str) -> bool {
        let Some(spawn) = &self.spawner else { return false };
        let (host, url) = (Arc::clone(self), url.to_owned());
        spawn(Box::pin(async move {
            let Some(fetch) = &host.fetcher else { return };
            let fetched = fetch(url.clone()).await;
            // Metadata name the set, which is fetched next; nothing more.
            if let Supplied::Next(url) = host.guard.supply_keys(&url, fetched.as_ref(), (host.clock)()) {
                let fetched = fetch(url.clone()).await;
                host.guard.supply_keys(&url, fetched.as_ref(), (host.clock)());
            }
        }));
        true
    }

    fn tell(&self, event: impl FnOnce() -> DecisionEvent) {
        if self.listeners.is_empty() {
            return;
        }
        let (event, id) = (event(), random_uuid());
        for listen in &self.listeners {
            listen(&id, &event);
        }
    }
}

/// A field value that is no UTF-8 keeps a mark in its place, which no credential can have.
fn text(value: &HeaderValue) -> Cow<'_, str> {
    String::from_utf8_lossy(value.as_bytes())
}

fn request_id(parts: &Parts) -> Option<&str> {
    parts.headers.get("x-request-id").and_then(|value| value.to_str().ok())
}

/// RFC 9562 §5.4. The id of an event need not be secret: where the system has no random source it is nil.
fn random_uuid() -> String {
    let mut bytes = [0; 16];
    if getrandom::fill(&mut bytes).is_err() {
        bytes = [0; 16];
    }
    let (version, variant) = (0x4000, 0x8000);
    let number = u128::from_be_bytes(bytes);
    let (high, low) = (number >> 64, number & u128::from(u64::MAX));
    let (a, b, c) = (high >> 32, (high >> 16) & 0xffff, (high & 0x0fff) | version);
    let (d, e) = (((low >> 48) & 0x3fff) | variant, low & 0xffff_ffff_ffff);
    format!("{a:08x}-{b:04x}-{c:04x}-{d:04x}-{e:012x}")
}
