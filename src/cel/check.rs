//! The types of operators, functions and macros; and constants, worked out when the condition loads.

use super::Root;
use super::eval::{Fact, Facts, Machine, Stop};
use super::expr::{Expr, Kind, Op};
use super::moment;
use super::value::{Scalar, Type, Value};

/// `[]`: a list of whatever it is compared with.
pub(super) const EMPTY_LIST: Type = Type { scalar: Scalar::Any, lists: 1 };

/// The type of `left op right`.
pub(super) fn operator(op: Op, left: Type, right: Type) -> Option<Type> {
    let same = left.join(right).filter(|kind| kind.scalar != Scalar::Network);
    let both = |scalar| left.is(scalar) && right.is(scalar);
    match op {
        Op::Equal | Op::NotEqual => same.map(|_| Type::BOOL),
        Op::In => right
            .item()
            .and_then(|item| item.join(left))
            .filter(|kind| kind.scalar != Scalar::Network)
            .map(|_| Type::BOOL),
        Op::Less | Op::LessEqual | Op::Greater | Op::GreaterEqual => {
            same.filter(|kind| kind.lists == 0 && kind.scalar != Scalar::Ip).map(|_| Type::BOOL)
        }
        Op::Remainder => both(Scalar::Int).then_some(Type::INT),
        Op::Multiply | Op::Divide => same.filter(|kind| kind.is(Scalar::Int) || kind.is(Scalar::Double)),
        Op::Add | Op::Subtract => {
            let (is_add, is_span) = (op == Op::Add, right.is(Scalar::Duration));
            if left.is(Scalar::Timestamp) && right.is(Scalar::Timestamp) && !is_add {
                return Some(Type::of(Scalar::Duration));
            }
            if left.is(Scalar::Timestamp) && is_span {
                return Some(left);
            }
            if left.is(Scalar::Duration) && right.is(Scalar::Timestamp) && is_add {
                return Some(right);
            }
            let has_sum = |kind: &Type| {
                [Scalar::Int, Scalar::Double, Scalar::Duration].into_iter().any(|scalar| kind.is(scalar))
                    || (is_add && kind.is(Scalar::Text))
            };
            same.filter(has_sum)
        }
        _ => None,
    }
}

