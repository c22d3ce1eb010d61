//! What is left of a condition where all but the resource is known: a filter. Each part is asked for the filter that is
//! true exactly where the part is true, or exactly where it is false; where it has no value, neither is.

use super::eval::{BUDGET, Evaluated, Facts, MISMATCH, Machine, Stop};
use super::expr::{Id, Op, Part};
use super::value::{Scalar, Type, Value};
use super::{Condition, Root};
use crate::filter::{self, Comparison, Filter, MAX_LEAVES, MAX_VALUES, Place, TooLarge, ValueType};
use crate::time::UnixTime;

/// Why nothing is left that could be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Residue {
    /// No filter says this part of the source.
    Part {
        from: usize,
        to: usize,
    },
    TooLarge,
    Budget,
}

type Left = Result<Filter, Residue>;

impl From<TooLarge> for Residue {
    fn from(_: TooLarge) -> Self {
        Self::TooLarge
    }
}

impl Condition {
    /// The filter that is true where this is `wanted`. The facts know no resource.
    pub(crate) fn residual(&self, wanted: bool, facts: &dyn Facts) -> Left {
        let mut rest = Rest { condition: self, machine: Machine::new(&self.tree, facts), leaves: 0 };
        // What has no steps left for all of it may be false where one part alone is true.
        let whole = rest.machine.value(self.root);
        if rest.machine.steps == 0 {
            return Err(Residue::Budget);
        }
        match whole {
            Err(Stop::Unknown) => rest.filter(self.root, wanted),
            known => rest.known(self.root, &known, wanted),
        }
    }

    /// The text of a part.
    pub(crate) fn text(&self, from: usize, to: usize) -> &str {
        self.source.get(from..to).unwrap_or("")
    }
}

struct Rest<'a> {
    condition: &'a Condition,
    machine: Machine<'a>,
    /// How many comparisons are left of it.
    leaves: usize,
}

