//! The decision, by every grant and every rule in turn.

use std::collections::BTreeSet;

use portcullis::Json;

use super::condition::Expression;
use super::document::{named, object};
use super::evaluate::{No, Truth, evaluate};
use super::policy::{Permit, Policy, ROLES, Rule, fits};
use super::question::{Asked, NOW, Question};

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    Permit {
        elevated: bool,
    },
    Conditional,
    /// The reason; the rule and its message.
    Deny(&'static str, Option<(&'static str, Option<&'static str>)>),
}

/// The subject's roles for one instance.
struct Standing {
    ordinary: BTreeSet<usize>,
    /// Sorted by name.
    elevated: Vec<usize>,
    /// Taken away because they exclude each other.
    excluded: BTreeSet<usize>,
    /// Of another tenant.
    elsewhere: BTreeSet<usize>,
}

/// What a grant says, and what it lacks.
struct Held<'a> {
    permit: &'a Permit,
    truth: Truth,
    owner: Truth,
    condition: Truth,
}

/// Whether all holds with one role tried, or none.
struct Attempt<'a> {
    truth: Truth,
    held: Vec<Held<'a>>,
    has_own: bool,
    fired: Vec<&'a Rule>,
}

/// What the policy says. Where no instance is known, a subject's roles may depend on its tenant: what is the same for
/// each is said, and else the answer is conditional.
pub(crate) fn decide(policy: &Policy, question: &Question) -> BTreeSet<Verdict> {
    let mut found = BTreeSet::new();
    for tenant in tenants(policy, question) {
        found.insert(decide_in(policy, question, &standing(policy, question, tenant.as_deref())));
    }
    let is_denied = found.iter().all(|verdict| matches!(verdict, Verdict::Deny(..)));
    if found.len() == 1 || is_denied { found } else { BTreeSet::from([Verdict::Conditional]) }
}

/// The tenants of which the instance may be.
fn tenants(policy: &Policy, question: &Question) -> Vec<Option<String>> {
    let name = policy.kind_of(&question.permission).and_then(|kind| kind.tenant);
    match (name, &question.instance) {
        (None, _) => vec![None],
        (Some(name), Some(instance)) => vec![instance.member(name).and_then(Json::as_str).map(str::to_owned)],
        (Some(_), None) => {
            let own = question.subject.assignments.iter().filter_map(|assignment| assignment.tenant);
            let mut tenants: Vec<Option<String>> = own.map(|tenant| Some(tenant.to_owned())).collect();
            tenants.push(None);
            tenants
        }
    }
}

fn standing(policy: &Policy, question: &Question, tenant: Option<&str>) -> Standing {
    let subject = &question.subject;
    let in_time = subject.assignments.iter().filter(|assignment| {
        assignment.not_before.is_none_or(|moment| NOW >= moment)
            && assignment.not_after.is_none_or(|moment| NOW < moment)
    });
    let (here, elsewhere): (Vec<_>, Vec<_>) =
        in_time.partition(|assignment| assignment.tenant.is_none() || assignment.tenant == tenant);
    let assigned = here.iter().map(|assignment| assignment.role).chain(subject.roles.iter().copied());
    let assigned: BTreeSet<usize> = assigned.collect();
    let all = policy.with_inherited(assigned.iter().copied());
    // What is inherited through such a role alone goes with it.
    let lists = || policy.exclusive.iter().filter(|list| list.intersection(&all).count() > 1);
    let is_kept = |number: &usize| lists().all(|list| policy.with_inherited([*number]).is_disjoint(list));
    let in_effect = policy.with_inherited(assigned.iter().copied().filter(is_kept));
    let is_elevated = |number: &usize| policy.roles.get(*number).is_some_and(|role| role.elevated.is_some());
    let mut elevated: Vec<usize> = in_effect.iter().copied().filter(is_elevated).collect();
    elevated.sort_by_key(|number| ROLES.get(*number));
    let elsewhere = policy.with_inherited(elsewhere.iter().map(|assignment| assignment.role));
    Standing {
        ordinary: in_effect.iter().copied().filter(|number| !is_elevated(number)).collect(),
        elevated,
        elsewhere,
        excluded: all.difference(&in_effect).copied().collect(),
    }
}

