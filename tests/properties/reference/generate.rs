//! Conditions of the right types, and values for what they read. Few values, so that they often meet.

use std::net::IpAddr;

use portcullis::Json;

use super::choices::Choices;
use super::condition::{Expression, Macro, Root, Type, Value, quoted};
use super::evaluate::{No, Nothing, worth};
use super::pattern::pattern;
use super::time::{self, SECOND};

const INTS: &[i64] = &[0, 1, 2, -1, 7, 86_400, i64::MAX, i64::MIN, i64::MAX - 1];
const DOUBLES: &[f64] = &[0.0, 0.5, 1.5, -2.25, 1e3, 0.1, 1e300, 5e-324, 9_007_199_254_740_993.0, -0.0];
const TEXTS: &[&str] =
    &["", "a", "ab", "b", "admin", "é", "aé😀", "😀", "ﬀ", "B1 b", "a\nb", "1'\"\\", "10.0.0.7", "::1"];
const ADDRESSES: &[&str] = &["10.0.0.7", "10.1.2.3", "192.0.2.1", "::1", "2001:db8::7"];
const NETWORKS: &[(&str, u8)] =
    &[("10.0.0.0", 8), ("10.0.0.7", 32), ("0.0.0.0", 0), ("2001:db8::", 32), ("10.1.2.2", 31)];
/// Seconds and nanoseconds: before 1970, the end of a leap February, a year's end, now.
const MOMENTS: &[(i128, i128)] = &[
    (0, 0),
    (-1, 500_000_000),
    (951_782_400, 0),
    (1_735_689_599, 999_000_000),
    (1_790_000_000, 0),
    (1_790_000_000, 1),
    (-300_000_000, 123_456_789),
    (4_102_444_799, 0),
];
const LENGTHS: &[i128] =
    &[0, SECOND, 90 * SECOND, -SECOND, 5_400 * SECOND, 86_400 * SECOND, 1, 123_321_456_789, -1_500_000_000];
const ZONES: &[(i64, &str)] = &[(0, "UTC"), (120, "+02:00"), (-330, "-05:30"), (120, "02:00"), (-1, "-00:01")];
const GETTERS: &[&str] = &[
    "getFullYear",
    "getMonth",
    "getDate",
    "getDayOfMonth",
    "getDayOfWeek",
    "getDayOfYear",
    "getHours",
    "getMinutes",
    "getSeconds",
    "getMilliseconds",
];
const OFFSETS: &[i64] = &[0, 120, -330];

fn moments() -> impl Iterator<Item = (String, i128)> {
    let moments = MOMENTS.iter().map(|(seconds, nanoseconds)| seconds * SECOND + nanoseconds);
    moments.flat_map(|moment| OFFSETS.iter().map(move |offset| (time::rfc3339(moment, *offset), moment)))
}

fn lengths() -> impl Iterator<Item = (String, i128)> {
    LENGTHS.iter().flat_map(|length| (0..4).map(|units| (time::duration(*length, units), *length)))
}

/// The moment that a text of this generator says.
pub(crate) fn moment_of(text: &str) -> Option<i128> {
    moments().find(|(own, _)| own == text).map(|(_, moment)| moment)
}

/// The length that a text of this generator says.
pub(crate) fn length_of(text: &str) -> Option<i128> {
    lengths().find(|(own, _)| own == text).map(|(_, length)| length)
}

fn one_of<T>(choices: &mut Choices, items: impl Iterator<Item = T>) -> T {
    let mut items: Vec<T> = items.collect();
    items.swap_remove(choices.below(items.len()))
}

/// A value of the type, as JSON.
pub(crate) fn value(choices: &mut Choices, kind: &Type) -> Json {
    match kind {
        Type::Bool => choices.one_in(2).into(),
        Type::Int => one_of(choices, INTS.iter().copied()).into(),
        Type::Double => {
            let number = match choices.below(6) {
                0 => one_of(choices, INTS.iter().copied()).to_string(),
                1 => format!("{}.{}e{}", choices.below(10), choices.below(10_000), choices.below(40)),
                _ => format!("{:?}", one_of(choices, DOUBLES.iter().copied())),
            };
            Json::parse(number.as_bytes()).expect("a number")
        }
        Type::String => one_of(choices, TEXTS.iter().copied()).into(),
        Type::Timestamp if choices.one_in(3) => {
            i64::try_from(one_of(choices, MOMENTS.iter()).0).expect("seconds").into()
        }
        Type::Timestamp => one_of(choices, moments()).0.into(),
        Type::Duration => one_of(choices, lengths()).0.into(),
        Type::Ip => one_of(choices, ADDRESSES.iter().copied()).into(),
        Type::List(of) => {
            let count = choices.below(4);
            Json::Array((0..count).map(|_| value(choices, of)).collect())
        }
    }
}

