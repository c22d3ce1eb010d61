//! Who may, on what, and which actions: those whose evaluation would be true (§8).

use super::question::{Asked, Entity, MEMBERS, check_cost};
use super::{DecisionPoint, RequestError};
use crate::authz::role::PermissionId;
use crate::base64url;
use crate::digest::sha256;
use crate::json::{Json, Object};

const DEFAULT_LIMIT: usize = 100;
/// A longer page may be asked for, and has as many.
const MAX_LIMIT: usize = 1_000;
/// The bytes of a query's hash that a token begins with.
const HASH_BYTES: usize = 16;

/// What is searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Subjects,
    Resources,
    Actions,
}

/// Answers a search.
pub(super) fn search(point: &DecisionPoint<'_>, wanted: Wanted, request: &Json) -> Result<Object, RequestError> {
    let page = Page::read(wanted, request)?;
    let asked = Asked::alone(request);
    let question = asked.question()?;
    match wanted {
        Wanted::Subjects => {
            let (subject, resource) = (asked.entity_without_id("subject")?, asked.entity("resource")?);
            let mut question: Json =
                question.with("action", asked.action()?).with("resource", point.resource(resource)).into();
            check_cost(request, point.directory.count(subject.kind))?;
            let ids = point.directory.ids(subject.kind).filter(|_| point.may_be(resource));
            Ok(page.fill(ids.into_iter().flatten(), |id| {
                set(&mut question, "subject", point.subject(Entity { id, ..subject }));
                point.permits(&question).then(|| shown(subject.kind, id))
            }))
        }
        Wanted::Resources => {
            let (subject, resource) = (asked.entity("subject")?, asked.entity_without_id("resource")?);
            let mut question: Json =
                question.with("subject", point.subject(subject)).with("action", asked.action()?).into();
            check_cost(request, point.directory.count(resource.kind))?;
            let ids = point.directory.ids(resource.kind).filter(|_| point.is_known(subject));
            Ok(page.fill(ids.into_iter().flatten(), |id| {
                set(&mut question, "resource", point.resource(Entity { id, ..resource }));
                point.permits(&question).then(|| shown(resource.kind, id))
            }))
        }
        Wanted::Actions => {
            let (subject, resource) = (asked.entity("subject")?, asked.entity("resource")?);
            let mut question: Json =
                question.with("subject", point.subject(subject)).with("resource", point.resource(resource)).into();
            let actions = point.actions(resource.kind);
            check_cost(request, actions.len())?;
            let names = (point.is_known(subject) && point.may_be(resource)).then_some(&actions);
            Ok(page.fill(names.into_iter().flatten().map(String::as_str), |name| {
                set(&mut question, "action", Object::new().with("name", name));
                point.permits(&question).then(|| Object::new().with("name", name))
            }))
        }
    }
}

fn set(question: &mut Json, name: &str, value: Object) {
    if let Json::Object(question) = question {
        question.set(name, value);
    }
}

fn shown(kind: &str, id: &str) -> Object {
    Object::new().with("type", kind).with("id", id)
}

impl DecisionPoint<'_> {
    fn is_known(&self, entity: Entity<'_>) -> bool {
        self.directory.entity(entity.kind, entity.id).is_some()
    }

    /// Whether there may be such a resource: the directory knows it, or leaves its type to the caller.
    fn may_be(&self, resource: Entity<'_>) -> bool {
        self.directory.ids(resource.kind).is_none() || self.is_known(resource)
    }

    /// The names of the actions that the policy declares on a resource type, sorted.
    fn actions(&self, kind: &str) -> Vec<String> {
        let policy = self.guard.policy();
        let all = (0_u32..).map_while(|number| policy.permission(PermissionId(number)));
        let prefix = format!("{kind}:");
        all.filter_map(|permission| permission.name.strip_prefix(&prefix).map(str::to_owned)).collect()
    }
}

/// Which part of the results is wanted.
struct Page {
    limit: usize,
    /// The last of the results before.
    after: Option<String>,
    /// Of the search, without its page.
    hash: [u8; HASH_BYTES],
}

impl Page {
    fn read(wanted: Wanted, request: &Json) -> Result<Self, RequestError> {
        let page = Asked::alone(request).optional_object("page")?;
        let hash = hash_of(wanted, request);
        let limit = match page.and_then(|page| page.member("limit")) {
            None => DEFAULT_LIMIT,
            Some(Json::Integer(limit)) if *limit > 0 => usize::try_from(*limit).unwrap_or(MAX_LIMIT).min(MAX_LIMIT),
            Some(_) => return Err(RequestError::BadValue { member: "page.limit", wanted: "a whole number from 1" }),
        };
        let after = match page.and_then(|page| page.member("token")) {
            None => None,
            // What the last page said, sent again by clients that know no absence.
            Some(Json::String(token)) if token.is_empty() => None,
            Some(Json::String(token)) => Some(read_token(token, hash).ok_or(RequestError::PageToken)?),
            Some(_) => return Err(RequestError::WrongType { member: "page.token".to_owned(), wanted: "text" }),
        };
        Ok(Self { limit, after, hash })
    }

    /// The results behind the last page, of candidates in sorted order; one more is looked for, to say whether this page
    /// is the last.
    fn fill<'a>(
        &self,
        candidates: impl Iterator<Item = &'a str>,
        mut find: impl FnMut(&'a str) -> Option<Object>,
    ) -> Object {
        let (mut results, mut last, mut next) = (Vec::new(), "", String::new());
        for candidate in candidates {
            if self.after.as_deref().is_some_and(|after| candidate <= after) {
                continue;
            }
            let Some(result) = find(candidate) else { continue };
            if results.len() == self.limit {
                next = self.token(last);
                break;
            }
            results.push(result);
            last = candidate;
        }
        let count = i64::try_from(results.len()).unwrap_or(i64::MAX);
        let page = Object::new().with("next_token", next).with("count", count);
        Object::new().with("results", results).with("page", page)
    }

    /// The hash of the search and the last result of the page: whoever writes one by hand only begins elsewhere in
    /// results that are theirs to ask for.
    fn token(&self, last: &str) -> String {
        base64url::encode(&[&self.hash, last.as_bytes()].concat())
    }
}

fn read_token(token: &str, hash: [u8; HASH_BYTES]) -> Option<String> {
    let bytes = base64url::decode(token)?;
    let last = bytes.strip_prefix(&hash)?;
    String::from_utf8(last.to_vec()).ok()
}

/// All that must be the same from page to page.
fn hash_of(wanted: Wanted, request: &Json) -> [u8; HASH_BYTES] {
    let kind = match wanted {
        Wanted::Subjects => "subject",
        Wanted::Resources => "resource",
        Wanted::Actions => "action",
    };
    let mut query = Object::new().with("search", kind);
    for name in MEMBERS {
        if let Some(member) = request.member(name) {
            query.set(name, member.clone());
        }
    }
    let whole = sha256(Json::from(query).to_canonical_text().as_bytes());
    let mut hash = [0; HASH_BYTES];
    for (own, byte) in hash.iter_mut().zip(whole) {
        *own = byte;
    }
    hash
}