fn decide_in(policy: &Policy, question: &Question, standing: &Standing) -> Verdict {
    let ordinary = attempt(policy, question, standing, None);
    match ordinary.truth {
        Truth::Yes => return Verdict::Permit { elevated: false },
        Truth::Open => return Verdict::Conditional,
        Truth::No => {}
    }
    let (mut is_open, mut unmet) = (false, None);
    let mut attempts = vec![ordinary];
    for role in &standing.elevated {
        let attempt = attempt(policy, question, standing, Some(*role));
        match (attempt.truth, requirement(policy, question, *role)) {
            (Truth::No, _) => {}
            (Truth::Open, _) => is_open = true,
            (Truth::Yes, Some(reason)) => unmet = unmet.or(Some(reason)),
            (Truth::Yes, None) => return Verdict::Permit { elevated: true },
        }
        attempts.push(attempt);
    }
    match unmet {
        _ if is_open => Verdict::Conditional,
        Some(reason) => Verdict::Deny(reason, None),
        None => denial(policy, question, standing, &attempts),
    }
}

/// What an elevated role wants and is not there.
fn requirement(policy: &Policy, question: &Question, role: usize) -> Option<&'static str> {
    let wants = policy.roles.get(role).and_then(|role| role.elevated.as_ref()).expect("an elevated role");
    let subject = &question.subject;
    let is_fresh = |age: i64| subject.auth_time.is_some_and(|moment| moment <= NOW + 60 && NOW - moment < age);
    if subject.kind == "guest"
        || wants.acr.is_some_and(|acr| subject.acr != Some(acr))
        || wants.max_age.is_some_and(|age| !is_fresh(age))
    {
        return Some("elevation_required");
    }
    (wants.justification && !question.is_justified()).then_some("justification_required")
}

fn attempt<'a>(policy: &'a Policy, question: &Question, standing: &Standing, elevated: Option<usize>) -> Attempt<'a> {
    let numbers: BTreeSet<usize> = standing.ordinary.iter().copied().chain(elevated).collect();
    let mut roles = named(&numbers);
    roles.sort_unstable();
    let asked = Asked { question, roles };
    let permits = numbers.iter().filter_map(|number| policy.roles.get(*number)).flat_map(|role| &role.permits);
    let mut held = Vec::new();
    for permit in permits.filter(|permit| fits(permit.pattern, &question.permission)) {
        let owner = if permit.owner { owns(policy, question) } else { Truth::Yes };
        let condition = holds(permit.when.as_ref(), &asked, Truth::No, Truth::Yes);
        held.push(Held { permit, truth: owner.min(condition), owner, condition });
    }
    let has_own = question.subject.permissions.contains(&question.permission);
    let own = if has_own { Truth::Yes } else { Truth::No };
    let whole = held.iter().filter(|held| held.permit.fields.is_empty()).map(|held| held.truth).max();
    let mut truth = own.max(whole.unwrap_or(Truth::No));
    let mut fired = Vec::new();
    for rule in policy.rules.iter().filter(|rule| rule.is_about(&question.permission)) {
        let fires = fires(rule, &asked);
        match fires {
            Truth::Yes => {
                truth = Truth::No;
                fired.push(rule);
            }
            Truth::Open => truth = truth.min(Truth::Open),
            Truth::No => {}
        }
    }
    Attempt { truth, held, has_own, fired }
}

/// What a condition says, with what an error and an absent one stand for.
fn holds(condition: Option<&Expression>, asked: &Asked<'_>, error: Truth, absent: Truth) -> Truth {
    match condition.map(|condition| evaluate(condition, asked)) {
        None => absent,
        Some(Ok(true)) => Truth::Yes,
        Some(Ok(false)) => Truth::No,
        Some(Err(No::Error)) => error,
        Some(Err(No::Unknown)) => Truth::Open,
    }
}

fn not(truth: Truth) -> Truth {
    match truth {
        Truth::No => Truth::Yes,
        Truth::Open => Truth::Open,
        Truth::Yes => Truth::No,
    }
}

