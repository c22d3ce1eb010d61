//! Break-glass grants on a request's way: verified when it is known who asks, and asked last.

use std::sync::Arc;

use super::need::Waits;
use super::outcome::{Admitted, Asked};
use super::reload::standing_under;
use super::{Cause, Decision, Effect, Guard, Instance, Outcome, Question};
use crate::ask::Answer;
use crate::authn;
use crate::authn::break_glass::{self, Checked, EmergencyGrant};

impl Guard {
    /// Somebody is known. A grant that they present must hold, though the route may want none: as a credential does.
    pub(super) fn admit(&self, admitted: &Arc<Admitted>, asked: Asked) -> Outcome {
        let Some(text) = &asked.presented else { return self.decide_route(admitted, asked, Instance::Unknown) };
        match break_glass::check(&self.trust, text, &admitted.principal, asked.now) {
            Ok(Checked::Holds(grant)) => {
                self.decide_route(admitted, Asked { emergency: Some(grant), ..asked }, Instance::Unknown)
            }
            Ok(Checked::Ask(grant, names)) => {
                self.need(Waits::BreakGlass { admitted: Arc::clone(admitted), grant, names }, asked)
            }
            Err(error) => self.refuse(&asked, Some(admitted), Cause::Authentication(error)),
        }
    }

    /// Goes on when the store of revocations has answered.
    pub(super) fn with_grant(
        &self,
        admitted: &Arc<Admitted>,
        grant: Arc<EmergencyGrant>,
        asked: Asked,
        answer: &Answer,
    ) -> Outcome {
        let admitted = standing_under(&asked, admitted);
        // Whoever was taken back meanwhile is not admitted.
        let error = authn::taken_back(&self.trust, &admitted.principal, asked.now);
        match error.map_or_else(|| break_glass::resume(&self.trust, &grant, answer, asked.now), Err) {
            Ok(()) => self.decide_route(&admitted, Asked { emergency: Some(grant), ..asked }, Instance::Unknown),
            Err(error) => self.refuse(&asked, Some(&admitted), Cause::Authentication(error)),
        }
    }
}

impl Asked {
    /// The decision, and whether the grant made it: where nothing else grants, and no rule denies.
    pub(super) fn decide(&self, question: Question<'_>) -> (Decision, bool) {
        let policy = &self.matched.policy;
        let decision = policy.decide(question);
        let (Effect::Deny(denial), Some(grant)) = (&decision.effect, &self.emergency) else { return (decision, false) };
        let covers = |permission: &str| grant.covers(permission, self.matched.resource());
        let is_covered = policy.permission(question.permission).is_some_and(|permission| covers(&permission.name));
        if !denial.is_want_of_grant() || !is_covered {
            return (decision, false);
        }
        let decision = policy.decide_granted(question);
        let is_by_grant = !matches!(decision.effect, Effect::Deny(_));
        (Decision { elevated: is_by_grant, ..decision }, is_by_grant)
    }
}
