//! What the guard says of a request.

use std::sync::Arc;

use super::need::Need;
use super::{JUSTIFICATION_HEADER, MAX_JUSTIFICATION_BYTES};
#[cfg(feature = "full")]
use crate::audit::EventBreakGlass;
use crate::audit::{DecisionEvent, EventPolicy, EventSubject, EventToken};
#[cfg(feature = "full")]
use crate::authn::break_glass::EmergencyGrant;
use crate::authz::policy::{Policy, Route};
use crate::authz::question::{Circumstances, Clock};
use crate::authz::route::{Ambiguous, Path};
use crate::authz::standing::Standing;
use crate::credential::{Credential, Scheme};
use crate::grammar::Class;
use crate::json::{Json, Object};
use crate::principal::Principal;
use crate::rejection::Rejection;
use crate::request::Request;
use crate::time::UnixTime;

/// Exactly one of three.
#[derive(Debug)]
pub enum Outcome {
    /// The request goes on to its handler.
    Allow(Grant),
    /// The request ends here.
    Reject(Refused),
    /// The host is asked first.
    Need(Need),
}

/// A request that is allowed.
#[derive(Debug, Clone)]
pub struct Grant {
    pub(super) admitted: Arc<Admitted>,
    pub(super) asked: Asked,
    pub(super) elevated: bool,
    pub(super) conditional: bool,
    pub(super) preflight: bool,
}

/// A request that is refused.
#[derive(Debug, Clone)]
pub struct Refused {
    pub(super) rejection: Rejection,
    pub(super) asked: Asked,
    pub(super) admitted: Option<Arc<Admitted>>,
}

/// A principal and its standing under the guard's policy.
#[derive(Debug)]
pub(crate) struct Admitted {
    /// The policy under which that is the standing.
    pub(super) policy: Arc<Policy>,
    pub(crate) principal: Arc<Principal>,
    pub(crate) standing: Standing,
}

impl Admitted {
    pub(super) fn new(policy: &Arc<Policy>, principal: Arc<Principal>) -> Self {
        let standing = policy.standing(Arc::clone(principal.subject()));
        Self { policy: Arc::clone(policy), principal, standing }
    }
}

/// The route of a method and path; the same for every request with both, while the policy is the same.
#[derive(Debug)]
pub(crate) struct Matched {
    /// The policy that has the route, and decides.
    pub(super) policy: Arc<Policy>,
    method: String,
    path: Option<String>,
    /// `None` where no route matches; the error where the path is refused.
    route: Result<Option<usize>, Ambiguous>,
    resource_id: Option<String>,
    pub(super) unsupported_scheme: bool,
}

impl Matched {
    /// The route that `method` has on the path of the request.
    pub(super) fn find(policy: Arc<Policy>, request: &Request<'_>, method: &str, unsupported_scheme: bool) -> Self {
        let mut matched = Self {
            policy,
            method: request.method().to_owned(),
            path: request.raw_path().map(str::to_owned),
            route: Err(Ambiguous),
            resource_id: None,
            unsupported_scheme,
        };
        matched.find_route(method);
        matched
    }

    fn find_route(&mut self, method: &str) {
        let path = self.path.as_deref().and_then(Path::parse);
        self.route = path.as_ref().ok_or(Ambiguous).and_then(|path| self.policy.find_route(method, path));
        let segment = self.route().and_then(|route| route.resource_segment);
        self.resource_id = path.and_then(|path| path.segment(segment?).map(str::to_owned));
    }

    /// The route of the same request under another policy.
    pub(super) fn again(&self, policy: Arc<Policy>) -> Self {
        let (method, path) = (self.method.clone(), self.path.clone());
        let mut matched = Self { policy, method, path, resource_id: None, ..*self };
        matched.find_route(&self.method);
        matched
    }

    pub(super) fn is_path_refused(&self) -> bool {
        self.route.is_err()
    }

    pub(crate) fn route(&self) -> Option<&Route> {
        self.route.ok().flatten().and_then(|index| self.policy.route(index))
    }

    pub(super) fn resource_id(&self) -> Option<&str> {
        self.resource_id.as_deref()
    }

    /// Whether a request without another credential may be answered by this again.
    #[cfg(feature = "wasm")]
    pub(crate) fn is_plain(&self) -> bool {
        !self.unsupported_scheme && self.method != "OPTIONS"
    }

