//! The evaluator. A step is charged for each part and for the bytes that it goes over.

use std::borrow::Cow;

use super::address;
use super::expr::{Expr, Kind, Op};
use super::moment::Moment;
use super::scalar::{double, integers, joined, made_of, point, span, unary};
use super::value::{Scalar, Type, Value};
use super::{Attribute, Root};
use crate::json::Json;
use crate::time::UnixTime;

/// What an evaluation may cost.
const MAX_STEPS: u32 = 20_000;
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
pub(super) const OVERFLOW: Stop = Stop::Error("overflow");
pub(super) const NO_VALUE: Stop = Stop::Error("value");
const BUDGET: Stop = Stop::Error("budget");
/// The parser has checked the types, so nothing reaches it.
pub(super) const MISMATCH: Stop = Stop::Error("type_mismatch");

pub(super) type Evaluated<'a> = Result<Value<'a>, Stop>;

/// One evaluation.
pub(crate) struct Machine<'a> {
    facts: &'a dyn Facts,
    locals: Vec<Value<'a>>,
    steps: u32,
}

impl<'a> Machine<'a> {
    pub(crate) fn new(facts: &'a dyn Facts) -> Self {
        Self { facts, locals: Vec::new(), steps: MAX_STEPS }
    }

    pub(crate) fn evaluate(&mut self, expr: &'a Expr) -> Evaluated<'a> {
        self.charge(0)?;
        match &expr.kind {
            Kind::Constant(value) => Ok(value.borrowed()),
            Kind::Attribute(attribute) => self.attribute(attribute, expr.kind_of),
            Kind::Has(Attribute { root, name }) => match self.facts.attribute(*root, name) {
                Fact::Unknown => Err(Stop::Unknown),
                Fact::Missing | Fact::Json(Json::Null) => Ok(Value::Bool(false)),
                _ => Ok(Value::Bool(true)),
            },
            Kind::Now => Ok(Value::Timestamp(Moment::from_seconds(self.facts.now().seconds()))),
            Kind::Local(place) => {
                let value = self.locals.get(*place).ok_or(MISMATCH)?.clone();
                self.charge(value.bytes())?;
                Ok(value)
            }
            Kind::Matches(text, pattern) => {
                let text = self.text(text)?;
                self.charge(text.len())?;
                pattern.is_match(&text, &mut self.steps).map(Value::Bool).ok_or(BUDGET)
            }
            Kind::Apply(op, parts) => self.apply(*op, parts),
        }
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
            Fact::Text(text) => Ok(Value::Text(Cow::Borrowed(text))),
            Fact::Time(time) => Ok(Value::Timestamp(Moment::from_seconds(time.seconds()))),
            Fact::Texts(texts) => {
                self.charge(texts.len())?;
                let mut items = Vec::new();
                for text in texts {
                    items.push(Value::Text(Cow::Borrowed(text)));
                }
                Ok(Value::Made(items))
            }
            Fact::Json(json) => self.read(json, kind),
        }
    }

