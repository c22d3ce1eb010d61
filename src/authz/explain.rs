//! Why a decision fell: for the reviewer, not for the caller. Worked out only when somebody asks.

mod text;

use core::cell::Cell;

use super::decide::{Attempt, Holds, Reason};
use super::decision::{Decision, Denial, Effect, Instance};
use super::policy::{Policy, Rule};
use super::question::{Question, View};
use super::role::RoleId;
use super::standing::Standing;
use crate::cel::{Attribute, Condition, Fact, Facts, MAX_STEPS_OF_ALL, Root};
use crate::json::Json;
use crate::principal::Kind;
use crate::time::UnixTime;

/// What led to a decision.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Explanation {
    /// One sentence.
    pub summary: String,
    /// The permission that was asked for, as the policy writes it.
    pub permission: Option<String>,
    /// The subject's roles with all that they inherit, sorted.
    pub roles_in_effect: Vec<String>,
    /// The grant that decided.
    pub grant: Option<GrantPath>,
    /// The roles of which each alone would allow, sorted. Empty where the decision allows.
    pub roles_that_would_allow: Vec<String>,
    /// What ownership compared, where it decided.
    pub ownership: Option<Compared>,
    /// The id of the rule that denies.
    pub rule: Option<String>,
    /// The condition that decided a refusal.
    pub condition: Option<FailedCondition>,
    /// One change that would allow.
    pub change: Option<Change>,
}

/// A grant and the way of inheritance to it.
#[derive(Debug, Clone, PartialEq)]
pub struct GrantPath {
    /// The role in which it stands.
    pub role: String,
    /// From the role that the subject holds to that role.
    pub path: Vec<String>,
    /// The words of the policy.
    pub permission: String,
    /// It holds for what the subject owns.
    pub owner: bool,
    /// The condition that was true.
    pub when: Option<String>,
    /// It stands in an elevated role.
    pub elevated: bool,
}

/// A condition and the smallest part of it that decided.
#[derive(Debug, Clone, PartialEq)]
pub struct FailedCondition {
    /// Where it stands: `rules.archived.when`, `roles.editor.permits[1].when`.
    pub path: String,
    /// The whole of it.
    pub source: String,
    /// The part.
    pub failed: String,
    /// What the part came to: true, false, or a word for why it has no value.
    pub result: Json,
    /// What the part has read.
    pub operands: Vec<Operand>,
}

/// An attribute that a condition has read.
#[derive(Debug, Clone, PartialEq)]
pub struct Operand {
    /// `resource.status`.
    pub attribute: String,
    /// What it was.
    pub value: Seen,
}

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    /// It was there.
    Value(Json),
    /// The policy shows it to nobody.
    Redacted,
    /// It was not there.
    Missing,
}

/// One change that would turn a refusal into an allow.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// To hold this role alone.
    Role(String),
    /// A stronger or fresher sign-in.
    SignIn {
        /// One of these `acr` values; any where empty.
        acr: Vec<String>,
        /// At most this many seconds ago.
        max_age: Option<u64>,
    },
    /// To say why.
    Justification,
}

/// The two ids of an ownership.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// The resource's attribute.
    pub attribute: String,
    /// What it holds; null where it is missing.
    pub owner: Json,
    /// The subject's id; null where it is missing.
    pub subject: Json,
}

/// Explains a decision that [`Policy::decide`] made of the same question; there is none where the policy declares no such
/// permission.
pub(crate) fn explain(
    policy: &Policy,
    standing: &Standing,
    now: UnixTime,
    question: Option<Question<'_>>,
    decision: &Decision,
) -> Explanation {
    let mut explanation =
        Explanation { roles_in_effect: policy.roles_in_effect(standing, now), ..Explanation::default() };
    if let Some(question) = question {
        let roles = policy.active(standing, question.circumstances.clock, policy.tenant(question));
        explanation.permission = policy.permission(question.permission).map(|permission| permission.name.clone());
        if let Instance::Known(_) = question.instance {
            explanation.roles_in_effect = policy.role_names(&policy.in_effect(&roles));
        }
        if !decision.is_permit() {
            let would_allow = would_allow(policy, question);
            explanation.change = change(policy, &decision.effect, &would_allow);
            explanation.roles_that_would_allow = policy.role_names(&would_allow);
        }
        if let Effect::Deny(denial) = &decision.effect {
            explanation.rule = denial.rule().map(|(id, _)| id.to_owned());
        }
        explain_attempt(policy, question, &roles, decision, &mut explanation);
        let by_ownership = explanation.grant.as_ref().is_some_and(|grant| grant.owner)
            || matches!(decision.effect, Effect::Deny(Denial::NotOwner));
        if by_ownership {
            explanation.ownership = compared(policy, question);
        }
    }
    let is_guest = standing.subject.kind == Kind::Guest;
    explanation.summary = text::summary(decision, is_guest, &explanation);
    explanation
}

