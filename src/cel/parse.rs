//! The grammar: a source becomes a typed tree in one pass.
//!
//! CEL's precedence, from loose to tight: `?:`, `||`, `&&`, relations, `+ -`, `* / %`, `! -`, members.

use super::check::{self, macro_of, operator};
use super::expr::{Expr, Kind, Op};
use super::lex::{Lexer, Token, is_reserved, symbol};
use super::value::{Type, Value};
use super::{Attribute, ConditionError, MAX_SOURCE_BYTES, Root};
use crate::json::Decimal;

/// Brackets, calls, signs and choices that stand in one another.
const MAX_DEPTH: usize = 32;
/// Nodes of the tree.
const MAX_NODES: usize = 512;

pub(super) type Parsed<T = Expr> = Result<T, ConditionError>;

/// Reads a whole source.
pub(super) fn parse(source: &str, declared: &dyn Fn(Root, &str) -> Option<Type>) -> Parsed {
    if source.len() > MAX_SOURCE_BYTES {
        return Err(ConditionError { word: "too_long", at: MAX_SOURCE_BYTES });
    }
    let mut parser = Parser {
        lexer: Lexer::new(source),
        token: Token::End,
        from: 0,
        behind: 0,
        declared,
        locals: Vec::new(),
        depth: 0,
        nodes: 0,
    };
    parser.advance()?;
    let expr = parser.expression()?;
    if parser.token != Token::End {
        return Err(parser.fail("syntax"));
    }
    if expr.fails {
        return Err(ConditionError { word: "value", at: expr.from });
    }
    Ok(expr)
}

pub(super) struct Parser<'a> {
    lexer: Lexer<'a>,
    token: Token<'a>,
    /// Where the token begins.
    pub(super) from: usize,
    /// Where the one before it ended.
    behind: usize,
    declared: &'a dyn Fn(Root, &str) -> Option<Type>,
    pub(super) locals: Vec<(&'a str, Type)>,
    depth: usize,
    nodes: usize,
}

/// The operators of each level, from loose to tight; `in` is a name and stands beside `==`.
const LEVELS: [&[(&str, Op)]; 3] = [
    &[
        ("==", Op::Equal),
        ("!=", Op::NotEqual),
        ("<=", Op::LessEqual),
        (">=", Op::GreaterEqual),
        ("<\0", Op::Less),
        (">\0", Op::Greater),
    ],
    &[("+\0", Op::Add), ("-\0", Op::Subtract)],
    &[("*\0", Op::Multiply), ("/\0", Op::Divide), ("%\0", Op::Remainder)],
];

