//! The routes of a policy document.

use super::MAX_DECLARED;
use super::permissions::is_pattern;
use crate::authz::policy::{Policy, Route, Wants};
use crate::authz::route::Pattern;
use crate::document::{Fault, Node, Problem};
use crate::grammar::is_scope_token;

pub(super) fn read_routes(root: &Node<'_>, policy: &mut Policy) -> Result<(), Fault> {
    let Some(routes) = root.member("routes") else { return Ok(()) };
    for (index, node) in routes.items(MAX_DECLARED)?.iter().enumerate() {
        node.object(&["route", "permission", "role", "scope", "allow", "resource", "handler", "hide"])?;
        let text = node.required("route")?;
        let wanted = "a method, a space and a path of literals, {name} once each and a last **";
        let pattern = Pattern::parse(text.text()?).ok_or_else(|| text.fail(Problem::BadValue { wanted }))?;
        let wants = read_wants(node, policy)?;
        let handler_decides = match node.member("handler") {
            None => false,
            Some(handler) if handler.text()? == "decides" => true,
            Some(handler) => return Err(handler.fail(Problem::BadValue { wanted: "decides" })),
        };
        let hide = node.member("hide").map_or(Ok(false), |hide| hide.flag())?;
        let resource_segment = read_resource_segment(node, &pattern, &wants, policy)?;
        if !policy.tree.insert(&pattern, index) {
            return Err(text.fail(Problem::DuplicateRoute));
        }
        let text = text.text()?.to_owned();
        policy.routes.push(Route { text, wants, resource_segment, handler_decides, hide });
    }
    Ok(())
}

fn read_wants(node: &Node<'_>, policy: &Policy) -> Result<Wants, Fault> {
    let (permission, role, scope) = (node.member("permission"), node.member("role"), node.member("scope"));
    if let Some(allow) = node.member("allow") {
        if permission.is_some() || role.is_some() || scope.is_some() {
            return Err(allow.fail(Problem::BadValue { wanted: "alone: without permission, role and scope" }));
        }
        return match allow.text()? {
            "everyone" => Ok(Wants::Nothing),
            "authenticated" => Ok(Wants::Authentication),
            _ => Err(allow.fail(Problem::BadValue { wanted: "everyone or authenticated" })),
        };
    }
    if permission.is_none() && role.is_none() && scope.is_none() {
        return Err(node.fail_member("permission", Problem::MissingMember));
    }
    let permission = match permission {
        None => None,
        Some(node) => {
            let name = node.text()?;
            if !is_pattern(name) || name.contains('*') {
                return Err(node.fail(Problem::BadName));
            }
            let is_unknown_type = name.split_once(':').is_some_and(|(resource, _)| policy.resource(resource).is_none());
            let problem = if is_unknown_type { Problem::UnknownResourceType } else { Problem::UnknownPermission };
            Some(policy.permission_id(name).ok_or_else(|| node.fail(problem))?)
        }
    };
    let role = match role {
        None => None,
        Some(node) => Some(policy.role_id(node.text()?).ok_or_else(|| node.fail(Problem::UnknownRole))?),
    };
    let scope = match scope {
        None => None,
        Some(node) => {
            let text = node.text()?;
            // `scope-token`, RFC 6749 §3.3: it stands in a challenge.
            if !is_scope_token(text) {
                return Err(node.fail(Problem::BadValue { wanted: "one scope of visible ASCII without quotes" }));
            }
            Some(text.to_owned())
        }
    };
    Ok(Wants::All { scope, role, permission })
}

/// `"resource": "{slug}"`, else the parameter `{id}` where the permission is typed.
fn read_resource_segment(
    node: &Node<'_>,
    pattern: &Pattern,
    wants: &Wants,
    policy: &Policy,
) -> Result<Option<usize>, Fault> {
    let is_typed = match wants {
        Wants::All { permission: Some(permission), .. } => policy.resource_of(*permission).is_some(),
        _ => false,
    };
    let Some(resource) = node.member("resource") else {
        return Ok(if is_typed { pattern.parameter("id") } else { None });
    };
    if !is_typed {
        return Err(resource.fail(Problem::BadValue { wanted: "only beside a permission of a resource type" }));
    }
    let name = resource.text()?.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
    let segment = name.and_then(|name| pattern.parameter(name));
    let wanted = "a parameter of the route, in braces";
    segment.map(Some).ok_or_else(|| resource.fail(Problem::BadValue { wanted }))
}
