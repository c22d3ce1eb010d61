//! The OpenID AuthZEN Authorization API 1.0, as a pure function from a call to an answer.
//!
//! A decision point that is asked over HTTP is told ids, and must know the rest: [`Directory`] holds the roles and
//! attributes of subjects and the attributes of resources. The host reads the request, [`respond`] answers it, and the
//! host echoes `X-Request-ID`. Whether the caller may ask at all is the host's to see to, before: whoever may ask learns
//! who may do what.
//!
//! ```
//! use portcullis::authzen::{Call, Directory, respond};
//! use portcullis::{Guard, Policy, Trust, UnixTime};
//!
//! let policy = Policy::parse(r#"{ "policy": "files", "revision": 1, "resources": { "record": { "actions": ["read"] } },
//!     "roles": { "reader": { "permits": ["record:read"] } } }"#)?;
//! let guard = Guard::new(policy, Trust::nobody())?;
//! let directory = Directory::parse(r#"{ "user": { "alice": { "roles": ["reader"] } } }"#)?;
//! let call = Call {
//!     method: "POST",
//!     path: "/access/v1/evaluation",
//!     content_type: Some("application/json"),
//!     body: br#"{ "subject": { "type": "user", "id": "alice" }, "action": { "name": "read" },
//!         "resource": { "type": "record", "id": "1" } }"#,
//!     base_url: "https://pdp.example",
//! };
//! let answer = respond(&guard, &directory, &call, UnixTime::from_seconds(1_790_000_000));
//! assert_eq!(answer.status, 200);
//! assert!(answer.body.starts_with(r#"{"decision":true"#));
//! # Ok::<(), portcullis::ConfigError>(())
//! ```
//!
//! # What a question is
//!
//! - `action.name` on `resource.type` is the permission `type:name` of the policy. A bare permission cannot be asked for:
//!   AuthZEN always names a resource.
//! - A subject of type `service` is a service, one of type `guest` a guest, every other a user. Ids of subjects of
//!   different types must differ where a policy compares the owner with the subject's id.
//! - What a subject is (`roles`, `permissions`, `scopes`, `assignments`, `acr`, `amr`, `authTime`) only the directory says;
//!   a subject that it does not know is nobody: no roles. Those names count for nothing among a request's properties.
//! - Attributes come from the directory, and from the request's `properties` where the directory has no member of that
//!   name: the directory is the authority, and the caller fills in what it does not hold.
//! - A resource is always a known instance, be it one without attributes: what hangs on an attribute that nobody gave is
//!   denied.
//!
//! # Answers
//!
//! A decision's `context` is that of [`Guard::evaluate_json`], and in a denial `reason_user` with the caller's message
//! under its status; where a stronger or fresher sign-in would help, `acr_values` and `max_age`; and `reason_admin` with
//! the explanation where [`Directory::with_explanations`] says so.
//!
//! A search gives exactly those whose evaluation would be true: of a directory's entities, and of a policy's actions on
//! the type; sorted, in pages. What the directory does not know has no results. Only a resource whose whole type is
//! missing there may be searched for by what the request says of it, because then the caller keeps that type.

mod directory;
mod error;
mod evaluation;
mod question;
mod search;

pub use directory::Directory;
pub use error::RequestError;

use question::Asked;

use crate::authz::budget::Budget;
use crate::guard::Guard;
use crate::json::{Json, Limits, Object};
use crate::time::UnixTime;

/// One question, or one search: 64 KiB, 32 deep.
const ONE: Limits = Limits { max_bytes: 64 << 10, max_depth: 32 };
/// Many questions: 256 KiB, 32 deep.
const MANY: Limits = Limits { max_bytes: 256 << 10, max_depth: 32 };

const METADATA: &str = "/.well-known/authzen-configuration";

/// What the host reads of a request.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The method, in upper case.
    pub method: &'a str,
    /// The path as it was sent, without the query.
    pub path: &'a str,
    /// The header `content-type`.
    pub content_type: Option<&'a str>,
    /// The body. A host need not read more than [`MAX_BODY_BYTES`] and one byte.
    pub body: &'a [u8],
    /// Where the decision point is: `https://pdp.example`, or with a path. The endpoints are under it.
    pub base_url: &'a str,
}

/// No call has a longer body: 256 KiB.
pub const MAX_BODY_BYTES: usize = MANY.max_bytes;

/// What is sent back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status code. A denial is a 200.
    pub status: u16,
    /// The methods that the endpoint has, where the request had another: the header `allow`.
    pub allow: Option<&'static str>,
    /// JSON: an object, or a string that says what is wrong. Empty for HEAD.
    pub body: String,
    /// What is wrong with the request.
    pub error: Option<RequestError>,
}

impl Answer {
    /// To a caller whom the host does not know, and does not let ask.
    pub fn unauthenticated() -> Self {
        Self::from(RequestError::Unauthenticated)
    }

