//! Conditions that a filter can say: each attribute of the resource stands beside something that is known.

use super::choices::Choices;
use super::condition::{Expression, Macro, Root, Type};
use super::generate::literal;
use super::policy::Policy;

type Attribute = (Root, &'static str, Type);

const SIGNS: &[&str] = &["==", "!=", "<", "<=", ">", ">="];
const COMPARED: [Type; 5] = [Type::String, Type::Int, Type::Double, Type::Bool, Type::Timestamp];

impl Policy {
    /// The same policy with such conditions in place of its own.
    pub(crate) fn made_listable(mut self, choices: &mut Choices) -> Self {
        let own = self.clone();
        for permit in self.roles.iter_mut().flat_map(|role| &mut role.permits) {
            let readable = own.readable(&[permit.pattern]);
            permit.when = permit.when.take().map(|_| condition(choices, &readable));
        }
        for rule in &mut self.rules {
            let readable = own.readable(&rule.patterns);
            rule.when = rule.when.take().map(|_| condition(choices, &readable));
            rule.unless = rule.unless.take().map(|_| condition(choices, &readable));
        }
        self
    }
}

fn condition(choices: &mut Choices, readable: &[Attribute]) -> Expression {
    let depth = choices.below(4);
    let made = expression(choices, readable, depth);
    if made.size() > 300 || made.print().len() > 1_800 { expression(choices, readable, 0) } else { made }
}

fn boxed(one: Expression) -> Box<Expression> {
    Box::new(one)
}

fn expression(choices: &mut Choices, readable: &[Attribute], depth: usize) -> Expression {
    if depth == 0 {
        return leaf(choices, readable).unwrap_or_else(|| literal(choices, &Type::Bool));
    }
    let of = |choices: &mut Choices| boxed(expression(choices, readable, depth - 1));
    match choices.below(8) {
        0 => Expression::Not(of(choices)),
        1 => Expression::If(of(choices), of(choices), of(choices)),
        2..=4 => Expression::And(of(choices), of(choices)),
        _ => Expression::Or(of(choices), of(choices)),
    }
}

/// An attribute of that type, of the resource or of all else.
fn read(choices: &mut Choices, readable: &[Attribute], kind: &Type, of_resource: bool) -> Option<Expression> {
    let fits = |(root, _, own): &&Attribute| own == kind && (*root == Root::Resource) == of_resource;
    let found: Vec<&Attribute> = readable.iter().filter(fits).collect();
    let (root, name, kind) = found.get(choices.below(found.len()))?;
    Some(Expression::Attribute(*root, name, kind.clone()))
}

/// What is known: a constant, or an attribute of the subject, the context or the action.
fn known(choices: &mut Choices, readable: &[Attribute], kind: &Type) -> Expression {
    if *kind == Type::Timestamp && choices.one_in(3) {
        return Expression::Now;
    }
    let attribute = if choices.one_in(2) { read(choices, readable, kind, false) } else { None };
    attribute.unwrap_or_else(|| literal(choices, kind))
}

fn sided(choices: &mut Choices, sign: &'static str, left: Expression, right: Expression) -> Expression {
    let (left, right) = if choices.one_in(3) { (right, left) } else { (left, right) };
    Expression::Binary(sign, boxed(left), boxed(right))
}

fn leaf(choices: &mut Choices, readable: &[Attribute]) -> Option<Expression> {
    let kind = COMPARED.get(choices.below(COMPARED.len()))?.clone();
    let item = if choices.one_in(2) { Type::Int } else { Type::String };
    Some(match choices.below(13) {
        0..=2 => {
            let read = read(choices, readable, &kind, true)?;
            let known = known(choices, readable, &kind);
            let sign = choices.pick(SIGNS);
            sided(choices, sign, read, known)
        }
        3 => {
            let left = read(choices, readable, &kind, true)?;
            let right = read(choices, readable, &kind, true)?;
            Expression::Binary(choices.pick(SIGNS), boxed(left), boxed(right))
        }
        4 => {
            let read = read(choices, readable, &kind, true)?;
            let items = (0..=choices.below(3)).map(|_| known(choices, readable, &kind)).collect();
            Expression::Binary("in", boxed(read), boxed(Expression::List(items)))
        }
        5 => {
            let list = known(choices, readable, &Type::list(item.clone()));
            Expression::Binary("in", boxed(read(choices, readable, &item, true)?), boxed(list))
        }
        6 => {
            let list = read(choices, readable, &Type::list(item.clone()), true)?;
            Expression::Binary("in", boxed(known(choices, readable, &item)), boxed(list))
        }
        7 => {
            const NAMES: [&str; 3] = ["startsWith", "endsWith", "contains"];
            let text = read(choices, readable, &Type::String, true)?;
            Expression::Text(choices.pick(&NAMES), boxed(text), boxed(known(choices, readable, &Type::String)))
        }
        8 => match read(choices, readable, &kind, true)? {
            Expression::Attribute(root, name, _) => Expression::Has(root, name),
            other => other,
        },
        9 => read(choices, readable, &Type::Bool, true)?,
        10 => {
            let known = known(choices, readable, &kind);
            Expression::Binary(choices.pick(SIGNS), boxed(read(choices, readable, &kind, false)?), boxed(known))
        }
        11 => over_known(choices, readable, &item)?,
        _ => over_resource(choices, readable, &item)?,
    })
}

/// `subject.tags.exists(x, …)`, of which each item is known in turn.
fn over_known(choices: &mut Choices, readable: &[Attribute], item: &Type) -> Option<Expression> {
    let kind = if choices.one_in(2) { Macro::All } else { Macro::Exists };
    let list = known(choices, readable, &Type::list(item.clone()));
    let variable = || boxed(Expression::Variable("x".to_owned()));
    let body = if choices.one_in(2) {
        let list = read(choices, readable, &Type::list(item.clone()), true)?;
        Expression::Binary("in", variable(), boxed(list))
    } else {
        Expression::Binary(choices.pick(SIGNS), variable(), boxed(read(choices, readable, item, true)?))
    };
    // No variable may be named like one around it.
    let has_own = |one: &Expression| matches!(one, Expression::Macro(_, _, name, ..) if name == "x");
    let rest = leaf(choices, readable).filter(|rest| choices.one_in(3) && !rest.any(&has_own));
    let body = match rest {
        Some(rest) => Expression::Or(boxed(body), boxed(rest)),
        None => body,
    };
    Some(Expression::Macro(kind, boxed(list), "x".to_owned(), None, boxed(body)))
}

/// `resource.labels.exists(y, y in …)`, and that none of some stands in it.
fn over_resource(choices: &mut Choices, readable: &[Attribute], item: &Type) -> Option<Expression> {
    let list = read(choices, readable, &Type::list(item.clone()), true)?;
    let variable = || boxed(Expression::Variable("y".to_owned()));
    let is_any = choices.one_in(2);
    let body = if choices.one_in(2) {
        let sought = known(choices, readable, &Type::list(item.clone()));
        let is_in = Expression::Binary("in", variable(), boxed(sought));
        if is_any { is_in } else { Expression::Not(boxed(is_in)) }
    } else {
        let sought = known(choices, readable, item);
        sided(choices, if is_any { "==" } else { "!=" }, *variable(), sought)
    };
    let kind = if is_any { Macro::Exists } else { Macro::All };
    Some(Expression::Macro(kind, boxed(list), "y".to_owned(), None, boxed(body)))
}
