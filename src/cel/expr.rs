//! The tree of a condition.

use super::Attribute;
use super::pattern::Pattern;
use super::value::{Type, Value};

/// A part of a condition.
#[derive(Debug)]
pub(crate) struct Expr {
    pub(crate) kind: Kind,
    pub(crate) kind_of: Type,
    /// Where it stands in the source.
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// A constant part of it has no value, whatever the attributes are.
    pub(super) fails: bool,
}

#[derive(Debug)]
pub(crate) enum Kind {
    Constant(Value<'static>),
    Attribute(Attribute),
    Has(Attribute),
    Now,
    /// The variable of a macro, counted from the outermost.
    Local(usize),
    Apply(Op, Vec<Expr>),
    Matches(Box<Expr>, Pattern),
}

/// What is done with parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Or,
    And,
    Not,
    Choice,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Negate,
    Index,
    List,
    Size,
    StartsWith,
    EndsWith,
    Contains,
    Timestamp,
    Duration,
    Ip,
    IsIp,
    Network,
    ContainsIp,
    /// A part of a timestamp or a duration.
    Field(u8),
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
}

impl Expr {
    pub(super) const fn new(kind: Kind, kind_of: Type, from: usize, to: usize) -> Self {
        Self { kind, kind_of, from, to, fails: false }
    }

    /// Each attribute in it, in the order of the source.
    pub(super) fn each_attribute<'a>(&'a self, each: &mut dyn FnMut(&'a Attribute)) {
        match &self.kind {
            Kind::Attribute(attribute) | Kind::Has(attribute) => each(attribute),
            Kind::Apply(_, parts) => {
                for part in parts {
                    part.each_attribute(each);
                }
            }
            Kind::Matches(text, _) => text.each_attribute(each),
            Kind::Constant(_) | Kind::Now | Kind::Local(_) => {}
        }
    }
}
