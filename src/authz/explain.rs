//! Why a decision fell: for the reviewer, not for the caller. Worked out only when somebody asks.

use super::decision::{Circumstances, Decision, Denial, Effect, Instance, Standing};
use super::policy::Policy;
use super::role::{Grant, PermissionId, RoleId, Strength};
use crate::json::{Json, Object};
use crate::principal::{Kind, Subject};

/// What led to a decision.
#[derive(Debug, Clone, PartialEq)]
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
    /// It stands in an elevated role.
    pub elevated: bool,
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

/// Explains a decision that [`Policy::decide`] made of the same question.
pub(crate) fn explain(
    policy: &Policy,
    standing: &Standing,
    permission: Option<PermissionId>,
    instance: Instance<'_>,
    circumstances: Circumstances,
    decision: &Decision,
) -> Explanation {
    let grant = permission.and_then(|permission| {
        (decision.is_permit()).then(|| deciding_grant(policy, standing, permission, decision.elevated)).flatten()
    });
    let would_allow = match (permission, &decision.effect) {
        (Some(permission), Effect::Deny(_)) => would_allow(policy, standing, permission, instance, circumstances),
        _ => Vec::new(),
    };
    let compared = permission.and_then(|permission| {
        let by_ownership =
            grant.as_ref().is_some_and(|grant| grant.owner) || decision.effect == Effect::Deny(Denial::NotOwner);
        by_ownership.then(|| compared(policy, &standing.subject, permission, instance)).flatten()
    });
    Explanation {
        summary: summary(decision, &standing.subject, grant.as_ref(), &would_allow),
        permission: permission.and_then(|id| policy.permission(id)).map(|permission| permission.name.clone()),
        roles_in_effect: policy.roles_in_effect(standing),
        grant,
        roles_that_would_allow: would_allow,
        ownership: compared,
    }
}

/// The grant of the strength and kind that decided; of several the first by held role, then by path.
fn deciding_grant(policy: &Policy, standing: &Standing, permission: PermissionId, elevated: bool) -> Option<GrantPath> {
    let find = |strength| {
        standing.held_roles().find_map(|held| {
            let (path, grant) = path_to_grant(policy, held, permission, strength, elevated)?;
            let names = policy.role_names(&path);
            Some(GrantPath {
                role: names.last().cloned().unwrap_or_default(),
                path: names,
                permission: grant.pattern.clone(),
                owner: strength == Strength::Owned,
                elevated,
            })
        })
    };
    find(Strength::Always).or_else(|| find(Strength::Owned))
}

/// The shortest way up from a held role to a role in which such a grant stands.
fn path_to_grant(
    policy: &Policy,
    held: RoleId,
    permission: PermissionId,
    strength: Strength,
    elevated: bool,
) -> Option<(Vec<RoleId>, &Grant)> {
    let mut seen = vec![held];
    let mut paths = vec![vec![held]];
    let mut next = 0;
    while let Some(path) = paths.get(next).cloned() {
        next += 1;
        let role = policy.role(*path.last()?)?;
        let decides = |grant: &&Grant| grant.strength == strength && grant.covers(permission);
        if role.elevation.is_some() == elevated
            && let Some(grant) = role.grants.iter().find(decides)
        {
            return Some((path, grant));
        }
        for parent in &role.inherits {
            if !seen.contains(parent) {
                seen.push(*parent);
                paths.push([path.as_slice(), &[*parent]].concat());
            }
        }
    }
    None
}

/// The roles of which each alone, with the same identity, would allow.
fn would_allow(
    policy: &Policy,
    standing: &Standing,
    permission: PermissionId,
    instance: Instance<'_>,
    circumstances: Circumstances,
) -> Vec<String> {
    let allows =
        |role: &RoleId| policy.decide(&standing.with_only(*role), permission, instance, circumstances).is_permit();
    policy.role_names(&policy.role_ids().filter(allows).collect::<Vec<_>>())
}

fn compared(policy: &Policy, subject: &Subject, permission: PermissionId, instance: Instance<'_>) -> Option<Compared> {
    let ownership = policy.resource_of(permission)?.owner.as_ref()?;
    let Instance::Known(attributes) = instance else { return None };
    let subject = match &ownership.subject {
        None => Some(Json::from(subject.id.as_str())),
        Some(attribute) => subject.attributes.member(attribute).cloned(),
    };
    Some(Compared {
        attribute: ownership.resource.clone(),
        owner: attributes.member(&ownership.resource).cloned().unwrap_or_default(),
        subject: subject.unwrap_or_default(),
    })
}

fn summary(decision: &Decision, subject: &Subject, grant: Option<&GrantPath>, would_allow: &[String]) -> String {
    let denial = match (&decision.effect, grant) {
        (Effect::Permit, None) => return "The subject holds the permission itself.".to_owned(),
        (Effect::Permit, Some(grant)) => {
            let owner = if grant.owner { " for what the subject owns, and the subject owns this" } else { "" };
            let elevated = if grant.elevated { " The role is elevated: this is audited." } else { "" };
            let path = grant.path.join(" > ");
            return format!("Role {path} grants {}{owner}.{elevated}", grant.permission);
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
        Denial::NotOwner if subject.kind == Kind::Guest => "A guest owns nothing.".to_owned(),
        Denial::NotOwner => "It is granted for what the subject owns, and the subject does not own this.".to_owned(),
        Denial::ResourceRequired => "It depends on a resource, and the route names none.".to_owned(),
        Denial::Rule { id, .. } => format!("The rule {id} denies it."),
        Denial::Elevation { .. } => "An elevated role would allow after a stronger or fresher sign-in.".to_owned(),
        Denial::Justification { role } => format!("The elevated role {role} would allow with a justification."),
    };
    if would_allow.is_empty() { why } else { format!("{why} Roles that would allow: {}.", would_allow.join(", ")) }
}

impl Explanation {
    /// What there is to say of something that is no question.
    pub(crate) fn of_no_question() -> Self {
        Self {
            summary: "This is no access request.".to_owned(),
            permission: None,
            roles_in_effect: Vec::new(),
            grant: None,
            roles_that_would_allow: Vec::new(),
            ownership: None,
        }
    }

    /// The members that `types.d.ts` lists behind those of the decision.
    pub(crate) fn append_to(&self, decision: Object) -> Json {
        let grant = self.grant.as_ref().map(|grant| {
            Object::new()
                .with("role", grant.role.as_str())
                .with("path", grant.path.as_slice())
                .with("permission", grant.permission.as_str())
                .with("owner", grant.owner)
                .with("elevated", grant.elevated)
        });
        let ownership = self.ownership.as_ref().map(|compared| {
            Object::new()
                .with("attribute", compared.attribute.as_str())
                .with("owner", compared.owner.clone())
                .with("subject", compared.subject.clone())
        });
        decision
            .with("summary", self.summary.as_str())
            .with("permission", self.permission.as_deref())
            .with("rolesInEffect", self.roles_in_effect.as_slice())
            .with("grant", grant)
            .with("rolesThatWouldAllow", self.roles_that_would_allow.as_slice())
            .with("ownership", ownership)
            .into()
    }
}
