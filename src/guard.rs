//! The enforcement point: joins who somebody is with what they may do. One request's way, from end to end.
//!
//! 1. The path becomes a route of the policy.
//! 2. The request's one credential is found (`credential`).
//! 3. It becomes a principal (`authn`); none makes a guest. A presented credential that proves nothing refuses,
//!    on public routes too.
//! 4. The route's wants are asked of the policy (`authz`): scope, role, permission.
//! 5. A refusal is rendered (`rejection`).
//!
//! Where a step needs the host, the walk stops with a [`Need`] and goes on in [`Guard::resume`]. A need is asked
//! once for a request, so the loop ends.

#[cfg(feature = "full")]
mod break_glass;
mod need;
mod outcome;
mod question;
mod reload;
#[cfg(not(feature = "wasm"))]
mod seen;
#[cfg(feature = "full")]
mod signed;
mod upkeep;

use std::sync::{Arc, Mutex};

use crate::ask::Answer;
use crate::authn::trust::Trust;
use crate::authn::{self, AuthnError, Presented, Progress};
use crate::authz::decision::{Decision, Denial, Effect, Instance};
use crate::authz::policy::{Policy, Route, Wants};
use crate::authz::question::Question;
use crate::credential::{self, Credential};
use crate::document::ConfigError;
use crate::json::{Json, Object};
use crate::principal::Kind;
use crate::rejection::{Cause, Rejection, Schemes};
use crate::request::Request;
use crate::time::UnixTime;

pub use need::Need;
pub(crate) use outcome::{Admitted, Matched};
pub use outcome::{Grant, Outcome, Refused};
pub use question::AccessRequest;
#[cfg(feature = "wasm")]
pub(crate) use question::{permits, read_subject};
pub use upkeep::Supplied;

use need::Waits;
use outcome::{Asked, matched};
#[cfg(feature = "wasm")]
use reload::hangs_on_resource;
use reload::{check_loaders, standing_under};

/// Bytes of a justification.
const MAX_JUSTIFICATION_BYTES: usize = 1024;
const JUSTIFICATION_HEADER: &str = "x-justification";

/// The headers that a guard reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderNames<'a> {
    /// In lower case. Those that may carry a credential come first, and of them the token's is the first.
    pub names: Vec<&'a str>,
    /// How many of them may carry a credential.
    pub credentials: usize,
}

/// The gate: a policy and whom it believes.
///
/// ```
/// use portcullis::{Guard, Outcome, Policy, Request, Trust, UnixTime};
///
/// let policy = Policy::parse(r#"{ "policy": "blog", "revision": 1, "routes": [
///     { "route": "GET /public/**", "allow": "everyone" },
///     { "route": "GET /me", "allow": "authenticated" }] }"#)?;
/// let guard = Guard::new(policy, Trust::nobody())?;
/// let now = UnixTime::from_seconds(1_790_000_000);
///
/// assert!(matches!(guard.check(&Request::new("GET", "/public/style.css"), now), Outcome::Allow(_)));
/// let Outcome::Reject(refused) = guard.check(&Request::new("GET", "/me"), now) else { panic!("allowed") };
/// assert_eq!(refused.rejection().status(), 401);
/// # Ok::<(), portcullis::ConfigError>(())
/// ```
#[derive(Debug)]
pub struct Guard {
    /// Whoever comes without a credential, under the policy in force: the one place that says which that is.
    guest: Mutex<Arc<Admitted>>,
    pub(crate) trust: Arc<Trust>,
    schemes: Schemes,
    /// The types that the host loads; `None` for a decision point, which loads nothing.
    #[cfg(not(feature = "wasm"))]
    loaders: Option<Vec<String>>,
    #[cfg(not(feature = "wasm"))]
    seen: seen::Seen,
}

impl Guard {
    /// A guard whose routes hang on no resource, or whose handlers decide.
    ///
    /// # Errors
    /// [`ConfigError`] `loader_missing` where a route's decision hangs on a resource.
    pub fn new(policy: Policy, trust: Trust) -> Result<Self, ConfigError> {
        Self::with_loaders(policy, trust, &[])
    }

