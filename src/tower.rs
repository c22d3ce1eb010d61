//! The guard for tower and axum: it runs the same loop as every host, renames and awaits, and decides nothing.
//!
//! ```
//! use std::sync::Arc;
//! use axum::{Router, routing::get};
//! use portcullis::{Guard, Policy, Principal, Trust, tower::GuardLayer};
//!
//! async fn me(principal: Principal) -> String {
//!     principal.id().to_owned()
//! }
//!
//! let policy = Policy::parse(r#"{ "policy": "blog", "revision": 1,
//!     "routes": [{ "route": "GET /me", "allow": "authenticated" }] }"#)?;
//! let guard = Arc::new(Guard::new(policy, Trust::nobody())?);
//! let app: Router = Router::new().route("/me", get(me)).layer(GuardLayer::new(guard));
//! # Ok::<(), portcullis::ConfigError>(())
//! ```

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum_core::body::Body;
use axum_core::extract::FromRequestParts;
use axum_core::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderName, HeaderValue, StatusCode};
use tower_layer::Layer;
use tower_service::Service;

use crate::audit::DecisionEvent;
use crate::guard::{Answer, Ask, Grant, Guard, Outcome};
use crate::json::Object;
use crate::principal::Principal;
use crate::rejection::Rejection;
use crate::request::Request;
use crate::time::UnixTime;

type Eventually<T> = Pin<Box<dyn Future<Output = T> + Send>>;
type Fetcher = dyn Fn(String) -> Eventually<Option<Vec<u8>>> + Send + Sync;
type Loader = dyn Fn(String) -> Eventually<Result<Option<Object>, LoadError>> + Send + Sync;
type Listener = dyn Fn(&str, &DecisionEvent) + Send + Sync;
type Clock = dyn Fn() -> UnixTime + Send + Sync;

/// That a loader failed. The request is refused as unavailable; say why in your own log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoadError;

impl<E: std::error::Error> From<E> for LoadError {
    fn from(_: E) -> Self {
        Self
    }
}

/// Puts a guard in front of every route of a router.
///
/// A request that is allowed goes on with its [`Principal`] and its [`Grant`] as extractors. A refused one ends here.
/// Put it around the outermost router: inside `Router::nest` it would see a path without its beginning.
#[derive(Clone)]
pub struct GuardLayer {
    host: Arc<Host>,
}

/// What a Rust host does for its guard.
struct Host {
    guard: Arc<Guard>,
    headers: Vec<String>,
    fetcher: Option<Box<Fetcher>>,
    loaders: BTreeMap<String, Box<Loader>>,
    listeners: Vec<Box<Listener>>,
    passes_preflights: bool,
    clock: Box<Clock>,
}

impl GuardLayer {
    /// A layer without a fetcher or loaders: key sets and resources that are needed are unavailable.
    pub fn new(guard: Arc<Guard>) -> Self {
        Self::builder(guard).build()
    }

    /// A layer whose host can do more.
    pub fn builder(guard: Arc<Guard>) -> GuardLayerBuilder {
        let headers = guard.headers().names.into_iter().map(str::to_owned).collect();
        let clock = Box::new(system_clock);
        GuardLayerBuilder(Host {
            guard,
            headers,
            fetcher: None,
            loaders: BTreeMap::new(),
            listeners: Vec::new(),
            passes_preflights: false,
            clock,
        })
    }
}

/// Makes a [`GuardLayer`].
pub struct GuardLayerBuilder(Host);

impl GuardLayerBuilder {
    /// Fetches a key set: GET, no redirect, status 200, at most 64 KiB; `None` where it cannot be had.
    #[must_use]
    pub fn fetch_keys<F, T>(mut self, fetch: F) -> Self
    where
        F: Fn(String) -> T + Send + Sync + 'static,
        T: Future<Output = Option<Vec<u8>>> + Send + 'static,
    {
        self.0.fetcher = Some(Box::new(move |url| Box::pin(fetch(url))));
        self
    }

    /// Loads a resource of that type by its id: the attributes that the policy's `owner` names; `None` where there
    /// is none. The type must be one of those that the guard was made with.
    #[must_use]
    pub fn load<F, T>(mut self, kind: &str, load: F) -> Self
    where
        F: Fn(String) -> T + Send + Sync + 'static,
        T: Future<Output = Result<Option<Object>, LoadError>> + Send + 'static,
    {
        self.0.loaders.insert(kind.to_owned(), Box::new(move |id| Box::pin(load(id))));
        self
    }

