//! What the guard says of a request.

use std::sync::Arc;

use super::need::Need;
use super::{JUSTIFICATION_HEADER, MAX_JUSTIFICATION_BYTES};
use crate::audit::{DecisionEvent, EventPolicy, EventSubject, EventToken};
use crate::authz::policy::{Policy, Route};
use crate::authz::question::Circumstances;
use crate::authz::route::{Ambiguous, Path};
use crate::authz::standing::Standing;
use crate::credential::Scheme;
use crate::grammar::consists_of;
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
    pub(crate) principal: Arc<Principal>,
    pub(crate) standing: Standing,
}

impl Admitted {
    pub(super) fn new(policy: &Policy, principal: Arc<Principal>) -> Self {
        let standing = policy.standing(Arc::clone(principal.subject()));
        Self { principal, standing }
    }
}

/// The route of a method and path; the same for every request with both.
#[derive(Debug)]
pub(crate) struct Matched {
    method: String,
    /// `None` where no route matches; the error where the path is refused.
    route: Result<Option<usize>, Ambiguous>,
    resource_id: Option<String>,
    pub(super) unsupported_scheme: bool,
}

impl Matched {
    /// The route that `method` has on the path of the request.
    pub(super) fn find(policy: &Policy, request: &Request<'_>, method: &str, unsupported_scheme: bool) -> Self {
        let path = request.raw_path().and_then(Path::parse);
        let route = path.as_ref().ok_or(Ambiguous).and_then(|path| policy.find_route(method, path));
        let segment = route.ok().flatten().and_then(|index| policy.route(index)?.resource_segment);
        let resource_id = path.and_then(|path| path.segment(segment?).map(str::to_owned));
        Self { method: request.method().to_owned(), route, resource_id, unsupported_scheme }
    }

    pub(super) fn is_path_refused(&self) -> bool {
        self.route.is_err()
    }

    pub(crate) fn route<'a>(&self, policy: &'a Policy) -> Option<&'a Route> {
        self.route.ok().flatten().and_then(|index| policy.route(index))
    }

    pub(super) fn resource_id(&self) -> Option<&str> {
        self.resource_id.as_deref()
    }

    /// Whether a request without another credential may be answered by this again.
    #[cfg(feature = "wasm")]
    pub(crate) fn is_plain(&self) -> bool {
        !self.unsupported_scheme && self.method != "OPTIONS"
    }

    /// `{ route, permission, resource }` as `types.d.ts` shows them.
    pub(crate) fn describe(&self, policy: &Policy, onto: Object) -> Object {
        let route = self.route(policy);
        let permission = route.and_then(Route::permission);
        let name = permission.and_then(|id| policy.permission(id)).map(|permission| permission.name.as_str());
        let resource = self.resource(policy).map(|(kind, id)| Object::new().with("type", kind).with("id", id));
        onto.with("route", route.map(|route| route.text.as_str())).with("permission", name).with("resource", resource)
    }

    /// Type and id of the resource that the route names.
    fn resource<'a>(&'a self, policy: &'a Policy) -> Option<(&'a str, &'a str)> {
        let kind = policy.resource_of(self.route(policy)?.permission()?)?;
        Some((kind.name.as_str(), self.resource_id()?))
    }
}

/// A request, as far as the outcome remembers it.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) matched: Arc<Matched>,
    pub(super) justification: Option<Arc<str>>,
    context: Option<Arc<Object>>,
    pub(super) now: UnixTime,
    /// How its token came.
    pub(super) scheme: Scheme,
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
            now: self.now,
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
    fn event(&self, policy: &Policy, admitted: Option<&Arc<Admitted>>, request_id: Option<&str>) -> DecisionEvent {
        let route = self.matched.route(policy);
        let permission = route.and_then(Route::permission).and_then(|id| policy.permission(id));
        let token = admitted.and_then(|admitted| {
            let token = admitted.principal.token()?;
            Some(EventToken {
                issuer: admitted.principal.issuer().map(str::to_owned),
                jti_hash: token.jti_hash.clone(),
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
                roles: policy.roles_in_effect(&admitted.standing, self.now),
            }),
            action: permission.map(|permission| permission.name.clone()),
            resource: self.matched.resource(policy).map(|(kind, id)| (kind.to_owned(), id.to_owned())),
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
        }
    }
}

/// What counts as a justification.
pub(super) fn justification(said: Option<&str>) -> Option<&str> {
    said.filter(|text| (1..=MAX_JUSTIFICATION_BYTES).contains(&text.len()))
}

/// 1 to 128 visible ASCII characters.
fn is_request_id(text: &str) -> bool {
    (1..=128).contains(&text.len()) && consists_of(text, |byte| byte.is_ascii_graphic())
}

impl Grant {
    /// Who asks; for a request without a credential the guest.
    pub fn principal(&self) -> &Arc<Principal> {
        &self.admitted.principal
    }

    /// An elevated role decided: the event must be kept.
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
    pub fn event(&self, guard: &super::Guard, request_id: Option<&str>) -> DecisionEvent {
        let word = if self.conditional { "conditional" } else { "permitted" };
        DecisionEvent {
            elevated: self.elevated,
            code: word,
            reason: word,
            ..self.asked.event(&guard.policy, Some(&self.admitted), request_id)
        }
    }

    /// The grant as `types.d.ts` shows it.
    pub fn to_json(&self, guard: &super::Guard) -> Json {
        let start = Object::new().with("allowed", true).with("principal", self.admitted.principal.to_json());
        // A preflight asks for no route yet; naming it would invite somebody to run it.
        let described = if self.preflight {
            start.with("route", Json::Null).with("permission", Json::Null).with("resource", Json::Null)
        } else {
            self.asked.matched.describe(&guard.policy, start)
        };
        described
            .with("elevated", self.elevated)
            .with("conditional", self.conditional)
            .with("preflight", self.preflight)
            .into()
    }

    #[cfg(feature = "wasm")]
    pub(crate) fn parts(&self) -> (&Arc<Admitted>, &Arc<Matched>) {
        (&self.admitted, &self.asked.matched)
    }
}

impl Refused {
    /// The finished answer.
    pub const fn rejection(&self) -> &Rejection {
        &self.rejection
    }

    /// The event of this decision. `request_id` counts where it is 1 to 128 visible ASCII characters.
    pub fn event(&self, guard: &super::Guard, request_id: Option<&str>) -> DecisionEvent {
        DecisionEvent {
            status: Some(self.rejection.status()),
            code: self.rejection.code(),
            reason: self.rejection.cause().reason(),
            detail: self.rejection.cause().detail().map(str::to_owned),
            ..self.asked.event(&guard.policy, self.admitted.as_ref(), request_id)
        }
    }
}
