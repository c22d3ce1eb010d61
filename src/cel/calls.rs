//! Calls of functions and macros.

use super::check::{self, call_of};
use super::expr::{Expr, Kind, Op};
use super::lex::is_reserved;
use super::parse::{Parsed, Parser};
use super::pattern::Pattern;
use super::value::{Type, Value};
use super::{ConditionError, Root};

impl<'a> Parser<'a> {
    /// `list.exists(x, …)`: the variable is known in what stands behind it.
    pub(super) fn fold(&mut self, op: Op, range: Expr, from: usize, at: usize) -> Parsed {
        let mismatch = ConditionError { word: "type_mismatch", at };
        let item = range.kind_of.item().ok_or(mismatch)?;
        let name_at = self.from;
        let name = self.name()?;
        let is_taken = self.locals.iter().any(|(own, _)| *own == name);
        if is_taken
            || is_reserved(name)
            || Root::of(name).is_some()
            || matches!(name, "now" | "true" | "false" | "null")
        {
            return Err(ConditionError { word: "syntax", at: name_at });
        }
        self.locals.push((name, item));
        let mut parts = vec![range];
        while parts.len() < 3 && self.accept(*b",\0")? {
            parts.push(self.expression()?);
        }
        self.locals.pop();
        if !self.is(*b")\0") || parts.len() < 2 || (parts.len() == 3 && op != Op::Map) {
            let word = if self.is(*b")\0") || self.is(*b",\0") { "argument_count" } else { "syntax" };
            return Err(ConditionError { word, at });
        }
        self.advance()?;
        let kind_of = check::folds(op, item, &parts);
        self.apply(op, parts, kind_of, from, at)
    }

    pub(super) fn call(&mut self, name: &str, mut arguments: Vec<Expr>, is_member: bool, from: usize) -> Parsed {
        let at = from;
        if name == "matches" {
            return self.matches(arguments, from);
        }
        let (op, kind_of) = call_of(name, &mut arguments, is_member).map_err(|word| ConditionError { word, at })?;
        self.apply(op, arguments, Some(kind_of), from, at)
    }

    fn matches(&mut self, mut arguments: Vec<Expr>, from: usize) -> Parsed {
        let fail = |word, at| Err(ConditionError { word, at });
        let (Some(pattern), Some(text)) = (arguments.pop(), arguments.pop()) else {
            return fail("argument_count", from);
        };
        if !arguments.is_empty() {
            return fail("argument_count", from);
        }
        if text.kind_of != Type::TEXT || pattern.kind_of != Type::TEXT {
            return fail("type_mismatch", from);
        }
        match &pattern.kind {
            Kind::Constant(Value::Text(source)) => match Pattern::compile(source) {
                Some(compiled) => self.node(Kind::Matches(Box::new(text), compiled), Type::BOOL, from),
                None => fail("pattern", pattern.from),
            },
            _ => fail("unsupported", pattern.from),
        }
    }
}
