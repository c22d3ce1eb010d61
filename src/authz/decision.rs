//! What a decision says.

use crate::json::Object;

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
    /// It is granted by a condition that is not true.
    ConditionFailed,
    /// Only some of its members are granted, never the whole.
    FieldsOnly,
    /// It is granted in a tenant, and the resource is not of that tenant.
    TenantMismatch,
    /// The roles that grant it are held together with roles that exclude them.
    RolesExclusive,
    /// It hangs on an instance, and the question is about the type.
    ResourceRequired,
    /// A deny rule.
    Rule {
        /// Its id.
        id: String,
        /// What it tells the caller.
        message: Option<String>,
    },
    /// A rule that requires something.
    Requirement {
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
            Self::ConditionFailed => "condition_failed",
            Self::FieldsOnly => "fields_only",
            Self::TenantMismatch => "tenant_mismatch",
            Self::RolesExclusive => "roles_exclusive",
            Self::ResourceRequired => "resource_required",
            Self::Rule { .. } => "denied_by_rule",
            Self::Requirement { .. } => "requirement_failed",
            Self::Elevation { .. } => "elevation_required",
            Self::Justification { .. } => "justification_required",
        }
    }

    /// Whether nothing grants it, so that a grant from outside would: no rule denies, and no elevated role would allow.
    #[cfg(feature = "full")]
    pub(crate) const fn is_want_of_grant(&self) -> bool {
        matches!(
            self,
            Self::PermissionMissing { .. }
                | Self::NotOwner
                | Self::ConditionFailed
                | Self::FieldsOnly
                | Self::TenantMismatch
                | Self::RolesExclusive
        )
    }

    /// The id and the message of the rule that denies.
    pub(crate) fn rule(&self) -> Option<(&str, Option<&str>)> {
        match self {
            Self::Rule { id, message } | Self::Requirement { id, message } => Some((id, message.as_deref())),
            _ => None,
        }
    }

    /// The evidence: the scope, role, permission or rule.
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::ScopeMissing { scope: name }
            | Self::RoleMissing { role: name }
            | Self::PermissionMissing { permission: name }
            | Self::Rule { id: name, .. }
            | Self::Requirement { id: name, .. }
            | Self::Justification { role: name } => Some(name),
            _ => None,
        }
    }
}

impl Decision {
    pub(super) const PERMIT: Self = Self { effect: Effect::Permit, elevated: false };
    pub(super) const PERMIT_ELEVATED: Self = Self { effect: Effect::Permit, elevated: true };
    pub(super) const CONDITIONAL: Self = Self { effect: Effect::Conditional, elevated: false };

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