    /// Its part of the grant.
    fn describe(&self, onto: Object) -> Object {
        let route = self.route();
        let permission = route.and_then(Route::permission);
        let name = permission.and_then(|id| self.policy.permission(id)).map(|permission| permission.name.as_str());
        let resource = self.resource().map(|(kind, id)| Object::new().with("type", kind).with("id", id));
        onto.with("route", route.map(|route| route.text.as_str())).with("permission", name).with("resource", resource)
    }

    /// Type and id of the resource that the route names.
    pub(super) fn resource(&self) -> Option<(&str, &str)> {
        let kind = self.policy.resource_of(self.route()?.permission()?)?;
        Some((kind.name.as_str(), self.resource_id()?))
    }
}

/// The route of the request under the policy that the guest has.
pub(super) fn matched(guest: &Admitted, request: &Request<'_>, credential: Option<Credential<'_>>) -> Matched {
    let unsupported_scheme = credential == Some(Credential::None { unsupported_scheme: true });
    Matched::find(Arc::clone(&guest.policy), request, request.method(), unsupported_scheme)
}

/// A request, as far as the outcome remembers it.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) matched: Arc<Matched>,
    pub(super) justification: Option<Arc<str>>,
    pub(super) context: Option<Arc<Object>>,
    pub(super) now: UnixTime,
    /// How its token came.
    pub(super) scheme: Scheme,
    /// The break-glass grant that it presents, unread.
    #[cfg(feature = "full")]
    pub(super) presented: Option<Arc<str>>,
    /// The same, verified.
    #[cfg(feature = "full")]
    pub(super) emergency: Option<Arc<EmergencyGrant>>,
    /// That grant decided.
    #[cfg(feature = "full")]
    pub(super) is_by_grant: bool,
    /// Under which name its principal may be remembered.
    #[cfg(not(feature = "wasm"))]
    pub(super) name: Option<super::seen::Name>,
}

impl Asked {
    pub(super) fn new(matched: Arc<Matched>, request: &Request<'_>, now: UnixTime) -> Self {
        let said = request.justification().or_else(|| request.field(JUSTIFICATION_HEADER));
        Self {
            justification: justification(said).map(Arc::from),
            context: request.known_context().cloned().map(Arc::new),
            ..Self::again(matched, now)
        }
    }

    /// A request of which nothing but its route is known.
    pub(super) const fn again(matched: Arc<Matched>, now: UnixTime) -> Self {
        Self {
            matched,
            justification: None,
            context: None,
            now,
            scheme: Scheme::Bearer,
            #[cfg(feature = "full")]
            presented: None,
            #[cfg(feature = "full")]
            emergency: None,
            #[cfg(feature = "full")]
            is_by_grant: false,
            #[cfg(not(feature = "wasm"))]
            name: None,
        }
    }

    pub(super) fn by(self, scheme: Scheme) -> Self {
        Self { scheme, ..self }
    }

    #[cfg(not(feature = "wasm"))]
    pub(super) fn named(self, name: Option<super::seen::Name>) -> Self {
        Self { name, ..self }
    }

    pub(super) fn circumstances(&self) -> Circumstances<'_> {
        Circumstances {
            clock: Clock::at(self.now),
            is_justified: self.justification.is_some(),
            context: self.context.as_deref(),
            action: None,
            resource_id: self.matched.resource_id(),
        }
    }

    pub(super) fn allow(self, admitted: &Arc<Admitted>, elevated: bool, conditional: bool) -> super::Outcome {
        let admitted = Arc::clone(admitted);
        Outcome::Allow(Grant { admitted, asked: self, elevated, conditional, preflight: false })
    }

    /// What every event of the request says.
    fn event(&self, admitted: Option<&Arc<Admitted>>, request_id: Option<&str>) -> DecisionEvent {
        let policy = &self.matched.policy;
        let route = self.matched.route();
        let permission = route.and_then(Route::permission).and_then(|id| policy.permission(id));
        let token = admitted.and_then(|admitted| {
            let token = admitted.principal.token()?;
            Some(EventToken {
                issuer: admitted.principal.issuer().map(str::to_owned),
                jti_hash: token.jti_hash(),
                expires: token.expires,
                dropped: token.dropped.clone(),
            })
        });
        DecisionEvent {
            time: self.now,
            request_id: request_id.filter(|id| is_request_id(id)).map(str::to_owned),
            method: self.matched.method.clone(),
            route: route.map(|route| route.text.clone()),
            subject: admitted.map(|admitted| EventSubject {
                kind: admitted.principal.kind().name(),
                id: admitted.principal.id().to_owned(),
                roles: admitted.policy.roles_in_effect(&admitted.standing, self.now),
            }),
            action: permission.map(|permission| permission.name.clone()),
            resource: self.matched.resource().map(|(kind, id)| (kind.to_owned(), id.to_owned())),
            status: None,
            code: "permitted",
            reason: "permitted",
            detail: None,
            elevated: false,
            justification: self.justification.as_deref().map(str::to_owned),
            policy: EventPolicy {
                name: policy.name().to_owned(),
                revision: policy.revision(),
                hash: policy.hash().to_owned(),
            },
            token,
            #[cfg(feature = "full")]
            api_key: admitted.and_then(|admitted| admitted.principal.api_key()).cloned(),
            #[cfg(feature = "full")]
            break_glass: None,
        }
    }
}

