//! How an explanation reads, as a sentence and as JSON.

use super::{Change, Explanation, Operand, Seen};
use crate::authz::decision::{Decision, Denial, Effect};
use crate::json::{Json, Object};

pub(super) fn summary(decision: &Decision, is_guest: bool, explanation: &Explanation) -> String {
    let denial = match (&decision.effect, &explanation.grant) {
        (Effect::Permit, None) => {
            let audited =
                if decision.elevated { " An elevated role lets it pass a rule: this is audited." } else { "" };
            return format!("The subject holds the permission itself.{audited}");
        }
        (Effect::Permit, Some(grant)) => {
            let owner = if grant.owner { " for what the subject owns, and the subject owns this" } else { "" };
            let when = if grant.when.is_some() { " under a condition, which is true" } else { "" };
            let elevated = match (grant.elevated, decision.elevated) {
                (true, _) => " The role is elevated: this is audited.",
                (false, true) => " An elevated role lets it pass a rule: this is audited.",
                (false, false) => "",
            };
            let path = grant.path.join(" > ");
            return format!("Role {path} grants {}{owner}{when}.{elevated}", grant.permission);
        }
        (Effect::Conditional, _) => return "It depends on the resource, which is not known here.".to_owned(),
        (Effect::Deny(denial), _) => denial,
    };
    let why = match denial {
        Denial::PathMalformed => "The path is refused.".to_owned(),
        Denial::RouteUndeclared => "No route of the policy matches.".to_owned(),
        Denial::AuthenticationMissing => "The route wants somebody who is authenticated.".to_owned(),
        Denial::ScopeMissing { scope } => format!("The scope {scope} is missing."),
        Denial::RoleMissing { role } => format!("The role {role} is missing."),
        Denial::PermissionUnknown => "The policy does not declare the permission.".to_owned(),
        Denial::PermissionMissing { permission } => format!("No role in effect grants {permission}."),
        Denial::NotOwner if is_guest => "A guest owns nothing.".to_owned(),
        Denial::NotOwner => "It is granted for what the subject owns, and the subject does not own this.".to_owned(),
        Denial::ConditionFailed => "It is granted under a condition, which is not true.".to_owned(),
        Denial::FieldsOnly => "Only some of its fields are granted.".to_owned(),
        Denial::TenantMismatch => "It is granted in another tenant.".to_owned(),
        Denial::RolesExclusive => "The subject has roles that exclude each other.".to_owned(),
        Denial::ResourceRequired => "It depends on a resource, and the route names none.".to_owned(),
        Denial::Rule { id, .. } => format!("The rule {id} denies it."),
        Denial::Requirement { id, .. } => format!("What the rule {id} requires is not so."),
        Denial::Elevation { .. } => "An elevated role would allow after a stronger or fresher sign-in.".to_owned(),
        Denial::Justification { role } => format!("The elevated role {role} would allow with a justification."),
    };
    if explanation.roles_that_would_allow.is_empty() {
        return why;
    }
    format!("{why} Roles that would allow: {}.", explanation.roles_that_would_allow.join(", "))
}

impl Explanation {
    /// The members that `types.d.ts` lists behind those of the decision.
    pub(crate) fn append_to(&self, decision: Object) -> Json {
        let grant = self.grant.as_ref().map(|grant| {
            Object::new()
                .with("role", grant.role.as_str())
                .with("path", grant.path.as_slice())
                .with("permission", grant.permission.as_str())
                .with("owner", grant.owner)
                .with("when", grant.when.as_deref())
                .with("elevated", grant.elevated)
        });
        let ownership = self.ownership.as_ref().map(|compared| {
            Object::new()
                .with("attribute", compared.attribute.as_str())
                .with("owner", compared.owner.clone())
                .with("subject", compared.subject.clone())
        });
        let condition = self.condition.as_ref().map(|condition| {
            let mut operands = Vec::new();
            for operand in &condition.operands {
                operands.push(operand.to_json());
            }
            Object::new()
                .with("path", condition.path.as_str())
                .with("source", condition.source.as_str())
                .with("failed", condition.failed.as_str())
                .with("result", condition.result.clone())
                .with("operands", operands)
        });
        decision
            .with("summary", self.summary.as_str())
            .with("permission", self.permission.as_deref())
            .with("rolesInEffect", self.roles_in_effect.as_slice())
            .with("grant", grant)
            .with("rolesThatWouldAllow", self.roles_that_would_allow.as_slice())
            .with("ownership", ownership)
            .with("rule", self.rule.as_deref())
            .with("condition", condition)
            .with("change", self.change.as_ref().map(Change::to_json))
            .into()
    }
}

impl Operand {
    fn to_json(&self) -> Object {
        let start = Object::new().with("attribute", self.attribute.as_str());
        match &self.value {
            Seen::Value(value) => start.with("value", value.clone()),
            Seen::Redacted => start.with("redacted", true),
            Seen::Missing => start.with("missing", true),
        }
    }
}

impl Change {
    fn to_json(&self) -> Object {
        let start = |kind: &str| Object::new().with("kind", kind);
        match self {
            Self::Role(role) => start("role").with("role", role.as_str()),
            Self::SignIn { acr, max_age } => {
                let max_age = max_age.and_then(|seconds| i64::try_from(seconds).ok());
                start("sign-in").with("acr", acr.as_slice()).with("maxAge", max_age)
            }
            Self::Justification => start("justification"),
        }
    }
}
