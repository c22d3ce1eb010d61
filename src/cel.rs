//! The condition language: a strict, statically typed subset of CEL (Common Expression Language). It knows no policy.
//!
//! 1. [`Condition::compile`] reads the source once and checks every type against the declared attributes. What is not
//!    of the subset does not load, and the error has a word for it.
//! 2. Constants are worked out then; [`Condition::evaluate`] reads only the attributes that the condition names.
//! 3. Nothing is unbounded: bytes, nesting, nodes and steps have limits, and each limit is an error.
//!
//! Spec: the CEL language definition of cel-spec; ARCHITECTURE.md lists what is left out.

mod address;
mod calls;
mod check;
mod eval;
mod expr;
mod lex;
mod moment;
#[cfg(feature = "conformance")]
mod official;
mod operate;
mod parse;
#[cfg(feature = "full")]
mod pattern;
#[cfg(feature = "full")]
mod residual;
mod value;

pub(crate) use eval::{Fact, Facts, MAX_STEPS_OF_ALL};
use eval::{Machine, Stop};
use expr::{Id, Op, Tree};
#[cfg(feature = "conformance")]
pub(crate) use official::cel;
#[cfg(feature = "full")]
pub(crate) use residual::Residue;
pub(crate) use value::Type;
use value::Value;

use crate::json::Json;

/// The word for what only the whole core knows.
pub(crate) const NEEDS_FULL: &str = "needs_full";

/// Bytes of a source.
pub(crate) const MAX_SOURCE_BYTES: usize = 2048;

/// What stands before the dot of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Root {
    /// Who asks.
    Subject,
    /// Of what.
    Resource,
    /// What they want.
    Action,
    /// All else that is known.
    Context,
    /// A bare name; no policy declares one.
    Free,
}

impl Root {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Subject, "subject"),
        (Self::Resource, "resource"),
        (Self::Action, "action"),
        (Self::Context, "context"),
    ];

    pub(crate) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, own)| *own == name).map(|(root, _)| root)
    }

    pub(crate) fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(own, _)| *own == self).map_or("", |(_, name)| name)
    }
}

/// An attribute that a condition names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attribute {
    pub(crate) root: Root,
    pub(crate) name: String,
    /// Where it stands in the source.
    at: usize,
}

/// Why a source is no condition, and at which byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ConditionError {
    /// A stable word.
    pub(crate) word: &'static str,
    /// Bytes before the place.
    pub(crate) at: usize,
}

/// A condition that was checked: its value is true or false, or an error.
#[derive(Debug)]
pub(crate) struct Condition {
    source: String,
    tree: Tree,
    root: Id,
}

/// What a condition says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    True,
    False,
    /// It has no value, for this reason.
    Error(&'static str),
    /// It hangs on an instance that is not known.
    Unknown,
}

/// The sub-expression that decided, and what it saw.
pub(crate) struct Failing<'a> {
    pub(crate) text: &'a str,
    pub(crate) verdict: Verdict,
    /// The attributes that it names, each once, in the order of the source.
    pub(crate) operands: Vec<&'a Attribute>,
}

impl Condition {
    /// Reads a source whose value is a bool. `declared` gives an attribute's type.
    pub(crate) fn compile(source: &str, declared: &dyn Fn(Root, &str) -> Option<Type>) -> Result<Self, ConditionError> {
        let (tree, root) = parse::parse(source, declared)?;
        if tree.kind_of(root) != Type::BOOL {
            return Err(ConditionError { word: "not_bool", at: 0 });
        }
        Ok(Self { source: source.to_owned(), tree, root })
    }

    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    pub(crate) fn evaluate(&self, facts: &dyn Facts) -> Verdict {
        verdict(&Machine::new(&self.tree, facts).value(self.root))
    }

    /// Each attribute that is named, in the order of the source.
    pub(crate) fn attributes(&self) -> &[Attribute] {
        &self.tree.attributes
    }

    /// The smallest part that made it what it is: of `&&` that is not true, and of `||` that is true, the first that is
    /// what the whole is.
    pub(crate) fn failing(&self, facts: &dyn Facts) -> Option<Failing<'_>> {
        let mut machine = Machine::new(&self.tree, facts);
        let mut part = self.tree.part(self.root)?;
        let said = verdict(&machine.value(self.root));
        'part: while matches!(part.op, Op::And | Op::Or) && (part.op == Op::Or) == (said == Verdict::True) {
            for id in self.tree.own(part) {
                if verdict(&machine.value(*id)) == said {
                    part = self.tree.part(*id)?;
                    continue 'part;
                }
            }
            break;
        }
        let mut operands: Vec<&Attribute> = Vec::new();
        for attribute in &self.tree.attributes {
            let is_inside = (part.from..part.to).contains(&attribute.at);
            let is_new = !operands.iter().any(|own| own.root == attribute.root && own.name == attribute.name);
            if is_inside && is_new {
                operands.push(attribute);
            }
        }
        Some(Failing { text: self.source.get(part.from..part.to).unwrap_or(""), verdict: said, operands })
    }
}

fn verdict(value: &Result<Value<'_>, Stop>) -> Verdict {
    match value {
        Ok(Value::Bool(true)) => Verdict::True,
        Ok(Value::Bool(false)) => Verdict::False,
        Ok(_) => Verdict::Error("attribute_type"),
        Err(Stop::Error(word)) => Verdict::Error(word),
        Err(Stop::Unknown) => Verdict::Unknown,
    }
}

impl Verdict {
    /// As an explanation shows it.
    pub(crate) fn to_json(self) -> Json {
        match self {
            Self::True => Json::Bool(true),
            Self::False => Json::Bool(false),
            Self::Error(word) => Json::from(word),
            Self::Unknown => Json::from("unknown"),
        }
    }
}