/// What decided, as it was when it did: with ordinary roles, or with an elevated one among them.
fn explain_attempt(
    policy: &Policy,
    question: Question<'_>,
    roles: &[RoleId],
    decision: &Decision,
    explanation: &mut Explanation,
) {
    let attempt = match (&decision.effect, &explanation.rule) {
        (Effect::Permit, _) => Attempt::Permit,
        (Effect::Deny(Denial::ConditionFailed), _) => Attempt::Deny(Reason::Condition),
        (_, Some(id)) => match policy.rules.iter().position(|rule| rule.id == *id) {
            Some(place) => Attempt::Deny(Reason::Rule(place)),
            None => return,
        },
        _ => return,
    };
    let elevated = policy.elevated_in_effect(roles).into_iter().map(Some);
    for tried in core::iter::once(None).chain(elevated) {
        let steps = Cell::new(MAX_STEPS_OF_ALL);
        let view = policy.view(question, roles, tried, &steps);
        if !policy.comes_to(&view, attempt) {
            continue;
        }
        match attempt {
            Attempt::Deny(Reason::Rule(place)) => explanation.condition = condition_of_rule(&view, place),
            Attempt::Deny(_) => explanation.condition = condition_of_grant(&view),
            _ if question.standing.permissions.contains(&question.permission) => {}
            // A plain grant before one with conditions.
            _ => explanation.grant = path_to_grant(&view, true).or_else(|| path_to_grant(&view, false)),
        }
        return;
    }
}

/// The shortest way up from a held role to a role in which such a grant stands.
fn path_to_grant(view: &View<'_>, plain: bool) -> Option<GrantPath> {
    let policy = view.policy;
    // Each role with the place of the one that inherits it.
    let mut ways: Vec<(RoleId, Option<usize>)> = Vec::new();
    for held in view.roles {
        ways.push((*held, None));
    }
    let mut next = 0;
    while let Some((id, _)) = ways.get(next).copied() {
        let role = policy.role(id)?;
        let may_grant = role.elevation.is_none() || view.tried == Some(id);
        for grant in role.grants.iter().filter_map(|place| policy.grant(*place)) {
            if may_grant
                && grant.is_plain() == plain
                && grant.fields.is_none()
                && grant.covers(view.question.permission)
                && policy.applies(grant, view) == Holds::Yes
            {
                let mut path = Vec::new();
                let mut place = Some(next);
                while let Some((id, before)) = place.and_then(|place| ways.get(place)) {
                    path.insert(0, *id);
                    place = *before;
                }
                return Some(GrantPath {
                    role: role.name.clone(),
                    path: policy.role_names(&path),
                    permission: grant.pattern.clone(),
                    owner: grant.owner,
                    when: grant.when.as_ref().map(|when| when.source().to_owned()),
                    elevated: role.elevation.is_some(),
                });
            }
        }
        for parent in &role.inherits {
            if !ways.iter().any(|(own, _)| own == parent) {
                ways.push((*parent, Some(next)));
            }
        }
        next += 1;
    }
    None
}

/// The roles of which each alone, with the same identity, would allow.
fn would_allow(policy: &Policy, question: Question<'_>) -> Vec<RoleId> {
    let mut roles = Vec::new();
    let bare = question.standing.bare();
    // All roles together may cost as much as some decisions; behind that none is found.
    let steps = Cell::new(MAX_STEPS_OF_ALL.saturating_mul(4));
    for role in policy.role_ids() {
        let standing = bare.with_only(role);
        if policy.decide_within(Question { standing: &standing, ..question }, &steps).is_permit() {
            roles.push(role);
        }
    }
    roles
}

