//! casbin: one enforcer, asked synchronously. Its matchers make the cheap comparisons first.

use casbin::{CoreApi, DefaultModel, Enforcer, MgmtApi, NullAdapter};
use serde::Serialize;

use crate::scenario::{Asked, CONDITIONAL, GRANTS, OWNED, PARENTS, ROLE_QUESTIONS, SUBJECT, parts};

/// Where the rules on articles are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    /// In the policies, as expressions that are evaluated.
    InPolicies,
    /// In the matcher, chosen by a name that the policies have.
    InMatcher,
}

#[derive(Clone, Copy, Hash, Serialize)]
struct Subject {
    id: &'static str,
}

#[derive(Clone, Copy, Hash, Serialize)]
struct Resource {
    kind: &'static str,
    author_id: &'static str,
    status: &'static str,
}

/// The plainest model, because conditions cost it more.
pub fn roles() -> impl Fn(usize) -> bool {
    let matcher = "r.act == p.act && r.obj == p.obj && g(r.sub, p.sub)";
    let enforcer = enforcer("sub, obj, act", matcher, None);
    move |index| {
        let (kind, action) = parts(ROLE_QUESTIONS[index & 1]);
        enforcer.enforce((SUBJECT, kind, action)).expect("an answer")
    }
}

pub fn articles(asked: Asked, rules: Rules) -> impl Fn(usize) -> bool {
    let allows = match rules {
        Rules::InPolicies => "eval(p.rule)",
        Rules::InMatcher => {
            "(p.rule == \"true\" || r.obj.author_id == r.sub.id && (p.rule == \"owner\" || r.obj.status == \"draft\"))"
        }
    };
    let matcher = format!("r.act == p.act && r.obj.kind == p.obj && g(r.sub.id, p.sub) && {allows}");
    let enforcer = enforcer("sub, obj, act, rule", &matcher, Some(rules));
    let articles = asked.articles();
    let (kind, action) = parts(asked.permission());
    move |index| {
        let article = &articles[index];
        let resource = Resource { kind, author_id: article.author_id, status: article.status };
        enforcer.enforce((Subject { id: SUBJECT }, resource, action)).expect("an answer")
    }
}

fn enforcer(policy: &str, matcher: &str, rules: Option<Rules>) -> Enforcer {
    let model = format!(
        "[request_definition]\nr = sub, obj, act\n[policy_definition]\np = {policy}\n[role_definition]\ng = _, _\n\
         [policy_effect]\ne = some(where (p.eft == allow))\n[matchers]\nm = {matcher}"
    );
    let mut policies = Vec::new();
    let mut permit = |role: &str, permission: &str, rule: &str| {
        let (kind, action) = parts(permission);
        let rule = rules.map(|_| rule);
        policies.push([role, kind, action].into_iter().chain(rule).map(str::to_owned).collect::<Vec<_>>());
    };
    for (role, permissions) in GRANTS {
        permissions.iter().for_each(|permission| permit(role, permission, "true"));
    }
    let owns = "r.obj.author_id == r.sub.id";
    match rules {
        None => {}
        Some(Rules::InPolicies) => {
            permit("editor", OWNED, owns);
            permit("editor", CONDITIONAL, &format!("{owns} && r.obj.status == \"draft\""));
        }
        Some(Rules::InMatcher) => {
            permit("editor", OWNED, "owner");
            permit("editor", CONDITIONAL, "draft");
        }
    }
    let roles = PARENTS.iter().chain(&[(SUBJECT, "editor")]);
    let roles = roles.map(|(own, parent)| vec![(*own).to_owned(), (*parent).to_owned()]).collect();
    let made = async {
        let model = DefaultModel::from_str(&model).await?;
        let mut enforcer = Enforcer::new(model, NullAdapter).await?;
        enforcer.add_policies(policies).await?;
        enforcer.add_grouping_policies(roles).await?;
        Ok::<_, casbin::Error>(enforcer)
    };
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(made).expect("an enforcer")
}
