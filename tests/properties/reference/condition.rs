//! Conditions as a tree, and how they are written.

use std::net::IpAddr;

use super::pattern::Pattern;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Type {
    Bool,
    Int,
    Double,
    String,
    Timestamp,
    Duration,
    Ip,
    List(Box<Type>),
}

impl Type {
    pub(crate) fn list(of: Self) -> Self {
        Self::List(Box::new(of))
    }

    /// As a policy writes it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Bool => "bool".to_owned(),
            Self::Int => "int".to_owned(),
            Self::Double => "double".to_owned(),
            Self::String => "string".to_owned(),
            Self::Timestamp => "timestamp".to_owned(),
            Self::Duration => "duration".to_owned(),
            Self::Ip => "ip".to_owned(),
            Self::List(of) => format!("list({})", of.name()),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Bool(bool),
    Int(i64),
    Double(f64),
    String(String),
    /// Nanoseconds since 1970.
    Timestamp(i128),
    /// Nanoseconds.
    Duration(i128),
    Ip(IpAddr),
    List(Vec<Value>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Root {
    Subject,
    Resource,
    Action,
    Context,
}

impl Root {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Resource => "resource",
            Self::Action => "action",
            Self::Context => "context",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Macro {
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
    /// `map` with a condition before what it makes.
    FilterMap,
}

#[derive(Debug, Clone)]
pub(crate) enum Expression {
    /// And how it is written.
    Literal(Value, String),
    Attribute(Root, &'static str, Type),
    Now,
    Has(Root, &'static str),
    Variable(String),
    Not(Box<Expression>),
    Negate(Box<Expression>),
    And(Box<Expression>, Box<Expression>),
    Or(Box<Expression>, Box<Expression>),
    If(Box<Expression>, Box<Expression>, Box<Expression>),
    /// `== != < <= > >= in + - * / %`
    Binary(&'static str, Box<Expression>, Box<Expression>),
    List(Vec<Expression>),
    Index(Box<Expression>, Box<Expression>),
    /// And whether it is written behind what it measures.
    Size(Box<Expression>, bool),
    /// With its zone in minutes and how that is written.
    Getter(&'static str, Box<Expression>, Option<(i64, &'static str)>),
    /// `startsWith endsWith contains`
    Text(&'static str, Box<Expression>, Box<Expression>),
    /// A pattern, whether it minds the case, and how it is written.
    Matches(Box<Expression>, Pattern, bool, String),
    IsIp(Box<Expression>),
    /// `ip` of a text.
    Address(Box<Expression>),
    /// Network, length of the prefix.
    ContainsIp(IpAddr, u8, Box<Expression>),
    /// Over a list, with a variable, the condition of a `FilterMap`, and the body.
    Macro(Macro, Box<Expression>, String, Option<Box<Expression>>, Box<Expression>),
    Brackets(Box<Expression>),
}

impl Expression {
    /// How many expressions stand in it, itself among them.
    pub(crate) fn size(&self) -> usize {
        1 + self.parts().into_iter().map(Self::size).sum::<usize>()
    }

    /// Whether any part is so.
    pub(crate) fn any(&self, is: &dyn Fn(&Self) -> bool) -> bool {
        is(self) || self.parts().into_iter().any(|part| part.any(is))
    }

    pub(crate) fn parts(&self) -> Vec<&Self> {
        match self {
            Self::Literal(..) | Self::Attribute(..) | Self::Now | Self::Has(..) | Self::Variable(_) => Vec::new(),
            Self::Not(one)
            | Self::Negate(one)
            | Self::Size(one, _)
            | Self::Getter(_, one, _)
            | Self::Matches(one, ..)
            | Self::IsIp(one)
            | Self::Address(one)
            | Self::ContainsIp(_, _, one)
            | Self::Brackets(one) => vec![one],
            Self::And(left, right)
            | Self::Or(left, right)
            | Self::Binary(_, left, right)
            | Self::Index(left, right)
            | Self::Text(_, left, right) => vec![left, right],
            Self::If(condition, yes, no) => vec![condition, yes, no],
            Self::List(items) => items.iter().collect(),
            Self::Macro(_, list, _, filter, body) => {
                let mut parts = vec![list.as_ref(), body.as_ref()];
                parts.extend(filter.as_deref());
                parts
            }
        }
    }

    /// How tightly it holds together: 0 for `?:` to 7 for a call.
    fn level(&self) -> u8 {
        match self {
            Self::If(..) => 0,
            Self::Or(..) => 1,
            Self::And(..) => 2,
            Self::Binary("+" | "-", ..) => 4,
            Self::Binary("*" | "/" | "%", ..) => 5,
            Self::Binary(..) => 3,
            Self::Not(_) | Self::Negate(_) => 6,
            Self::Literal(_, text) if text.starts_with('-') => 6,
            _ => 7,
        }
    }

    /// The text, in brackets where it holds less tightly than it must.
    fn within(&self, level: u8) -> String {
        if self.level() < level { format!("({})", self.print()) } else { self.print() }
    }

    pub(crate) fn print(&self) -> String {
        let list = |items: &[Self]| items.iter().map(Self::print).collect::<Vec<_>>().join(", ");
        match self {
            Self::Literal(_, text) | Self::Variable(text) => text.clone(),
            Self::Attribute(root, name, _) => attribute(*root, name),
            Self::Now => "now".to_owned(),
            Self::Has(root, name) => format!("has({})", attribute(*root, name)),
            // A sign before a number with a sign is no operator everywhere.
            Self::Not(one) => format!("!{}", one.within(if matches!(**one, Self::Not(_)) { 6 } else { 7 })),
            Self::Negate(one) => format!("-{}", one.within(7)),
            Self::And(left, right) => format!("{} && {}", left.within(2), right.within(3)),
            Self::Or(left, right) => format!("{} || {}", left.within(1), right.within(2)),
            Self::If(condition, yes, no) => format!("{} ? {} : {}", condition.within(1), yes.within(1), no.within(0)),
            Self::Binary(sign, left, right) => {
                format!("{} {sign} {}", left.within(self.level()), right.within(self.level() + 1))
            }
            Self::List(items) => format!("[{}]", list(items)),
            Self::Index(items, index) => format!("{}[{}]", items.within(7), index.print()),
            Self::Size(one, true) => format!("{}.size()", one.within(7)),
            Self::Size(one, false) => format!("size({})", one.print()),
            Self::Getter(name, one, zone) => {
                format!("{}.{name}({})", one.within(7), zone.map(|(_, text)| format!("'{text}'")).unwrap_or_default())
            }
            Self::Text(name, text, part) => format!("{}.{name}({})", text.within(7), part.print()),
            Self::Matches(one, _, _, text) => format!("{}.matches({text})", one.within(7)),
            Self::IsIp(one) => format!("isIP({})", one.print()),
            Self::Address(one) => format!("ip({})", one.print()),
            Self::ContainsIp(network, length, one) => format!("cidr('{network}/{length}').containsIP({})", one.print()),
            Self::Macro(kind, items, variable, filter, body) => {
                let name = match kind {
                    Macro::All => "all",
                    Macro::Exists => "exists",
                    Macro::ExistsOne => "exists_one",
                    Macro::Filter => "filter",
                    Macro::Map | Macro::FilterMap => "map",
                };
                let filter = filter.as_ref().map(|filter| format!("{}, ", filter.print())).unwrap_or_default();
                format!("{}.{name}({variable}, {filter}{})", items.within(7), body.print())
            }
            Self::Brackets(one) => format!("({})", one.print()),
        }
    }
}

/// A name that is no word of the language stands in quotes.
fn attribute(root: Root, name: &str) -> String {
    let is_plain = name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_');
    if is_plain { format!("{}.{name}", root.name()) } else { format!("{}[\"{name}\"]", root.name()) }
}

/// A string literal in one of the ways to write it.
pub(crate) fn quoted(text: &str, way: usize) -> String {
    let escaped = |quote: char, all: bool| -> String {
        let one = |character: char| match character {
            '\\' => "\\\\".to_owned(),
            '\n' => "\\n".to_owned(),
            '\t' => "\\t".to_owned(),
            _ if character == quote => format!("\\{quote}"),
            _ if all && u32::from(character) < 0x80 => format!("\\x{:02X}", u32::from(character)),
            _ if all && u32::from(character) < 0x1_0000 => format!("\\u{:04x}", u32::from(character)),
            _ if all || character.is_control() => format!("\\U{:08x}", u32::from(character)),
            _ => character.to_string(),
        };
        text.chars().map(one).collect()
    };
    let is_raw = !text.contains(['"', '\n', '\t']) && !text.chars().any(char::is_control);
    match way {
        0 => format!("'{}'", escaped('\'', false)),
        1 => format!("\"{}\"", escaped('"', false)),
        2 => format!("'{}'", escaped('\'', true)),
        _ if is_raw && !text.ends_with('\\') => format!("r\"{text}\""),
        _ => format!("\"{}\"", escaped('"', false)),
    }
}
