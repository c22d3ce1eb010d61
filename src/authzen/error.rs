//! What is wrong with a call. It is about the transport, not a refusal: who may not do what they ask for is told with 200.

use core::fmt;

use crate::json::JsonError;

const BAD_REQUEST: u16 = 400;
const UNAUTHORIZED: u16 = 401;
const NOT_FOUND: u16 = 404;
const METHOD_NOT_ALLOWED: u16 = 405;
const CONTENT_TOO_LARGE: u16 = 413;

/// Why a call gets no decision and no results.
///
/// It never holds a value of the request: names and places only.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestError {
    /// The host does not let this caller ask.
    Unauthenticated,
    /// No endpoint has that path.
    NotFound,
    /// The endpoint has another method.
    Method {
        /// Those that it has, as the header `allow` writes them.
        allowed: &'static str,
    },
    /// The content type is not `application/json`.
    ContentType,
    /// The body is longer than this endpoint takes.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The body is not strict JSON.
    Json(JsonError),
    /// A member that must be there is not.
    MissingMember {
        /// Where: `subject.id`.
        member: String,
    },
    /// A member of another type.
    WrongType {
        /// Where; empty for the body itself.
        member: String,
        /// What is wanted.
        wanted: &'static str,
    },
    /// A member with a value that means nothing here.
    BadValue {
        /// Where.
        member: &'static str,
        /// What is wanted.
        wanted: &'static str,
    },
    /// More than this many of a thing.
    TooMany {
        /// Of what.
        member: String,
        /// The limit.
        limit: usize,
    },
    /// The request carries too many values for as many questions as it asks.
    TooCostly {
        /// The limit of values times questions.
        limit: usize,
    },
    /// The conditions cost more than one call may.
    Budget,
    /// The token is not of a page of this search.
    PageToken,
}

impl RequestError {
    /// A stable word.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated => "unauthenticated",
            Self::NotFound => "not_found",
            Self::Method { .. } => "method_not_allowed",
            Self::ContentType => "content_type",
            Self::TooLarge { .. } => "too_large",
            Self::Json(_) => "json",
            Self::MissingMember { .. } => "missing_member",
            Self::WrongType { .. } => "wrong_type",
            Self::BadValue { .. } => "bad_value",
            Self::TooMany { .. } => "too_many",
            Self::TooCostly { .. } => "too_costly",
            Self::Budget => "budget",
            Self::PageToken => "page_token",
        }
    }

    /// The HTTP status code (§10.1.1; RFC 9110 §15.5).
    pub const fn status(&self) -> u16 {
        match self {
            Self::Unauthenticated => UNAUTHORIZED,
            Self::NotFound => NOT_FOUND,
            Self::Method { .. } => METHOD_NOT_ALLOWED,
            Self::TooLarge { .. } => CONTENT_TOO_LARGE,
            _ => BAD_REQUEST,
        }
    }

    pub(super) const fn allow(&self) -> Option<&'static str> {
        match self {
            Self::Method { allowed } => Some(allowed),
            _ => None,
        }
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unauthenticated => f.write_str("the caller is not authenticated"),
            Self::NotFound => f.write_str("no endpoint has this path"),
            Self::Method { allowed } => write!(f, "the method must be one of {allowed}"),
            Self::ContentType => f.write_str("the content type must be application/json"),
            Self::TooLarge { limit } => write!(f, "the body is longer than {limit} bytes"),
            Self::Json(error) => write!(f, "the body is not strict JSON: {error}"),
            Self::MissingMember { member } => write!(f, "{member} is missing"),
            Self::WrongType { member, wanted } if member.is_empty() => write!(f, "the body must be {wanted}"),
            Self::WrongType { member, wanted } => write!(f, "{member} must be {wanted}"),
            Self::BadValue { member, wanted } => write!(f, "{member} must be {wanted}"),
            Self::TooMany { member, limit } => write!(f, "{member} has more than {limit}"),
            Self::TooCostly { limit } => {
                write!(f, "the values of the request times its questions are more than {limit}")
            }
            Self::Budget => f.write_str("the conditions cost more than one call may"),
            Self::PageToken => f.write_str("page.token is not of a page of this search"),
        }
    }
}

impl std::error::Error for RequestError {}
