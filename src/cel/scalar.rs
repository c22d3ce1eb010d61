//! What operators and functions make of one or two values.

use std::borrow::Cow;

use super::address::{self, Network};
use super::eval::{Evaluated, MISMATCH, NO_VALUE, OVERFLOW, Stop};
use super::expr::Op;
use super::moment::{self, Moment};
use super::value::{Scalar, Value};

/// Bytes of a text that is made.
const MAX_TEXT_BYTES: usize = 64 << 10;

#[expect(clippy::as_conversions, reason = "rounds to the nearest, as IEEE 754 and CEL do")]
pub(super) const fn double(number: i64) -> f64 {
    number as f64
}

pub(super) fn made_of<'a>(scalar: Scalar, text: &'a str) -> Option<Value<'a>> {
    match scalar {
        Scalar::Text => Some(Value::Text(Cow::Borrowed(text))),
        Scalar::Timestamp => moment::timestamp(text).map(Value::Timestamp),
        Scalar::Duration => moment::duration(text).map(Value::Duration),
        Scalar::Ip => address::ip(text).map(Value::Ip),
        Scalar::Network => Network::parse(text).map(Value::Network),
        _ => None,
    }
}

pub(super) fn unary<'a>(op: Op, value: &Value<'a>) -> Evaluated<'a> {
    match (op, value) {
        (Op::Not, Value::Bool(value)) => Ok(Value::Bool(!value)),
        (Op::Negate, Value::Int(number)) => number.checked_neg().map(Value::Int).ok_or(OVERFLOW),
        (Op::Negate, Value::Double(number)) => Ok(Value::Double(-number)),
        (Op::Size, Value::Text(text)) => length(text.chars().count()),
        (Op::Size, list) => length(list.items().len()),
        (Op::Field(field), Value::Timestamp(moment)) => Ok(Value::Int(moment.field(field, 0))),
        (Op::Field(field), Value::Duration(span)) => Ok(Value::Int(span.part(field))),
        (Op::IsIp, Value::Text(text)) => Ok(Value::Bool(address::ip(text).is_some())),
        (_, Value::Text(text)) => {
            let scalar = match op {
                Op::Timestamp => Scalar::Timestamp,
                Op::Duration => Scalar::Duration,
                Op::Ip => Scalar::Ip,
                _ => Scalar::Network,
            };
            made_of(scalar, text).map(Value::owned).ok_or(NO_VALUE)
        }
        _ => Err(MISMATCH),
    }
}

pub(super) fn integers<'a>(op: Op, left: i64, right: i64) -> Evaluated<'a> {
    let is_division = matches!(op, Op::Divide | Op::Remainder);
    if is_division && right == 0 {
        return Err(Stop::Error("division_by_zero"));
    }
    let value = match op {
        Op::Add => left.checked_add(right),
        Op::Subtract => left.checked_sub(right),
        Op::Multiply => left.checked_mul(right),
        Op::Divide => left.checked_div(right),
        _ => left.checked_rem(right),
    };
    value.map(Value::Int).ok_or(OVERFLOW)
}

pub(super) fn joined<'a>(left: &str, right: &str) -> Evaluated<'a> {
    if left.len().saturating_add(right.len()) > MAX_TEXT_BYTES {
        return Err(Stop::Error("too_long"));
    }
    let mut text = left.to_owned();
    text.push_str(right);
    Ok(Value::Text(Cow::Owned(text)))
}

pub(super) fn length<'a>(count: usize) -> Evaluated<'a> {
    i64::try_from(count).map(Value::Int).map_err(|_| OVERFLOW)
}

pub(super) fn span<'a>(made: Option<Moment>) -> Evaluated<'a> {
    made.filter(|span| span.is_duration()).map(Value::Duration).ok_or(OVERFLOW)
}

pub(super) fn point<'a>(made: Option<Moment>) -> Evaluated<'a> {
    made.filter(|moment| moment.is_timestamp()).map(Value::Timestamp).ok_or(OVERFLOW)
}
