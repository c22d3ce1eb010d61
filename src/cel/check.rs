//! The types of operators, functions and macros; and constants, worked out when the condition loads.

use core::cell::Cell;

use super::Root;
use super::eval::{Fact, Facts, MAX_STEPS_OF_ALL, Machine};
use super::expr::{Constant, Id, Op, Tree};
use super::moment;
use super::value::{Scalar, Type, Value};
use crate::time::UnixTime;

/// The type of `left op right`.
pub(super) fn operator(op: Op, left: Type, right: Type) -> Option<Type> {
    let other = if op == Op::In { right.item()? } else { right };
    let same = left.join(other).filter(|kind| kind.scalar != Scalar::Network);
    let is =
        |kind: Option<Type>, scalars: &[Scalar]| kind.filter(|kind| kind.lists == 0 && scalars.contains(&kind.scalar));
    match op {
        Op::Equal | Op::NotEqual | Op::In => same.map(|_| Type::BOOL),
        Op::Less | Op::LessEqual | Op::Greater | Op::GreaterEqual => {
            same.filter(|kind| kind.lists == 0 && kind.scalar != Scalar::Ip).map(|_| Type::BOOL)
        }
        Op::Remainder => is(same, &[Scalar::Int]),
        Op::Multiply | Op::Divide => is(same, &[Scalar::Int, Scalar::Double]),
        Op::Add => match (left, right) {
            (Type::TIMESTAMP, Type::DURATION) | (Type::DURATION, Type::TIMESTAMP) => Some(Type::TIMESTAMP),
            _ => is(same, &[Scalar::Int, Scalar::Double, Scalar::Duration, Scalar::Text]),
        },
        Op::Subtract => match (left, right) {
            (Type::TIMESTAMP, Type::TIMESTAMP) => Some(Type::DURATION),
            (Type::TIMESTAMP, Type::DURATION) => Some(Type::TIMESTAMP),
            _ => is(same, &[Scalar::Int, Scalar::Double, Scalar::Duration]),
        },
        _ => None,
    }
}

/// The type of `!x` or `-x`.
pub(super) fn signed(op: Op, inner: Type) -> Option<Type> {
    let fits = match op {
        Op::Not => inner == Type::BOOL,
        _ => inner == Type::INT || inner == Type::DOUBLE,
    };
    fits.then_some(inner)
}

pub(super) fn macro_of(name: &str) -> Option<Op> {
    Some(match name {
        "all" => Op::All,
        "exists" => Op::Exists,
        "exists_one" => Op::ExistsOne,
        "filter" => Op::Filter,
        "map" => Op::Map,
        _ => return None,
    })
}

/// The type of a macro over items of that type: the range, one or two bodies.
pub(super) fn macro_type(op: Op, item: Type, parts: &[Id], tree: &Tree) -> Option<Type> {
    let is_tested = |id: Option<&Id>| id.is_some_and(|id| tree.kind_of(*id) == Type::BOOL);
    match op {
        Op::Map if parts.len() == 3 && !is_tested(parts.get(1)) => None,
        Op::Map => parts.last().map(|id| tree.kind_of(*id).list_of()),
        _ if !is_tested(parts.last()) => None,
        Op::Filter => Some(item.list_of()),
        _ => Some(Type::BOOL),
    }
}

/// What a call does, and its type.
pub(super) struct Function {
    pub(super) op: Op,
    pub(super) result: Type,
}

/// How a function may be written.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Member,
    Global,
    Both,
}

/// Name, form, what it does, the types of its one or two arguments, the type of its value.
type Row = (&'static str, Form, Op, Type, Option<Type>, Type);

const FUNCTIONS: &[Row] = &[
    ("size", Form::Both, Op::Size, Type::TEXT, None, Type::INT),
    ("startsWith", Form::Member, Op::StartsWith, Type::TEXT, Some(Type::TEXT), Type::BOOL),
    ("endsWith", Form::Member, Op::EndsWith, Type::TEXT, Some(Type::TEXT), Type::BOOL),
    ("contains", Form::Member, Op::Contains, Type::TEXT, Some(Type::TEXT), Type::BOOL),
    ("matches", Form::Both, Op::Matches(0), Type::TEXT, Some(Type::TEXT), Type::BOOL),
    ("timestamp", Form::Global, Op::Timestamp, Type::TEXT, None, Type::TIMESTAMP),
    ("duration", Form::Global, Op::Duration, Type::TEXT, None, Type::DURATION),
    ("ip", Form::Global, Op::Ip, Type::TEXT, None, Type::of(Scalar::Ip)),
    ("isIP", Form::Global, Op::IsIp, Type::TEXT, None, Type::BOOL),
    ("cidr", Form::Global, Op::Network, Type::TEXT, None, Type::of(Scalar::Network)),
    ("containsIP", Form::Member, Op::ContainsIp, Type::of(Scalar::Network), Some(Type::of(Scalar::Ip)), Type::BOOL),
    ("containsIP", Form::Member, Op::ContainsIp, Type::of(Scalar::Network), Some(Type::TEXT), Type::BOOL),
];

/// The parts of a timestamp; a duration has those from [`HOURS`] on.
const FIELDS: [&str; 10] = [
    "getFullYear",
    "getMonth",
    "getDayOfMonth",
    "getDate",
    "getDayOfWeek",
    "getDayOfYear",
    "getHours",
    "getMinutes",
    "getSeconds",
    "getMilliseconds",
];
const HOURS: usize = 6;

pub(super) fn call_of(
    name: &str,
    arguments: &[Id],
    is_member: bool,
    tree: &mut Tree,
) -> Result<Function, &'static str> {
    let first = arguments.first().map(|id| tree.kind_of(*id));
    let second = arguments.get(1).map(|id| tree.kind_of(*id));
    if let Some(field) = FIELDS.iter().position(|own| *own == name).filter(|_| is_member) {
        let is_partial = first == Some(Type::DURATION) && field >= HOURS && second.is_none();
        if first != Some(Type::TIMESTAMP) && !is_partial {
            return Err("type_mismatch");
        }
        if let Some(zone) = arguments.get(1) {
            read_zone(*zone, tree)?;
        }
        if arguments.len() > 2 {
            return Err("argument_count");
        }
        let op = Op::Field(u8::try_from(field).unwrap_or_default());
        return Ok(Function { op, result: Type::INT });
    }
    let mut word = "unknown_function";
    for (own, form, op, wanted, more, result) in FUNCTIONS {
        if *own != name || (*form == Form::Member && !is_member) || (*form == Form::Global && is_member) {
            continue;
        }
        let is_counted = arguments.len() == 1 + usize::from(more.is_some());
        let is_list = *op == Op::Size && first.is_some_and(|kind| kind.lists > 0);
        if is_counted && second == *more && (first == Some(*wanted) || is_list) {
            return Ok(Function { op: *op, result: *result });
        }
        word = if is_counted { "type_mismatch" } else { "argument_count" };
    }
    Err(word)
}

