//! The decision on one question.
//!
//! 1. Ordinary grants: a permission that the subject holds by itself, or one that a role in effect grants, where its
//!    ownership and its condition hold. Then every rule on the permission must let it pass.
//! 2. Elevated roles, only now: the same with one elevated role beside the ordinary ones. Where that permits, what the
//!    role wants must be met.
//! 3. Else denied, for the reason that is nearest to an allow ([`Reason`]).
//!
//! A condition that has no value does not hold in a grant and in `unless`, holds in a deny rule, and fails a requirement.
//! Where one hangs on an instance that is not known, the answer is conditional, never an allow.

#[cfg(feature = "full")]
mod filter;
#[cfg(feature = "full")]
mod granted;

use core::cell::Cell;
use std::borrow::Cow;

use super::decision::{Decision, Denial, Instance};
use super::policy::{Ownership, Policy, Rule, RuleKind};
use super::question::{Circumstances, Question, View};
use super::role::{Elevation, Grant, Role, RoleId};
use super::standing::Standing;
use crate::cel::{Condition, MAX_STEPS_OF_ALL, Verdict};
use crate::json::Json;
use crate::principal::{Kind, Subject};

/// Why nothing permits, the nearest to an allow first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    /// A rule denies what is granted, or would be: its place.
    Rule(usize),
    Condition,
    FieldsOnly,
    Tenant,
    NotOwner,
    Exclusive,
    Nothing,
}

/// What one set of roles comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Attempt {
    Permit,
    Unknown,
    Deny(Reason),
}

/// What a question comes to.
enum Settled<'a> {
    Permit,
    PermitElevated,
    Conditional,
    /// What an elevated role still wants, the nearest reason beside that, and the roles that count.
    Deny {
        nearest: Option<Denial>,
        reason: Reason,
        roles: Cow<'a, [RoleId]>,
    },
}

/// Whether something holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Holds {
    Yes,
    No(Reason),
    Unknown,
}

impl Policy {
    pub(crate) fn decide(&self, question: Question<'_>) -> Decision {
        self.decide_within(question, &Cell::new(MAX_STEPS_OF_ALL))
    }

    /// The same while so many steps of conditions are left.
    pub(super) fn decide_within(&self, question: Question<'_>, steps: &Cell<u32>) -> Decision {
        match self.settle(question, steps) {
            Settled::Permit => Decision::PERMIT,
            Settled::PermitElevated => Decision::PERMIT_ELEVATED,
            Settled::Conditional => Decision::CONDITIONAL,
            Settled::Deny { nearest: Some(denial), .. } => Decision::deny(denial),
            Settled::Deny { nearest: None, reason, roles } => {
                Decision::deny(self.denial(question, &roles, self.tenant(question), reason))
            }
        }
    }

    /// Whether the decision is to permit; without a reason for it.
    #[cfg(feature = "wasm")]
    pub(crate) fn permits(&self, question: Question<'_>) -> bool {
        let settled = self.settle(question, &Cell::new(MAX_STEPS_OF_ALL));
        matches!(settled, Settled::Permit | Settled::PermitElevated)
    }