/// Mostly a value of the type; else nothing, null, or something else.
pub(crate) fn attribute(choices: &mut Choices, kind: &Type) -> Option<Json> {
    const OTHERS: &[&str] = &[
        "\"x\"",
        "1.0",
        "1e2",
        "9223372036854775808",
        "[]",
        "[null]",
        "{}",
        "\"2026-02-30T00:00:00Z\"",
        "\"1 h\"",
        "\"10.0.0.256\"",
        "[\"a\",1]",
        "-1",
    ];
    match choices.below(12) {
        9 => None,
        10 => Some(Json::Null),
        11 => Some(Json::parse(choices.pick(OTHERS).as_bytes()).expect("JSON")),
        _ => Some(value(choices, kind)),
    }
}

/// What a condition may read.
struct Scope {
    attributes: Vec<(Root, &'static str, Type)>,
    variables: Vec<(String, Type)>,
}

/// A condition that is neither too long nor too large.
pub(crate) fn condition(choices: &mut Choices, attributes: Vec<(Root, &'static str, Type)>) -> Expression {
    let mut scope = Scope { attributes, variables: Vec::new() };
    let depth = 1 + choices.below(4);
    let found = scope.expression(choices, &Type::Bool, depth);
    if found.size() > 300 || found.print().len() > 1_800 { scope.expression(choices, &Type::Bool, 0) } else { found }
}

/// An expression of that type.
pub(crate) fn expression(
    choices: &mut Choices,
    attributes: Vec<(Root, &'static str, Type)>,
    kind: &Type,
    depth: usize,
) -> Expression {
    Scope { attributes, variables: Vec::new() }.expression(choices, kind, depth)
}

pub(crate) fn matches(choices: &mut Choices, one: Box<Expression>) -> Expression {
    let (pattern, minds_case) = pattern(choices);
    let text = format!("{}{}", if minds_case { "" } else { "(?i)" }, pattern.print());
    Expression::Matches(one, pattern, minds_case, quoted(&text, choices.below(4)))
}

fn boxed(one: Expression) -> Box<Expression> {
    Box::new(one)
}

impl Scope {
    fn expression(&mut self, choices: &mut Choices, kind: &Type, depth: usize) -> Expression {
        let found = if depth == 0 || choices.one_in(6) {
            self.leaf(choices, kind)
        } else {
            let depth = depth - 1;
            match choices.below(16) {
                14 => Expression::If(
                    boxed(self.expression(choices, &Type::Bool, depth)),
                    boxed(self.expression(choices, kind, depth)),
                    boxed(self.expression(choices, kind, depth)),
                ),
                15 => Expression::Brackets(boxed(self.expression(choices, kind, depth))),
                13 if *kind != Type::Bool => {
                    let items = self.expression(choices, &Type::list(kind.clone()), depth);
                    Expression::Index(boxed(items), boxed(self.expression(choices, &Type::Int, 0)))
                }
                _ => self.inner(choices, kind, depth),
            }
        };
        // What can never be evaluated does not load.
        if is_closed(&found) && worth(&found, &Nothing, &mut Vec::new()) == Err(No::Error) {
            return literal(&mut Choices::new(&[]), kind);
        }
        found
    }

    fn leaf(&mut self, choices: &mut Choices, kind: &Type) -> Expression {
        let variables: Vec<String> =
            self.variables.iter().filter(|(_, own)| own == kind).map(|(name, _)| name.clone()).collect();
        if !variables.is_empty() && choices.one_in(2) {
            return Expression::Variable(one_of(choices, variables.into_iter()));
        }
        let is_read = choices.below(3) > 0;
        let attributes: Vec<_> = self.attributes.iter().filter(|(_, _, own)| own == kind).cloned().collect();
        if *kind == Type::Timestamp && choices.one_in(4) {
            return Expression::Now;
        }
        if *kind == Type::Bool && is_read {
            return self.simple(choices);
        }
        if is_read && !attributes.is_empty() {
            let (root, name, kind) = one_of(choices, attributes.into_iter());
            return Expression::Attribute(root, name, kind);
        }
        literal(choices, kind)
    }

    /// An attribute beside a value, or whether it is there.
    fn simple(&mut self, choices: &mut Choices) -> Expression {
        if self.attributes.is_empty() {
            return literal(choices, &Type::Bool);
        }
        let (root, name, kind) = one_of(choices, self.attributes.clone().into_iter());
        let read = Expression::Attribute(root, name, kind.clone());
        match (&kind, choices.below(4)) {
            (_, 3) => Expression::Has(root, name),
            (Type::Bool, 0) => read,
            (Type::List(of), 0 | 1) => Expression::Binary("in", boxed(self.leaf(choices, of)), boxed(read)),
            (_, 2) => Expression::Binary("!=", boxed(read), boxed(literal(choices, &kind))),
            _ => Expression::Binary("==", boxed(read), boxed(literal(choices, &kind))),
        }
    }

    fn inner(&mut self, choices: &mut Choices, kind: &Type, depth: usize) -> Expression {
        match kind {
            Type::Bool => self.truth(choices, depth),
            Type::Int => match choices.below(5) {
                0 => self.binary(choices, &["+", "-", "*", "/", "%"], kind, kind, depth),
                1 => Expression::Negate(boxed(self.expression(choices, kind, depth))),
                2 => {
                    let of = if choices.one_in(2) { Type::String } else { Type::list(any_type(choices, 1)) };
                    Expression::Size(boxed(self.expression(choices, &of, depth)), choices.one_in(2))
                }
                3 => {
                    let zone = choices.one_in(2).then(|| one_of(choices, ZONES.iter().copied()));
                    let one = self.expression(choices, &Type::Timestamp, depth);
                    Expression::Getter(choices.pick(GETTERS), boxed(one), zone)
                }
                _ => {
                    let one = self.expression(choices, &Type::Duration, depth);
                    Expression::Getter(choices.pick(GETTERS.get(6..).expect("those of time")), boxed(one), None)
                }
            },
            Type::Double => match choices.below(4) {
                0 => Expression::Negate(boxed(self.expression(choices, kind, depth))),
                _ => self.binary(choices, &["+", "-", "*", "/"], kind, kind, depth),
            },
            Type::String => self.binary(choices, &["+"], kind, kind, depth),
            Type::Timestamp if choices.one_in(3) => self.binary(choices, &["+"], &Type::Duration, kind, depth),
            Type::Timestamp => self.binary(choices, &["+", "-"], kind, &Type::Duration, depth),
            Type::Duration if choices.one_in(3) => {
                self.binary(choices, &["-"], &Type::Timestamp, &Type::Timestamp, depth)
            }
            Type::Duration => self.binary(choices, &["+", "-"], kind, kind, depth),
            Type::Ip if choices.one_in(3) => Expression::Address(boxed(self.expression(choices, &Type::String, depth))),
            Type::Ip => self.leaf(choices, kind),
            Type::List(of) => match choices.below(4) {
                0 => Expression::List((0..=choices.below(3)).map(|_| self.expression(choices, of, depth)).collect()),
                1 => self.macros(choices, Macro::Filter, of, depth),
                2 => self.macros(choices, Macro::Map, of, depth),
                _ => self.macros(choices, Macro::FilterMap, of, depth),
            },
        }
    }

    fn binary(
        &mut self,
        choices: &mut Choices,
        signs: &[&'static str],
        left: &Type,
        right: &Type,
        depth: usize,
    ) -> Expression {
        let sign = one_of(choices, signs.iter().copied());
        let left = self.expression(choices, left, depth);
        Expression::Binary(sign, boxed(left), boxed(self.expression(choices, right, depth)))
    }

    fn truth(&mut self, choices: &mut Choices, depth: usize) -> Expression {
        let mut of = |choices: &mut Choices, kind: &Type| boxed(self.expression(choices, kind, depth));
        match choices.below(15) {
            0 => Expression::Not(of(choices, &Type::Bool)),
            1..=3 => Expression::And(of(choices, &Type::Bool), of(choices, &Type::Bool)),
            4..=6 => Expression::Or(of(choices, &Type::Bool), of(choices, &Type::Bool)),
            7 => {
                let kind = any_type(choices, 2);
                self.binary(choices, &["==", "!="], &kind, &kind, depth)
            }
            8 | 9 => {
                let ordered = [Type::String, Type::Int, Type::Double, Type::Timestamp, Type::Duration, Type::Bool];
                let kind = one_of(choices, ordered.into_iter());
                self.binary(choices, &["<", "<=", ">", ">="], &kind, &kind, depth)
            }
            10 => {
                let kind = any_type(choices, 1);
                self.binary(choices, &["in"], &kind.clone(), &Type::list(kind), depth)
            }
            11 => {
                const NAMES: [&str; 3] = ["startsWith", "endsWith", "contains"];
                Expression::Text(choices.pick(&NAMES), of(choices, &Type::String), of(choices, &Type::String))
            }
            12 => {
                let one = of(choices, &Type::String);
                matches(choices, one)
            }
            13 => {
                let (network, length) = one_of(choices, NETWORKS.iter());
                let network: IpAddr = network.parse().expect("an address");
                match choices.below(3) {
                    0 => Expression::ContainsIp(network, *length, of(choices, &Type::Ip)),
                    1 => Expression::ContainsIp(network, *length, of(choices, &Type::String)),
                    _ => Expression::IsIp(of(choices, &Type::String)),
                }
            }
            _ => {
                let kind = one_of(choices, [Macro::All, Macro::Exists, Macro::ExistsOne].into_iter());
                self.macros(choices, kind, &Type::Bool, depth)
            }
        }
    }

    /// A macro whose body, or whose list, is of that type.
    fn macros(&mut self, choices: &mut Choices, kind: Macro, of: &Type, depth: usize) -> Expression {
        let item = if kind == Macro::Filter { of.clone() } else { any_type(choices, 1) };
        let items = boxed(self.expression(choices, &Type::list(item.clone()), depth.min(1)));
        let name = format!("x{}", self.variables.len());
        self.variables.push((name.clone(), item));
        let filter = (kind == Macro::FilterMap).then(|| boxed(self.expression(choices, &Type::Bool, depth.min(2))));
        let body = if kind == Macro::Filter { &Type::Bool } else { of };
        let body = boxed(self.expression(choices, body, depth.min(2)));
        self.variables.pop();
        Expression::Macro(kind, items, name, filter, body)
    }
}

pub(crate) fn any_type(choices: &mut Choices, nesting: usize) -> Type {
    let plain = [Type::String, Type::Int, Type::Bool, Type::Double, Type::Timestamp, Type::Duration, Type::Ip];
    let kind = one_of(choices, plain.into_iter());
    if nesting > 1 && choices.one_in(4) { Type::list(kind) } else { kind }
}

fn is_closed(expression: &Expression) -> bool {
    // A variable whose list is outside is not known either; one whose list is inside takes the whole with it.
    fn reads(expression: &Expression) -> bool {
        expression.any(&|one| matches!(one, Expression::Attribute(..) | Expression::Has(..) | Expression::Now))
    }
    fn free<'a>(expression: &'a Expression, bound: &mut Vec<&'a str>) -> bool {
        match expression {
            Expression::Variable(name) => !bound.contains(&name.as_str()),
            Expression::Macro(_, items, name, filter, body) => {
                if free(items, bound) {
                    return true;
                }
                bound.push(name);
                let found = free(body, bound) || filter.as_ref().is_some_and(|filter| free(filter, bound));
                bound.pop();
                found
            }
            other => other.parts().into_iter().any(|part| free(part, bound)),
        }
    }
    !reads(expression) && !free(expression, &mut Vec::new())
}

/// A constant, written in one of the ways to write it.
pub(crate) fn literal(choices: &mut Choices, kind: &Type) -> Expression {
    let (value, text) = match kind {
        Type::Bool => {
            let value = !choices.one_in(2);
            (Value::Bool(value), value.to_string())
        }
        Type::Int => {
            let value = one_of(choices, INTS.iter().copied());
            let sign = if value < 0 { "-" } else { "" };
            let hex = format!("{sign}0x{:X}", value.unsigned_abs());
            (Value::Int(value), if choices.one_in(6) { hex } else { value.to_string() })
        }
        Type::Double => {
            let value = one_of(choices, DOUBLES.iter().copied());
            let text = format!("{value:?}");
            let short = text.strip_prefix("0.").map(|digits| format!(".{digits}")).filter(|_| choices.one_in(3));
            (Value::Double(value), short.unwrap_or(text))
        }
        Type::String => {
            let value = one_of(choices, TEXTS.iter().copied());
            (Value::String(value.to_owned()), quoted(value, choices.below(4)))
        }
        Type::Timestamp => {
            let (text, moment) = one_of(choices, moments());
            (Value::Timestamp(moment), format!("timestamp('{text}')"))
        }
        Type::Duration => {
            let (text, length) = one_of(choices, lengths());
            (Value::Duration(length), format!("duration('{text}')"))
        }
        Type::Ip => {
            let text = one_of(choices, ADDRESSES.iter().copied());
            (Value::Ip(text.parse().expect("an address")), format!("ip('{text}')"))
        }
        Type::List(of) => return Expression::List((0..=choices.below(3)).map(|_| literal(choices, of)).collect()),
    };
    Expression::Literal(value, text)
}