/// A zone is a literal, and stands in the tree as its seconds.
fn read_zone(zone: Id, tree: &mut Tree) -> Result<(), &'static str> {
    if tree.kind_of(zone) != Type::TEXT {
        return Err("type_mismatch");
    }
    let seconds = moment::zone(tree.constant_text(zone).ok_or("unsupported")?).ok_or("time_zone")?;
    tree.set_constant(zone, Constant::Plain(Value::Int(seconds)), Type::INT);
    Ok(())
}

/// `0x1f` or `31`, with a sign.
pub(super) fn integer(digits: &str, is_negative: bool) -> Option<i64> {
    let (digits, base) = match digits.as_bytes() {
        [b'0', b'x' | b'X', hexadecimal @ ..] => (hexadecimal, 16_u32),
        decimal => (decimal, 10),
    };
    if digits.is_empty() {
        return None;
    }
    // Towards the sign, because the least integer has no counterpart.
    let mut number = 0_i64;
    for digit in digits {
        let digit = i64::from(char::from(*digit).to_digit(base)?);
        number = number.checked_mul(i64::from(base))?.checked_add(if is_negative { -digit } else { digit })?;
    }
    Some(number)
}

/// What a condition knows while it loads.
struct Nothing(Cell<u32>);

impl Facts for Nothing {
    fn attribute(&self, _: Root, _: &str) -> Fact<'_> {
        Fact::Missing
    }

    fn now(&self) -> UnixTime {
        UnixTime::from_seconds(0)
    }

    fn steps(&self) -> &Cell<u32> {
        &self.0
    }
}

/// Works a part out whose parts are constant, where its value is no list; and notes what can have no value.
pub(super) fn fold(tree: &mut Tree, id: Id) {
    let Some(part) = tree.part(id).copied() else { return };
    let own = tree.own(&part);
    // `&&`, `||` and `?:` do without some parts, and what stands behind a macro's variable is perhaps never asked.
    let strict = match part.op {
        Op::And | Op::Or | Op::Choice => &[],
        Op::All | Op::Exists | Op::ExistsOne | Op::Filter | Op::Map => own.get(..1).unwrap_or(&[]),
        _ => own,
    };
    let mut fails = strict.iter().any(|id| tree.part(*id).is_some_and(|part| part.fails));
    let is_open = matches!(part.op, Op::Attribute(_) | Op::Has(_) | Op::Now | Op::Local(_));
    let closed = !is_open && own.iter().all(|id| tree.part(*id).is_some_and(|part| part.closed));
    if closed && !matches!(part.op, Op::List | Op::Constant(_)) {
        let nothing = Nothing(Cell::new(MAX_STEPS_OF_ALL));
        let mut machine = Machine::new(tree, &nothing);
        let constant = match machine.value(id) {
            Ok(Value::Text(_) | Value::Made(_)) if part.kind_of == Type::TEXT => machine
                .value(id)
                .ok()
                .and_then(|value| machine.text(&value).map(|text| Constant::Text(text.to_owned()))),
            Ok(Value::Bool(value)) => Some(Constant::Plain(Value::Bool(value))),
            Ok(Value::Int(value)) => Some(Constant::Plain(Value::Int(value))),
            Ok(Value::Double(value)) => Some(Constant::Plain(Value::Double(value))),
            Ok(Value::Timestamp(value)) => Some(Constant::Plain(Value::Timestamp(value))),
            Ok(Value::Duration(value)) => Some(Constant::Plain(Value::Duration(value))),
            Ok(Value::Ip(value)) => Some(Constant::Plain(Value::Ip(value))),
            Ok(Value::Network(value)) => Some(Constant::Plain(Value::Network(value))),
            Ok(_) => None,
            Err(_) => {
                fails = true;
                None
            }
        };
        if let Some(constant) = constant {
            tree.set_constant(id, constant, part.kind_of);
        }
    }
    if let Some(part) = tree.part_mut(id) {
        (part.fails, part.closed) = (fails, closed);
    }
}
