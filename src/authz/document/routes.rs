//! The routes of a policy document.

use super::MAX_DECLARED;
use super::permissions::{is_pattern, unknown};
use crate::authz::policy::{Policy, Route, Wants};
use crate::authz::route::Pattern;
use crate::document::{Node, Problem};
use crate::grammar::is_scope_token;

pub(super) fn read_routes(root: &Node<'_>, policy: &mut Policy) {
    let Some(routes) = root.member("routes") else { return };
    for node in routes.list(MAX_DECLARED) {
        node.has_only(&["route", "permission", "role", "scope", "allow", "resource", "handler", "hide"]);
        let text = node.expect("route");
        let Some(pattern) = Pattern::parse(text.str()) else {
            let wanted = "a method, a space and a path of literals, {name} once each and a last **";
            return text.bad(wanted);
        };
        let wants = read_wants(&node, policy);
        let handler = node.member("handler");
        if let Some(handler) = &handler
            && handler.str() != "decides"
        {
            handler.bad("decides");
        }
        let hide = node.has_set("hide");
        let resource_segment = read_resource_segment(&node, &pattern, &wants, policy);
        if !policy.tree.insert(&pattern, policy.routes.len()) {
            text.refuse(Problem::DuplicateRoute);
        }
        let (text, handler_decides) = (text.str().to_owned(), handler.is_some());
        policy.routes.push(Route { text, wants, resource_segment, handler_decides, hide });
    }
}

fn read_wants(node: &Node<'_>, policy: &Policy) -> Wants {
    let (permission, role, scope) = (node.member("permission"), node.member("role"), node.member("scope"));
    let has_others = permission.is_some() || role.is_some() || scope.is_some();
    if let Some(allow) = node.member("allow") {
        if has_others {
            allow.bad("alone: without permission, role and scope");
        }
        match allow.str() {
            "everyone" => return Wants::Nothing,
            "authenticated" => {}
            _ => allow.bad("everyone or authenticated"),
        }
        return Wants::Authentication;
    }
    if !has_others {
        node.refuse_member("permission", Problem::MissingMember);
    }
    let permission = permission.and_then(|node| {
        let name = node.str();
        if !is_pattern(name) || name.contains('*') {
            node.refuse(Problem::BadName);
        }
        let id = policy.permission_id(name);
        if id.is_none() {
            node.refuse(unknown(name, policy));
        }
        id
    });
    let role = role.and_then(|node| {
        let id = policy.role_id(node.str());
        if id.is_none() {
            node.refuse(Problem::UnknownRole);
        }
        id
    });
    let scope = scope.map(|node| {
        let text = node.str();
        // `scope-token`, RFC 6749 §3.3: it stands in a challenge.
        if !is_scope_token(text) {
            node.bad("one scope of visible ASCII without quotes");
        }
        text.to_owned()
    });
    Wants::All { scope, role, permission }
}

/// `"resource": "{slug}"`, else the parameter `{id}` where the permission is typed.
fn read_resource_segment(node: &Node<'_>, pattern: &Pattern, wants: &Wants, policy: &Policy) -> Option<usize> {
    let is_typed = match wants {
        Wants::All { permission: Some(permission), .. } => policy.resource_of(*permission).is_some(),
        _ => false,
    };
    let Some(resource) = node.member("resource") else {
        return if is_typed { pattern.parameter("id") } else { None };
    };
    let name = resource.str().strip_prefix('{').and_then(|text| text.strip_suffix('}'));
    let segment = name.and_then(|name| pattern.parameter(name));
    if !is_typed {
        resource.bad("only beside a permission of a resource type");
    } else if segment.is_none() {
        resource.bad("a parameter of the route, in braces");
    }
    segment
}
