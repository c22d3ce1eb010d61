//! What an explanation says, against what the decision point answers and what the policy is.

use portcullis::json::Object;
use portcullis::{Guard, Json};

use super::condition::{Expression, Root, Value};
use super::document::texts;
use super::evaluate::{Facts, No, worth};
use super::policy::{Policy, ROLES};
use super::question::{Asked, NOW, Question};
use super::{is_permitted, now, reason};

const ERRORS: &[&str] = &[
    "attribute_missing",
    "attribute_type",
    "overflow",
    "division_by_zero",
    "index_out_of_range",
    "value",
    "budget",
    "too_long",
];

fn ensure(holds: bool, what: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what.to_owned()) }
}

fn with(json: &Json, name: &str, value: impl Into<Json>) -> Json {
    let mut object = json.as_object().cloned().unwrap_or_default();
    object.set(name, value);
    object.into()
}

pub(crate) fn check(guard: &Guard, policy: &Policy, question: &Question) -> Result<(), String> {
    let asked = question.document();
    let decision = guard.evaluate_json(&asked, now());
    let explanation = guard.explain_json(&asked, now());
    let said = decision.to_text();
    ensure(explanation.to_text().starts_with(said.strip_suffix('}').unwrap_or(&said)), "it begins otherwise")?;
    let member = |name: &str| explanation.member(name).ok_or(format!("no {name}"));
    let is_denied = !is_permitted(&decision);
    let is_own = question.subject.permissions.contains(&question.permission);
    ensure((member("grant")? == &Json::Null) == (is_denied || is_own), "the grant")?;
    let allowing = roles_that_allow(guard, policy, &asked);
    let allowing: Vec<&str> = if is_denied { allowing } else { Vec::new() };
    ensure(member("rolesThatWouldAllow")? == &texts(&allowing), "the roles that would allow")?;
    let by_rule = matches!(reason(&decision), "denied_by_rule" | "requirement_failed");
    let rule = member("rule")?.as_str().and_then(|id| policy.rules.iter().find(|rule| rule.id == id));
    ensure(by_rule == rule.is_some() && rule.is_some() == (member("rule")? != &Json::Null), "the rule")?;
    change(guard, policy, question, member("change")?, &allowing)?;
    let is_conditional = match rule {
        Some(rule) => rule.when.is_some() || rule.unless.is_some(),
        None => reason(&decision) == "condition_failed",
    };
    match member("condition")? {
        Json::Null => ensure(!is_conditional, "no condition"),
        found => {
            ensure(is_conditional, "a condition")?;
            condition(policy, question, found, rule.map(|rule| rule.id))
        }
    }
}

fn roles_that_allow(guard: &Guard, policy: &Policy, asked: &Json) -> Vec<&'static str> {
    let mut names: Vec<&str> = ROLES.iter().take(policy.roles.len()).copied().collect();
    names.sort_unstable();
    names.retain(|name| {
        let mut subject = Object::new();
        for (own, value) in asked.member("subject").and_then(Json::as_object).expect("a subject").iter() {
            match own {
                "roles" => subject.set(own, texts(&[name])),
                "assignments" | "permissions" => {}
                _ => subject.set(own, value.clone()),
            }
        }
        is_permitted(&guard.evaluate_json(&with(asked, "subject", subject), now()))
    });
    names
}

/// What it names allows; where it names nothing, no role would.
fn change(guard: &Guard, policy: &Policy, question: &Question, change: &Json, allowing: &[&str]) -> Result<(), String> {
    let asked = &question.document();
    let subject = asked.member("subject").expect("a subject");
    let changed = match change.member("kind").and_then(Json::as_str) {
        None => return ensure(change == &Json::Null && allowing.is_empty(), "no change"),
        Some("role") => {
            let role = change.member("role").and_then(Json::as_str);
            return ensure(role.is_some_and(|role| allowing.contains(&role)), "the change of role");
        }
        Some("sign-in") => {
            let acr = change.member("acr").and_then(|acr| acr.as_array().and_then(<[Json]>::first).cloned());
            // Whoever signs in is no guest, and who they are then nobody knows; nor what else a condition finds.
            let reads = |one: &Expression| {
                matches!(
                    one,
                    Expression::Attribute(Root::Subject, "acr" | "authTime", _)
                        | Expression::Has(Root::Subject, "acr" | "authTime")
                )
            };
            if question.subject.kind == "guest" || conditions(policy).iter().any(|(_, whole)| whole.any(&reads)) {
                return Ok(());
            }
            let subject = with(subject, "authTime", NOW);
            with(asked, "subject", acr.map_or(subject.clone(), |acr| with(&subject, "acr", acr)))
        }
        Some("justification") => {
            with(asked, "context", with(asked.member("context").unwrap_or(&Json::Null), "justification", "a reason"))
        }
        Some(other) => return Err(format!("a change of kind {other}")),
    };
    let then = guard.evaluate_json(&changed, now());
    // A role that wants both asks for the sign-in first.
    ensure(is_permitted(&then) || reason(&then) == "justification_required", "the change does not allow")
}