    /// A guard whose host loads resources of these types when it is asked to.
    ///
    /// # Errors
    /// [`ConfigError`] `loader_missing` where a route's decision hangs on a resource of another type,
    /// `unknown_resource_type` where the policy does not declare one of these.
    pub fn with_loaders(policy: Policy, trust: Trust, loaders: &[&str]) -> Result<Self, ConfigError> {
        #[cfg(feature = "full")]
        signed::check_signature(&policy, &trust)?;
        check_loaders(&policy, loaders)?;
        let guard = Self::join(policy, trust);
        #[cfg(not(feature = "wasm"))]
        let guard = Self { loaders: Some(loaders.iter().map(|kind| (*kind).to_owned()).collect()), ..guard };
        Ok(guard)
    }

    /// A guard for questions alone, [`Guard::evaluate`] and [`Guard::explain`], as a front end asks them: it believes
    /// nobody and loads nothing, so every request is a guest's.
    pub fn decision_point(policy: Policy) -> Self {
        Self::join(policy, Trust::nobody())
    }

    fn join(policy: Policy, trust: Trust) -> Self {
        let schemes = Schemes::of(&trust);
        let guest = Admitted::new(&Arc::new(policy), Arc::clone(&trust.guest));
        Self {
            guest: Mutex::new(Arc::new(guest)),
            trust: Arc::new(trust),
            schemes,
            #[cfg(not(feature = "wasm"))]
            loaders: None,
            #[cfg(not(feature = "wasm"))]
            seen: seen::Seen::default(),
        }
    }