    fn settle<'a>(&self, question: Question<'a>, steps: &Cell<u32>) -> Settled<'a> {
        let settled = self.settle_in(question, self.tenant(question), steps);
        // Of which tenant the instance is, is not known: what differs hangs on it.
        for tenant in self.open_tenants(question) {
            let other = self.settle_in(question, Some(tenant), steps);
            if core::mem::discriminant(&other) != core::mem::discriminant(&settled) {
                return Settled::Conditional;
            }
        }
        settled
    }

    /// The tenants of which an instance could be that is not known.
    pub(super) fn open_tenants<'a>(&self, question: Question<'a>) -> Vec<&'a str> {
        let standing = question.standing;
        let has_tenants = |place| self.resource_of(place).is_some_and(|kind| kind.tenant.is_some());
        match question.instance {
            Instance::Unknown if !standing.assigned.is_empty() && has_tenants(question.permission) => {
                standing.tenants(question.circumstances.clock.now())
            }
            _ => Vec::new(),
        }
    }

    /// The tenant of the instance.
    pub(super) fn tenant<'a>(&self, question: Question<'a>) -> Option<&'a str> {
        let attribute = self.resource_of(question.permission)?.tenant.as_ref()?;
        match question.instance {
            Instance::Unknown => None,
            Instance::Known(attributes) => {
                attributes.member(attribute).and_then(Json::as_str).filter(|tenant| !tenant.is_empty())
            }
        }
    }

    pub(super) fn view<'a>(
        &'a self,
        question: Question<'a>,
        roles: &'a [RoleId],
        tried: Option<RoleId>,
        steps: &'a Cell<u32>,
    ) -> View<'a> {
        View { policy: self, question, roles, tried, steps }
    }

    /// Steps 1 to 3, for an instance of that tenant.
    fn settle_in<'a>(&self, question: Question<'a>, tenant: Option<&str>, steps: &Cell<u32>) -> Settled<'a> {
        let Question { standing, circumstances, .. } = question;
        let roles = self.active(standing, circumstances.clock, tenant);
        let mut reason = match self.attempt(&self.view(question, &roles, None, steps)) {
            Attempt::Permit => return Settled::Permit,
            Attempt::Unknown => return Settled::Conditional,
            Attempt::Deny(reason) => reason,
        };
        let mut nearest = None;
        let mut is_conditional = false;
        for id in self.elevated_in_effect(&roles) {
            let Some(role) = self.role(id) else { continue };
            match self.attempt(&self.view(question, &roles, Some(id), steps)) {
                Attempt::Unknown => is_conditional = true,
                Attempt::Deny(other) => reason = reason.min(other),
                Attempt::Permit => match meets(role.elevation.as_ref(), &role.name, &standing.subject, circumstances) {
                    None => return Settled::PermitElevated,
                    Some(denial) => nearest = nearest.or(Some(denial)),
                },
            }
        }
        if is_conditional {
            return Settled::Conditional;
        }
        Settled::Deny { nearest, reason, roles }
    }

    /// Whether the roles come to that; where they permit, what the tried role wants must be met.
    pub(super) fn comes_to(&self, view: &View<'_>, attempt: Attempt) -> bool {
        let Question { standing, circumstances, .. } = view.question;
        let is_met = |role: &Role| meets(role.elevation.as_ref(), "", &standing.subject, circumstances).is_none();
        self.attempt(view) == attempt
            && (attempt != Attempt::Permit || view.tried.and_then(|tried| self.role(tried)).is_none_or(is_met))
    }

    /// What the roles come to: grants first, then the rules.
    pub(super) fn attempt(&self, view: &View<'_>) -> Attempt {
        let granted = self.granted(view);
        if granted == Holds::No(Reason::Nothing) {
            return Attempt::Deny(Reason::Nothing);
        }
        let mut is_unknown = granted == Holds::Unknown;
        match self.barred(view) {
            Holds::Yes => {}
            Holds::Unknown => is_unknown = true,
            Holds::No(rule) => return Attempt::Deny(rule),
        }
        match granted {
            Holds::No(reason) => Attempt::Deny(reason),
            _ if is_unknown => Attempt::Unknown,
            _ => Attempt::Permit,
        }
    }

    /// Whether a grant of the permission holds: the subject's own, an ordinary role's or the tried one's.
    fn granted(&self, view: &View<'_>) -> Holds {
        let Question { standing, permission, .. } = view.question;
        if standing.permissions.contains(&permission) {
            return Holds::Yes;
        }
        let mut best = Holds::No(Reason::Nothing);
        let mut add = |holds| match (best, holds) {
            (Holds::Yes, _) => {}
            (_, Holds::Yes) => best = Holds::Yes,
            (Holds::Unknown, _) | (_, Holds::Unknown) => best = Holds::Unknown,
            (Holds::No(own), Holds::No(other)) => best = Holds::No(own.min(other)),
        };
        for role in view.roles.iter().filter_map(|role| self.role(*role)) {
            for (_, place) in role.ordinary(permission) {
                let Some(grant) = self.grant(*place) else { continue };
                let holds = self.holds(grant, view);
                if holds == Holds::Yes {
                    return holds;
                }
                add(holds);
            }
        }
        let tried = view.tried.and_then(|tried| self.role(tried));
        for grant in tried.iter().flat_map(|role| &role.grants).filter_map(|place| self.grant(*place)) {
            if grant.covers(permission) {
                add(self.holds(grant, view));
            }
        }
        best
    }

    /// Whether a grant holds for the whole of the instance.
    fn holds(&self, grant: &Grant, view: &View<'_>) -> Holds {
        match (self.applies(grant, view), &grant.fields) {
            (Holds::Yes | Holds::Unknown, Some(_)) => Holds::No(Reason::FieldsOnly),
            (holds, _) => holds,
        }
    }

    /// Whether its ownership and its condition hold.
    pub(super) fn applies(&self, grant: &Grant, view: &View<'_>) -> Holds {
        let question = &view.question;
        let owned = match (grant.owner, self.resource_of(question.permission).and_then(|kind| kind.owner.as_ref())) {
            (false, _) => Holds::Yes,
            (true, Some(ownership)) => owns(&question.standing.subject, ownership, question.instance),
            (true, None) => Holds::No(Reason::NotOwner),
        };
        let (Some(when), false) = (&grant.when, matches!(owned, Holds::No(_))) else { return owned };
        match when.evaluate(view) {
            Verdict::True => owned,
            Verdict::Unknown => Holds::Unknown,
            Verdict::False | Verdict::Error(_) => Holds::No(Reason::Condition),
        }
    }

    /// Whether every rule lets it pass; of those that do not the first by id.
    pub(super) fn barred(&self, view: &View<'_>) -> Holds {
        let places = self.permission(view.question.permission).map_or(&[][..], |permission| &permission.rules);
        let mut all = Holds::Yes;
        for place in places {
            let fires = self.rules.get(*place).map(|rule| fires(rule, view));
            match fires {
                Some(Fires::No) => {}
                Some(Fires::Unknown) => all = Holds::Unknown,
                Some(Fires::Yes) | None => return Holds::No(Reason::Rule(*place)),
            }
        }
        all
    }

    fn denial(&self, question: Question<'_>, roles: &[RoleId], tenant: Option<&str>, reason: Reason) -> Denial {
        let name = || self.permission(question.permission).map(|own| own.name.clone()).unwrap_or_default();
        match self.nearest(question, roles, tenant, reason) {
            Reason::Rule(place) => match self.rules.get(place) {
                Some(Rule { id, message, kind: RuleKind::Deny, .. }) => {
                    Denial::Rule { id: id.clone(), message: message.clone() }
                }
                Some(Rule { id, message, .. }) => Denial::Requirement { id: id.clone(), message: message.clone() },
                None => Denial::PermissionMissing { permission: name() },
            },
            Reason::Condition => Denial::ConditionFailed,
            Reason::FieldsOnly => Denial::FieldsOnly,
            Reason::Tenant => Denial::TenantMismatch,
            Reason::NotOwner => Denial::NotOwner,
            Reason::Exclusive => Denial::RolesExclusive,
            Reason::Nothing => Denial::PermissionMissing { permission: name() },
        }
    }

    /// A reason, or a nearer one: a role that would grant counts elsewhere, or is excluded.
    fn nearest(&self, question: Question<'_>, roles: &[RoleId], tenant: Option<&str>, reason: Reason) -> Reason {
        let Question { standing, permission, circumstances, .. } = question;
        let grants = |role: RoleId| {
            let in_effect = self.role(role).map_or(&[][..], |role| &role.in_effect);
            let all = in_effect.iter().filter_map(|id| self.role(*id)).flat_map(|role| &role.grants);
            all.filter_map(|place| self.grant(*place)).any(|grant| grant.covers(permission))
        };
        let is_elsewhere = |(role, assignment): (RoleId, &crate::principal::Assignment)| {
            let is_other = assignment.tenant.is_some() && assignment.tenant.as_deref() != tenant;
            is_other && assignment.holds(circumstances.clock.now()) && grants(role)
        };
        if reason > Reason::Tenant && standing.assignments().any(is_elsewhere) {
            return Reason::Tenant;
        }
        let candidates = || self.candidates(standing, circumstances.clock, tenant);
        let is_excluded = |role: &RoleId| roles.binary_search(role).is_err() && grants(*role);
        if reason > Reason::Exclusive && !self.exclusive.is_empty() && candidates().iter().any(is_excluded) {
            return Reason::Exclusive;
        }
        reason
    }

    /// Whether the subject has that role in effect; an elevated role's requirements must be met.
    pub(crate) fn decide_role(&self, standing: &Standing, role: RoleId, circumstances: Circumstances<'_>) -> Decision {
        let has_it = |held: &RoleId| self.role(*held).is_some_and(|held| held.in_effect.binary_search(&role).is_ok());
        let Some(wanted) = self.role(role) else { return Decision::deny(Denial::RouteUndeclared) };
        let active: Cow<'_, [RoleId]> = self.active(standing, circumstances.clock, None);
        if !active.iter().any(has_it) {
            return Decision::deny(Denial::RoleMissing { role: wanted.name.clone() });
        }
        if wanted.elevation.is_none() {
            return Decision::PERMIT;
        }
        match meets(wanted.elevation.as_ref(), &wanted.name, &standing.subject, circumstances) {
            None => Decision::PERMIT_ELEVATED,
            Some(denial) => Decision::deny(denial),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Fires {
    Yes,
    No,
    Unknown,
}

/// A deny rule fires unless `when` is false, a requirement unless it is true; and neither where `unless` is true.
fn fires(rule: &Rule, view: &View<'_>) -> Fires {
    let says = |condition: &Option<Condition>| condition.as_ref().map(|condition| condition.evaluate(view));
    let fires = match (rule.kind, says(&rule.when)) {
        (RuleKind::Deny, Some(Verdict::False)) | (RuleKind::Require, Some(Verdict::True)) => return Fires::No,
        (_, Some(Verdict::Unknown)) => Fires::Unknown,
        _ => Fires::Yes,
    };
    match says(&rule.unless) {
        Some(Verdict::True) => Fires::No,
        Some(Verdict::Unknown) => Fires::Unknown,
        _ => fires,
    }
}

/// What an elevated role still wants; `None` where its requirements are met.
fn meets(
    elevation: Option<&Elevation>,
    role: &str,
    subject: &Subject,
    circumstances: Circumstances<'_>,
) -> Option<Denial> {
    let elevation = elevation?;
    let has_acr =
        elevation.acr.is_empty() || subject.acr.as_ref().is_some_and(|acr| elevation.acr.iter().any(|one| one == acr));
    let is_fresh = elevation.max_auth_age.is_none_or(|max_age| {
        circumstances.signed_in(subject).is_some_and(|signed_in| circumstances.clock.now() <= signed_in.after(max_age))
    });
    // Nobody in particular has signed in, however strongly.
    if !has_acr || !is_fresh || subject.kind == Kind::Guest {
        let max_age = elevation.max_auth_age.map(|span| span.as_secs());
        return Some(Denial::Elevation { acr: elevation.acr.clone(), max_age });
    }
    (elevation.justification && !circumstances.is_justified).then(|| Denial::Justification { role: role.to_owned() })
}

/// Ownership: both ids are there, are texts, are not empty, and are equal; and the subject is no guest.
fn owns(subject: &Subject, ownership: &Ownership, instance: Instance<'_>) -> Holds {
    let Some(id) = owner_id(subject, ownership) else { return Holds::No(Reason::NotOwner) };
    match instance {
        Instance::Unknown => Holds::Unknown,
        Instance::Known(attributes) => {
            let owner = attributes.member(&ownership.resource).and_then(Json::as_str);
            if owner.is_some_and(|owner| !owner.is_empty() && owner == id) {
                Holds::Yes
            } else {
                Holds::No(Reason::NotOwner)
            }
        }
    }
}

/// The id of the subject that ownership compares.
fn owner_id<'a>(subject: &'a Subject, ownership: &Ownership) -> Option<&'a str> {
    let id = match &ownership.subject {
        None => Some(subject.id.as_str()),
        Some(attribute) => subject.attributes.member(attribute).and_then(Json::as_str),
    };
    id.filter(|id| !id.is_empty() && subject.kind != Kind::Guest)
}
