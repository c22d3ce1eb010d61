//! The tree of a condition. Its parts stand in one list and name each other by number: they are small and are never
//! moved, which keeps the code small that makes and walks them.

#[cfg(feature = "full")]
use super::pattern::Pattern;
use super::value::{Type, Value};
use super::{Attribute, ConditionError};

/// The number of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Id(u16);

/// A part of a condition.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    pub(crate) op: Op,
    pub(crate) kind_of: Type,
    /// Where it stands in the source, without brackets around it.
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// Where it begins with them.
    pub(super) opens: usize,
    /// It names no attribute, no variable and not `now`.
    pub(super) closed: bool,
    /// A constant in it has no value, whatever the attributes are.
    pub(super) fails: bool,
    /// Its own parts in [`Tree::links`].
    first: usize,
    count: usize,
}

/// What is done with parts. Numbers are places in the lists of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Constant(usize),
    Attribute(usize),
    Has(usize),
    Now,
    /// The variable of a macro, counted from the outermost.
    Local(usize),
    Matches(usize),
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

/// A value of the source, or one that was worked out when it loaded.
#[derive(Debug)]
pub(crate) enum Constant {
    Text(String),
    Plain(Value<'static>),
}

#[derive(Debug, Default)]
pub(crate) struct Tree {
    parts: Vec<Part>,
    links: Vec<Id>,
    pub(super) constants: Vec<Constant>,
    /// In the order of the source.
    pub(super) attributes: Vec<Attribute>,
    #[cfg(feature = "full")]
    pub(super) patterns: Vec<Pattern>,
}

impl Tree {
    /// A part's number; `None` where there is no room for one more.
    pub(super) fn add(&mut self, op: Op, own: &[Id], kind_of: Type, from: usize, to: usize) -> Option<Id> {
        let id = u16::try_from(self.parts.len()).ok()?;
        let first = self.links.len();
        self.links.extend_from_slice(own);
        self.parts.push(Part {
            op,
            kind_of,
            from,
            to,
            opens: from,
            closed: false,
            fails: false,
            first,
            count: own.len(),
        });
        Some(Id(id))
    }

    pub(crate) fn part(&self, id: Id) -> Option<&Part> {
        self.parts.get(usize::from(id.0))
    }

    pub(super) fn part_mut(&mut self, id: Id) -> Option<&mut Part> {
        self.parts.get_mut(usize::from(id.0))
    }

    /// The parts of a part.
    pub(crate) fn own(&self, part: &Part) -> &[Id] {
        self.links.get(part.first..).and_then(|links| links.get(..part.count)).unwrap_or(&[])
    }

    pub(super) fn kind_of(&self, id: Id) -> Type {
        self.part(id).map_or(Type::BOOL, |part| part.kind_of)
    }

    /// The text of a constant.
    pub(super) fn constant_text(&self, id: Id) -> Option<&str> {
        match self.part(id)?.op {
            Op::Constant(place) => match self.constants.get(place)? {
                Constant::Text(text) => Some(text),
                Constant::Plain(_) => None,
            },
            _ => None,
        }
    }

    pub(super) fn set_constant(&mut self, id: Id, constant: Constant, kind_of: Type) {
        let place = self.constants.len();
        self.constants.push(constant);
        if let Some(part) = self.part_mut(id) {
            (part.op, part.kind_of, part.count) = (Op::Constant(place), kind_of, 0);
        }
    }
}

impl Id {
    /// What stands for a part that could not be read: it is none of the tree.
    pub(super) const NONE: Self = Self(u16::MAX);
}

/// The first error, which is the one that is told.
#[derive(Debug, Default)]
pub(super) struct Failure(pub(super) Option<ConditionError>);

impl Failure {
    pub(super) fn note(&mut self, word: &'static str, at: usize) {
        self.0.get_or_insert(ConditionError { word, at });
    }
}