    /// The headers, with names in lower case.
    pub fn headers(&self) -> Vec<(&'static str, &'static str)> {
        let mut headers = vec![("content-type", "application/json"), ("cache-control", "no-store")];
        headers.extend(self.allow.map(|methods| ("allow", methods)));
        headers
    }

    fn of(body: impl Into<Json>) -> Self {
        let body: Json = body.into();
        Self { status: 200, allow: None, body: body.to_text(), error: None }
    }
}

impl From<RequestError> for Answer {
    fn from(error: RequestError) -> Self {
        let body = Json::from(error.to_string()).to_text();
        Self { status: error.status(), allow: error.allow(), body, error: Some(error) }
    }
}

/// An endpoint that is asked by POST.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Endpoint {
    Evaluation,
    Evaluations,
    Search(search::Wanted),
}

/// Each endpoint with its path and its name in the metadata.
const ENDPOINTS: &[(&str, &str, Endpoint)] = &[
    ("/access/v1/evaluation", "access_evaluation_endpoint", Endpoint::Evaluation),
    ("/access/v1/evaluations", "access_evaluations_endpoint", Endpoint::Evaluations),
    ("/access/v1/search/subject", "search_subject_endpoint", Endpoint::Search(search::Wanted::Subjects)),
    ("/access/v1/search/resource", "search_resource_endpoint", Endpoint::Search(search::Wanted::Resources)),
    ("/access/v1/search/action", "search_action_endpoint", Endpoint::Search(search::Wanted::Actions)),
];

/// Answers a call.
///
/// 1. The path is that of an endpoint under the base URL, and the method is the endpoint's.
/// 2. The body is JSON by its content type, not too long, and strict JSON.
/// 3. Each member that must be there is, and each has its type. Members that are not known are passed over.
///
/// Spec: OpenID AuthZEN Authorization API 1.0 §6 to §10.
pub fn respond(guard: &Guard, directory: &Directory, call: &Call<'_>, now: UnixTime) -> Answer {
    let point = DecisionPoint { guard, directory, now, budget: Budget::new() };
    let answer = match answer(&point, call) {
        // What a search did not find, or a batch denies, may be so for want of steps alone.
        Ok(_) if point.budget.is_spent() => Err(RequestError::Budget),
        answer => answer,
    };
    match answer {
        Ok(body) if call.method == "HEAD" => Answer { body: String::new(), ..Answer::of(body) },
        Ok(body) => Answer::of(body),
        Err(error) => Answer::from(error),
    }
}

fn answer(point: &DecisionPoint<'_>, call: &Call<'_>) -> Result<Object, RequestError> {
    let base = call.base_url.trim_end_matches('/');
    let base_path = path_of(base);
    if call.path.strip_prefix(METADATA) == Some(base_path) {
        return match call.method {
            "GET" | "HEAD" => Ok(metadata(base)),
            _ => Err(RequestError::Method { allowed: "GET, HEAD" }),
        };
    }
    let path = call.path.strip_prefix(base_path);
    let endpoint = ENDPOINTS.iter().find(|(own, ..)| Some(*own) == path);
    let (_, _, endpoint) = endpoint.ok_or(RequestError::NotFound)?;
    if call.method != "POST" {
        return Err(RequestError::Method { allowed: "POST" });
    }
    match endpoint {
        Endpoint::Evaluation => evaluation::one(point, Asked::alone(&body(call, ONE)?)),
        Endpoint::Evaluations => evaluation::many(point, &body(call, MANY)?),
        Endpoint::Search(wanted) => search::search(point, *wanted, &body(call, ONE)?),
    }
}

/// What decides: the guard's policy over what the directory knows.
struct DecisionPoint<'a> {
    guard: &'a Guard,
    directory: &'a Directory,
    now: UnixTime,
    budget: Budget,
}

/// `/a` of `https://pdp.example/a`; nothing of one without a path.
fn path_of(base: &str) -> &str {
    let behind_scheme = base.split_once("://").map_or(base, |(_, rest)| rest);
    behind_scheme.find('/').and_then(|start| behind_scheme.get(start..)).unwrap_or("")
}

fn body(call: &Call<'_>, limits: Limits) -> Result<Json, RequestError> {
    let kind = call.content_type.and_then(|field| field.split(';').next()).unwrap_or("").trim_matches([' ', '\t']);
    if !kind.eq_ignore_ascii_case("application/json") {
        return Err(RequestError::ContentType);
    }
    if call.body.len() > limits.max_bytes {
        return Err(RequestError::TooLarge { limit: limits.max_bytes });
    }
    match Json::parse_within(call.body, limits).map_err(RequestError::Json)? {
        body @ Json::Object(_) => Ok(body),
        _ => Err(RequestError::WrongType { member: String::new(), wanted: "an object" }),
    }
}

/// The metadata document (§9).
fn metadata(base: &str) -> Object {
    let mut metadata = Object::new().with("policy_decision_point", base);
    for (path, name, _) in ENDPOINTS {
        metadata.set(*name, format!("{base}{path}"));
    }
    metadata
}