/// What counts as a justification.
pub(super) fn justification(said: Option<&str>) -> Option<&str> {
    said.filter(|text| (1..=MAX_JUSTIFICATION_BYTES).contains(&text.len()))
}

/// 1 to 128 visible ASCII characters.
fn is_request_id(text: &str) -> bool {
    (1..=128).contains(&text.len()) && Class::VISIBLE.holds(text)
}

impl Grant {
    /// Who asks; for a request without a credential the guest.
    pub fn principal(&self) -> &Arc<Principal> {
        &self.admitted.principal
    }

    /// An elevated role or a break-glass grant decided: the event must be kept.
    pub const fn is_elevated(&self) -> bool {
        self.elevated
    }

    /// The route says that its handler decides, and a condition is still open.
    pub const fn is_conditional(&self) -> bool {
        self.conditional
    }

    /// A CORS preflight of a declared route: answer it, no handler runs.
    pub const fn is_preflight(&self) -> bool {
        self.preflight
    }

    /// The event of this decision. `request_id` counts where it is 1 to 128 visible ASCII characters.
    pub fn event(&self, request_id: Option<&str>) -> DecisionEvent {
        let word = if self.conditional { "conditional" } else { "permitted" };
        let mut event = self.asked.event(Some(&self.admitted), request_id);
        event.elevated = self.elevated;
        (event.code, event.reason) = (word, word);
        #[cfg(feature = "full")]
        {
            let grant = self.asked.emergency.as_deref().filter(|_| self.asked.is_by_grant);
            event.break_glass = grant.map(EventBreakGlass::of);
        }
        event
    }

    /// The grant as `types.d.ts` shows it.
    pub fn to_json(&self) -> Json {
        self.describe(Object::new().with("allowed", true).with("principal", self.admitted.principal.to_json()))
            .with("elevated", self.elevated)
            .with("conditional", self.conditional)
            .with("preflight", self.preflight)
            .into()
    }

    /// `{ route, permission, resource }` as `types.d.ts` shows them. A preflight asks for no route yet; naming it would
    /// invite somebody to run it.
    pub(crate) fn describe(&self, onto: Object) -> Object {
        if self.preflight {
            return onto.with("route", Json::Null).with("permission", Json::Null).with("resource", Json::Null);
        }
        self.asked.matched.describe(onto)
    }

    #[cfg(feature = "wasm")]
    pub(crate) fn parts(&self) -> (&Arc<Admitted>, &Arc<Matched>) {
        (&self.admitted, &self.asked.matched)
    }
}

#[cfg(feature = "full")]
impl EventBreakGlass {
    fn of(grant: &EmergencyGrant) -> Self {
        Self {
            given_by: grant.given_by.clone(),
            jti_hash: grant.jti_hash.clone(),
            reason: grant.reason.clone(),
            expires: grant.expires,
        }
    }
}

impl Refused {
    /// The finished answer.
    pub const fn rejection(&self) -> &Rejection {
        &self.rejection
    }

    /// The event of this decision. `request_id` counts where it is 1 to 128 visible ASCII characters.
    pub fn event(&self, request_id: Option<&str>) -> DecisionEvent {
        let mut event = self.asked.event(self.admitted.as_ref(), request_id);
        event.status = Some(self.rejection.status());
        event.code = self.rejection.code();
        event.reason = self.rejection.cause().reason();
        event.detail = self.rejection.cause().detail().map(str::to_owned);
        event
    }
}
