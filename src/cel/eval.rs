//! The evaluator. A step is charged for each part and for the bytes that it goes over.

use core::cmp::Ordering;

use super::address::{self, Network};
use super::expr::{Constant, Id, Op, Part, Tree};
use super::moment::{self, Moment};
use super::value::{Scalar, Type, Value};
use super::{Attribute, Root};
use crate::json::Json;
use crate::time::UnixTime;

/// What an evaluation may cost.
const MAX_STEPS: u32 = 20_000;
/// Bytes of a text that is made.
const MAX_TEXT_BYTES: usize = 64 << 10;
/// Bytes that are gone over in one step.
const BYTES_PER_STEP: usize = 32;

/// Where a condition's attributes come from. Only those that it names are asked for.
pub(crate) trait Facts {
    fn attribute(&self, root: Root, name: &str) -> Fact<'_>;
    fn now(&self) -> UnixTime;
}

/// What is known of an attribute.
pub(crate) enum Fact<'a> {
    /// As a document says it, to be read by the declared type.
    Json(&'a Json),
    Text(&'a str),
    Texts(Vec<&'a str>),
    Time(UnixTime),
    Missing,
    /// It is a member of an instance that is not known.
    Unknown,
}

/// Why there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    Error(&'static str),
    Unknown,
}

const MISSING: Stop = Stop::Error("attribute_missing");
const WRONG_TYPE: Stop = Stop::Error("attribute_type");
const OVERFLOW: Stop = Stop::Error("overflow");
const NO_VALUE: Stop = Stop::Error("value");
const BUDGET: Stop = Stop::Error("budget");
/// The parser has checked the types, so nothing reaches it.
const MISMATCH: Stop = Stop::Error("type_mismatch");

type Evaluated<'a> = Result<Value<'a>, Stop>;

/// One evaluation.
pub(crate) struct Machine<'a> {
    tree: &'a Tree,
    facts: &'a dyn Facts,
    locals: Vec<Value<'a>>,
    texts: Vec<String>,
    lists: Vec<Vec<Value<'a>>>,
    steps: u32,
}

impl<'a> Machine<'a> {
    pub(crate) const fn new(tree: &'a Tree, facts: &'a dyn Facts) -> Self {
        Self { tree, facts, locals: Vec::new(), texts: Vec::new(), lists: Vec::new(), steps: MAX_STEPS }
    }