    /// The names of the headers that the guard reads.
    pub fn headers(&self) -> HeaderNames<'_> {
        let places = &self.trust.places;
        let mut names = Vec::with_capacity(8); // most guards read no more
        names.push(places.token_header.as_str());
        if let Some(name) = &places.api_key_header {
            names.push(name);
        }
        if places.cookie.is_some() {
            names.push("cookie");
        }
        #[cfg(feature = "full")]
        names.extend(self.trust.break_glass.as_ref().map(|glass| glass.header.as_str()));
        let credentials = names.len();
        names.extend_from_slice(&["origin", "access-control-request-method", JUSTIFICATION_HEADER]);
        if places.cookie.is_some() {
            names.extend_from_slice(&["sec-fetch-site", "host", "upgrade"]);
        }
        #[cfg(feature = "full")]
        {
            names.extend(self.trust.dpop.as_ref().map(|_| "dpop"));
            names.extend(self.trust.certificate.as_ref().map(|certificate| certificate.name.as_str()));
        }
        HeaderNames { names, credentials }
    }

    /// Decides on a request, or asks the host for what it needs to.
    ///
    /// `now` is the host's clock. The same request, moment and knowledge give the same outcome.
    pub fn check(&self, request: &Request<'_>, now: UnixTime) -> Outcome {
        // One policy for the whole of it.
        let guest = self.guest();
        let credential = match credential::read(request, &self.trust.places) {
            Ok(credential) => credential,
            Err(error) => {
                let asked = Asked::new(Arc::new(matched(&guest, request, None)), request, now);
                return self.refuse(&asked, None, Cause::Credential(error));
            }
        };
        if let Some(preflight) = preflight(&guest, request, credential, now) {
            return preflight;
        }
        let asked = Asked::new(Arc::new(matched(&guest, request, Some(credential))), request, now);
        #[cfg(feature = "full")]
        let asked = Asked { presented: self.trust.presented_grant(request), ..asked };
        match credential {
            Credential::None { .. } => self.admit(&guest, asked),
            Credential::ApiKey(text) => self.progress(authn::api_key(&self.trust, text, now), asked),
            Credential::Token(text, scheme) => {
                let presented = Presented::of(request, (text, scheme), &self.trust);
                let asked = asked.by(scheme);
                #[cfg(not(feature = "wasm"))]
                let asked = {
                    let name = seen::name(text).filter(|_| presented.is_plain());
                    match name.as_ref().and_then(|name| self.seen.get(name)) {
                        Some(admitted) if authn::still_holds(&self.trust, &admitted.principal, now) => {
                            let known = asked.named(name);
                            return self.admit(&self.seen_before(&known, &admitted), known);
                        }
                        _ => asked.named(name),
                    }
                };
                self.progress(authn::token(&self.trust, text, presented, now), asked)
            }
        }
    }

    /// Goes on with what the host answers. An answer to another question, or a need of another guard, refuses.
    ///
    /// Where the policy was replaced meanwhile, the request goes on under the new one, from its route on.
    pub fn resume(&self, need: Need, answer: Answer) -> Outcome {
        let Need { waits, asked, trust } = need;
        let now = asked.now;
        if !Arc::ptr_eq(&trust, &self.trust) {
            return self.refuse(&asked, None, Cause::EngineFailed);
        }
        let (asked, is_replaced) = self.caught_up(asked);
        match (waits, answer) {
            (Waits::Authentication(waiting), answer) => {
                self.progress(authn::resume(&self.trust, waiting, answer, now), asked)
            }
            #[cfg(feature = "full")]
            (Waits::BreakGlass { admitted, grant, .. }, answer) => self.with_grant(&admitted, grant, asked, &answer),
            // What was loaded for another policy lacks what this one reads.
            (Waits::Resource { admitted, .. }, answer) => {
                self.with_resource(&admitted, asked, Some(&answer).filter(|_| !is_replaced), now)
            }
        }
    }

    /// Goes on when the host has loaded what the decision hangs on; without an answer it is asked for again. Whoever was
    /// taken back meanwhile is not admitted.
    fn with_resource(&self, admitted: &Arc<Admitted>, asked: Asked, answer: Option<&Answer>, now: UnixTime) -> Outcome {
        let error = authn::taken_back(&self.trust, &admitted.principal, now);
        #[cfg(feature = "full")]
        let error = error.or_else(|| authn::break_glass::taken_back(&self.trust, asked.emergency.as_ref()?, now));
        if let Some(error) = error {
            return self.refuse(&asked, Some(admitted), Cause::Authentication(error));
        }
        match answer {
            None => self.decide_route(&standing_under(&asked, admitted), asked, Instance::Unknown),
            Some(Answer::Resource(Some(attributes))) => self.decide_route(admitted, asked, Instance::Known(attributes)),
            Some(Answer::Resource(None)) => self.refuse(&asked, Some(admitted), Cause::ResourceNotFound),
            _ => self.refuse(&asked, Some(admitted), Cause::ResourceUnavailable),
        }
    }

    /// The refusal of what the host has handed over and nobody can read.
    #[cfg(feature = "wasm")]
    pub(crate) fn unreadable(&self, now: UnixTime) -> Outcome {
        let nothing = Request::new("", "");
        let asked = Asked::new(Arc::new(matched(&self.guest(), &nothing, None)), &nothing, now);
        self.refuse(&asked, None, Cause::EngineFailed)
    }

    /// Whether no request can make the guard wait for a fetch or a loader.
    #[cfg(feature = "wasm")]
    pub(crate) fn is_synchronous(&self) -> bool {
        let policy = self.policy();
        let waits = |route: &Route| hangs_on_resource(&policy, route).is_some();
        !self.trust.fetches_keys() && !policy.routes().iter().any(waits)
    }

    /// Decides for somebody who was admitted before, on a route that was matched before. `None` where that takes
    /// the whole way: the token has ended, or the answer is anything but a plain allow.
    #[cfg(feature = "wasm")]
    pub(crate) fn check_known(&self, admitted: &Arc<Admitted>, matched: &Arc<Matched>, now: UnixTime) -> Option<Grant> {
        if !authn::still_holds(&self.trust, &admitted.principal, now) {
            return None;
        }
        let asked = Asked::again(Arc::clone(matched), now);
        match self.decide_route(admitted, asked, Instance::Unknown) {
            Outcome::Allow(grant) => Some(grant),
            Outcome::Reject(_) | Outcome::Need(_) => None,
        }
    }

    fn progress(&self, progress: Result<Progress, AuthnError>, asked: Asked) -> Outcome {
        match progress {
            Ok(Progress::Principal(principal)) => {
                let admitted = Arc::new(Admitted::new(&asked.matched.policy, principal));
                #[cfg(not(feature = "wasm"))]
                self.seen.remember(&asked, &admitted);
                self.admit(&admitted, asked)
            }
            Ok(Progress::Need(waiting)) => self.need(Waits::Authentication(waiting), asked),
            Err(error) => self.refuse(&asked, None, Cause::Authentication(error)),
        }
    }

    #[cfg(not(feature = "full"))]
    fn admit(&self, admitted: &Arc<Admitted>, asked: Asked) -> Outcome {
        self.decide_route(admitted, asked, Instance::Unknown)
    }

    /// Step 4: what the route wants, each in turn; the first that fails refuses.
    fn decide_route(&self, admitted: &Arc<Admitted>, asked: Asked, instance: Instance<'_>) -> Outcome {
        let (matched, standing) = (Arc::clone(&asked.matched), &admitted.standing);
        let policy = &matched.policy;
        let Some(route) = matched.route() else {
            let denial = if matched.is_path_refused() { Denial::PathMalformed } else { Denial::RouteUndeclared };
            return self.deny(admitted, &asked, None, denial);
        };
        let (scope, role, permission) = match &route.wants {
            Wants::Nothing => return asked.allow(admitted, false, false),
            Wants::Authentication if admitted.principal.is_authenticated() => {
                return asked.allow(admitted, false, false);
            }
            Wants::Authentication => return self.deny(admitted, &asked, Some(route), Denial::AuthenticationMissing),
            Wants::All { scope, role, permission } => (scope, role, permission),
        };
        let circumstances = asked.circumstances();
        if let Some(scope) = scope
            && !standing.subject.scopes.contains(scope)
        {
            return self.deny(admitted, &asked, Some(route), Denial::ScopeMissing { scope: scope.clone() });
        }
        let mut elevated = false;
        if let Some(role) = role {
            match policy.decide_role(standing, *role, circumstances) {
                Decision { effect: Effect::Deny(denial), .. } => {
                    return self.deny(admitted, &asked, Some(route), denial);
                }
                decision => elevated |= decision.elevated,
            }
        }
        let Some(permission) = permission else { return asked.allow(admitted, elevated, false) };
        let question = Question { standing, permission: *permission, instance, circumstances };
        #[cfg(not(feature = "full"))]
        let decision = policy.decide(question);
        #[cfg(feature = "full")]
        let (decision, is_by_grant) = asked.decide(question);
        #[cfg(feature = "full")]
        let asked = Asked { is_by_grant, ..asked };
        elevated |= decision.elevated;
        match decision.effect {
            Effect::Permit => asked.allow(admitted, elevated, false),
            Effect::Deny(denial) => self.deny(admitted, &asked, Some(route), denial),
            Effect::Conditional if route.handler_decides => asked.allow(admitted, elevated, true),
            Effect::Conditional => match (matched.resource_id(), policy.resource_of(*permission)) {
                (Some(id), Some(kind)) => {
                    let (kind, id) = (kind.name.clone(), id.to_owned());
                    self.need(Waits::Resource { admitted: Arc::clone(admitted), kind, id }, asked)
                }
                _ => self.deny(admitted, &asked, Some(route), Denial::ResourceRequired),
            },
        }
    }

    /// A guest is told to sign in, whatever was missing; somebody else what the route may show.
    fn deny(&self, admitted: &Arc<Admitted>, asked: &Asked, route: Option<&Route>, denial: Denial) -> Outcome {
        let is_hidden = |route: &Route| {
            let policy = &asked.matched.policy;
            let kind = route.permission().and_then(|permission| policy.resource_of(permission));
            route.hide || kind.is_some_and(|kind| kind.hide)
        };
        let cause = if admitted.principal.kind() == Kind::Guest {
            if asked.matched.unsupported_scheme { Cause::UnsupportedScheme } else { Cause::Guest(denial) }
        } else if route.is_some_and(is_hidden) {
            Cause::Hidden(denial)
        } else {
            Cause::Denied(denial)
        };
        self.refuse(asked, Some(admitted), cause)
    }

    fn need(&self, waits: Waits, asked: Asked) -> Outcome {
        Outcome::Need(Need { waits, asked, trust: Arc::clone(&self.trust) })
    }

    fn refuse(&self, asked: &Asked, admitted: Option<&Arc<Admitted>>, cause: Cause) -> Outcome {
        let rejection = Rejection::new(cause, &self.schemes, asked.scheme);
        Outcome::Reject(Refused { rejection, asked: asked.clone(), admitted: admitted.cloned() })
    }
}

/// A CORS preflight carries no credential (Fetch §3.2.2) and passes for a route that is declared.
fn preflight(
    guest: &Arc<Admitted>,
    request: &Request<'_>,
    credential: Credential<'_>,
    now: UnixTime,
) -> Option<Outcome> {
    let has_none = credential == Credential::None { unsupported_scheme: false };
    if request.method() != "OPTIONS" || !has_none || request.field("origin").is_none() {
        return None;
    }
    let method = request.field("access-control-request-method")?;
    let matched = Matched::find(Arc::clone(&guest.policy), request, method, false);
    matched.route()?;
    let asked = Asked::new(Arc::new(matched), request, now);
    Some(Outcome::Allow(Grant {
        admitted: Arc::clone(guest),
        asked,
        elevated: false,
        conditional: false,
        preflight: true,
    }))
}
