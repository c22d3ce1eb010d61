//! What a condition is worth, worked out in the plainest way.

use std::net::IpAddr;

use portcullis::Json;

use super::condition::{Expression, Macro, Root, Type, Value};
use super::time::{self, FIRST, LAST, SECOND};

/// Why there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum No {
    Error,
    /// It reads a resource, and none is known.
    Unknown,
}

type Worth = Result<Value, No>;

/// Whether something holds; in the order of how much it allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Truth {
    No,
    Open,
    Yes,
}

/// What a condition reads.
pub(crate) trait Facts {
    /// The attribute as JSON says it, `None` where it is absent.
    fn attribute(&self, root: Root, name: &str) -> Result<Option<Json>, No>;
    /// Seconds since 1970.
    fn now(&self) -> i64;
}

/// Nothing is there: for what reads nothing.
pub(crate) struct Nothing;

impl Facts for Nothing {
    fn attribute(&self, _: Root, _: &str) -> Result<Option<Json>, No> {
        Ok(None)
    }

    fn now(&self) -> i64 {
        0
    }
}

type Variables<'a> = Vec<(&'a str, Value)>;

pub(crate) fn evaluate(expression: &Expression, facts: &dyn Facts) -> Result<bool, No> {
    match worth(expression, facts, &mut Vec::new())? {
        Value::Bool(holds) => Ok(holds),
        other => panic!("{} is {other:?}", expression.print()),
    }
}

pub(crate) fn worth<'a>(expression: &'a Expression, facts: &dyn Facts, variables: &mut Variables<'a>) -> Worth {
    let mut of = |one: &'a Expression| worth(one, facts, variables);
    match expression {
        Expression::Literal(value, _) => Ok(value.clone()),
        Expression::Attribute(root, name, kind) => {
            typed(&facts.attribute(*root, name)?.unwrap_or_default(), kind).ok_or(No::Error)
        }
        Expression::Now => Ok(Value::Timestamp(i128::from(facts.now()) * SECOND)),
        Expression::Has(root, name) => {
            Ok(Value::Bool(facts.attribute(*root, name)?.is_some_and(|value| value != Json::Null)))
        }
        Expression::Variable(name) => {
            let found = variables.iter().rev().find(|(own, _)| own == name);
            Ok(found.map(|(_, value)| value.clone()).expect("a variable that is there"))
        }
        Expression::Brackets(one) => of(one),
        Expression::Not(one) => Ok(Value::Bool(!truth(&of(one)?))),
        Expression::Negate(one) => match of(one)? {
            Value::Int(number) => number.checked_neg().map(Value::Int).ok_or(No::Error),
            Value::Double(number) => Ok(Value::Double(-number)),
            other => panic!("-{other:?}"),
        },
        Expression::And(left, right) => absorbed([of(left), of(right)], false),
        Expression::Or(left, right) => absorbed([of(left), of(right)], true),
        Expression::If(condition, yes, no) => {
            if truth(&of(condition)?) {
                of(yes)
            } else {
                of(no)
            }
        }
        Expression::Binary(sign, left, right) => binary(sign, of(left)?, of(right)?),
        Expression::List(items) => Ok(Value::List(items.iter().map(of).collect::<Result<_, _>>()?)),
        Expression::Index(items, index) => match (of(items)?, of(index)?) {
            (Value::List(items), Value::Int(index)) => {
                usize::try_from(index).ok().and_then(|index| items.get(index).cloned()).ok_or(No::Error)
            }
            other => panic!("an index of {other:?}"),
        },
        Expression::Size(one, _) => match of(one)? {
            Value::String(text) => Ok(int(text.chars().count())),
            Value::List(items) => Ok(int(items.len())),
            other => panic!("the size of {other:?}"),
        },
        Expression::Getter(name, one, zone) => Ok(got(name, &of(one)?, zone.map_or(0, |(minutes, _)| minutes))),
        Expression::Text(name, text, part) => match (of(text)?, of(part)?) {
            (Value::String(text), Value::String(part)) => Ok(Value::Bool(match *name {
                "startsWith" => text.starts_with(&part),
                "endsWith" => text.ends_with(&part),
                _ => text.contains(&part),
            })),
            other => panic!("{name} of {other:?}"),
        },
        Expression::Matches(one, pattern, minds_case, _) => match of(one)? {
            Value::String(text) => Ok(Value::Bool(pattern.is_found(&text, *minds_case))),
            other => panic!("matches of {other:?}"),
        },
        Expression::IsIp(one) => match of(one)? {
            Value::String(text) => Ok(Value::Bool(text.parse::<IpAddr>().is_ok())),
            other => panic!("isIP of {other:?}"),
        },
        Expression::Address(one) => match of(one)? {
            Value::String(text) => text.parse().map(Value::Ip).map_err(|_| No::Error),
            other => panic!("ip of {other:?}"),
        },
        Expression::ContainsIp(network, length, one) => {
            let address = match of(one)? {
                Value::Ip(address) => address,
                Value::String(text) => text.parse().map_err(|_| No::Error)?,
                other => panic!("containsIP of {other:?}"),
            };
            Ok(Value::Bool(contains(*network, *length, address)))
        }
        Expression::Macro(kind, items, name, filter, body) => {
            let Value::List(items) = of(items)? else { panic!("a macro of no list") };
            each(*kind, items, name, filter.as_deref(), body, facts, variables)
        }
    }
}

