//! Expressions of every type, each beside the value that the reference finds: what is worth anything else is not equal.
//! And regular expressions, each over several texts.

use super::choices::Choices;
use super::condition::{Expression, Root, Type, Value, quoted};
use super::evaluate::worth;
use super::generate::{any_type, expression, matches};
use super::pattern::text_for_patterns;
use super::policy::{Permit, Policy, Role};
use super::question::{Asked, Question, instance};
use super::time;

const ACTIONS: &[&str] = &["a", "b", "c", "d", "e", "f", "g", "h"];
const PERMISSIONS: &[&str] =
    &["article:a", "article:b", "article:c", "article:d", "article:e", "article:f", "article:g", "article:h"];

/// A policy that grants each of a type's actions by a condition, and a question for each.
pub(crate) fn policy_of_values(choices: &mut Choices) -> (Policy, Vec<Question>) {
    let (policy, first) = policy_of_one_type(choices);
    let mut questions = Vec::new();
    let mut conditions = Vec::new();
    for pattern in PERMISSIONS {
        let known = (choices.below(8) > 0).then(|| instance(choices, &policy, &first.about(pattern, None)));
        let question = first.about(pattern, known);
        conditions.push(beside_its_value(choices, &policy, pattern, &question));
        questions.push(question);
    }
    (granting(policy, conditions), questions)
}

/// A policy that grants each of a type's actions by a pattern, and questions for each with some text.
pub(crate) fn policy_of_patterns(choices: &mut Choices) -> (Policy, Vec<Question>) {
    let (policy, first) = policy_of_one_type(choices);
    let texts: Vec<String> = (0..6).map(|_| text_for_patterns(choices)).collect();
    let about = |pattern: &&str| texts.iter().map(|text| first.about(pattern, None).in_mode(text)).collect::<Vec<_>>();
    let questions = PERMISSIONS.iter().flat_map(about).collect();
    let conditions = PERMISSIONS.iter().map(|_| {
        let read = Expression::Attribute(Root::Context, "mode", Type::String);
        matches(choices, Box::new(read))
    });
    let conditions = conditions.collect();
    (granting(policy, conditions), questions)
}

/// And a question of a subject that has the one role.
fn policy_of_one_type(choices: &mut Choices) -> (Policy, Question) {
    let mut policy = Policy::random(&mut Choices::new(&[]));
    policy.rules.clear();
    policy.kinds.truncate(1);
    for kind in &mut policy.kinds {
        kind.actions = ACTIONS;
        kind.tenant = None;
    }
    let mut first = Question::random(choices, &policy);
    first.subject.roles = vec![0];
    first.subject.assignments.clear();
    first.subject.permissions.retain(|name| !name.starts_with("article:"));
    (policy, first)
}

fn granting(mut policy: Policy, conditions: Vec<Expression>) -> Policy {
    let permit = |(pattern, when)| Permit { pattern, owner: false, when: Some(when), fields: Vec::new() };
    let permits = PERMISSIONS.iter().copied().zip(conditions).map(permit).collect();
    policy.roles = vec![Role { inherits: [].into(), permits, elevated: None }];
    policy
}

fn beside_its_value(choices: &mut Choices, policy: &Policy, pattern: &str, question: &Question) -> Expression {
    let kind = any_type(choices, 2);
    let depth = 1 + choices.below(4);
    let found = expression(choices, policy.readable(&[pattern]), &kind, depth);
    let asked = Asked { question, roles: vec!["member"] };
    let value = worth(&found, &asked, &mut Vec::new()).ok().and_then(|value| literal(&value));
    // What is an error, or no number, is not even equal to itself.
    let other = value.unwrap_or_else(|| found.clone());
    let whole = Expression::Binary("==", Box::new(found), Box::new(other));
    let is_short = whole.size() <= 400 && whole.print().len() <= 2_000;
    if is_short { whole } else { expression(choices, policy.readable(&[pattern]), &Type::Bool, 0) }
}

/// The value as it may be written; none for a number that is none, or infinite.
fn literal(value: &Value) -> Option<Expression> {
    let text = match value {
        Value::Bool(value) => value.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Double(number) if number.is_finite() => format!("{number:?}"),
        Value::Double(_) => return None,
        Value::String(text) => quoted(text, 1),
        Value::Timestamp(moment) => format!("timestamp('{}')", time::rfc3339(*moment, 0)),
        Value::Duration(length) => format!("duration('{}')", time::duration(*length, 0)),
        Value::Ip(address) => format!("ip('{address}')"),
        Value::List(items) => return items.iter().map(literal).collect::<Option<_>>().map(Expression::List),
    };
    Some(Expression::Literal(value.clone(), text))
}