/// What the caller needs least of: a sign-in, a reason, else the role with the fewest permissions.
fn change(policy: &Policy, effect: &Effect, would_allow: &[RoleId]) -> Option<Change> {
    match effect {
        Effect::Deny(Denial::Elevation { acr, max_age }) => {
            Some(Change::SignIn { acr: acr.clone(), max_age: *max_age })
        }
        Effect::Deny(Denial::Justification { .. }) => Some(Change::Justification),
        _ => {
            let roles = would_allow.iter().filter_map(|id| policy.role(*id));
            roles.min_by_key(|role| role.weight()).map(|role| Change::Role(role.name.clone()))
        }
    }
}

fn condition_of_rule(view: &View<'_>, place: usize) -> Option<FailedCondition> {
    let Rule { id, when, unless, .. } = view.policy.rules.get(place)?;
    let (condition, member) = match (when, unless) {
        (Some(when), _) => (when, "when"),
        (None, unless) => (unless.as_ref()?, "unless"),
    };
    failed(view, condition, ["rules.", id, ".", member].concat())
}

/// Of the first grant that failed by one.
fn condition_of_grant(view: &View<'_>) -> Option<FailedCondition> {
    let policy = view.policy;
    for role in view.roles_that_count() {
        for grant in role.grants.iter().filter_map(|place| policy.grant(*place)) {
            if grant.covers(view.question.permission)
                && let Some(when) = &grant.when
                && policy.applies(grant, view) == Holds::No(Reason::Condition)
            {
                return failed(view, when, grant.path_of_condition(role));
            }
        }
    }
    None
}

fn failed(view: &View<'_>, condition: &Condition, path: String) -> Option<FailedCondition> {
    let failing = condition.failing(view)?;
    let mut operands = Vec::new();
    for attribute in failing.operands {
        operands.push(Operand {
            attribute: [attribute.root.name(), ".", &attribute.name].concat(),
            value: seen(view, attribute),
        });
    }
    Some(FailedCondition {
        path,
        source: condition.source().to_owned(),
        failed: failing.text.to_owned(),
        result: failing.verdict.to_json(),
        operands,
    })
}

fn seen(view: &View<'_>, Attribute { root, name, .. }: &Attribute) -> Seen {
    if is_redacted(view.policy, view.question, *root, name) {
        return Seen::Redacted;
    }
    Seen::Value(match view.attribute(*root, name) {
        Fact::Missing | Fact::Unknown | Fact::Json(Json::Null) => return Seen::Missing,
        Fact::Json(json) => json.clone(),
        Fact::Text(text) => Json::from(text),
        Fact::Texts(texts) => Json::from(texts),
        Fact::Time(time) => Json::from(time.seconds()),
    })
}

fn is_redacted(policy: &Policy, question: Question<'_>, root: Root, name: &str) -> bool {
    let resource = policy.resource_of(question.permission);
    policy.declared(root, name, resource).is_some_and(|declared| declared.redact)
}

fn compared(policy: &Policy, question: Question<'_>) -> Option<Compared> {
    let ownership = policy.resource_of(question.permission)?.owner.as_ref()?;
    let Instance::Known(attributes) = question.instance else { return None };
    let subject = &question.standing.subject;
    let shown = |root, name: &str, value: Option<Json>| {
        if is_redacted(policy, question, root, name) { Json::from("redacted") } else { value.unwrap_or_default() }
    };
    let owner = attributes.member(&ownership.resource).cloned();
    Some(Compared {
        attribute: ownership.resource.clone(),
        owner: shown(Root::Resource, &ownership.resource, owner),
        subject: match &ownership.subject {
            None => Json::from(subject.id.as_str()),
            Some(attribute) => shown(Root::Subject, attribute, subject.attributes.member(attribute).cloned()),
        },
    })
}

impl Explanation {
    /// What there is to say of something that is no question.
    pub(crate) fn of_no_question() -> Self {
        Self { summary: "This is no access request.".to_owned(), ..Self::default() }
    }
}
