//! Filters: what is left of a policy where all is known but the resource. They are plain data that a database can be
//! asked with, and know neither policies nor conditions.
//!
//! An attribute that is missing is `NULL`, and so is every comparison with it; `and`, `or` and `not` are those of SQL.
//! A filter selects the resources for which it is true.

mod document;
mod error;
mod made;
mod sql;

pub use error::FilterError;
pub use sql::{Dialect, Parameter, Sql, SqlOptions};

pub(crate) use made::TooLarge;

use core::cmp::Ordering;

use crate::time::UnixTime;

/// Comparisons of a filter that comes from a policy.
pub(crate) const MAX_LEAVES: usize = 512;
/// Values in its lists.
pub(crate) const MAX_VALUES: usize = 10_000;
/// The whole numbers that a double holds, and so every host: ±(2^53 − 1).
const MAX_INT: i64 = (1 << 53) - 1;
/// What no JSON number here reaches.
const MAX_DOUBLE: f64 = 1e308;

/// Which resources a subject may do something to.
///
/// ```
/// use portcullis::filter::{Comparison, Filter, Value};
/// use portcullis::{AccessRequest, Guard, Policy, Subject, UnixTime};
///
/// let policy = Policy::parse(r#"{ "policy": "blog", "revision": 1,
///     "resources": { "article": { "actions": ["read"], "attributes": { "status": "string" } } },
///     "roles": { "reader": { "permits": [{ "permission": "article:read", "when": "resource.status == 'published'" }] } } }"#)?;
/// let guard = Guard::decision_point(policy);
/// let question = AccessRequest::new(Subject::user("u1").with_roles(["reader"]), "article:read");
/// let filter = guard.filter_for(&question, UnixTime::from_seconds(0))?;
/// assert_eq!(filter, Filter::Compare {
///     attribute: "status".to_owned(),
///     comparison: Comparison::Equal,
///     value: Value::Text("published".to_owned()),
/// });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// Every resource.
    All,
    /// No resource.
    None,
    /// Those that all of these select; every resource where there is none.
    And(Vec<Filter>),
    /// Those that one of these selects; no resource where there is none.
    Or(Vec<Filter>),
    /// Those for which this is false. A policy's filter has it before [`Filter::In`], [`Filter::Present`],
    /// [`Filter::Text`] and [`Filter::HasSome`] alone.
    Not(Box<Filter>),
    /// An attribute compared with a value.
    Compare {
        /// The attribute, on the left.
        attribute: String,
        /// How.
        comparison: Comparison,
        /// The value, on the right.
        value: Value,
    },
    /// Two attributes compared with each other.
    Same {
        /// The attribute on the left.
        left: String,
        /// How.
        comparison: Comparison,
        /// The attribute on the right.
        right: String,
        /// What both are.
        kind: ValueType,
    },
    /// An attribute that is one of some values. Before none of no values it is there, and of its type.
    In {
        /// The attribute.
        attribute: String,
        /// What it is.
        kind: ValueType,
        /// Values of that type.
        values: Vec<Value>,
    },
    /// An attribute that is there. It is true or false, never `NULL`.
    Present {
        /// The attribute.
        attribute: String,
    },
    /// A text in which another stands.
    Text {
        /// The attribute.
        attribute: String,
        /// Where the other stands in it.
        place: Place,
        /// The other.
        text: String,
    },
    /// A list in which one of some values stands.
    HasSome {
        /// The attribute.
        attribute: String,
        /// What the list is of: no timestamps.
        kind: ValueType,
        /// Values of that type.
        values: Vec<Value>,
    },
}

/// How two values are compared. Texts are ordered by code point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// Where a text stands in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// At its start.
    Start,
    /// At its end.
    End,
    /// Anywhere.
    Anywhere,
}

/// What an attribute of a filter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueType {
    /// Text.
    Text,
    /// A whole number.
    Int,
    /// A number.
    Double,
    /// True or false.
    Bool,
    /// A point in time.
    Timestamp,
}

/// A value in a filter.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A whole number within ±(2^53 − 1).
    Int(i64),
    /// A number below 10^308, forwards and backwards.
    Double(f64),
    /// True or false.
    Bool(bool),
    /// A point in time, in whole seconds.
    Timestamp(UnixTime),
}

impl Value {
    /// What it is.
    pub const fn kind(&self) -> ValueType {
        match self {
            Self::Text(_) => ValueType::Text,
            Self::Int(_) => ValueType::Int,
            Self::Double(_) => ValueType::Double,
            Self::Bool(_) => ValueType::Bool,
            Self::Timestamp(_) => ValueType::Timestamp,
        }
    }

    /// Whether every host can hold it.
    pub(crate) const fn is_carried(&self) -> bool {
        match self {
            Self::Int(number) => *number >= -MAX_INT && *number <= MAX_INT,
            Self::Double(number) => number.abs() < MAX_DOUBLE,
            Self::Timestamp(time) => time.seconds() >= -MAX_INT && time.seconds() <= MAX_INT,
            Self::Text(_) | Self::Bool(_) => true,
        }
    }
}

impl Value {
    /// An order in which equal ones stand together.
    fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Text(left), Self::Text(right)) => left.cmp(right),
            (Self::Int(left), Self::Int(right)) => left.cmp(right),
            // Zero has no sign.
            (Self::Double(left), Self::Double(right)) => (left + 0.0).total_cmp(&(right + 0.0)),
            (Self::Bool(left), Self::Bool(right)) => left.cmp(right),
            (Self::Timestamp(left), Self::Timestamp(right)) => left.cmp(right),
            _ => Ordering::Equal,
        }
    }
}

impl Comparison {
    /// What is true where this is false.
    #[must_use]
    pub const fn complement(self) -> Self {
        match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::Less => Self::GreaterOrEqual,
            Self::GreaterOrEqual => Self::Less,
            Self::Greater => Self::LessOrEqual,
            Self::LessOrEqual => Self::Greater,
        }
    }

    /// The same with the sides exchanged.
    #[must_use]
    pub const fn exchanged(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::Greater => Self::Less,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::GreaterOrEqual => Self::LessOrEqual,
            Self::Equal | Self::NotEqual => self,
        }
    }

    fn holds(self, left: bool, right: bool) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => !left & right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left & !right,
            Self::GreaterOrEqual => left >= right,
        }
    }
}
