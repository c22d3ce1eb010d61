//! The rules of a policy document.

use super::conditions::read_condition;
use super::permissions::matching;
use super::{MAX_DECLARED, MAX_LISTED, Punctuation, read_name, refuse_repeated};
use crate::authz::policy::{Policy, Rule, RuleKind};
use crate::document::{Node, Problem};
use crate::sorted;

const MAX_MESSAGE_BYTES: usize = 500;

pub(super) fn read_rules(root: &Node<'_>, policy: &mut Policy) {
    let Some(rules) = root.member("rules") else { return };
    let mut named = 0;
    for rule in rules.list(MAX_DECLARED) {
        rule.has_only(&["id", "effect", "permissions", "when", "unless", "message"]);
        let id = read_name(&rule.expect("id"), Punctuation::Plain).to_owned();
        let effect = rule.expect("effect");
        let kind = match effect.str() {
            "require" => RuleKind::Require,
            "deny" => RuleKind::Deny,
            _ => {
                effect.bad("deny or require");
                RuleKind::Deny
            }
        };
        let listed = rule.expect("permissions");
        let mut permissions = Vec::new();
        for pattern in listed.list(MAX_LISTED) {
            permissions.append(&mut matching(&pattern, policy, &mut named));
        }
        if permissions.is_empty() {
            listed.bad("at least one permission");
        }
        sorted::sort_distinct(&mut permissions);
        let mut message = None;
        if let Some(node) = rule.member("message") {
            let text = node.str();
            if text.is_empty() || text.len() > MAX_MESSAGE_BYTES {
                node.bad("1 to 500 bytes");
            }
            message = Some(text.to_owned());
        }
        let when = read_condition(&rule, "when", &permissions, policy);
        if when.is_none() && kind == RuleKind::Require {
            rule.refuse_member("when", Problem::MissingMember);
        }
        let unless = read_condition(&rule, "unless", &permissions, policy);
        policy.rules.push(Rule { id, kind, permissions, when, unless, message });
    }
    let mut ids = Vec::new();
    for rule in &policy.rules {
        ids.push(rule.id.as_str());
    }
    refuse_repeated(&rules, &ids, Some("id"));
    sorted::sort_by(&mut policy.rules, |left, right| left.id.cmp(&right.id));
    for (place, rule) in policy.rules.iter().enumerate() {
        for id in &rule.permissions {
            if let Some(permission) = policy.permissions.get_mut(id.index()) {
                permission.rules.push(place);
            }
        }
    }
}
