//! Many questions in one call: what they cost together is bounded.

use std::sync::Arc;

use super::{ask, is_hidden};
use crate::authz::budget::Budget;
use crate::authz::decision::{Decision, Denial};
use crate::guard::Guard;
use crate::json::{Json, Object};
use crate::time::UnixTime;

impl Guard {
    /// Decides on a question in AuthZEN's JSON shape, and answers in it; with the decision. What is no question is denied.
    pub(crate) fn decide_json(&self, request: &Json, now: UnixTime, budget: &Budget) -> (Object, Decision) {
        let unknown = Decision::deny(Denial::PermissionUnknown);
        let Some(question) = self.read_question(request) else { return (self.no_question(), unknown) };
        let policy = self.policy();
        let standing = policy.standing(Arc::clone(&question.subject));
        let decision = match ask(&policy, &standing, &question.borrow(), now) {
            Some(asked) => budget.decide(&policy, asked),
            None => unknown,
        };
        (self.decision_json(&decision, &question.subject, is_hidden(&policy, &question.permission)), decision)
    }

    /// Explains a decision within the same budget.
    pub(crate) fn explain_json_within(&self, request: &Json, now: UnixTime, budget: &Budget) -> Json {
        budget.explain(&self.policy());
        self.explain_json(request, now)
    }
}
