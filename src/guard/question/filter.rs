//! The question that a list asks: of which resources is the answer yes?

use std::sync::Arc;

use super::{AccessRequest, ask};
use crate::filter::{Filter, FilterError};
use crate::guard::Guard;
use crate::json::Json;
use crate::time::UnixTime;

impl Guard {
    /// Which resources the subject may do this to, as a filter for a database: those of which [`Guard::evaluate`] says
    /// yes by an ordinary grant, whatever resource the question is about. Elevated roles are not tried: nobody would
    /// audit it. A permission that the policy does not declare selects none.
    ///
    /// What evaluation charges for long texts, a database does not: where [`Guard::evaluate`] runs out of steps, the
    /// filter may select.
    ///
    /// # Errors
    /// [`FilterError`] where a condition asks what no filter can say, or a limit is passed. Nothing is selected then.
    pub fn filter_for(&self, question: &AccessRequest<'_>, now: UnixTime) -> Result<Filter, FilterError> {
        self.filter_of(question, now, false)
    }

    /// The same, and those that an elevated role allows whose requirements are met: all of which [`Guard::evaluate`]
    /// says yes. For a request whose elevated decision has been audited.
    ///
    /// # Errors
    /// As [`Guard::filter_for`].
    pub fn filter_for_elevated(&self, question: &AccessRequest<'_>, now: UnixTime) -> Result<Filter, FilterError> {
        self.filter_of(question, now, true)
    }

    fn filter_of(&self, question: &AccessRequest<'_>, now: UnixTime, elevated: bool) -> Result<Filter, FilterError> {
        let policy = self.policy();
        let standing = policy.standing(Arc::clone(&question.subject));
        match ask(&policy, &standing, question, now) {
            Some(question) => policy.filter(question, elevated),
            None => Ok(Filter::None),
        }
    }

    /// The same of a question in AuthZEN's JSON shape, with or without elevated roles. What is no question selects
    /// nothing.
    ///
    /// # Errors
    /// As [`Guard::filter_for`].
    pub fn filter_for_json(&self, request: &Json, now: UnixTime, elevated: bool) -> Result<Filter, FilterError> {
        match self.read_question(request) {
            Some(question) => self.filter_of(&question.borrow(), now, elevated),
            None => Ok(Filter::None),
        }
    }
}