fn each<'a>(
    kind: Macro,
    items: Vec<Value>,
    name: &'a str,
    filter: Option<&'a Expression>,
    body: &'a Expression,
    facts: &dyn Facts,
    variables: &mut Variables<'a>,
) -> Worth {
    let mut said = |expression: &'a Expression, item: &Value| {
        variables.push((name, item.clone()));
        let found = worth(expression, facts, variables);
        variables.pop();
        found
    };
    if matches!(kind, Macro::All | Macro::Exists) {
        return absorbed(items.iter().map(|item| said(body, item)), kind == Macro::Exists);
    }
    let mut kept = Vec::new();
    for item in &items {
        let condition = if kind == Macro::Map { None } else { Some(filter.unwrap_or(body)) };
        if condition.map_or(Ok(true), |condition| said(condition, item).map(|holds| truth(&holds)))? {
            kept.push(if matches!(kind, Macro::Map | Macro::FilterMap) { said(body, item)? } else { item.clone() });
        }
    }
    Ok(if kind == Macro::ExistsOne { Value::Bool(kept.len() == 1) } else { Value::List(kept) })
}

/// `&&` where the answer that ends it is false, `||` where it is true; then an unknown, then an error.
fn absorbed(parts: impl IntoIterator<Item = Worth>, ends: bool) -> Worth {
    let parts: Vec<Worth> = parts.into_iter().collect();
    let has = |worth: &Worth| parts.contains(worth);
    if has(&Ok(Value::Bool(ends))) {
        return Ok(Value::Bool(ends));
    }
    if has(&Err(No::Unknown)) {
        return Err(No::Unknown);
    }
    if has(&Err(No::Error)) { Err(No::Error) } else { Ok(Value::Bool(!ends)) }
}

fn binary(sign: &str, left: Value, right: Value) -> Worth {
    let holds = match sign {
        "==" => left == right,
        "!=" => left != right,
        "in" => match right {
            Value::List(items) => items.contains(&left),
            other => panic!("in {other:?}"),
        },
        "<" | "<=" | ">" | ">=" => {
            let order = match (&left, &right) {
                (Value::Bool(left), Value::Bool(right)) => left.partial_cmp(right),
                (Value::Int(left), Value::Int(right)) => left.partial_cmp(right),
                (Value::Double(left), Value::Double(right)) => left.partial_cmp(right),
                (Value::String(left), Value::String(right)) => left.chars().partial_cmp(right.chars()),
                (Value::Timestamp(left), Value::Timestamp(right)) | (Value::Duration(left), Value::Duration(right)) => {
                    left.partial_cmp(right)
                }
                other => panic!("{sign} of {other:?}"),
            };
            order.is_some_and(|order| match sign {
                "<" => order.is_lt(),
                "<=" => order.is_le(),
                ">" => order.is_gt(),
                _ => order.is_ge(),
            })
        }
        _ => return arithmetic(sign, left, right),
    };
    Ok(Value::Bool(holds))
}

