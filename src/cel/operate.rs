//! What operators and functions make of one or two values.

use core::cmp::Ordering;

use super::address::{self, Network};
#[cfg(feature = "full")]
use super::eval::BUDGET;
use super::eval::{Evaluated, MISMATCH, Machine, Stop};
use super::expr::Op;
use super::moment;
use super::value::{Scalar, Value};

/// Bytes of a text that is made.
const MAX_TEXT_BYTES: usize = 64 << 10;

const OVERFLOW: Stop = Stop::Error("overflow");
const NO_VALUE: Stop = Stop::Error("value");

impl<'a> Machine<'a> {
    /// `None` for what has no order: a NaN, lists that differ.
    pub(super) fn compare(&self, left: Value<'_>, right: Value<'_>) -> Option<Ordering> {
        match (left, right) {
            (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(&right)),
            (Value::Int(left), Value::Int(right)) => Some(left.cmp(&right)),
            (Value::Double(left), Value::Double(right)) => left.partial_cmp(&right),
            (Value::Timestamp(left), Value::Timestamp(right)) | (Value::Duration(left), Value::Duration(right)) => {
                Some(left.cmp(&right))
            }
            (Value::Ip(left), Value::Ip(right)) => (left == right).then_some(Ordering::Equal),
            (Value::List(_), Value::List(_)) => {
                let (left, right) = (self.items(left), self.items(right));
                if left.len() != right.len() {
                    return None;
                }
                for (one, other) in left.iter().zip(right) {
                    self.compare(*one, *other).filter(|order| order.is_eq())?;
                }
                Some(Ordering::Equal)
            }
            // UTF-8 sorts as its code points do.
            _ => Some(self.text(&left)?.as_bytes().cmp(self.text(&right)?.as_bytes())),
        }
    }

    pub(super) fn unary(&mut self, op: Op, value: Value<'a>) -> Evaluated<'a> {
        match (op, value) {
            (Op::Not, Value::Bool(value)) => Ok(Value::Bool(!value)),
            (Op::Negate, Value::Int(number)) => number.checked_neg().map(Value::Int).ok_or(OVERFLOW),
            (Op::Negate, Value::Double(number)) => Ok(Value::Double(-number)),
            (Op::Field(field), Value::Timestamp(moment)) => Ok(Value::Int(moment.field(field, 0))),
            (Op::Field(field), Value::Duration(span)) => Ok(Value::Int(span.part(field))),
            (Op::Size, Value::List(_)) => length(self.items(value).len()),
            _ => {
                self.charge(self.bytes(value))?;
                let Some(text) = self.text(&value) else { return Err(MISMATCH) };
                let scalar = match op {
                    Op::Size => return length(text.bytes().filter(|byte| byte & 0xc0 != 0x80).count()),
                    Op::IsIp => return Ok(Value::Bool(address::ip(text).is_some())),
                    #[cfg(feature = "full")]
                    Op::Matches(place) => {
                        let mut steps = self.steps;
                        let pattern = self.tree.patterns.get(place).ok_or(MISMATCH)?;
                        let verdict = pattern.is_match(text, &mut steps);
                        self.steps = steps;
                        return verdict.map(Value::Bool).ok_or(BUDGET);
                    }
                    Op::Timestamp => Scalar::Timestamp,
                    Op::Duration => Scalar::Duration,
                    Op::Ip => Scalar::Ip,
                    _ => Scalar::Network,
                };
                made_of(scalar, text).ok_or(NO_VALUE)
            }
        }
    }

    pub(super) fn binary(&mut self, op: Op, left: Value<'a>, right: Value<'a>) -> Evaluated<'a> {
        match (op, left, right) {
            (Op::Equal | Op::NotEqual | Op::Less | Op::LessEqual | Op::Greater | Op::GreaterEqual, ..) => {
                let order = self.compare(left, right);
                let is = |fits: fn(Ordering) -> bool| order.is_some_and(fits);
                Ok(Value::Bool(match op {
                    Op::Equal => is(Ordering::is_eq),
                    Op::NotEqual => !is(Ordering::is_eq),
                    Op::Less => is(Ordering::is_lt),
                    Op::LessEqual => is(Ordering::is_le),
                    Op::Greater => is(Ordering::is_gt),
                    _ => is(Ordering::is_ge),
                }))
            }
            (Op::In, ..) => {
                for place in 0..self.items(right).len() {
                    let item = self.items(right).get(place).copied().ok_or(MISMATCH)?;
                    self.charge(self.bytes(item))?;
                    if self.compare(left, item).is_some_and(Ordering::is_eq) {
                        return Ok(Value::Bool(true));
                    }
                }
                Ok(Value::Bool(false))
            }
            (Op::Index, _, Value::Int(index)) => {
                let place = usize::try_from(index).ok();
                place.and_then(|place| self.items(left).get(place).copied()).ok_or(Stop::Error("index_out_of_range"))
            }
            (Op::Field(field), Value::Timestamp(moment), Value::Int(zone)) => Ok(Value::Int(moment.field(field, zone))),
            (_, Value::Int(left), Value::Int(right)) => integers(op, left, right),
            (_, Value::Double(left), Value::Double(right)) => Ok(Value::Double(match op {
                Op::Add => left + right,
                Op::Subtract => left - right,
                Op::Multiply => left * right,
                _ => left / right,
            })),
            (Op::ContainsIp, Value::Network(network), Value::Ip(address)) => Ok(Value::Bool(network.contains(address))),
            (Op::ContainsIp, Value::Network(network), _) => {
                let address = self.text(&right).and_then(address::ip).ok_or(NO_VALUE)?;
                Ok(Value::Bool(network.contains(address)))
            }
            (_, Value::Timestamp(one) | Value::Duration(one), Value::Timestamp(other) | Value::Duration(other)) => {
                let made = if op == Op::Add { one.plus(other) } else { one.minus(other) }.ok_or(OVERFLOW)?;
                let are_alike = matches!(left, Value::Timestamp(_)) == matches!(right, Value::Timestamp(_));
                match are_alike {
                    true if made.is_duration() => Ok(Value::Duration(made)),
                    false if made.is_timestamp() => Ok(Value::Timestamp(made)),
                    _ => Err(OVERFLOW),
                }
            }
            _ => self.texts(op, left, right),
        }
    }

