//! Filters: what is left of a policy where all is known but the resource. They are plain data that a database can be
//! asked with, and know neither policies nor conditions.
//!
//! An attribute that is missing is `NULL`, and so is every comparison with it; `and`, `or` and `not` are those of SQL.
//! A filter selects the resources for which it is true.

mod document;
mod error;
mod sql;

pub use error::FilterError;
pub use sql::{Dialect, Parameter, Sql, SqlOptions};

use crate::time::UnixTime;

/// Comparisons of a filter that comes from a policy.
pub(crate) const MAX_LEAVES: usize = 512;
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

impl Filter {
    /// How many comparisons it has.
    pub(crate) fn leaves(&self) -> usize {
        match self {
            Self::All | Self::None => 0,
            Self::And(filters) | Self::Or(filters) => filters.iter().map(Self::leaves).sum(),
            Self::Not(filter) => filter.leaves(),
            _ => 1,
        }
    }

    /// All, or none.
    pub(crate) const fn of(selects: bool) -> Self {
        if selects { Self::All } else { Self::None }
    }

    pub(crate) fn present(attribute: &str, wanted: bool) -> Self {
        Self::Present { attribute: attribute.to_owned() }.wanted(wanted)
    }

    /// True where the comparison is true, or, if that is not wanted, where it is false.
    pub(crate) fn compared(attribute: &str, comparison: Comparison, value: Value, wanted: bool) -> Self {
        let comparison = if wanted { comparison } else { comparison.complement() };
        let attribute = attribute.to_owned();
        match value {
            // A bool is one of two.
            Value::Bool(right) => match (comparison.holds(false, right), comparison.holds(true, right)) {
                (true, true) => {
                    let values = vec![Value::Bool(false), Value::Bool(true)];
                    Self::In { attribute, kind: ValueType::Bool, values }
                }
                (false, false) => Self::None,
                (_, is_true) => Self::Compare { attribute, comparison: Comparison::Equal, value: Value::Bool(is_true) },
            },
            value => Self::Compare { attribute, comparison, value },
        }
    }

    /// True where the attribute is one of the values, or, if that is not wanted, where it is none of them.
    pub(crate) fn among(attribute: &str, kind: ValueType, values: Vec<Value>, wanted: bool) -> Self {
        let values = distinct(values);
        match values.as_slice() {
            [] if wanted => Self::None,
            [only] => Self::compared(attribute, Comparison::Equal, only.clone(), wanted),
            // Both values of a bool.
            [_, _] if kind == ValueType::Bool && !wanted => Self::None,
            _ => Self::In { attribute: attribute.to_owned(), kind, values }.wanted(wanted),
        }
    }

    /// True where one of the values stands in the list, or, if that is not wanted, where none does.
    pub(crate) fn has_some(attribute: &str, kind: ValueType, values: Vec<Value>, wanted: bool) -> Self {
        match distinct(values) {
            values if values.is_empty() && wanted => Self::None,
            values => Self::HasSome { attribute: attribute.to_owned(), kind, values }.wanted(wanted),
        }
    }

    /// True where the text stands there, or, if that is not wanted, where it does not.
    pub(crate) fn text(attribute: &str, place: Place, text: &str, wanted: bool) -> Self {
        if text.is_empty() && !wanted {
            return Self::None;
        }
        Self::Text { attribute: attribute.to_owned(), place, text: text.to_owned() }.wanted(wanted)
    }

    fn wanted(self, wanted: bool) -> Self {
        if wanted { self } else { Self::Not(Box::new(self)) }
    }

    /// True where any of the parts is, or all are. One that decides, decides, also where another has no filter.
    pub(crate) fn join<E>(any: bool, parts: impl IntoIterator<Item = Result<Self, E>>) -> Result<Self, E> {
        let (decides, neutral) = (Self::of(any), Self::of(!any));
        let (mut joined, mut failed) = (Vec::new(), None);
        for part in parts {
            match part {
                Ok(part) if part == decides => return Ok(decides),
                Ok(part) if part == neutral => {}
                Ok(Self::Or(parts)) if any => parts.into_iter().for_each(|part| add(&mut joined, part, any)),
                Ok(Self::And(parts)) if !any => parts.into_iter().for_each(|part| add(&mut joined, part, any)),
                Ok(part) => add(&mut joined, part, any),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        match failed {
            Some(error) => Err(error),
            None => Ok(match joined.pop() {
                None => neutral,
                Some(only) if joined.is_empty() => only,
                Some(last) => {
                    joined.push(last);
                    if any { Self::Or(joined) } else { Self::And(joined) }
                }
            }),
        }
    }

    /// The attribute and the values where this is one of some, or, of parts that must all hold, none of some.
    fn choice(&self, any: bool) -> Option<(&str, ValueType, &[Value])> {
        match self {
            Self::Compare { attribute, comparison, value } => {
                let wanted = if any { Comparison::Equal } else { Comparison::NotEqual };
                (*comparison == wanted).then_some((attribute, value.kind(), core::slice::from_ref(value)))
            }
            Self::In { attribute, kind, values } if any => Some((attribute, *kind, values)),
            Self::Not(inner) if !any => match inner.as_ref() {
                Self::In { attribute, kind, values } => Some((attribute, *kind, values)),
                _ => None,
            },
            _ => None,
        }
    }

    /// The same of lists that have some.
    fn overlap(&self, any: bool) -> Option<(&str, ValueType, &[Value])> {
        match self {
            Self::HasSome { attribute, kind, values } if any => Some((attribute, *kind, values)),
            Self::Not(inner) if !any => inner.overlap(true),
            _ => None,
        }
    }
}

/// Adds a part, or makes one of it and a part that is there: `a = 1 or a = 2` is `a in [1, 2]`.
fn add(joined: &mut Vec<Filter>, part: Filter, any: bool) {
    for own in &mut *joined {
        if *own == part {
            return;
        }
        let merged = match (own.choice(any), part.choice(any)) {
            (Some(own), Some(other)) => merge(own, other).map(|values| Filter::among(own.0, own.1, values, any)),
            _ => match (own.overlap(any), part.overlap(any)) {
                (Some(own), Some(other)) => merge(own, other).map(|values| Filter::has_some(own.0, own.1, values, any)),
                _ => None,
            },
        };
        if let Some(merged) = merged {
            *own = merged;
            return;
        }
    }
    joined.push(part);
}

type Choice<'a> = (&'a str, ValueType, &'a [Value]);

/// The values of both, where they are of one attribute.
fn merge(own: Choice<'_>, other: Choice<'_>) -> Option<Vec<Value>> {
    ((own.0, own.1) == (other.0, other.1)).then(|| [own.2, other.2].concat())
}

fn distinct(values: Vec<Value>) -> Vec<Value> {
    let mut distinct: Vec<Value> = Vec::new();
    for value in values {
        if !distinct.contains(&value) {
            distinct.push(value);
        }
    }
    distinct
}
