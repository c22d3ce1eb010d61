//! The grammar: a source becomes a typed tree in one pass. After the first error all else is the end of the source.
//!
//! CEL's precedence, from loose to tight: `?:`, `||`, `&&`, relations, `+ -`, `* / %`, `! -`, members.

use super::check::{self, operator};
use super::expr::{Constant, Id, Op, Tree};
use super::lex::{Lexer, Token, is_reserved, symbol};
use super::value::{Type, Value};
use super::{Attribute, ConditionError, MAX_SOURCE_BYTES, Root};
use crate::json::Decimal;

/// Brackets, calls, signs and choices that stand in one another.
const MAX_DEPTH: usize = 32;
/// Parts of the tree.
const MAX_NODES: usize = 512;

/// The type that attributes of a root are declared with.
pub(super) type Scope<'a> = &'a dyn Fn(Root, &str) -> Option<Type>;

/// Reads a whole source.
pub(super) fn parse(source: &str, scope: Scope<'_>) -> Result<(Tree, Id), ConditionError> {
    if source.len() > MAX_SOURCE_BYTES {
        return Err(ConditionError { word: "too_long", at: MAX_SOURCE_BYTES });
    }
    let mut parser = Parser {
        lexer: Lexer::new(source),
        token: Token::End,
        from: 0,
        behind: 0,
        scope,
        locals: Vec::new(),
        depth: 0,
        nodes: 0,
        tree: Tree::default(),
    };
    parser.advance();
    let root = parser.expression();
    if parser.token != Token::End {
        parser.fail("syntax", parser.from);
    }
    if let Some(part) = parser.tree.part(root)
        && part.fails
    {
        parser.fail("value", part.from);
    }
    match parser.lexer.failure.0 {
        Some(error) => Err(error),
        None => Ok((parser.tree, root)),
    }
}

pub(super) struct Parser<'a> {
    lexer: Lexer<'a>,
    token: Token<'a>,
    /// Where the token begins.
    pub(super) from: usize,
    /// Where the one before it ended.
    behind: usize,
    scope: Scope<'a>,
    pub(super) locals: Vec<(&'a str, Type)>,
    depth: usize,
    nodes: usize,
    pub(super) tree: Tree,
}

/// The operators of each level, from loose to tight; `in` is a name and stands beside `==`.
const LEVELS: [&[([u8; 2], Op)]; 3] = [
    &[
        (*b"==", Op::Equal),
        (*b"!=", Op::NotEqual),
        (*b"<=", Op::LessEqual),
        (*b">=", Op::GreaterEqual),
        (*b"<\0", Op::Less),
        (*b">\0", Op::Greater),
    ],
    &[(*b"+\0", Op::Add), (*b"-\0", Op::Subtract)],
    &[(*b"*\0", Op::Multiply), (*b"/\0", Op::Divide), (*b"%\0", Op::Remainder)],
];

impl<'a> Parser<'a> {
    pub(super) fn advance(&mut self) {
        self.behind = self.lexer.at;
        self.lexer.skip_space();
        self.from = self.lexer.at;
        self.token = self.lexer.next();
    }

    pub(super) fn fail(&mut self, word: &'static str, at: usize) -> Id {
        self.token = self.lexer.fail(word, at);
        Id::NONE
    }

    pub(super) fn is(&self, text: [u8; 2]) -> bool {
        self.token == Token::Symbol(symbol(text))
    }

    pub(super) fn accept(&mut self, text: [u8; 2]) -> bool {
        let there = self.is(text);
        if there {
            self.advance();
        }
        there
    }

    pub(super) fn expect(&mut self, text: [u8; 2]) {
        if !self.accept(text) {
            self.fail("syntax", self.from);
        }
    }