fn fires(rule: &Rule, asked: &Asked<'_>) -> Truth {
    let when = if rule.require {
        not(holds(rule.when.as_ref(), asked, Truth::No, Truth::Yes))
    } else {
        holds(rule.when.as_ref(), asked, Truth::Yes, Truth::Yes)
    };
    when.min(not(holds(rule.unless.as_ref(), asked, Truth::No, Truth::No)))
}

/// Both ids are there, are texts that are not empty, and are the same; and a guest owns nothing.
fn owns(policy: &Policy, question: &Question) -> Truth {
    let owner = policy.kind_of(&question.permission).and_then(|kind| kind.owner);
    let Some((name, own)) = owner.filter(|_| question.subject.kind != "guest") else { return Truth::No };
    let own = match own {
        None => Some(question.subject.id),
        Some(own) => question.subject.attributes.member(own).and_then(Json::as_str),
    };
    let Some(own) = own.filter(|own| !own.is_empty()) else { return Truth::No };
    let Some(instance) = &question.instance else { return Truth::Open };
    if instance.member(name).and_then(Json::as_str) == Some(own) { Truth::Yes } else { Truth::No }
}

fn denial(policy: &Policy, question: &Question, standing: &Standing, attempts: &[Attempt<'_>]) -> Verdict {
    let held = || attempts.iter().flat_map(|attempt| &attempt.held);
    let may = |roles: &BTreeSet<usize>| {
        let permits = roles.iter().filter_map(|number| policy.roles.get(*number)).flat_map(|role| &role.permits);
        permits.into_iter().any(|permit| fits(permit.pattern, &question.permission))
    };
    // A rule counts beside a grant that is there when it fires.
    let granted = attempts.iter().filter(|attempt| attempt.has_own || !attempt.held.is_empty());
    if let Some(rule) = granted.flat_map(|attempt| &attempt.fired).min_by_key(|rule| rule.id) {
        let reason = if rule.require { "requirement_failed" } else { "denied_by_rule" };
        return Verdict::Deny(reason, Some((rule.id, rule.message)));
    }
    let reason = if held().any(|held| held.owner != Truth::No && held.condition == Truth::No) {
        "condition_failed"
    } else if held().any(|held| !held.permit.fields.is_empty() && held.truth != Truth::No) {
        "fields_only"
    } else if may(&standing.elsewhere) {
        "tenant_mismatch"
    } else if held().any(|held| held.owner == Truth::No) {
        "not_owner"
    } else if may(&standing.excluded) {
        "roles_exclusive"
    } else {
        "permission_missing"
    };
    Verdict::Deny(reason, None)
}

impl Verdict {
    /// The answer as `evaluate_json` writes it.
    pub(crate) fn document(&self, policy: &Policy, question: &Question) -> Json {
        let context = |code: &str, reason: &str| vec![("code", Json::from(code)), ("reason", Json::from(reason))];
        let (reason, rule) = match self {
            Self::Permit { elevated } => {
                let mut context = context("permitted", "permitted");
                context.extend(elevated.then(|| ("elevated", true.into())));
                return object([("decision", true.into()), ("context", object(context))]);
            }
            Self::Conditional => ("conditional", None),
            Self::Deny(reason, rule) => (*reason, *rule),
        };
        let is_hidden = policy.kind_of(&question.permission).is_some_and(|kind| kind.hide);
        let (code, status, message) = match reason {
            "conditional" => ("conditional", 403, "Not allowed"),
            _ if question.subject.kind == "guest" => ("authentication_required", 401, "Authentication required"),
            _ if is_hidden => ("not_found", 404, "Not found"),
            "permission_missing" | "roles_exclusive" => ("permission_denied", 403, "Permission denied"),
            "elevation_required" => ("insufficient_user_authentication", 401, "Stronger authentication required"),
            "justification_required" => ("justification_required", 403, "Justification required"),
            _ => ("not_allowed", 403, rule.and_then(|(_, message)| message).unwrap_or("Not allowed")),
        };
        let mut context = context(code, reason);
        context.extend([("status", Json::from(status)), ("message", message.into())]);
        context.extend(rule.map(|(id, _)| ("rule", id.into())));
        object([("decision", false.into()), ("context", object(context))])
    }
}
