//! Types and values.

use core::net::IpAddr;

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
    pub(crate) const DOUBLE: Self = Self::of(Scalar::Double);
    pub(crate) const TIMESTAMP: Self = Self::of(Scalar::Timestamp);
    pub(crate) const DURATION: Self = Self::of(Scalar::Duration);
    /// What the items of `[]` are.
    pub(crate) const ANY: Self = Self::of(Scalar::Any);

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

/// A value at evaluation. It is small and owns nothing: texts and lists that are made stand in the machine.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value<'a> {
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(&'a str),
    /// The place of a text that was made.
    Made(usize),
    /// The place of a list.
    List(usize),
    /// Since 1970.
    Timestamp(Moment),
    Duration(Moment),
    Ip(IpAddr),
    Network(Network),
}