    fn read(&mut self, json: &'a Json, kind: Type) -> Evaluated<'a> {
        if let Some(item) = kind.item() {
            let Json::Array(list) = json else { return Err(WRONG_TYPE) };
            let mut items = Vec::new();
            for one in list {
                self.charge(0)?;
                items.push(self.read(one, item)?);
            }
            return Ok(Value::Made(items));
        }
        let value = match (kind.scalar, json) {
            (Scalar::Bool, Json::Bool(value)) => Some(Value::Bool(*value)),
            (Scalar::Int, Json::Integer(number)) => Some(Value::Int(*number)),
            (Scalar::Double, Json::Integer(number)) => Some(Value::Double(double(*number))),
            (Scalar::Double, Json::Decimal(number)) => Some(Value::Double(number.to_f64())),
            (Scalar::Timestamp, Json::Integer(seconds)) => {
                Some(Moment::from_seconds(*seconds)).filter(|moment| moment.is_timestamp()).map(Value::Timestamp)
            }
            (scalar, Json::String(text)) => {
                self.charge(text.len())?;
                made_of(scalar, text)
            }
            _ => None,
        };
        value.ok_or(WRONG_TYPE)
    }

    fn bool(&mut self, expr: &'a Expr) -> Result<bool, Stop> {
        match self.evaluate(expr)? {
            Value::Bool(value) => Ok(value),
            _ => Err(MISMATCH),
        }
    }

    fn text(&mut self, expr: &'a Expr) -> Result<Cow<'a, str>, Stop> {
        match self.evaluate(expr)? {
            Value::Text(text) => Ok(text),
            _ => Err(MISMATCH),
        }
    }

    fn apply(&mut self, op: Op, parts: &'a [Expr]) -> Evaluated<'a> {
        match (op, parts) {
            (Op::And | Op::Or, _) => self.absorb(op == Op::Or, parts).map(Value::Bool),
            (Op::Choice, [condition, yes, no]) => {
                let chosen = if self.bool(condition)? { yes } else { no };
                self.evaluate(chosen)
            }
            (Op::All | Op::Exists | Op::ExistsOne | Op::Filter | Op::Map, [range, bodies @ ..]) => {
                let range = self.evaluate(range)?;
                self.fold(op, &range, bodies)
            }
            (Op::List, _) => {
                let mut items = Vec::new();
                for part in parts {
                    items.push(self.evaluate(part)?);
                }
                Ok(Value::Made(items))
            }
            (_, [only]) => {
                let value = self.evaluate(only)?;
                unary(op, &value)
            }
            (_, [left, right]) => {
                let left = self.evaluate(left)?;
                let right = self.evaluate(right)?;
                self.charge(left.bytes().saturating_add(right.bytes()))?;
                self.binary(op, left, &right)
            }
            _ => Err(MISMATCH),
        }
    }

    /// `&&` and `||`: one part that decides, decides, whatever the others are. Else what is unknown comes before an
    /// error, because it may still decide.
    fn absorb(&mut self, decides: bool, parts: &'a [Expr]) -> Result<bool, Stop> {
        let mut stopped = None;
        for part in parts {
            match self.bool(part) {
                Ok(value) if value == decides => return Ok(decides),
                Ok(_) => {}
                Err(stop) => stopped = worse(stopped, stop),
            }
        }
        stopped.map_or(Ok(!decides), Err)
    }

    fn fold(&mut self, op: Op, range: &Value<'a>, bodies: &'a [Expr]) -> Evaluated<'a> {
        let [body, transform @ ..] = bodies else { return Err(MISMATCH) };
        let (mut stopped, mut found) = (None, 0_usize);
        let mut made = Vec::new();
        for item in range.items() {
            self.charge(item.bytes())?;
            self.locals.push(item.clone());
            let done = match (op, transform) {
                (Op::Map, []) => self.evaluate(body).map(|value| made.push(value)),
                (Op::Map, [transform, ..]) => match self.bool(body) {
                    Ok(true) => self.evaluate(transform).map(|value| made.push(value)),
                    Ok(false) => Ok(()),
                    Err(stop) => Err(stop),
                },
                _ => match self.bool(body) {
                    Ok(true) => {
                        found += 1;
                        if op == Op::Filter {
                            made.push(item.clone());
                        }
                        Ok(())
                    }
                    Ok(false) => Ok(()),
                    Err(stop) => Err(stop),
                },
            };
            self.locals.pop();
            match (op, done) {
                (Op::Exists, Ok(())) if found > 0 => return Ok(Value::Bool(true)),
                // One that is false decides.
                (Op::All, Ok(())) if found == 0 => return Ok(Value::Bool(false)),
                (Op::All, Ok(())) => found = 0,
                (_, Ok(())) => {}
                (Op::Exists | Op::All, Err(stop)) => stopped = worse(stopped, stop),
                (_, Err(stop)) => return Err(stop),
            }
        }
        match (op, stopped) {
            (_, Some(stop)) => Err(stop),
            (Op::All, _) => Ok(Value::Bool(true)),
            (Op::Exists, _) => Ok(Value::Bool(false)),
            (Op::ExistsOne, _) => Ok(Value::Bool(found == 1)),
            _ => Ok(Value::Made(made)),
        }
    }

    fn binary(&mut self, op: Op, left: Value<'a>, right: &Value<'a>) -> Evaluated<'a> {
        let order = || left.compare(right);
        let is = |fits: fn(core::cmp::Ordering) -> bool| Ok(Value::Bool(order().is_some_and(fits)));
        match (op, &left, right) {
            (Op::Equal, ..) => Ok(Value::Bool(left.equals(right))),
            (Op::NotEqual, ..) => Ok(Value::Bool(!left.equals(right))),
            (Op::Less, ..) => is(core::cmp::Ordering::is_lt),
            (Op::LessEqual, ..) => is(core::cmp::Ordering::is_le),
            (Op::Greater, ..) => is(core::cmp::Ordering::is_gt),
            (Op::GreaterEqual, ..) => is(core::cmp::Ordering::is_ge),
            (Op::In, ..) => {
                for item in right.items() {
                    self.charge(item.bytes())?;
                    if item.equals(&left) {
                        return Ok(Value::Bool(true));
                    }
                }
                Ok(Value::Bool(false))
            }
            (Op::Index, _, Value::Int(index)) => {
                let place = usize::try_from(*index).ok();
                place.and_then(|place| left.items().get(place).cloned()).ok_or(Stop::Error("index_out_of_range"))
            }
            (_, Value::Int(left), Value::Int(right)) if !matches!(op, Op::Field(_)) => integers(op, *left, *right),
            (_, Value::Double(left), Value::Double(right)) => Ok(Value::Double(match op {
                Op::Add => left + right,
                Op::Subtract => left - right,
                Op::Multiply => left * right,
                _ => left / right,
            })),
            (_, Value::Text(left), Value::Text(right)) => {
                let (text, part) = (left.as_bytes(), right.as_bytes());
                Ok(Value::Bool(match op {
                    Op::StartsWith => text.starts_with(part),
                    Op::EndsWith => text.ends_with(part),
                    Op::Contains => {
                        let cost = text.len().saturating_mul(part.len().min(BYTES_PER_STEP));
                        self.charge(cost)?;
                        part.is_empty() || text.windows(part.len()).any(|window| window == part)
                    }
                    _ => return joined(left, right),
                }))
            }
            (Op::ContainsIp, Value::Network(network), Value::Ip(address)) => {
                Ok(Value::Bool(network.contains(*address)))
            }
            (Op::ContainsIp, Value::Network(network), Value::Text(text)) => {
                address::ip(text).map(|address| Value::Bool(network.contains(address))).ok_or(NO_VALUE)
            }
            (Op::Field(field), Value::Timestamp(moment), Value::Int(zone)) => {
                Ok(Value::Int(moment.field(field, *zone)))
            }
            (_, Value::Timestamp(left), Value::Timestamp(right)) => span(left.minus(*right)),
            (Op::Subtract, Value::Timestamp(moment), Value::Duration(by)) => point(moment.minus(*by)),
            (Op::Subtract, Value::Duration(left), Value::Duration(right)) => span(left.minus(*right)),
            (_, Value::Duration(left), Value::Duration(right)) => span(left.plus(*right)),
            (_, Value::Timestamp(moment), Value::Duration(by)) | (_, Value::Duration(by), Value::Timestamp(moment)) => {
                point(moment.plus(*by))
            }
            _ => Err(MISMATCH),
        }
    }
}

/// What is unknown comes before an error.
const fn worse(stopped: Option<Stop>, stop: Stop) -> Option<Stop> {
    match (stopped, stop) {
        (Some(Stop::Unknown), _) => stopped,
        (Some(_), Stop::Error(_)) => stopped,
        _ => Some(stop),
    }
}