/// One side of a comparison.
#[derive(Clone, Copy)]
enum Side<'a> {
    Known(Value<'a>),
    /// It has no value, and so the comparison has none.
    Nothing,
    /// An attribute of the resource.
    Attribute(&'a str),
    /// Something else that hangs on the resource.
    Other,
}

/// What the items of a list of the resource are compared with.
enum Sought {
    Values(Vec<filter::Value>),
    /// It has no value, and so no comparison with it has one.
    Nothing,
    /// Something that no filter says.
    Other,
}

impl<'a> Rest<'a> {
    fn filter(&mut self, id: Id, wanted: bool) -> Left {
        // Checked first, so that a condition that doubles cannot go on.
        if self.leaves > MAX_LEAVES {
            return Err(Residue::TooLarge);
        }
        match self.machine.value(id) {
            Err(Stop::Unknown) => self.open(id, wanted),
            known => self.known(id, &known, wanted),
        }
    }

    /// The same of a part that does not hang on the resource.
    fn known(&self, id: Id, known: &Evaluated<'a>, wanted: bool) -> Left {
        match known {
            Ok(Value::Bool(value)) => Ok(Filter::of(*value == wanted)),
            Err(BUDGET) => Err(Residue::Budget),
            // No value of the source is of the wrong type: what was asked is no part by itself.
            Err(MISMATCH) => self.condition.tree.part(id).map_or(Err(Residue::Budget), inexpressible),
            Ok(_) | Err(_) => Ok(Filter::None),
        }
    }

    /// The same of a part that hangs on the resource.
    fn open(&mut self, id: Id, wanted: bool) -> Left {
        let tree = &self.condition.tree;
        let Some(part) = tree.part(id) else { return Ok(Filter::None) };
        match (part.op, tree.own(part)) {
            (Op::And | Op::Or, own) => {
                let mut parts = Vec::new();
                for id in own {
                    parts.push(self.filter(*id, wanted));
                }
                Filter::join((part.op == Op::Or) == wanted, parts)
            }
            (Op::Not, [only]) => self.filter(*only, !wanted),
            (Op::Choice, [condition, yes, no]) => {
                let yes = Filter::join(false, [self.filter(*condition, true), self.filter(*yes, wanted)]);
                let no = Filter::join(false, [self.filter(*condition, false), self.filter(*no, wanted)]);
                Filter::join(true, [yes, no])
            }
            (Op::Attribute(place) | Op::Has(place), _) => {
                let name = tree.attributes.get(place).map_or("", |attribute| &attribute.name);
                self.leaf(match part.op {
                    Op::Has(_) => Filter::present(name, wanted),
                    _ => Filter::compared(name, Comparison::Equal, filter::Value::Bool(true), wanted),
                })
            }
            (Op::ExistsOne, _) => inexpressible(part),
            (Op::All | Op::Exists, [range, body]) => self.fold(part, *range, *body, wanted),
            (_, [left, right]) => self.binary(part, *left, *right, wanted),
            _ => inexpressible(part),
        }
    }

    fn leaf(&mut self, filter: Filter) -> Left {
        self.leaves += 1;
        if self.leaves > MAX_LEAVES { Err(Residue::TooLarge) } else { Ok(filter) }
    }

    fn binary(&mut self, part: &Part, left_id: Id, right_id: Id, wanted: bool) -> Left {
        let tree = &self.condition.tree;
        let (one, other) = (self.side(left_id)?, self.side(right_id)?);
        if matches!(one, Side::Nothing) || matches!(other, Side::Nothing) {
            return Ok(Filter::None);
        }
        if let Some(comparison) = comparison_of(part.op) {
            let (name, comparison, value) = match (one, other) {
                (Side::Attribute(name), Side::Known(value)) => (name, comparison, value),
                (Side::Known(value), Side::Attribute(name)) => (name, comparison.exchanged(), value),
                (Side::Attribute(left), Side::Attribute(right)) => {
                    let Some(kind) = kind_of(tree.kind_of(left_id)) else { return inexpressible(part) };
                    let comparison = if wanted { comparison } else { comparison.complement() };
                    let (left, right) = (left.to_owned(), right.to_owned());
                    return self.leaf(Filter::Same { left, comparison, right, kind });
                }
                _ => return inexpressible(part),
            };
            let Some(value) = self.carried(value) else { return inexpressible(part) };
            return self.leaf(Filter::compared(name, comparison, value, wanted));
        }
        let place = match part.op {
            Op::In => return self.membership(part, (left_id, one), (right_id, other), wanted),
            Op::StartsWith => Place::Start,
            Op::EndsWith => Place::End,
            Op::Contains => Place::Anywhere,
            _ => return inexpressible(part),
        };
        match (one, other) {
            (Side::Attribute(name), Side::Known(value)) => match self.machine.text(&value) {
                Some(text) => {
                    let filter = Filter::text(name, place, text, wanted);
                    self.leaf(filter)
                }
                None => inexpressible(part),
            },
            _ => inexpressible(part),
        }
    }

    /// `resource.a in list`, and `value in resource.list`.
    fn membership(&mut self, part: &Part, item: (Id, Side<'a>), list: (Id, Side<'a>), wanted: bool) -> Left {
        let tree = &self.condition.tree;
        match (item, list) {
            ((id, Side::Attribute(name)), (_, Side::Known(list))) => {
                match (kind_of(tree.kind_of(id)), self.all_carried(list)?) {
                    (Some(kind), Some(values)) => self.leaf(Filter::among(name, kind, values, wanted)),
                    _ => inexpressible(part),
                }
            }
            ((_, Side::Known(value)), (id, Side::Attribute(name))) => {
                match (item_kind(tree.kind_of(id)), self.carried(value)) {
                    (Some(kind), Some(value)) => self.leaf(Filter::has_some(name, kind, vec![value], wanted)),
                    _ => inexpressible(part),
                }
            }
            _ => inexpressible(part),
        }
    }

    /// `all` and `exists`: of a list that is known, each item in turn; of a list of the resource, where the body asks
    /// whether an item is one of some values.
    fn fold(&mut self, part: &Part, range: Id, body: Id, wanted: bool) -> Left {
        let any = (part.op == Op::Exists) == wanted;
        match self.side(range)? {
            Side::Nothing => Ok(Filter::None),
            Side::Known(list) => {
                let mut parts = Vec::new();
                for item in self.machine.items(list).to_vec() {
                    self.machine.locals.push(item);
                    parts.push(self.filter(body, wanted));
                    self.machine.locals.pop();
                }
                Filter::join(any, parts)
            }
            Side::Attribute(name) => {
                let Some(kind) = item_kind(self.condition.tree.kind_of(range)) else { return inexpressible(part) };
                // What `exists` seeks must be one of the values, and what `all` forbids.
                match self.sought(body, part.op == Op::Exists)? {
                    Sought::Values(values) => self.leaf(Filter::has_some(name, kind, values, any)),
                    // No item decides.
                    Sought::Nothing if any => Ok(Filter::None),
                    Sought::Nothing | Sought::Other => inexpressible(part),
                }
            }
            Side::Other => inexpressible(part),
        }
    }

    /// The values of which the item must be one for the body to be `is`, and for which alone it is.
    fn sought(&mut self, body: Id, is: bool) -> Result<Sought, Residue> {
        let tree = &self.condition.tree;
        let Some(part) = tree.part(body) else { return Ok(Sought::Other) };
        let local = Op::Local(self.machine.locals.len());
        let is_item = |id: Id| tree.part(id).is_some_and(|part| part.op == local);
        let (known, has_many) = match (part.op, tree.own(part)) {
            (Op::Not, [only]) => return self.sought(*only, !is),
            (Op::Equal, [left, right]) | (Op::NotEqual, [left, right]) if (part.op == Op::Equal) == is => {
                match (is_item(*left), is_item(*right)) {
                    (true, false) => (*right, false),
                    (false, true) => (*left, false),
                    _ => return Ok(Sought::Other),
                }
            }
            (Op::In, [left, right]) if is && is_item(*left) => (*right, true),
            _ => return Ok(Sought::Other),
        };
        if self.names(known, local) {
            return Ok(Sought::Other);
        }
        // Variables are numbered from the outermost, and this one stands around.
        self.machine.locals.push(Value::Bool(false));
        let known = self.side(known);
        self.machine.locals.pop();
        let values = match known? {
            Side::Known(list) if has_many => self.all_carried(list)?,
            Side::Known(value) => self.carried(value).map(|value| vec![value]),
            Side::Nothing => return Ok(Sought::Nothing),
            _ => None,
        };
        Ok(values.map_or(Sought::Other, Sought::Values))
    }

    /// Whether a part names that variable.
    fn names(&self, id: Id, local: Op) -> bool {
        let tree = &self.condition.tree;
        tree.part(id).is_none_or(|part| part.op == local || tree.own(part).iter().any(|own| self.names(*own, local)))
    }

    fn side(&mut self, id: Id) -> Result<Side<'a>, Residue> {
        match self.machine.value(id) {
            Ok(value) => Ok(Side::Known(value)),
            Err(BUDGET) => Err(Residue::Budget),
            Err(MISMATCH) => Ok(Side::Other),
            Err(Stop::Error(_)) => Ok(Side::Nothing),
            Err(Stop::Unknown) => {
                let tree = &self.condition.tree;
                let Some(Op::Attribute(place)) = tree.part(id).map(|part| part.op) else { return Ok(Side::Other) };
                let attribute = tree.attributes.get(place).filter(|attribute| attribute.root == Root::Resource);
                Ok(attribute.map_or(Side::Other, |attribute| Side::Attribute(&attribute.name)))
            }
        }
    }

    /// The value as filters have it; `None` for what they have not.
    fn carried(&self, value: Value<'a>) -> Option<filter::Value> {
        let value = match value {
            Value::Bool(value) => filter::Value::Bool(value),
            Value::Int(number) => filter::Value::Int(number),
            Value::Double(number) => filter::Value::Double(number),
            Value::Timestamp(moment) if moment.nanos == 0 => {
                filter::Value::Timestamp(UnixTime::from_seconds(moment.seconds))
            }
            _ => filter::Value::Text(self.machine.text(&value)?.to_owned()),
        };
        Some(value).filter(filter::Value::is_carried)
    }

    fn all_carried(&self, list: Value<'a>) -> Result<Option<Vec<filter::Value>>, Residue> {
        let items = self.machine.items(list);
        if items.len() > MAX_VALUES {
            return Err(Residue::TooLarge);
        }
        let mut values = Vec::new();
        for item in items {
            let Some(value) = self.carried(*item) else { return Ok(None) };
            values.push(value);
        }
        Ok(Some(values))
    }
}

