//! Why there is no filter, or no text of one.

use core::fmt;

use super::{MAX_LEAVES, MAX_VALUES, TooLarge};
#[cfg(feature = "wasm")]
use crate::json::Object;

/// Why there is no filter. Nothing is selected then; a wider filter is never given instead.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FilterError {
    /// No filter says what a condition says of the resource.
    NotExpressible {
        /// Where the condition stands: `roles.editor.permits[1].when`.
        path: String,
        /// The part of it that no filter says.
        expression: String,
    },
    /// It has more than 512 comparisons, or more than 10,000 values in its lists.
    TooLarge,
    /// Working out what is known cost more than one decision may.
    Budget,
    /// A filter that was read is none.
    Malformed {
        /// What is wanted.
        wanted: &'static str,
    },
    /// The name of a column or a table cannot be used.
    Name {
        /// The name.
        name: String,
        /// Why.
        reason: &'static str,
    },
}

impl FilterError {
    /// A stable word for what is wrong.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotExpressible { .. } => "not_expressible",
            Self::TooLarge => "too_large",
            Self::Budget => "budget",
            Self::Malformed { .. } => "malformed",
            Self::Name { .. } => "name",
        }
    }

    /// What the host makes a `FilterError` of.
    #[cfg(feature = "wasm")]
    pub(crate) fn to_json(&self) -> Object {
        let json = Object::new().with("code", self.code()).with("message", self.to_string());
        match self {
            Self::NotExpressible { path, expression } => {
                json.with("path", path.as_str()).with("expression", expression.as_str())
            }
            _ => json,
        }
    }
}

impl From<TooLarge> for FilterError {
    fn from(_: TooLarge) -> Self {
        Self::TooLarge
    }
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotExpressible { path, expression } => {
                write!(f, "no filter can say what {path} says of the resource: {expression}")
            }
            Self::TooLarge => {
                write!(f, "the filter would have more than {MAX_LEAVES} comparisons, or more than {MAX_VALUES} values")
            }
            Self::Budget => f.write_str("the conditions cost more than one decision may"),
            Self::Malformed { wanted } => write!(f, "the filter is malformed: wanted {wanted}"),
            Self::Name { name, reason } => write!(f, "the name {name:?} cannot be used: {reason}"),
        }
    }
}

impl std::error::Error for FilterError {}