    pub(super) fn name(&mut self) -> &'a str {
        let Token::Name(name) = self.token else {
            self.fail("syntax", self.from);
            return "";
        };
        self.advance();
        name
    }

    pub(super) fn deeper(&mut self, read: fn(&mut Self) -> Id) -> Id {
        if self.depth >= MAX_DEPTH {
            return self.fail("too_deep", self.from);
        }
        self.depth += 1;
        let id = read(self);
        self.depth -= 1;
        id
    }

    /// Adds a part, and works it out where it is constant. `None` is no type: the parts do not fit.
    pub(super) fn add(&mut self, op: Op, own: &[Id], kind_of: Option<Type>, from: usize, at: usize) -> Id {
        let Some(kind_of) = kind_of else { return self.fail("type_mismatch", at) };
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return self.fail("too_many_nodes", self.from);
        }
        match self.tree.add(op, own, kind_of, from, self.behind) {
            Some(id) => {
                check::fold(&mut self.tree, id);
                id
            }
            None => self.fail("too_many_nodes", self.from),
        }
    }

    pub(super) fn leaf(&mut self, op: Op, kind_of: Type, from: usize) -> Id {
        self.add(op, &[], Some(kind_of), from, from)
    }

    fn constant(&mut self, constant: Constant, kind_of: Type, from: usize) -> Id {
        let place = self.tree.constants.len();
        self.tree.constants.push(constant);
        self.leaf(Op::Constant(place), kind_of, from)
    }

    pub(super) fn start_of(&self, id: Id) -> usize {
        self.tree.part(id).map_or(0, |part| part.opens)
    }

    pub(super) fn expression(&mut self) -> Id {
        self.deeper(Self::choice)
    }

    fn choice(&mut self) -> Id {
        let condition = self.either(true);
        let at = self.from;
        if !self.accept(*b"?\0") {
            return condition;
        }
        let yes = self.deeper(|parser| parser.either(true));
        self.expect(*b":\0");
        let no = self.expression();
        let both = self.tree.kind_of(yes).join(self.tree.kind_of(no));
        let kind_of = both.filter(|_| self.tree.kind_of(condition) == Type::BOOL);
        self.add(Op::Choice, &[condition, yes, no], kind_of, self.start_of(condition), at)
    }

    /// `||` and `&&`: any number of parts in one, so that a long chain is not deep.
    fn either(&mut self, is_or: bool) -> Id {
        let text = if is_or { *b"||" } else { *b"&&" };
        let mut parts = Vec::new();
        let mut kind_of = Some(Type::BOOL);
        let mut at = self.from;
        loop {
            let part = if is_or { self.either(false) } else { self.binary(0) };
            parts.push(part);
            if self.tree.kind_of(part) != Type::BOOL {
                kind_of = None;
            }
            if !self.is(text) {
                break;
            }
            if parts.len() == 1 {
                at = self.from;
            }
            self.advance();
        }
        match parts.as_slice() {
            [only] => *only,
            [first, ..] => self.add(if is_or { Op::Or } else { Op::And }, &parts, kind_of, self.start_of(*first), at),
            [] => Id::NONE,
        }
    }

    /// Left-associative operators of one level and all tighter ones.
    fn binary(&mut self, level: usize) -> Id {
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        let mut left = self.binary(level + 1);
        loop {
            let op = match self.token {
                Token::Symbol(number) => {
                    let found = operators.iter().find(|(text, _)| symbol(*text) == number);
                    found.map(|(_, op)| *op)
                }
                Token::Name("in") if level == 0 => Some(Op::In),
                _ => None,
            };
            let Some(op) = op else { return left };
            let at = self.from;
            self.advance();
            let right = self.binary(level + 1);
            let kind_of = operator(op, self.tree.kind_of(left), self.tree.kind_of(right));
            left = self.add(op, &[left, right], kind_of, self.start_of(left), at);
        }
    }

    /// `!!x`, `--x`; a sign before digits belongs to the number, so that the least integer can be written.
    fn unary(&mut self) -> Id {
        let from = self.from;
        let op = match (self.is(*b"!\0"), self.is(*b"-\0")) {
            (true, _) => Op::Not,
            (_, true) => Op::Negate,
            _ => {
                let primary = self.primary();
                return self.members(primary);
            }
        };
        self.advance();
        if op == Op::Negate && matches!(self.token, Token::Int(_) | Token::Double(_)) {
            let literal = self.literal(from, true);
            return self.members(literal);
        }
        let inner = self.deeper(Self::unary);
        let kind_of = check::signed(op, self.tree.kind_of(inner));
        self.add(op, &[inner], kind_of, from, from)
    }

    fn primary(&mut self) -> Id {
        let from = self.from;
        if self.accept(*b"(\0") {
            let inner = self.expression();
            self.expect(*b")\0");
            if let Some(part) = self.tree.part_mut(inner) {
                part.opens = from;
            }
            return inner;
        }
        if self.accept(*b"[\0") {
            let items = self.list(Vec::new(), *b"]\0");
            let mut kind_of = Type::ANY;
            for item in &items {
                match kind_of.join(self.tree.kind_of(*item)) {
                    Some(joined) => kind_of = joined,
                    None => return self.fail("mixed_types", self.start_of(*item)),
                }
            }
            return self.add(Op::List, &items, Some(kind_of.list_of()), from, from);
        }
        match self.token {
            Token::Name(name) => {
                self.advance();
                self.named(name, from)
            }
            Token::Int(_) | Token::Double(_) | Token::Text => self.literal(from, false),
            Token::Symbol(_) | Token::End => self.fail("syntax", from),
        }
    }

    fn literal(&mut self, from: usize, is_negative: bool) -> Id {
        let (constant, kind_of) = match self.token {
            Token::Int(digits) => {
                let number = check::integer(digits, is_negative);
                (number.map(|number| Constant::Plain(Value::Int(number))), Type::INT)
            }
            Token::Double(text) => {
                let number = Decimal::double(text).map(|number| if is_negative { -number } else { number });
                (number.map(|number| Constant::Plain(Value::Double(number))), Type::DOUBLE)
            }
            _ => (Some(Constant::Text(core::mem::take(&mut self.lexer.text))), Type::TEXT),
        };
        self.advance();
        match constant {
            Some(constant) => self.constant(constant, kind_of, from),
            None => self.fail("number", from),
        }
    }

    /// Expressions between commas, up to the closing bracket. A list may end in a comma, a call may not.
    pub(super) fn list(&mut self, mut items: Vec<Id>, close: [u8; 2]) -> Vec<Id> {
        while !self.is(close) {
            items.push(self.expression());
            if !self.accept(*b",\0") {
                break;
            }
            if close == *b")\0" && self.is(close) {
                self.fail("syntax", self.from);
            }
        }
        self.expect(close);
        items
    }

    fn named(&mut self, name: &'a str, from: usize) -> Id {
        match name {
            "true" | "false" => {
                return self.constant(Constant::Plain(Value::Bool(name == "true")), Type::BOOL, from);
            }
            "null" => return self.fail("unsupported", from),
            "has" if self.is(*b"(\0") => return self.has(from),
            _ if is_reserved(name) => return self.fail("syntax", from),
            _ => {}
        }
        if self.accept(*b"(\0") {
            let arguments = self.list(Vec::new(), *b")\0");
            return self.call(name, &arguments, false, from);
        }
        if let Some(place) = self.locals.iter().position(|(own, _)| *own == name) {
            let kind_of = self.locals.get(place).map_or(Type::ANY, |(_, kind_of)| *kind_of);
            return self.leaf(Op::Local(place), kind_of, from);
        }
        if name == "now" {
            return self.leaf(Op::Now, Type::TIMESTAMP, from);
        }
        let (place, kind_of) = self.attribute(name, from);
        self.leaf(Op::Attribute(place), kind_of, from)
    }

    /// What stands behind a root: `.name`, or `["name"]`.
    pub(super) fn attribute(&mut self, name: &'a str, from: usize) -> (usize, Type) {
        let (root, name, word) = match Root::of(name) {
            None => (Root::Free, name.to_owned(), "unknown_name"),
            Some(root) if self.accept(*b"[\0") => {
                if self.token != Token::Text {
                    self.fail("syntax", self.from);
                }
                let name = core::mem::take(&mut self.lexer.text);
                self.advance();
                self.expect(*b"]\0");
                (root, name, "unknown_attribute")
            }
            Some(root) => {
                self.expect(*b".\0");
                (root, self.name().to_owned(), "unknown_attribute")
            }
        };
        let declared = (self.scope)(root, &name);
        if declared.is_none() {
            self.fail(word, from);
        }
        self.tree.attributes.push(Attribute { root, name, at: from });
        (self.tree.attributes.len() - 1, declared.unwrap_or(Type::BOOL))
    }
}
