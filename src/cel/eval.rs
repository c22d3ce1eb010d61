//! The evaluator. A step is charged for each part and for the bytes that it goes over.

use core::cell::Cell;

use super::expr::{Constant, Id, Op, Part, Tree};
use super::moment::Moment;
use super::operate::made_of;
use super::value::{Scalar, Type, Value};
use super::{Attribute, Root};
use crate::json::Json;
use crate::time::UnixTime;

/// What one evaluation may cost.
const MAX_STEPS: u32 = 20_000;
/// What all evaluations of one decision may cost.
pub(crate) const MAX_STEPS_OF_ALL: u32 = 1_000_000;
/// Bytes that are gone over in one step.
const BYTES_PER_STEP: usize = 32;

/// Where a condition's attributes come from. Only those that it names are asked for.
pub(crate) trait Facts {
    fn attribute(&self, root: Root, name: &str) -> Fact<'_>;
    fn now(&self) -> UnixTime;
    /// The steps that are left for all evaluations over these facts.
    fn steps(&self) -> &Cell<u32>;
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
pub(super) const BUDGET: Stop = Stop::Error("budget");
/// The parser has checked the types, so nothing reaches it.
pub(super) const MISMATCH: Stop = Stop::Error("type_mismatch");

pub(super) type Evaluated<'a> = Result<Value<'a>, Stop>;

/// One evaluation.
pub(crate) struct Machine<'a> {
    pub(super) tree: &'a Tree,
    facts: &'a dyn Facts,
    pub(super) locals: Vec<Value<'a>>,
    pub(super) texts: Vec<String>,
    lists: Vec<Vec<Value<'a>>>,
    pub(super) steps: u32,
}

impl<'a> Machine<'a> {
    pub(crate) const fn new(tree: &'a Tree, facts: &'a dyn Facts) -> Self {
        Self { tree, facts, locals: Vec::new(), texts: Vec::new(), lists: Vec::new(), steps: 0 }
    }

    /// The value of a whole condition, or of a part of it.
    pub(crate) fn value(&mut self, id: Id) -> Evaluated<'a> {
        let left = self.facts.steps().get();
        let own = left.min(MAX_STEPS);
        self.steps = own;
        let value = self.evaluate(id);
        self.facts.steps().set(left - (own - self.steps));
        value
    }

    fn evaluate(&mut self, id: Id) -> Evaluated<'a> {
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

    pub(super) fn charge(&mut self, bytes: usize) -> Result<(), Stop> {
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
            Fact::Text(text) if kind == Type::TEXT => Ok(Value::Text(text)),
            // The id of a resource, which its type declares to be something else.
            Fact::Text(_) => Err(WRONG_TYPE),
            Fact::Time(time) => Ok(Value::Timestamp(Moment::from_seconds(time.seconds()))),
            Fact::Texts(texts) => {
                self.charge(texts.len().saturating_mul(BYTES_PER_STEP))?;
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
            let room = usize::try_from(self.steps).unwrap_or(usize::MAX);
            let mut items = Vec::with_capacity(list.len().min(room));
            for one in list {
                items.push(self.read(one, item)?);
            }
            return self.list(items);
        }
        let value = match (kind.scalar, json) {
            (Scalar::Bool, Json::Bool(value)) => Some(Value::Bool(*value)),
            (Scalar::Int, Json::Integer(number)) => Some(Value::Int(*number)),
            (Scalar::Double, _) => json.to_double().map(Value::Double),
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
    pub(super) fn bytes(&self, value: Value<'_>) -> usize {
        if let Some(text) = self.text(&value) {
            return text.len();
        }
        let mut bytes = 0_usize;
        for item in self.items(value) {
            bytes = bytes.saturating_add(BYTES_PER_STEP).saturating_add(self.bytes(*item));
        }
        bytes
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
}

/// What is unknown comes before an error.
const fn worse(stopped: Option<Stop>, stop: Stop) -> Option<Stop> {
    match stopped {
        Some(Stop::Unknown) => stopped,
        _ => Some(stop),
    }
}
