//! A permission that a break-glass grant gives: the rules still have their say.

use core::cell::Cell;

use super::{Holds, MAX_STEPS_OF_ALL, Policy, Question};
use crate::authz::decision::Decision;

impl Policy {
    /// The decision where the permission is granted from outside, with ordinary roles alone.
    pub(crate) fn decide_granted(&self, question: Question<'_>) -> Decision {
        let steps = Cell::new(MAX_STEPS_OF_ALL);
        let decision = self.granted_in(question, self.tenant(question), &steps);
        let differs = |tenant: &&str| {
            let other = self.granted_in(question, Some(tenant), &steps);
            core::mem::discriminant(&other.effect) != core::mem::discriminant(&decision.effect)
        };
        if self.open_tenants(question).iter().any(differs) { Decision::CONDITIONAL } else { decision }
    }

    fn granted_in(&self, question: Question<'_>, tenant: Option<&str>, steps: &Cell<u32>) -> Decision {
        let roles = self.active(question.standing, question.circumstances.clock, tenant);
        match self.barred(&self.view(question, &roles, None, steps)) {
            Holds::Yes => Decision::PERMIT_ELEVATED,
            Holds::Unknown => Decision::CONDITIONAL,
            Holds::No(reason) => Decision::deny(self.denial(question, &roles, tenant, reason)),
        }
    }
}