fn inexpressible(part: &Part) -> Left {
    Err(Residue::Part { from: part.from, to: part.to })
}

const fn comparison_of(op: Op) -> Option<Comparison> {
    match op {
        Op::Equal => Some(Comparison::Equal),
        Op::NotEqual => Some(Comparison::NotEqual),
        Op::Less => Some(Comparison::Less),
        Op::LessEqual => Some(Comparison::LessOrEqual),
        Op::Greater => Some(Comparison::Greater),
        Op::GreaterEqual => Some(Comparison::GreaterOrEqual),
        _ => None,
    }
}

fn kind_of(kind: Type) -> Option<ValueType> {
    match (kind.scalar, kind.lists) {
        (Scalar::Text, 0) => Some(ValueType::Text),
        (Scalar::Int, 0) => Some(ValueType::Int),
        (Scalar::Double, 0) => Some(ValueType::Double),
        (Scalar::Bool, 0) => Some(ValueType::Bool),
        (Scalar::Timestamp, 0) => Some(ValueType::Timestamp),
        _ => None,
    }
}

/// What the items of a list are; filters have no lists of timestamps.
fn item_kind(list: Type) -> Option<ValueType> {
    list.item().and_then(kind_of).filter(|kind| *kind != ValueType::Timestamp)
}