fn condition(policy: &Policy, question: &Question, found: &Json, rule: Option<&str>) -> Result<(), String> {
    let text = |name: &str| found.member(name).and_then(Json::as_str).unwrap_or("");
    let (path, source, failed) = (text("path"), text("source"), text("failed"));
    let whole = conditions(policy).into_iter().find(|(own, _)| own == path).map(|(_, whole)| whole);
    let whole = whole.ok_or("a path to no condition")?;
    ensure(rule.is_none_or(|id| path.starts_with(&format!("rules.{id}."))), "the path of another rule")?;
    ensure(whole.print() == source, "another source")?;
    ensure(!failed.is_empty() && source.contains(failed), "what failed stands nowhere")?;
    let asked = Asked { question, roles: Vec::new() };
    for operand in found.member("operands").and_then(Json::as_array).ok_or("no operands")? {
        let attribute = operand.member("attribute").and_then(Json::as_str).unwrap_or("");
        let (root, name) = attribute.split_once('.').ok_or("an operand of no root")?;
        let root =
            [Root::Subject, Root::Resource, Root::Action, Root::Context].into_iter().find(|own| own.name() == root);
        let root = root.ok_or("an operand of another root")?;
        if (root, name) == (Root::Subject, "roles") {
            continue;
        }
        match (asked.attribute(root, name), operand.member("value")) {
            (Ok(Some(value)), Some(shown)) => ensure(&value == shown, "an operand of another value")?,
            (Ok(None) | Err(No::Unknown), None) => {
                ensure(operand.member("missing") == Some(&Json::Bool(true)), "a missing operand")?
            }
            (Ok(Some(Json::Null)), None) => {}
            other => return Err(format!("operand {attribute}: {other:?}")),
        }
    }
    let said = found.member("result").unwrap_or(&Json::Null);
    // What made a deny rule fire was not false; of all else it was not true.
    let denies = |id: &str| policy.rules.iter().any(|rule| rule.id == id && !rule.require) && path.ends_with(".when");
    ensure(said != &Json::Bool(!rule.is_some_and(denies)), "a result that decided nothing")?;
    result(whole, failed, said, &asked)
}

/// What the part is worth, where it stands alone and hangs on no role.
fn result(whole: &Expression, failed: &str, found: &Json, asked: &Asked<'_>) -> Result<(), String> {
    let is_word = |word: &str| ERRORS.contains(&word) || word == "unknown" && asked.question.instance.is_none();
    ensure(matches!(found, Json::Bool(_)) || found.as_str().is_some_and(is_word), "the result")?;
    let mut parts = vec![whole];
    while let Some(part) = parts.pop() {
        let hangs_on_roles =
            part.any(&|one| matches!(one, Expression::Attribute(Root::Subject, "roles", _) | Expression::Variable(_)));
        if part.print() == failed && !hangs_on_roles {
            return match worth(part, asked, &mut Vec::new()) {
                Ok(Value::Bool(holds)) => ensure(found == &Json::Bool(holds), "another result"),
                Err(No::Error) => ensure(found.as_str().is_some(), "a result where there is an error"),
                Err(No::Unknown) => ensure(found.as_str() == Some("unknown"), "a result where nothing is known"),
                other => Err(format!("{failed} is {other:?}")),
            };
        }
        parts.extend(part.parts());
    }
    Ok(())
}

/// Each condition with its path.
fn conditions(policy: &Policy) -> Vec<(String, &Expression)> {
    let mut found = Vec::new();
    for (name, role) in ROLES.iter().zip(&policy.roles) {
        for (place, permit) in role.permits.iter().enumerate() {
            found.extend(permit.when.as_ref().map(|when| (format!("roles.{name}.permits[{place}].when"), when)));
        }
    }
    for rule in &policy.rules {
        found.extend(rule.when.as_ref().map(|when| (format!("rules.{}.when", rule.id), when)));
        found.extend(rule.unless.as_ref().map(|unless| (format!("rules.{}.unless", rule.id), unless)));
    }
    found
}