impl<'a> Parser<'a> {
    pub(super) fn advance(&mut self) -> Parsed<Token<'a>> {
        self.behind = self.lexer.at;
        self.lexer.skip_space();
        self.from = self.lexer.at;
        let next = self.lexer.next()?;
        Ok(core::mem::replace(&mut self.token, next))
    }

    pub(super) const fn fail(&self, word: &'static str) -> ConditionError {
        ConditionError { word, at: self.from }
    }

    pub(super) fn is(&self, text: [u8; 2]) -> bool {
        self.token == Token::Symbol(symbol(text))
    }

    pub(super) fn accept(&mut self, text: [u8; 2]) -> Parsed<bool> {
        let there = self.is(text);
        if there {
            self.advance()?;
        }
        Ok(there)
    }

    fn expect(&mut self, text: [u8; 2]) -> Parsed<()> {
        if self.accept(text)? { Ok(()) } else { Err(self.fail("syntax")) }
    }

    pub(super) fn name(&mut self) -> Parsed<&'a str> {
        match self.token {
            Token::Name(name) => {
                self.advance()?;
                Ok(name)
            }
            _ => Err(self.fail("syntax")),
        }
    }

    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        if self.depth >= MAX_DEPTH {
            return Err(self.fail("too_deep"));
        }
        self.depth += 1;
        let expr = read(self)?;
        self.depth -= 1;
        Ok(expr)
    }

    /// Counts a part, and works it out where it is constant.
    pub(super) fn node(&mut self, kind: Kind, kind_of: Type, from: usize) -> Parsed {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(self.fail("too_many_nodes"));
        }
        Ok(check::folded(Expr::new(kind, kind_of, from, self.behind)))
    }

    pub(super) fn apply(&mut self, op: Op, parts: Vec<Expr>, kind_of: Option<Type>, from: usize, at: usize) -> Parsed {
        let kind_of = kind_of.ok_or(ConditionError { word: "type_mismatch", at })?;
        self.node(Kind::Apply(op, parts), kind_of, from)
    }

    pub(super) fn expression(&mut self) -> Parsed {
        self.deeper(Self::choice)
    }

    fn choice(&mut self) -> Parsed {
        let condition = self.either(Op::Or)?;
        let (from, at) = (condition.from, self.from);
        if !self.accept(*b"?\0")? {
            return Ok(condition);
        }
        let yes = self.deeper(|parser| parser.either(Op::Or))?;
        self.expect(*b":\0")?;
        let no = self.expression()?;
        let kind_of = if condition.kind_of == Type::BOOL { yes.kind_of.join(no.kind_of) } else { None };
        self.apply(Op::Choice, vec![condition, yes, no], kind_of, from, at)
    }

    /// `||` and `&&`: any number of parts in one node, so that a long chain is not deep.
    fn either(&mut self, op: Op) -> Parsed {
        let is_or = op == Op::Or;
        let one = |parser: &mut Self| if is_or { parser.either(Op::And) } else { parser.binary(0) };
        let first = one(self)?;
        let (from, at) = (first.from, self.from);
        let text = if is_or { *b"||" } else { *b"&&" };
        if !self.is(text) {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.accept(text)? {
            parts.push(one(self)?);
        }
        let are_bools = parts.iter().all(|part| part.kind_of == Type::BOOL);
        self.apply(op, parts, are_bools.then_some(Type::BOOL), from, at)
    }

    /// Left-associative operators of one level and all tighter ones.
    fn binary(&mut self, level: usize) -> Parsed {
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        let mut left = self.binary(level + 1)?;
        loop {
            let op = match self.token {
                Token::Symbol(number) => {
                    let found = operators.iter().find(|(text, _)| text.as_bytes() == number.to_be_bytes());
                    found.map(|(_, op)| *op)
                }
                Token::Name("in") if level == 0 => Some(Op::In),
                _ => None,
            };
            let Some(op) = op else { return Ok(left) };
            let at = self.from;
            self.advance()?;
            let right = self.binary(level + 1)?;
            let kind_of = operator(op, left.kind_of, right.kind_of);
            let from = left.from;
            left = self.apply(op, vec![left, right], kind_of, from, at)?;
        }
    }

    /// `!!x`, `--x`; a sign before digits belongs to the number, so that the least integer can be written.
    fn unary(&mut self) -> Parsed {
        let from = self.from;
        for (text, op) in [(*b"!\0", Op::Not), (*b"-\0", Op::Negate)] {
            if !self.accept(text)? {
                continue;
            }
            if op == Op::Negate && matches!(self.token, Token::Int(_) | Token::Double(_)) {
                let literal = self.literal(from, true)?;
                return self.members(literal);
            }
            let inner = self.deeper(Self::unary)?;
            let kind_of = check::signed(op, inner.kind_of);
            return self.apply(op, vec![inner], kind_of, from, from);
        }
        let primary = self.primary()?;
        self.members(primary)
    }

    fn primary(&mut self) -> Parsed {
        let from = self.from;
        if self.accept(*b"(\0")? {
            let inner = self.expression()?;
            self.expect(*b")\0")?;
            return Ok(Expr { from, to: self.behind, ..inner });
        }
        if self.accept(*b"[\0")? {
            let items = self.list(*b"]\0")?;
            let mut kind_of = check::EMPTY_LIST.item();
            for item in &items {
                let mixed = ConditionError { word: "mixed_types", at: item.from };
                kind_of = Some(kind_of.and_then(|own| own.join(item.kind_of)).ok_or(mixed)?);
            }
            return self.apply(Op::List, items, kind_of.map(Type::list_of), from, from);
        }
        match self.token {
            Token::Name(name) => {
                self.advance()?;
                self.named(name, from)
            }
            Token::Int(_) | Token::Double(_) | Token::Text(_) => self.literal(from, false),
            _ => Err(self.fail("syntax")),
        }
    }

    fn literal(&mut self, from: usize, is_negative: bool) -> Parsed {
        let bad = ConditionError { word: "number", at: from };
        let (value, kind_of) = match self.advance()? {
            Token::Int(digits) => (Value::Int(check::integer(digits, is_negative).ok_or(bad)?), Type::INT),
            Token::Double(text) => {
                let number = Decimal::double(text).ok_or(bad)?;
                (Value::Double(if is_negative { -number } else { number }), Type::of(super::Scalar::Double))
            }
            Token::Text(text) => (Value::Text(text.into()), Type::TEXT),
            _ => return Err(bad),
        };
        self.node(Kind::Constant(value), kind_of, from)
    }

    /// Expressions between commas, up to the closing bracket. A list may end in a comma, a call may not.
    fn list(&mut self, close: [u8; 2]) -> Parsed<Vec<Expr>> {
        let mut items = Vec::new();
        while !self.is(close) {
            items.push(self.expression()?);
            if !self.accept(*b",\0")? {
                break;
            }
            if close == *b")\0" && self.is(close) {
                return Err(self.fail("syntax"));
            }
        }
        self.expect(close)?;
        Ok(items)
    }

    fn named(&mut self, name: &'a str, from: usize) -> Parsed {
        let constant = |value| Kind::Constant(Value::Bool(value));
        match name {
            "true" | "false" => return self.node(constant(name == "true"), Type::BOOL, from),
            "null" => return Err(ConditionError { word: "unsupported", at: from }),
            "has" if self.is(*b"(\0") => return self.has(from),
            _ if is_reserved(name) => return Err(ConditionError { word: "syntax", at: from }),
            _ => {}
        }
        if self.accept(*b"(\0")? {
            let arguments = self.list(*b")\0")?;
            return self.call(name, arguments, false, from);
        }
        if let Some(place) = self.locals.iter().position(|(own, _)| *own == name) {
            let kind_of = self.locals.get(place).map_or(check::EMPTY_LIST, |(_, kind_of)| *kind_of);
            return self.node(Kind::Local(place), kind_of, from);
        }
        if name == "now" {
            return self.node(Kind::Now, Type::TIMESTAMP, from);
        }
        let (attribute, kind_of) = self.attribute(name, from)?;
        self.node(Kind::Attribute(attribute), kind_of, from)
    }

    /// What stands behind a root: `.name`, or `["name"]`.
    fn attribute(&mut self, name: &'a str, from: usize) -> Parsed<(Attribute, Type)> {
        let at = self.from;
        let (root, name, unknown) = match Root::of(name) {
            None => (Root::Free, name.to_owned(), ConditionError { word: "unknown_name", at: from }),
            Some(root) => {
                let name = if self.accept(*b"[\0")? {
                    let Token::Text(name) = self.advance()? else { return Err(ConditionError { word: "syntax", at }) };
                    self.expect(*b"]\0")?;
                    name
                } else {
                    self.expect(*b".\0")?;
                    self.name()?.to_owned()
                };
                (root, name, ConditionError { word: "unknown_attribute", at: from })
            }
        };
        let kind_of = (self.declared)(root, &name).ok_or(unknown)?;
        Ok((Attribute { root, name }, kind_of))
    }

    fn has(&mut self, from: usize) -> Parsed {
        self.advance()?;
        let at = self.from;
        let name = self.name()?;
        if Root::of(name).is_none() {
            return Err(ConditionError { word: "unsupported", at });
        }
        let (attribute, _) = self.attribute(name, at)?;
        self.expect(*b")\0")?;
        self.node(Kind::Has(attribute), Type::BOOL, from)
    }

    /// `.name(…)` and `[…]`, as often as they come.
    fn members(&mut self, mut expr: Expr) -> Parsed {
        let from = expr.from;
        loop {
            let at = self.from;
            if self.accept(*b"[\0")? {
                let index = self.expression()?;
                self.expect(*b"]\0")?;
                let kind_of = expr.kind_of.item().filter(|_| index.kind_of == Type::INT);
                expr = self.apply(Op::Index, vec![expr, index], kind_of, from, at)?;
            } else if self.accept(*b".\0")? {
                let name = self.name()?;
                // Values have no members of their own.
                self.expect(*b"(\0").map_err(|_| ConditionError { word: "type_mismatch", at })?;
                expr = match macro_of(name) {
                    Some(op) => self.deeper(|parser| parser.fold(op, expr, from, at))?,
                    None => {
                        let mut arguments = vec![expr];
                        arguments.append(&mut self.list(*b")\0")?);
                        self.call(name, arguments, true, from)?
                    }
                };
            } else {
                return Ok(expr);
            }
        }
    }
}
