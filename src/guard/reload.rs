//! The policy in force, and how another takes its place while requests are answered.
//!
//! Whoever decides takes the policy once, with the guest that stands under it; a route and a standing hold theirs. So each
//! step of a request is of one policy, and what was worked out under another is never asked: a standing is worked out
//! anew, and a request that waited is matched again.

use std::sync::{Arc, PoisonError};

use super::outcome::{Admitted, Asked};
use super::{Guard, Policy, Route};
use crate::digits;
use crate::document::{ConfigError, Document, Problem};

/// Whether another policy can come in the place of the one in force. guard.wasm makes another guard instead.
const IS_REPLACED: bool = cfg!(any(feature = "full", not(feature = "wasm")));

impl Guard {
    /// The policy in force.
    #[inline(never)]
    pub fn policy(&self) -> Arc<Policy> {
        Arc::clone(&self.guest.lock().unwrap_or_else(PoisonError::into_inner).policy)
    }

    /// The guest under the policy in force.
    #[inline(never)]
    pub(super) fn guest(&self) -> Arc<Admitted> {
        Arc::clone(&self.guest.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another revision of the policy in force, at once and for all threads. Keys, revocations and verified tokens
    /// stay; what was decided does not. A policy that is refused leaves the one in force as it is, and so does the same
    /// revision once more.
    ///
    /// A request that waits for its host goes on under the new policy, and is matched again.
    ///
    /// # Errors
    /// [`ConfigError`] `bad_value` where it has another name, `revision_not_newer` where its revision is not greater (or
    /// is the same, of another document), and what [`Guard::with_loaders`] refuses.
    ///
    /// ```
    /// use portcullis::{Guard, Policy, Trust};
    ///
    /// let revision = |revision| Policy::parse(&format!(r#"{{ "policy": "blog", "revision": {revision} }}"#));
    /// let guard = Guard::new(revision(1)?, Trust::nobody())?;
    /// guard.replace_policy(revision(2)?)?;
    /// assert_eq!(guard.replace_policy(revision(1)?).unwrap_err().code(), "revision_not_newer");
    /// assert_eq!(guard.policy().revision(), 2);
    /// # Ok::<(), portcullis::ConfigError>(())
    /// ```
    #[cfg(not(feature = "wasm"))]
    pub fn replace_policy(&self, policy: Policy) -> Result<(), ConfigError> {
        #[cfg(feature = "full")]
        super::signed::check_signature(&policy, &self.trust)?;
        if let Some(loaders) = &self.loaders {
            let loaders: Vec<&str> = loaders.iter().map(String::as_str).collect();
            check_loaders(&policy, &loaders)?;
        }
        self.succeed(Arc::new(policy))
    }

    /// Puts a policy in force whose routes this guard can serve.
    pub(crate) fn succeed(&self, policy: Arc<Policy>) -> Result<(), ConfigError> {
        let guest = Arc::new(Admitted::new(&policy, Arc::clone(&self.trust.guest)));
        let mut in_force = self.guest.lock().unwrap_or_else(PoisonError::into_inner);
        let before = &in_force.policy;
        let fail =
            |path: &str, problem| Err(ConfigError { document: Document::Policy, path: path.to_owned(), problem });
        if policy.name() != before.name() {
            return fail("policy", Problem::BadValue { wanted: "the name of the policy in force" });
        }
        let is_same = policy.revision() == before.revision() && policy.hash() == before.hash();
        if policy.revision() <= before.revision() && !is_same {
            return fail("revision", Problem::RevisionNotNewer);
        }
        if !is_same {
            *in_force = guest;
        }
        Ok(())
    }

    /// A request that has waited, under the policy in force; and whether that is another than it began with.
    pub(super) fn caught_up(&self, mut asked: Asked) -> (Asked, bool) {
        if !IS_REPLACED {
            return (asked, false);
        }
        let policy = self.policy();
        if Arc::ptr_eq(&policy, &asked.matched.policy) {
            return (asked, false);
        }
        asked.matched = Arc::new(asked.matched.again(policy));
        (asked, true)
    }

    /// Somebody whose token was verified before.
    #[cfg(not(feature = "wasm"))]
    pub(super) fn seen_before(&self, asked: &Asked, admitted: &Arc<Admitted>) -> Arc<Admitted> {
        let standing = standing_under(asked, admitted);
        if !Arc::ptr_eq(&standing, admitted) {
            self.seen.remember(asked, &standing);
        }
        standing
    }
}

/// Somebody who was admitted before, under the policy that decides on the request.
pub(super) fn standing_under(asked: &Asked, admitted: &Arc<Admitted>) -> Arc<Admitted> {
    let policy = &asked.matched.policy;
    if !IS_REPLACED || Arc::ptr_eq(&admitted.policy, policy) {
        return Arc::clone(admitted);
    }
    Arc::new(Admitted::new(policy, Arc::clone(&admitted.principal)))
}

/// That the policy knows each type that has a loader, and each route that hangs on a resource has one.
pub(super) fn check_loaders(policy: &Policy, loaders: &[&str]) -> Result<(), ConfigError> {
    let fail = |path: String, problem| ConfigError { document: Document::Policy, path, problem };
    if let Some(unknown) = loaders.iter().find(|kind| policy.resource(kind).is_none()) {
        return Err(fail(["resources.", unknown].concat(), Problem::UnknownResourceType));
    }
    for (index, route) in policy.routes().iter().enumerate() {
        if hangs_on_resource(policy, route).is_some_and(|kind| !loaders.contains(&kind)) {
            return Err(fail(["routes[", &digits::of(index), "].permission"].concat(), Problem::LoaderMissing));
        }
    }
    Ok(())
}

/// The type of resource on which a route's decision hangs and which the guard must have loaded.
pub(super) fn hangs_on_resource<'a>(policy: &'a Policy, route: &Route) -> Option<&'a str> {
    let permission = route.permission().filter(|_| !route.handler_decides)?;
    route.resource_segment?;
    policy.permission(permission).filter(|permission| permission.hangs_on_instance)?;
    policy.resource_of(permission).map(|kind| kind.name.as_str())
}