    /// Hears each decision, with a random id for it. It must not block.
    #[must_use]
    pub fn on_decision(mut self, listen: impl Fn(&str, &DecisionEvent) + Send + Sync + 'static) -> Self {
        self.0.listeners.push(Box::new(listen));
        self
    }

    /// Lets a CORS preflight of a declared route through to a CORS layer inside. Without this it is answered here,
    /// with 204 and no CORS header, and no handler runs.
    #[must_use]
    pub fn pass_preflights(mut self) -> Self {
        self.0.passes_preflights = true;
        self
    }

    /// Tells the time; the system's clock where absent.
    #[must_use]
    pub fn clock(mut self, clock: impl Fn() -> UnixTime + Send + Sync + 'static) -> Self {
        self.0.clock = Box::new(clock);
        self
    }

    /// The layer.
    pub fn build(self) -> GuardLayer {
        GuardLayer { host: Arc::new(self.0) }
    }
}

fn system_clock() -> UnixTime {
    // A clock before 1970 is broken: at the last moment of all every token has expired.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::MAX);
    UnixTime::from_seconds(0).after(since)
}

impl<S> Layer<S> for GuardLayer {
    type Service = GuardService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        GuardService { host: Arc::clone(&self.host), inner }
    }
}

/// A service behind a guard.
#[derive(Clone)]
pub struct GuardService<S> {
    host: Arc<Host>,
    inner: S,
}

impl<S, B> Service<http::Request<B>> for GuardService<S>
where
    S: Service<http::Request<B>, Response = Response> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Eventually<Result<Response, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        // The service that was polled ready is the one to call; its clone stays for the next request.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let host = Arc::clone(&self.host);
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            match host.check(&parts).await {
                Ok(grant) if grant.is_preflight() && !host.passes_preflights => Ok(answered_preflight()),
                Ok(grant) => {
                    parts.extensions.insert(grant);
                    inner.call(http::Request::from_parts(parts, body)).await
                }
                Err(rejection) => Ok(rejection.into_response()),
            }
        })
    }
}

impl Host {
    /// The loop: check, do what is needed, resume.
    async fn check(&self, parts: &Parts) -> Result<Grant, Rejection> {
        let mut outcome = {
            let url = parts.uri.to_string();
            let request = self.headers.iter().fold(Request::new(parts.method.as_str(), &url), |request, name| {
                let values = parts.headers.get_all(name.as_str()).iter().map(text);
                values.fold(request, |request, value| request.header(name, value))
            });
            self.guard.check(&request, (self.clock)())
        };
        loop {
            let need = match outcome {
                Outcome::Allow(grant) => {
                    self.tell(|| grant.event(&self.guard, request_id(parts)));
                    return Ok(grant);
                }
                Outcome::Reject(refused) => {
                    self.tell(|| refused.event(&self.guard, request_id(parts)));
                    return Err(refused.rejection().clone());
                }
                Outcome::Need(need) => need,
            };
            let answer = match need.ask() {
                Ask::Keys { url } => match &self.fetcher {
                    Some(fetch) => Answer::Keys(fetch(url.to_owned()).await),
                    None => Answer::Failed,
                },
                Ask::Resource { kind, id } => match self.loaders.get(kind) {
                    Some(load) => load(id.to_owned()).await.map_or(Answer::Failed, Answer::Resource),
                    None => Answer::Failed,
                },
                Ask::Signature { .. } => Answer::Failed,
            };
            outcome = self.guard.resume(need, answer);
        }
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

fn answered_preflight() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
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

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body()));
        *response.status_mut() = StatusCode::from_u16(self.status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
        for (name, value) in self.headers() {
            if let Ok(value) = HeaderValue::from_str(value) {
                response.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
        response
    }
}

/// The grant of the request. Without a [`GuardLayer`] in front there is none, and the request is refused.
impl<S: Sync> FromRequestParts<S> for Grant {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Rejection> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Rejection::engine_failed)
    }
}

/// Who asks. Without a [`GuardLayer`] in front there is nobody, and the request is refused.
impl<S: Sync> FromRequestParts<S> for Principal {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Rejection> {
        Grant::from_request_parts(parts, state).await.map(|grant| Self::clone(grant.principal()))
    }
}
