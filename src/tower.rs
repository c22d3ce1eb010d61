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

mod host;
mod replays;

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum_core::body::Body;
use axum_core::extract::FromRequestParts;
use axum_core::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderName, HeaderValue, StatusCode};
use tower_layer::Layer;
use tower_service::Service;

use crate::ask::Fetched;
use crate::audit::DecisionEvent;
use crate::authzen;
use crate::guard::{Grant, Guard};
use crate::json::Object;
use crate::principal::Principal;
use crate::rejection::Rejection;
use crate::time::UnixTime;

use host::{Host, system_clock};
use replays::Replays;

type Eventually<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// That a loader, or the store of API keys, failed. The request is refused as unavailable; say why in your own log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoadError;

impl<E: std::error::Error> From<E> for LoadError {
    fn from(_: E) -> Self {
        Self
    }
}

/// A question to an issuer about a token (RFC 7662 §2.1).
#[derive(Clone)]
pub struct Introspection {
    /// Where to POST.
    pub url: String,
    /// The value of the header `authorization`. A secret.
    pub authorization: String,
    /// The body, `application/x-www-form-urlencoded`. It holds the token.
    pub body: String,
}

/// Puts a guard in front of every route of a router.
///
/// A request that is allowed goes on with its [`Principal`] and its [`Grant`] as extractors. A refused one ends here.
/// Put it around the outermost router: inside `Router::nest` it would see a path without its beginning.
#[derive(Clone)]
pub struct GuardLayer {
    host: Arc<Host>,
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
            spawner: None,
            introspector: None,
            revocations: None,
            replays: Replays::default().into_store(),
            api_keys: None,
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
    /// Fetches a key set or an issuer's metadata: GET, no redirect, status 200, at most 64 KiB; `None` where it cannot
    /// be had.
    #[must_use]
    pub fn fetch_keys<F, T>(mut self, fetch: F) -> Self
    where
        F: Fn(String) -> T + Send + Sync + 'static,
        T: Future<Output = Option<Fetched>> + Send + 'static,
    {
        self.0.fetcher = Some(Box::new(move |url| Box::pin(fetch(url))));
        self
    }

    /// Runs a fetch beside the request, `tokio::spawn` for one: keys that have grown old are then fetched anew while
    /// they are still used, and no request waits for it.
    #[must_use]
    pub fn in_background(
        mut self,
        spawn: impl Fn(Pin<Box<dyn Future<Output = ()> + Send>>) + Send + Sync + 'static,
    ) -> Self {
        self.0.spawner = Some(Box::new(spawn));
        self
    }

    /// Asks an issuer about a token: POST, no redirect, status 200, at most 64 KiB; `None` where it does not answer.
    #[must_use]
    pub fn introspect<F, T>(mut self, ask: F) -> Self
    where
        F: Fn(Introspection) -> T + Send + Sync + 'static,
        T: Future<Output = Option<Vec<u8>>> + Send + 'static,
    {
        self.0.introspector = Some(Box::new(move |question| Box::pin(ask(question))));
        self
    }

    /// Looks revocations up by their names: for each the moment in seconds since 1970, `None` where there is none; all
    /// of it `None` where the store fails. For `"revocation": { "source": "store" }`.
    #[must_use]
    pub fn revocations<F, T>(mut self, look_up: F) -> Self
    where
        F: Fn(Vec<String>) -> T + Send + Sync + 'static,
        T: Future<Output = Option<Vec<Option<i64>>>> + Send + 'static,
    {
        self.0.revocations = Some(Box::new(move |names| Box::pin(look_up(names))));
        self
    }

    /// Remembers a name until that moment, and says whether it is new: once, for all servers that share it. `None`
    /// where the store fails. Without this the layer remembers up to 100,000 by itself.
    #[must_use]
    pub fn replays<F, T>(mut self, remember: F) -> Self
    where
        F: Fn(String, UnixTime) -> T + Send + Sync + 'static,
        T: Future<Output = Option<bool>> + Send + 'static,
    {
        self.0.replays = Box::new(move |name, until, _| Box::pin(remember(name, until)));
        self
    }

    /// Says whose API key that is, by `sha256:` and the unpadded base64url of the SHA-256 of the whole key: an object with
    /// `id`, and where they are there `roles`, `permissions`, `scopes`, `assignments`, `notAfter` and `owner`; `None` where
    /// nobody has such a key. For `"apiKeyStore"`.
    #[must_use]
    pub fn api_keys<F, T>(mut self, look_up: F) -> Self
    where
        F: Fn(String) -> T + Send + Sync + 'static,
        T: Future<Output = Result<Option<Object>, LoadError>> + Send + 'static,
    {
        self.0.api_keys = Some(Box::new(move |hash| Box::pin(look_up(hash))));
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

fn answered_preflight() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        response(self.status(), self.headers(), self.body())
    }
}

/// `X-Request-ID` is the handler's to echo.
impl IntoResponse for authzen::Answer {
    fn into_response(self) -> Response {
        response(self.status, self.headers(), self.body)
    }
}

fn response<'a>(status: u16, headers: impl IntoIterator<Item = (&'static str, &'a str)>, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
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
