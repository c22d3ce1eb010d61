//! The decision on one question.
//!
//! 1. An unknown permission is denied.
//! 2. Ordinary grants: a permission that the subject holds by itself, or that a role in effect grants for every
//!    resource; else one that a role grants for what the subject owns.
//! 3. Elevated roles, only now: one that would grant, and whose requirements are met.
//! 4. Else denied, for the reason that is nearest to an allow.
//! 5. A deny rule denies, whatever permits. Who has no grant at all is told that, and not the rule.
//!
//! Where a condition stands between and no instance is known, the answer is conditional, never an allow.

use std::sync::Arc;
use std::time::Duration;

use super::policy::{Ownership, Policy};
use super::role::{Elevation, PermissionId, RoleId, Strength};
use crate::json::{Json, Object};
use crate::principal::{Kind, Subject};
use crate::sorted;
use crate::time::UnixTime;

/// How far ahead of the clock a sign-in may be dated; beyond it the time is not believed.
const CLOCK_SKEW: Duration = Duration::from_secs(60);

/// What is known of the resource of a question.
#[derive(Debug, Clone, Copy)]
pub enum Instance<'a> {
    /// The question is about the type.
    Unknown,
    /// Its attributes.
    Known(&'a Object),
}

/// The answer to a question, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// Allow, deny, or it depends on the instance.
    pub effect: Effect,
    /// An elevated role decided: this must be audited.
    pub elevated: bool,
}

/// What a decision says.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Something permits and nothing denies.
    Permit,
    /// It depends on a resource that is not known.
    Conditional,
    /// Denied.
    Deny(Denial),
}

/// Why something is denied.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Denial {
    /// The path is refused; see [`crate::Request`].
    PathMalformed,
    /// No route of the policy matches.
    RouteUndeclared,
    /// The route wants somebody, and this is a guest.
    AuthenticationMissing,
    /// The token lacks a scope.
    ScopeMissing {
        /// The scope.
        scope: String,
    },
    /// The subject lacks a role.
    RoleMissing {
        /// The role.
        role: String,
    },
    /// The policy does not declare the permission.
    PermissionUnknown,
    /// Nothing grants the permission.
    PermissionMissing {
        /// The permission.
        permission: String,
    },
    /// It is granted for what the subject owns, and the subject does not own this.
    NotOwner,
    /// It hangs on an instance, and the question is about the type.
    ResourceRequired,
    /// A deny rule.
    Rule {
        /// Its id.
        id: String,
        /// What it tells the caller.
        message: Option<String>,
    },
    /// An elevated role would allow after a stronger or fresher sign-in.
    Elevation {
        /// The authentication context classes, one of which is wanted.
        acr: Vec<String>,
        /// How many seconds ago the sign-in may be.
        max_age: Option<u64>,
    },
    /// An elevated role would allow with a justification.
    Justification {
        /// The role.
        role: String,
    },
}

impl Denial {
    /// The internal reason.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::PathMalformed => "path_malformed",
            Self::RouteUndeclared => "route_undeclared",
            Self::AuthenticationMissing => "authentication_missing",
            Self::ScopeMissing { .. } => "scope_missing",
            Self::RoleMissing { .. } => "role_missing",
            Self::PermissionUnknown => "permission_unknown",
            Self::PermissionMissing { .. } => "permission_missing",
            Self::NotOwner => "not_owner",
            Self::ResourceRequired => "resource_required",
            Self::Rule { .. } => "denied_by_rule",
            Self::Elevation { .. } => "elevation_required",
            Self::Justification { .. } => "justification_required",
        }
    }

    /// The evidence: the scope, role, permission or rule.
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::ScopeMissing { scope: name }
            | Self::RoleMissing { role: name }
            | Self::PermissionMissing { permission: name }
            | Self::Rule { id: name, .. }
            | Self::Justification { role: name } => Some(name),
            _ => None,
        }
    }
}

