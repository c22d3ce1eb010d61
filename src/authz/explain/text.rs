//! How an explanation reads, as a sentence and as JSON.

use super::{Change, Explanation, Operand, Seen};
use crate::authz::decision::{Decision, Denial, Effect};
use crate::grammar::joined;
use crate::json::{Json, Object};

pub(super) fn summary(decision: &Decision, is_guest: bool, explanation: &Explanation) -> String {
    let mut text = String::new();
    match (&decision.effect, &explanation.grant) {
        (Effect::Permit, None) => text.push_str("The subject holds the permission itself."),
        (Effect::Permit, Some(grant)) => {
            text.push_str("Role ");
            text.push_str(&joined(&grant.path, " > "));
            text.push_str(" grants ");
            text.push_str(&grant.permission);
            if grant.owner {
                text.push_str(" for what the subject owns, and the subject owns this");
            }
            if grant.when.is_some() {
                text.push_str(" under a condition, which is true");
            }
            text.push('.');
        }
        (Effect::Conditional, _) => text.push_str("It depends on the resource, which is not known here."),
        (Effect::Deny(denial), _) => push_denial(&mut text, denial, is_guest),
    }
    if decision.elevated {
        let is_role = explanation.grant.as_ref().is_some_and(|grant| grant.elevated);
        let how = if is_role { "The role is elevated" } else { "An elevated role lets it pass a rule" };
        text.push(' ');
        text.push_str(how);
        text.push_str(": this is audited.");
    }
    if !explanation.roles_that_would_allow.is_empty() {
        text.push_str(" Roles that would allow: ");
        text.push_str(&joined(&explanation.roles_that_would_allow, ", "));
        text.push('.');
    }
    text
}

fn push_denial(text: &mut String, denial: &Denial, is_guest: bool) {
    let (before, behind) = match denial {
        Denial::PathMalformed => ("The path is refused.", ""),
        Denial::RouteUndeclared => ("No route of the policy matches.", ""),
        Denial::AuthenticationMissing => ("The route wants somebody who is authenticated.", ""),
        Denial::ScopeMissing { .. } => ("The scope ", " is missing."),
        Denial::RoleMissing { .. } => ("The role ", " is missing."),
        Denial::PermissionUnknown => ("The policy does not declare the permission.", ""),
        Denial::PermissionMissing { .. } => ("No role in effect grants ", "."),
        Denial::NotOwner if is_guest => ("A guest owns nothing.", ""),
        Denial::NotOwner => ("It is granted for what the subject owns, and the subject does not own this.", ""),
        Denial::ConditionFailed => ("It is granted under a condition, which is not true.", ""),
        Denial::FieldsOnly => ("Only some of its fields are granted.", ""),
        Denial::TenantMismatch => ("It is granted in another tenant.", ""),
        Denial::RolesExclusive => ("The subject has roles that exclude each other.", ""),
        Denial::ResourceRequired => ("It depends on a resource, and the route names none.", ""),
        Denial::Rule { .. } => ("The rule ", " denies it."),
        Denial::Requirement { .. } => ("What the rule ", " requires is not so."),
        Denial::Elevation { .. } => ("An elevated role would allow after a stronger or fresher sign-in.", ""),
        Denial::Justification { .. } => ("The elevated role ", " would allow with a justification."),
    };
    text.push_str(before);
    if !behind.is_empty() {
        text.push_str(denial.detail().unwrap_or(""));
        text.push_str(behind);
    }
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
