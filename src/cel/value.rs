//! Types and values.

use core::cmp::Ordering;
use core::net::IpAddr;
use std::borrow::Cow;

use super::address::Network;
use super::moment::Moment;

/// A type: a scalar, or lists of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Type {
    pub(crate) scalar: Scalar,
    /// How many lists stand around it.
    pub(crate) lists: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar {
    Bool,
    Int,
    Double,
    Text,
    Timestamp,
    Duration,
    Ip,
    Network,
    /// What an empty list is of.
    Any,
}

impl Type {
    pub(crate) const BOOL: Self = Self::of(Scalar::Bool);
    pub(crate) const INT: Self = Self::of(Scalar::Int);
    pub(crate) const TEXT: Self = Self::of(Scalar::Text);
    pub(crate) const TIMESTAMP: Self = Self::of(Scalar::Timestamp);

    pub(crate) const fn of(scalar: Scalar) -> Self {
        Self { scalar, lists: 0 }
    }

    pub(crate) const fn list_of(self) -> Self {
        Self { scalar: self.scalar, lists: self.lists.saturating_add(1) }
    }

    /// What the items of a list are.
    pub(crate) const fn item(self) -> Option<Self> {
        match self.lists.checked_sub(1) {
            Some(lists) => Some(Self { scalar: self.scalar, lists }),
            None => None,
        }
    }

    pub(crate) fn is(self, scalar: Scalar) -> bool {
        self == Self::of(scalar)
    }

    /// The type of both, where they have one.
    pub(crate) fn join(self, other: Self) -> Option<Self> {
        if self == other || (other.scalar == Scalar::Any && other.lists <= self.lists) {
            return Some(self);
        }
        (self.scalar == Scalar::Any && self.lists <= other.lists).then_some(other)
    }

    /// The type that a policy names so: `string`, `list(string)`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        if let Some(item) = name.strip_prefix("list(").and_then(|name| name.strip_suffix(')')) {
            return Self::named(item).filter(|item| item.lists == 0).map(Self::list_of);
        }
        let scalar = match name {
            "bool" => Scalar::Bool,
            "int" => Scalar::Int,
            "double" => Scalar::Double,
            "string" => Scalar::Text,
            "timestamp" => Scalar::Timestamp,
            "duration" => Scalar::Duration,
            "ip" => Scalar::Ip,
            _ => return None,
        };
        Some(Self::of(scalar))
    }
}

/// A value at evaluation; it borrows from the condition and from the attributes.
#[derive(Debug, Clone)]
pub(crate) enum Value<'a> {
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(Cow<'a, str>),
    /// Since 1970.
    Timestamp(Moment),
    Duration(Moment),
    Ip(IpAddr),
    Network(Network),
    List(&'a [Value<'a>]),
    Made(Vec<Value<'a>>),
}

impl Value<'_> {
    /// The same, borrowing nothing.
    pub(super) fn owned(self) -> Value<'static> {
        match self {
            Self::Bool(value) => Value::Bool(value),
            Self::Int(value) => Value::Int(value),
            Self::Double(value) => Value::Double(value),
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Self::Timestamp(moment) => Value::Timestamp(moment),
            Self::Duration(span) => Value::Duration(span),
            Self::Ip(address) => Value::Ip(address),
            Self::Network(network) => Value::Network(network),
            Self::List(_) | Self::Made(_) => {
                let mut items = Vec::new();
                for item in self.items() {
                    items.push(item.clone().owned());
                }
                Value::Made(items)
            }
        }
    }
}

impl<'a> Value<'a> {
    /// The same, borrowing from itself.
    pub(super) fn borrowed(&'a self) -> Self {
        match self {
            Self::Text(text) => Self::Text(Cow::Borrowed(text)),
            Self::Made(items) => Self::List(items),
            Self::List(items) => Self::List(items),
            Self::Bool(value) => Self::Bool(*value),
            Self::Int(value) => Self::Int(*value),
            Self::Double(value) => Self::Double(*value),
            Self::Timestamp(moment) => Self::Timestamp(*moment),
            Self::Duration(span) => Self::Duration(*span),
            Self::Ip(address) => Self::Ip(*address),
            Self::Network(network) => Self::Network(*network),
        }
    }

    pub(crate) fn items(&self) -> &[Value<'a>] {
        match self {
            Self::List(items) => items,
            Self::Made(items) => items,
            _ => &[],
        }
    }

    /// What comparing it costs beside a step.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            _ => self.items().len(),
        }
    }

    /// `None` for what has no order: a NaN, lists that differ.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Bool(left), Self::Bool(right)) => Some(left.cmp(right)),
            (Self::Int(left), Self::Int(right)) => Some(left.cmp(right)),
            (Self::Double(left), Self::Double(right)) => left.partial_cmp(right),
            // UTF-8 sorts as its code points do.
            (Self::Text(left), Self::Text(right)) => Some(left.as_bytes().cmp(right.as_bytes())),
            (Self::Timestamp(left), Self::Timestamp(right)) | (Self::Duration(left), Self::Duration(right)) => {
                Some(left.cmp(right))
            }
            (Self::Ip(left), Self::Ip(right)) => (left == right).then_some(Ordering::Equal),
            (Self::List(_) | Self::Made(_), Self::List(_) | Self::Made(_)) => {
                let (left, right) = (self.items(), other.items());
                let is_equal = left.len() == right.len()
                    && left.iter().zip(right).all(|(one, other)| one.compare(other) == Some(Ordering::Equal));
                is_equal.then_some(Ordering::Equal)
            }
            _ => None,
        }
    }

    pub(crate) fn equals(&self, other: &Self) -> bool {
        self.compare(other) == Some(Ordering::Equal)
    }
}
