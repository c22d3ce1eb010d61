//! The router: who asks is the guard's to say, what is answered is [`respond`]'s.

use std::sync::Arc;
use std::time::SystemTime;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use portcullis::authzen::{Answer, Call, Directory, MAX_BODY_BYTES, RequestError, respond};
use portcullis::tower::GuardLayer;
use portcullis::{Guard, UnixTime};

const REQUEST_ID: &str = "x-request-id";

struct Point {
    guard: Arc<Guard>,
    directory: Directory,
    base_url: String,
}

/// The endpoints under that URL, behind the guard whose policy decides.
pub(crate) fn decision_point(guard: Arc<Guard>, directory: Directory, base_url: String) -> Router {
    let layer = GuardLayer::new(Arc::clone(&guard));
    Router::new()
        .fallback(any(answer))
        .with_state(Arc::new(Point { guard, directory, base_url }))
        .layer(layer)
        .layer(from_fn(echo_request_id))
}

async fn answer(State(point): State<Arc<Point>>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY_BYTES).await else {
        return Answer::from(RequestError::TooLarge { limit: MAX_BODY_BYTES });
    };
    let call = Call {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        content_type: parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()),
        body: &body,
        base_url: &point.base_url,
    };
    respond(&point.guard, &point.directory, &call, now())
}

/// Of refusals too, so it stands outside the guard.
async fn echo_request_id(request: Request, next: Next) -> Response {
    let id = request.headers().get(REQUEST_ID).cloned();
    let mut response = next.run(request).await.into_response();
    if let Some(id) = id {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

fn now() -> UnixTime {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    UnixTime::from_seconds(0).after(since)
}