fn arithmetic(sign: &str, left: Value, right: Value) -> Worth {
    let moment = |moment: i128| {
        if (FIRST..=LAST).contains(&moment) { Ok(Value::Timestamp(moment)) } else { Err(No::Error) }
    };
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => {
            let found = match sign {
                "+" => left.checked_add(right),
                "-" => left.checked_sub(right),
                "*" => left.checked_mul(right),
                "/" => left.checked_div(right),
                _ => left.checked_rem(right),
            };
            found.map(Value::Int).ok_or(No::Error)
        }
        (Value::Double(left), Value::Double(right)) => Ok(Value::Double(match sign {
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            _ => left / right,
        })),
        (Value::String(left), Value::String(right)) => Ok(Value::String(left + &right)),
        (Value::Timestamp(left), Value::Timestamp(right)) => Ok(Value::Duration(left - right)),
        (Value::Timestamp(left), Value::Duration(right)) => {
            moment(if sign == "+" { left + right } else { left - right })
        }
        (Value::Duration(left), Value::Timestamp(right)) => moment(left + right),
        (Value::Duration(left), Value::Duration(right)) => {
            Ok(Value::Duration(if sign == "+" { left + right } else { left - right }))
        }
        other => panic!("{sign} of {other:?}"),
    }
}

fn got(name: &str, value: &Value, minutes_east: i64) -> Value {
    let number = |number: i128| Value::Int(i64::try_from(number).expect("a small number"));
    match value {
        Value::Timestamp(moment) => {
            let at = time::parts(*moment, minutes_east);
            Value::Int(match name {
                "getFullYear" => at.year,
                "getMonth" => at.month,
                "getDate" => at.day,
                "getDayOfMonth" => at.day - 1,
                "getDayOfWeek" => at.day_of_week,
                "getDayOfYear" => at.day_of_year,
                "getHours" => at.hours,
                "getMinutes" => at.minutes,
                "getSeconds" => at.seconds,
                _ => at.nanoseconds / 1_000_000,
            })
        }
        Value::Duration(length) => match name {
            "getHours" => number(length / (3600 * SECOND)),
            "getMinutes" => number(length / (60 * SECOND)),
            "getSeconds" => number(length / SECOND),
            _ => number(length % SECOND / 1_000_000),
        },
        other => panic!("{name} of {other:?}"),
    }
}

fn contains(network: IpAddr, length: u8, address: IpAddr) -> bool {
    let bits = |address: IpAddr| -> Vec<bool> {
        let octets = match address {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().to_vec(),
        };
        octets.iter().flat_map(|octet| (0..8).rev().map(move |place| octet >> place & 1 == 1)).collect()
    };
    let (network, address, length) = (bits(network), bits(address), usize::from(length));
    network.len() == address.len() && network.iter().zip(&address).take(length).all(|(left, right)| left == right)
}

/// An attribute's value as a value of its type.
pub(crate) fn typed(json: &Json, kind: &Type) -> Option<Value> {
    match (kind, json) {
        (Type::Bool, Json::Bool(value)) => Some(Value::Bool(*value)),
        (Type::Int, Json::Integer(number)) => Some(Value::Int(*number)),
        (Type::Double, Json::Integer(_) | Json::Decimal(_)) => json.to_text().parse().ok().map(Value::Double),
        (Type::String, Json::String(text)) => Some(Value::String(text.clone())),
        (Type::Timestamp, Json::Integer(seconds)) => {
            Some(i128::from(*seconds) * SECOND).filter(|moment| (FIRST..=LAST).contains(moment)).map(Value::Timestamp)
        }
        (Type::Ip, Json::String(text)) => text.parse().ok().map(Value::Ip),
        // The generator writes no other texts than these and malformed ones.
        (Type::Timestamp, Json::String(text)) => super::generate::moment_of(text).map(Value::Timestamp),
        (Type::Duration, Json::String(text)) => super::generate::length_of(text).map(Value::Duration),
        (Type::List(of), Json::Array(items)) => {
            items.iter().map(|item| typed(item, of)).collect::<Option<Vec<Value>>>().map(Value::List)
        }
        _ => None,
    }
}

fn truth(value: &Value) -> bool {
    match value {
        Value::Bool(holds) => *holds,
        other => panic!("{other:?} is neither true nor false"),
    }
}

fn int(count: usize) -> Value {
    Value::Int(i64::try_from(count).expect("a small number"))
}