    pub(crate) fn evaluate(&mut self, id: Id) -> Evaluated<'a> {
        self.charge(0)?;
        let tree = self.tree;
        let part = tree.part(id).ok_or(MISMATCH)?;
        match part.op {
            Op::Constant(place) => match tree.constants.get(place) {
                Some(Constant::Text(text)) => Ok(Value::Text(text)),
                Some(Constant::Plain(value)) => Ok(*value),
                None => Err(MISMATCH),
            },
            Op::Attribute(place) => self.attribute(tree.attributes.get(place).ok_or(MISMATCH)?, part.kind_of),
            Op::Has(place) => {
                let Attribute { root, name, .. } = tree.attributes.get(place).ok_or(MISMATCH)?;
                match self.facts.attribute(*root, name) {
                    Fact::Unknown => Err(Stop::Unknown),
                    Fact::Missing | Fact::Json(Json::Null) => Ok(Value::Bool(false)),
                    _ => Ok(Value::Bool(true)),
                }
            }
            Op::Now => Ok(Value::Timestamp(Moment::from_seconds(self.facts.now().seconds()))),
            Op::Local(place) => self.locals.get(place).copied().ok_or(MISMATCH),
            _ => self.apply(part),
        }
    }

    /// The text of a value that is one.
    pub(crate) fn text<'b>(&'b self, value: &Value<'b>) -> Option<&'b str> {
        match *value {
            Value::Text(text) => Some(text),
            Value::Made(place) => self.texts.get(place).map(String::as_str),
            _ => None,
        }
    }

    pub(crate) fn items(&self, value: Value<'_>) -> &[Value<'a>] {
        match value {
            Value::List(place) => self.lists.get(place).map_or(&[], Vec::as_slice),
            _ => &[],
        }
    }

    fn list(&mut self, items: Vec<Value<'a>>) -> Evaluated<'a> {
        self.lists.push(items);
        Ok(Value::List(self.lists.len() - 1))
    }

    fn charge(&mut self, bytes: usize) -> Result<(), Stop> {
        let steps = u32::try_from(bytes / BYTES_PER_STEP).unwrap_or(u32::MAX).saturating_add(1);
        match self.steps.checked_sub(steps) {
            Some(left) => {
                self.steps = left;
                Ok(())
            }
            None => {
                self.steps = 0;
                Err(BUDGET)
            }
        }
    }

    fn attribute(&mut self, attribute: &'a Attribute, kind: Type) -> Evaluated<'a> {
        match self.facts.attribute(attribute.root, &attribute.name) {
            Fact::Missing | Fact::Json(Json::Null) => Err(MISSING),
            Fact::Unknown => Err(Stop::Unknown),
            Fact::Text(text) => Ok(Value::Text(text)),
            Fact::Time(time) => Ok(Value::Timestamp(Moment::from_seconds(time.seconds()))),
            Fact::Texts(texts) => {
                self.charge(texts.len())?;
                let mut items = Vec::new();
                for text in texts {
                    items.push(Value::Text(text));
                }
                self.list(items)
            }
            Fact::Json(json) => self.read(json, kind),
        }
    }

    fn read(&mut self, json: &'a Json, kind: Type) -> Evaluated<'a> {
        self.charge(0)?;
        if let Some(item) = kind.item() {
            let Json::Array(list) = json else { return Err(WRONG_TYPE) };
            let mut items = Vec::new();
            for one in list {
                items.push(self.read(one, item)?);
            }
            return self.list(items);
        }
        let value = match (kind.scalar, json) {
            (Scalar::Bool, Json::Bool(value)) => Some(Value::Bool(*value)),
            (Scalar::Int, Json::Integer(number)) => Some(Value::Int(*number)),
            (Scalar::Double, Json::Integer(number)) => Some(Value::Double(double(*number))),
            (Scalar::Double, Json::Decimal(number)) => Some(Value::Double(number.to_f64())),
            (Scalar::Timestamp, Json::Integer(seconds)) => {
                Some(Moment::from_seconds(*seconds)).filter(|moment| moment.is_timestamp()).map(Value::Timestamp)
            }
            (Scalar::Text, Json::String(text)) => Some(Value::Text(text)),
            (scalar, Json::String(text)) => {
                self.charge(text.len())?;
                made_of(scalar, text)
            }
            _ => None,
        };
        value.ok_or(WRONG_TYPE)
    }

    fn bool(&mut self, id: Id) -> Result<bool, Stop> {
        match self.evaluate(id)? {
            Value::Bool(value) => Ok(value),
            _ => Err(MISMATCH),
        }
    }

    fn apply(&mut self, part: &'a Part) -> Evaluated<'a> {
        let own = self.tree.own(part);
        match (part.op, own) {
            (Op::And | Op::Or, _) => self.absorb(part.op == Op::Or, own),
            (Op::Choice, [condition, yes, no]) => {
                let chosen = if self.bool(*condition)? { yes } else { no };
                self.evaluate(*chosen)
            }
            (Op::List, _) => {
                let mut items = Vec::new();
                for id in own {
                    items.push(self.evaluate(*id)?);
                }
                self.list(items)
            }
            (Op::All | Op::Exists | Op::ExistsOne | Op::Filter | Op::Map, [range, body, transform @ ..]) => {
                let range = self.evaluate(*range)?;
                self.fold(part.op, range, *body, transform.first().copied())
            }
            (_, [only]) => {
                let value = self.evaluate(*only)?;
                self.unary(part.op, value)
            }
            (_, [left, right]) => {
                let left = self.evaluate(*left)?;
                let right = self.evaluate(*right)?;
                self.charge(self.bytes(left).saturating_add(self.bytes(right)))?;
                self.binary(part.op, left, right)
            }
            _ => Err(MISMATCH),
        }
    }

    /// What going over a value costs.
    fn bytes(&self, value: Value<'_>) -> usize {
        self.text(&value).map_or_else(|| self.items(value).len().saturating_mul(BYTES_PER_STEP), str::len)
    }

    /// `&&` and `||`: one part that decides, decides, whatever the others are. Else what is unknown comes before an
    /// error, because it may still decide.
    fn absorb(&mut self, decides: bool, own: &[Id]) -> Evaluated<'a> {
        let mut stopped = None;
        for id in own {
            match self.bool(*id) {
                Ok(value) if value == decides => return Ok(Value::Bool(decides)),
                Ok(_) => {}
                Err(stop) => stopped = worse(stopped, stop),
            }
        }
        stopped.map_or(Ok(Value::Bool(!decides)), Err)
    }

    fn fold(&mut self, op: Op, range: Value<'a>, body: Id, transform: Option<Id>) -> Evaluated<'a> {
        let (mut stopped, mut found) = (None, 0_usize);
        let mut made = Vec::new();
        for place in 0..self.items(range).len() {
            let item = self.items(range).get(place).copied().ok_or(MISMATCH)?;
            self.charge(0)?;
            self.locals.push(item);
            let held = if op == Op::Map && transform.is_none() { Ok(true) } else { self.bool(body) };
            let kept = match (op, held) {
                (Op::Map, Ok(true)) => self.evaluate(transform.unwrap_or(body)).map(Some),
                (_, Ok(true)) => Ok(Some(item)),
                (_, Ok(false)) => Ok(None),
                (_, Err(stop)) => Err(stop),
            };
            self.locals.pop();
            match (op, kept) {
                (Op::Exists, Ok(Some(_))) => return Ok(Value::Bool(true)),
                (Op::All, Ok(None)) => return Ok(Value::Bool(false)),
                (Op::Exists | Op::All, Err(stop)) => stopped = worse(stopped, stop),
                (_, Err(stop)) => return Err(stop),
                (Op::Filter | Op::Map, Ok(Some(value))) => made.push(value),
                (_, Ok(value)) => found += usize::from(value.is_some()),
            }
        }
        match (op, stopped) {
            (_, Some(stop)) => Err(stop),
            (Op::Filter | Op::Map, _) => self.list(made),
            (Op::ExistsOne, _) => Ok(Value::Bool(found == 1)),
            _ => Ok(Value::Bool(op == Op::All)),
        }
    }

    /// `None` for what has no order: a NaN, lists that differ.
    fn compare(&self, left: Value<'_>, right: Value<'_>) -> Option<Ordering> {
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

    fn unary(&mut self, op: Op, value: Value<'a>) -> Evaluated<'a> {
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

    fn binary(&mut self, op: Op, left: Value<'a>, right: Value<'a>) -> Evaluated<'a> {
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
                let cost = bytes.len().saturating_mul(sought.len().min(BYTES_PER_STEP));
                self.charge(cost)?;
                let (Some(text), Some(part)) = (self.text(&left), self.text(&right)) else { return Err(MISMATCH) };
                part.is_empty() || text.as_bytes().windows(part.len()).any(|window| window == part.as_bytes())
            }
            _ if bytes.len().saturating_add(sought.len()) > MAX_TEXT_BYTES => return Err(Stop::Error("too_long")),
            _ => {
                let mut made = text.to_owned();
                made.push_str(part);
                self.texts.push(made);
                return Ok(Value::Made(self.texts.len() - 1));
            }
        }))
    }
}

/// What is unknown comes before an error.
const fn worse(stopped: Option<Stop>, stop: Stop) -> Option<Stop> {
    match stopped {
        Some(Stop::Unknown) => stopped,
        _ => Some(stop),
    }
}

#[expect(clippy::as_conversions, reason = "rounds to the nearest, as IEEE 754 and CEL do")]
const fn double(number: i64) -> f64 {
    number as f64
}

fn made_of(scalar: Scalar, text: &str) -> Option<Value<'static>> {
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
