//! The filter of a list: what the decision comes to where all but the resource is known.

use core::cell::Cell;

use super::{MAX_STEPS_OF_ALL, Policy, Question, Rule, RuleKind, meets, owner_id};
use crate::authz::decision::Instance;
use crate::authz::question::View;
use crate::authz::role::{Grant, Role};
use crate::cel::{Condition, Residue};
use crate::filter::{Comparison, Filter, FilterError, MAX_LEAVES, Value, ValueType};

type Left = Result<Filter, FilterError>;

impl Policy {
    /// The resources of which the decision is an allow: by ordinary grants, or also by elevated roles whose requirements
    /// are met.
    pub(crate) fn filter(&self, question: Question<'_>, elevated: bool) -> Left {
        let question = Question { instance: Instance::Unknown, ..question };
        let list = List { policy: self, question, elevated, steps: Cell::new(MAX_STEPS_OF_ALL) };
        let kind = self.resource_of(question.permission);
        let filter = match kind.and_then(|kind| kind.tenant.as_ref()) {
            Some(attribute) => list.by_tenant(attribute),
            None => list.of_tenant(None),
        }?;
        if filter.leaves() > MAX_LEAVES { Err(FilterError::TooLarge) } else { Ok(filter) }
    }
}

struct List<'a> {
    policy: &'a Policy,
    question: Question<'a>,
    elevated: bool,
    steps: Cell<u32>,
}

impl List<'_> {
    /// Where the roles differ from tenant to tenant: those of each, and of all others, and of what is of none.
    fn by_tenant(&self, attribute: &str) -> Left {
        let elsewhere = self.of_tenant(None);
        let mut groups: Vec<(Vec<Value>, Left)> = Vec::new();
        // No instance is of a tenant without a name.
        for tenant in self.policy.open_tenants(self.question).into_iter().filter(|tenant| !tenant.is_empty()) {
            let here = self.of_tenant(Some(tenant));
            if here == elsewhere {
                continue;
            }
            let tenant = Value::Text(tenant.to_owned());
            match groups.iter_mut().find(|(_, own)| *own == here) {
                Some((tenants, _)) => tenants.push(tenant),
                None => groups.push((vec![tenant], here)),
            }
        }
        let among = |tenants: Vec<Value>, wanted| Filter::among(attribute, ValueType::Text, tenants, wanted);
        let mut parts = Vec::new();
        let mut tenants = Vec::new();
        let mut all_granted = true;
        for (own, here) in groups {
            all_granted &= here == Ok(Filter::All);
            tenants.extend_from_slice(&own);
            parts.push(Filter::join(false, [Ok(among(own, true)), here]));
        }
        // Where the whole of these tenants is selected, what else is selected may be selected in them too.
        let is_elsewhere = match all_granted {
            true => Ok(Filter::All),
            false => Filter::join(true, [Ok(Filter::present(attribute, false)), Ok(among(tenants, false))]),
        };
        parts.push(Filter::join(false, [is_elsewhere, elsewhere]));
        Filter::join(true, parts)
    }

    fn of_tenant(&self, tenant: Option<&str>) -> Left {
        let Self { policy, question, .. } = *self;
        let circumstances = question.circumstances;
        let roles = policy.active(question.standing, circumstances.clock, tenant);
        let mut parts = vec![self.attempt(&policy.view(question, &roles, None, &self.steps))];
        let elevated = if self.elevated { policy.elevated_in_effect(&roles) } else { Vec::new() };
        for id in elevated {
            let Some(role) = policy.role(id) else { continue };
            if meets(role.elevation.as_ref(), &role.name, &question.standing.subject, circumstances).is_none() {
                parts.push(self.attempt(&policy.view(question, &roles, Some(id), &self.steps)));
            }
        }
        Filter::join(true, parts)
    }

    /// What one set of roles comes to: one of the grants, and every rule.
    fn attempt(&self, view: &View<'_>) -> Left {
        let policy = self.policy;
        let mut parts = vec![self.granted(view)];
        let permission = policy.permission(self.question.permission);
        for rule in permission.into_iter().flat_map(|own| &own.rules).filter_map(|place| policy.rules.get(*place)) {
            parts.push(self.passes(rule, view));
        }
        Filter::join(false, parts)
    }

    fn granted(&self, view: &View<'_>) -> Left {
        let Self { policy, question: Question { standing, permission, .. }, .. } = *self;
        if standing.permissions.contains(&permission) {
            return Ok(Filter::All);
        }
        let mut parts = Vec::new();
        // By the names of the roles, so that the filter is the same in whatever order they stand.
        for role in view.roles_that_count() {
            for grant in role.grants.iter().filter_map(|place| policy.grant(*place)) {
                if grant.covers(permission) {
                    parts.push(self.grant(grant, role, view));
                }
            }
        }
        Filter::join(true, parts)
    }

    /// The resources that a grant grants whole.
    fn grant(&self, grant: &Grant, role: &Role, view: &View<'_>) -> Left {
        let Self { policy, question: Question { standing, permission, .. }, .. } = *self;
        if grant.fields.is_some() {
            return Ok(Filter::None);
        }
        let ownership = policy.resource_of(permission).and_then(|kind| kind.owner.as_ref());
        let owned = match (grant.owner, ownership) {
            (false, _) => Filter::All,
            (true, None) => Filter::None,
            (true, Some(ownership)) => match owner_id(&standing.subject, ownership) {
                None => Filter::None,
                Some(id) => {
                    let id = Value::Text(id.to_owned());
                    Filter::compared(&ownership.resource, Comparison::Equal, id, true)
                }
            },
        };
        let when = match &grant.when {
            None => Ok(Filter::All),
            Some(when) => self.residual(when, true, view, &|| grant.path_of_condition(role)),
        };
        Filter::join(false, [Ok(owned), when])
    }

    /// The resources that a rule lets pass.
    fn passes(&self, rule: &Rule, view: &View<'_>) -> Left {
        let path = |member: &str| ["rules.", &rule.id, ".", member].concat();
        let passed = match &rule.when {
            None => Ok(Filter::None),
            Some(when) => self.residual(when, rule.kind == RuleKind::Require, view, &|| path("when")),
        };
        let excepted = match &rule.unless {
            None => Ok(Filter::None),
            Some(unless) => self.residual(unless, true, view, &|| path("unless")),
        };
        Filter::join(true, [passed, excepted])
    }

    fn residual(&self, condition: &Condition, wanted: bool, view: &View<'_>, path: &dyn Fn() -> String) -> Left {
        condition.residual(wanted, view).map_err(|residue| match residue {
            Residue::Part { from, to } => {
                FilterError::NotExpressible { path: path(), expression: condition.text(from, to).to_owned() }
            }
            Residue::TooLarge => FilterError::TooLarge,
            Residue::Budget => FilterError::Budget,
        })
    }
}