impl Decision {
    const PERMIT: Self = Self { effect: Effect::Permit, elevated: false };
    const PERMIT_ELEVATED: Self = Self { effect: Effect::Permit, elevated: true };
    const CONDITIONAL: Self = Self { effect: Effect::Conditional, elevated: false };

    pub(crate) const fn deny(denial: Denial) -> Self {
        Self { effect: Effect::Deny(denial), elevated: false }
    }

    /// Whether it is an allow. Conditional is none.
    pub fn is_permit(&self) -> bool {
        self.effect == Effect::Permit
    }

    /// The internal reason; `permitted` and `conditional` where it is no denial.
    pub const fn reason(&self) -> &'static str {
        match &self.effect {
            Effect::Permit => "permitted",
            Effect::Conditional => "conditional",
            Effect::Deny(denial) => denial.reason(),
        }
    }
}

/// A subject as a policy sees it: its roles and permissions by number. Worked out once for many questions.
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    pub(crate) subject: Arc<Subject>,
    roles: Vec<RoleId>,
    permissions: Vec<PermissionId>,
}

/// When and why a question is asked, for elevated roles.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Circumstances {
    pub(crate) now: UnixTime,
    pub(crate) is_justified: bool,
}

impl Standing {
    /// The roles that the subject holds and the policy knows.
    pub(crate) fn held_roles(&self) -> impl Iterator<Item = RoleId> {
        self.roles.iter().copied()
    }

    /// The same identity with that role and nothing else.
    pub(crate) fn with_only(&self, role: RoleId) -> Self {
        Self { subject: Arc::clone(&self.subject), roles: vec![role], permissions: Vec::new() }
    }
}

impl Policy {
    /// The subject's standing. What the policy does not know counts for nothing.
    pub(crate) fn standing(&self, subject: Arc<Subject>) -> Standing {
        let mut roles: Vec<RoleId> = subject.roles.iter().filter_map(|name| self.role_id(name)).collect();
        sorted::sort_distinct(&mut roles);
        let permissions = subject.permissions.iter().filter_map(|name| self.permission_id(name)).collect();
        Standing { subject, roles, permissions }
    }

    /// The subject's roles with all that they inherit, sorted by name.
    pub(crate) fn roles_in_effect(&self, standing: &Standing) -> Vec<String> {
        let roles = standing.roles.iter().filter_map(|role| self.role(*role));
        let mut in_effect: Vec<RoleId> = roles.flat_map(|role| role.in_effect.iter().copied()).collect();
        sorted::sort_distinct(&mut in_effect);
        self.role_names(&in_effect)
    }

    /// Their names, in that order.
    pub(crate) fn role_names(&self, roles: &[RoleId]) -> Vec<String> {
        let mut names = Vec::new();
        for role in roles {
            names.extend(self.role(*role).map(|role| role.name.clone()));
        }
        names
    }

    /// Steps 2 to 5 of the module.
    pub(crate) fn decide(
        &self,
        standing: &Standing,
        permission: PermissionId,
        instance: Instance<'_>,
        circumstances: Circumstances,
    ) -> Decision {
        let granted = self.decide_grants(standing, permission, instance, circumstances);
        match self.deny_rule(permission) {
            Some(rule) if !matches!(granted.effect, Effect::Deny(Denial::PermissionMissing { .. })) => {
                Decision::deny(Denial::Rule { id: rule.id.clone(), message: rule.message.clone() })
            }
            _ => granted,
        }
    }