    fn texts(&mut self, op: Op, left: Value<'a>, right: Value<'a>) -> Evaluated<'a> {
        let (Some(text), Some(part)) = (self.text(&left), self.text(&right)) else { return Err(MISMATCH) };
        let (bytes, sought) = (text.as_bytes(), part.as_bytes());
        Ok(Value::Bool(match op {
            Op::StartsWith => bytes.starts_with(sought),
            Op::EndsWith => bytes.ends_with(sought),
            Op::Contains => {
                let cost = bytes.len().saturating_mul(sought.len());
                self.charge(cost)?;
                let (Some(text), Some(part)) = (self.text(&left), self.text(&right)) else { return Err(MISMATCH) };
                part.is_empty() || text.as_bytes().windows(part.len()).any(|window| window == part.as_bytes())
            }
            _ if bytes.len().saturating_add(sought.len()) > MAX_TEXT_BYTES => return Err(Stop::Error("too_long")),
            _ => {
                let made = [text, part].concat();
                self.charge(made.len())?;
                self.texts.push(made);
                return Ok(Value::Made(self.texts.len() - 1));
            }
        }))
    }
}

pub(super) fn made_of(scalar: Scalar, text: &str) -> Option<Value<'static>> {
    match scalar {
        Scalar::Timestamp => moment::timestamp(text).map(Value::Timestamp),
        Scalar::Duration => moment::duration(text).map(Value::Duration),
        Scalar::Ip => address::ip(text).map(Value::Ip),
        Scalar::Network => Network::parse(text).map(Value::Network),
        _ => None,
    }
}

fn integers<'a>(op: Op, left: i64, right: i64) -> Evaluated<'a> {
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

fn length<'a>(count: usize) -> Evaluated<'a> {
    i64::try_from(count).map(Value::Int).map_err(|_| OVERFLOW)
}
