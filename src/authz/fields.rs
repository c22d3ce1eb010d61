//! Which members of a resource a subject may see or write.

use core::cell::Cell;

use super::decide::Holds;
use super::policy::Policy;
use super::question::Question;
use crate::cel::MAX_STEPS_OF_ALL;
use crate::sorted;

/// The members of a resource that a permission is granted for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fields {
    /// The whole resource.
    All,
    /// These alone, sorted; none where nothing grants, or a rule denies.
    Listed(Vec<String>),
}

impl Policy {
    /// Ordinary grants alone: what an elevated role lets somebody see must be audited, one by one. What hangs on an
    /// instance that is not known does not hold.
    pub(crate) fn fields(&self, question: Question<'_>) -> Fields {
        let here = self.fields_in(question, self.tenant(question));
        let differs = |tenant: &&str| self.fields_in(question, Some(tenant)) != here;
        if self.open_tenants(question).iter().any(differs) { Fields::Listed(Vec::new()) } else { here }
    }

    fn fields_in(&self, question: Question<'_>, tenant: Option<&str>) -> Fields {
        let roles = self.active(question.standing, question.circumstances.clock, tenant);
        let steps = Cell::new(MAX_STEPS_OF_ALL);
        let view = self.view(question, &roles, None, &steps);
        let mut fields = Vec::new();
        if self.barred(&view) != Holds::Yes {
            return Fields::Listed(fields);
        }
        if question.standing.permissions.contains(&question.permission) {
            return Fields::All;
        }
        for role in roles.iter().filter_map(|role| self.role(*role)) {
            for grant in role.ordinary(question.permission).iter().filter_map(|(_, place)| self.grant(*place)) {
                if self.applies(grant, &view) == Holds::Yes {
                    match &grant.fields {
                        None => return Fields::All,
                        Some(listed) => fields.extend_from_slice(listed),
                    }
                }
            }
        }
        sorted::sort_distinct(&mut fields);
        Fields::Listed(fields)
    }
}