    /// Steps 2 to 4.
    fn decide_grants(
        &self,
        standing: &Standing,
        permission: PermissionId,
        instance: Instance<'_>,
        circumstances: Circumstances,
    ) -> Decision {
        let ownership = self.resource_of(permission).and_then(|resource| resource.owner.as_ref());
        let holds = |strength| match (strength, ownership) {
            (Strength::Always, _) => Holds::Yes,
            (Strength::Owned, Some(ownership)) => owns(&standing.subject, ownership, instance),
            (Strength::Owned, None) => Holds::No,
        };
        let held = standing.permissions.contains(&permission).then_some(Strength::Always);
        let roles = || standing.roles.iter().filter_map(|role| self.role(*role));
        let ordinary = held.max(roles().filter_map(|role| role.ordinary(permission)).max());
        match ordinary.map(holds) {
            Some(Holds::Yes) => return Decision::PERMIT,
            Some(Holds::Unknown) => return Decision::CONDITIONAL,
            Some(Holds::No) | None => {}
        }
        let mut nearest = None;
        let mut is_conditional = false;
        let mut owned_in_vain = ordinary.is_some();
        for id in elevated_in_effect(roles()) {
            let Some(role) = self.role(id) else { continue };
            let Some(strength) = role.own(permission) else { continue };
            match holds(strength) {
                Holds::No => owned_in_vain = true,
                Holds::Unknown => is_conditional = true,
                Holds::Yes => match meets(role.elevation.as_ref(), &role.name, &standing.subject, circumstances) {
                    None => return Decision::PERMIT_ELEVATED,
                    Some(denial) => nearest = nearest.or(Some(denial)),
                },
            }
        }
        if is_conditional {
            return Decision::CONDITIONAL;
        }
        let name = || self.permission(permission).map(|own| own.name.clone()).unwrap_or_default();
        Decision::deny(match nearest {
            Some(denial) => denial,
            None if owned_in_vain => Denial::NotOwner,
            None => Denial::PermissionMissing { permission: name() },
        })
    }

    /// Whether the subject has that role in effect; an elevated role's requirements must be met.
    pub(crate) fn decide_role(&self, standing: &Standing, role: RoleId, circumstances: Circumstances) -> Decision {
        let has_it = |held: &RoleId| self.role(*held).is_some_and(|held| held.in_effect.binary_search(&role).is_ok());
        let Some(wanted) = self.role(role) else { return Decision::deny(Denial::RouteUndeclared) };
        if !standing.roles.iter().any(has_it) {
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

fn elevated_in_effect<'a>(roles: impl Iterator<Item = &'a super::role::Role>) -> Vec<RoleId> {
    let mut elevated: Vec<RoleId> = roles.flat_map(|role| role.elevated_in_effect.iter().copied()).collect();
    sorted::sort_distinct(&mut elevated);
    elevated
}

/// What an elevated role still wants; `None` where its requirements are met.
fn meets(elevation: Option<&Elevation>, role: &str, subject: &Subject, circumstances: Circumstances) -> Option<Denial> {
    let elevation = elevation?;
    let has_acr =
        elevation.acr.is_empty() || subject.acr.as_ref().is_some_and(|acr| elevation.acr.iter().any(|one| one == acr));
    let is_fresh = elevation.max_auth_age.is_none_or(|max_age| {
        subject.auth_time.is_some_and(|signed_in| {
            circumstances.now <= signed_in.after(max_age) && signed_in <= circumstances.now.after(CLOCK_SKEW)
        })
    });
    // Nobody in particular has signed in, however strongly.
    if !has_acr || !is_fresh || subject.kind == Kind::Guest {
        let max_age = elevation.max_auth_age.map(|span| span.as_secs());
        return Some(Denial::Elevation { acr: elevation.acr.clone(), max_age });
    }
    (elevation.justification && !circumstances.is_justified).then(|| Denial::Justification { role: role.to_owned() })
}

#[derive(Clone, Copy, PartialEq)]
enum Holds {
    Yes,
    No,
    Unknown,
}

/// Ownership: both ids are there, are texts, are not empty, and are equal; and the subject is no guest.
fn owns(subject: &Subject, ownership: &Ownership, instance: Instance<'_>) -> Holds {
    let Some(id) = owner_id(subject, ownership) else { return Holds::No };
    match instance {
        Instance::Unknown => Holds::Unknown,
        Instance::Known(attributes) => {
            let owner = attributes.member(&ownership.resource).and_then(Json::as_str);
            if owner.is_some_and(|owner| !owner.is_empty() && owner == id) { Holds::Yes } else { Holds::No }
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
