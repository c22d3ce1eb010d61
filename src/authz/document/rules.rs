//! The rules of a policy document.

use super::conditions::read_condition;
use super::permissions::matching;
use super::{MAX_DECLARED, MAX_LISTED, Punctuation, read_name, refuse_repeated};
use crate::authz::policy::{Policy, Rule, RuleKind};
use crate::document::{Fault, Node, Problem};
use crate::sorted;

const MAX_MESSAGE_BYTES: usize = 500;

pub(super) fn read_rules(root: &Node<'_>, policy: &mut Policy) -> Result<(), Fault> {
    let Some(rules) = root.member("rules") else { return Ok(()) };
    let mut named = 0;
    let mut ids = Vec::new();
    for rule in rules.items(MAX_DECLARED)? {
        rule.object(&["id", "effect", "permissions", "when", "unless", "message"])?;
        let id_node = rule.required("id")?;
        let id = read_name(&id_node, Punctuation::Plain)?;
        ids.push(id.clone());
        let effect = rule.required("effect")?;
        let kind = match effect.text()? {
            "deny" => RuleKind::Deny,
            "require" => RuleKind::Require,
            _ => return Err(effect.fail(Problem::BadValue { wanted: "deny or require" })),
        };
        let listed = rule.required("permissions")?;
        let mut permissions = Vec::new();
        for pattern in listed.items(MAX_LISTED)? {
            permissions.extend(matching(&pattern, policy, &mut named)?);
        }
        if permissions.is_empty() {
            return Err(listed.fail(Problem::BadValue { wanted: "at least one permission" }));
        }
        sorted::sort_distinct(&mut permissions);
        let message = match rule.member("message") {
            None => None,
            Some(node) => {
                let text = node.text()?;
                if text.is_empty() || text.len() > MAX_MESSAGE_BYTES {
                    return Err(node.fail(Problem::BadValue { wanted: "1 to 500 bytes" }));
                }
                Some(text.to_owned())
            }
        };
        let when = read_condition(&rule, "when", &permissions, policy)?;
        if when.is_none() && kind == RuleKind::Require {
            return Err(rule.fail_member("when", Problem::MissingMember));
        }
        let unless = read_condition(&rule, "unless", &permissions, policy)?;
        policy.rules.push(Rule { id, kind, permissions, when, unless, message });
    }
    refuse_repeated(&rules, &ids, Some("id"))?;
    sorted::sort_by(&mut policy.rules, |left, right| left.id.cmp(&right.id));
    for (place, rule) in policy.rules.iter().enumerate() {
        for id in &rule.permissions {
            if let Some(permission) = policy.permissions.get_mut(id.index()) {
                permission.rules.push(place);
            }
        }
    }
    Ok(())
}