/// The type of `!x` or `-x`.
pub(super) fn signed(op: Op, inner: Type) -> Option<Type> {
    let fits = match op {
        Op::Not => inner.is(Scalar::Bool),
        _ => inner.is(Scalar::Int) || inner.is(Scalar::Double),
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
pub(super) fn folds(op: Op, item: Type, parts: &[Expr]) -> Option<Type> {
    let body = parts.last()?.kind_of;
    let is_tested = |part: Option<&Expr>| part.is_some_and(|part| part.kind_of == Type::BOOL);
    match op {
        Op::Map if parts.len() == 3 && !is_tested(parts.get(1)) => None,
        Op::Map => Some(body.list_of()),
        _ if !is_tested(parts.last()) => None,
        Op::Filter => Some(item.list_of()),
        _ => Some(Type::BOOL),
    }
}

/// How a function may be written.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Member,
    Global,
    Both,
}

/// A function of one or two arguments.
struct Function {
    name: &'static str,
    form: Form,
    op: Op,
    first: Scalar,
    second: Option<Scalar>,
    result: Scalar,
}

const fn row(
    name: &'static str,
    form: Form,
    op: Op,
    first: Scalar,
    second: Option<Scalar>,
    result: Scalar,
) -> Function {
    Function { name, form, op, first, second, result }
}

const FUNCTIONS: &[Function] = &[
    row("size", Form::Both, Op::Size, Scalar::Text, None, Scalar::Int),
    row("startsWith", Form::Member, Op::StartsWith, Scalar::Text, Some(Scalar::Text), Scalar::Bool),
    row("endsWith", Form::Member, Op::EndsWith, Scalar::Text, Some(Scalar::Text), Scalar::Bool),
    row("contains", Form::Member, Op::Contains, Scalar::Text, Some(Scalar::Text), Scalar::Bool),
    row("timestamp", Form::Global, Op::Timestamp, Scalar::Text, None, Scalar::Timestamp),
    row("duration", Form::Global, Op::Duration, Scalar::Text, None, Scalar::Duration),
    row("ip", Form::Global, Op::Ip, Scalar::Text, None, Scalar::Ip),
    row("isIP", Form::Global, Op::IsIp, Scalar::Text, None, Scalar::Bool),
    row("cidr", Form::Global, Op::Network, Scalar::Text, None, Scalar::Network),
    row("containsIP", Form::Member, Op::ContainsIp, Scalar::Network, Some(Scalar::Ip), Scalar::Bool),
    row("containsIP", Form::Member, Op::ContainsIp, Scalar::Network, Some(Scalar::Text), Scalar::Bool),
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

/// What a call does, and its type.
pub(super) fn call_of(name: &str, arguments: &mut [Expr], is_member: bool) -> Result<(Op, Type), &'static str> {
    if let Some(field) = FIELDS.iter().position(|own| *own == name) {
        return field_of(field, arguments, is_member);
    }
    let types: Vec<Type> = arguments.iter().map(|argument| argument.kind_of).collect();
    if name == "size" && matches!(types.as_slice(), [kind] if kind.lists > 0) {
        return Ok((Op::Size, Type::INT));
    }
    let (mut is_known, mut is_counted) = (false, false);
    for function in FUNCTIONS {
        let form = if is_member { Form::Member } else { Form::Global };
        if function.name != name || (function.form != Form::Both && function.form != form) {
            continue;
        }
        is_known = true;
        let wanted = [Some(function.first), function.second];
        if types.len() != wanted.iter().flatten().count() {
            continue;
        }
        is_counted = true;
        if types.iter().zip(wanted.into_iter().flatten()).all(|(kind, scalar)| kind.is(scalar)) {
            return Ok((function.op, Type::of(function.result)));
        }
    }
    Err(match (is_known, is_counted) {
        (false, _) => "unknown_function",
        (true, false) => "argument_count",
        (true, true) => "type_mismatch",
    })
}

/// A part of a timestamp, in UTC or in a zone that becomes its seconds here; or of a duration.
fn field_of(field: usize, arguments: &mut [Expr], is_member: bool) -> Result<(Op, Type), &'static str> {
    let op = Op::Field(u8::try_from(field).unwrap_or_default());
    match arguments {
        _ if !is_member => Err("unknown_function"),
        [moment] if moment.kind_of == Type::TIMESTAMP => Ok((op, Type::INT)),
        [span] if span.kind_of.is(Scalar::Duration) && field >= HOURS => Ok((op, Type::INT)),
        [moment, zone] if moment.kind_of == Type::TIMESTAMP && zone.kind_of == Type::TEXT => {
            let Kind::Constant(Value::Text(name)) = &zone.kind else { return Err("unsupported") };
            let seconds = moment::zone(name).ok_or("time_zone")?;
            zone.kind = Kind::Constant(Value::Int(seconds));
            zone.kind_of = Type::INT;
            Ok((op, Type::INT))
        }
        [_] | [_, _] => Err("type_mismatch"),
        _ => Err("argument_count"),
    }
}

/// `0x1f` or `31`, with a sign.
pub(super) fn integer(digits: &str, is_negative: bool) -> Option<i64> {
    let (digits, base) = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(digits) => (digits, 16),
        None => (digits, 10),
    };
    if digits.is_empty() {
        return None;
    }
    // Towards the sign, because the least integer has no counterpart.
    let mut number = 0_i64;
    for digit in digits.chars() {
        let digit = i64::from(digit.to_digit(u32::try_from(base).ok()?)?);
        number = number.checked_mul(base)?.checked_add(if is_negative { -digit } else { digit })?;
    }
    Some(number)
}

/// What a condition knows while it loads.
struct Nothing;

impl Facts for Nothing {
    fn attribute(&self, _: Root, _: &str) -> Fact<'_> {
        Fact::Missing
    }

    fn now(&self) -> crate::time::UnixTime {
        crate::time::UnixTime::from_seconds(0)
    }
}

/// Works a part out whose parts are constant; and notes what can have no value.
pub(super) fn folded(mut expr: Expr) -> Expr {
    let is_constant = |part: &Expr| matches!(part.kind, Kind::Constant(_));
    let (is_foldable, fails) = match &expr.kind {
        Kind::Apply(op, parts) => {
            let absorbs = matches!(op, Op::And | Op::Or | Op::Choice);
            let is_fold = matches!(op, Op::All | Op::Exists | Op::ExistsOne | Op::Filter | Op::Map);
            // What stands behind a macro's variable is perhaps never worked out.
            let strict = if is_fold { parts.get(..1) } else { parts.get(..) };
            let fails = !absorbs && strict.is_some_and(|parts| parts.iter().any(|part| part.fails));
            (parts.iter().all(is_constant), fails)
        }
        Kind::Matches(text, _) => (is_constant(text), text.fails),
        _ => (false, false),
    };
    expr.fails = fails;
    if is_foldable {
        match Machine::new(&Nothing).evaluate(&expr).map(Value::owned) {
            Ok(value) => expr.kind = Kind::Constant(value),
            Err(Stop::Error(_) | Stop::Unknown) => expr.fails = true,
        }
    }
    expr
}
