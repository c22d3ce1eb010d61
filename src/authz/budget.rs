//! What many decisions may cost together.

use core::cell::Cell;

use super::decision::Decision;
use super::policy::Policy;
use super::question::Question;
use crate::cel::MAX_STEPS_OF_ALL;

/// Of all decisions of one call.
const MAX_STEPS: u32 = MAX_STEPS_OF_ALL * 10;
/// What an explanation costs for each role, of which it says whether it would allow.
const STEPS_PER_ROLE: u32 = 50;

/// The steps that are left.
#[derive(Debug)]
pub(crate) struct Budget(Cell<u32>);

impl Budget {
    pub(crate) const fn new() -> Self {
        Self(Cell::new(MAX_STEPS))
    }

    /// Nothing is left: what was asked last may have been denied for that alone.
    pub(crate) fn is_spent(&self) -> bool {
        self.0.get() == 0
    }

    /// Decides with what one decision may cost, or what is left.
    pub(crate) fn decide(&self, policy: &Policy, question: Question<'_>) -> Decision {
        let given = self.0.get().min(MAX_STEPS_OF_ALL);
        let steps = Cell::new(given);
        let decision = policy.decide_within(question, &steps);
        self.spend(given - steps.get());
        decision
    }

    /// Charges an explanation.
    pub(crate) fn explain(&self, policy: &Policy) {
        let roles = u32::try_from(policy.role_ids().count()).unwrap_or(u32::MAX);
        self.spend(roles.saturating_mul(STEPS_PER_ROLE));
    }

    fn spend(&self, steps: u32) {
        self.0.set(self.0.get().saturating_sub(steps));
    }
}
