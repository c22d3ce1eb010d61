//! From the claims of a token to a principal: where each part stands, and what the issuer may say.

use std::sync::Arc;

use super::AuthnError;
use super::issuer::{Issuer, MAX_NAMES};
use super::preset::{Condition, Preset, Says};
use crate::document::{Node, Problem};
use crate::grammar::{is_scope_token, joined};
use crate::json::{Json, Members, Object, Value};
use crate::jwt::TokenError;
use crate::jwt::claims::{Claims, numeric_date};
use crate::principal::{Assignment, Dropped, Jti, Kind, Principal, Subject, TokenFacts};
use crate::time::UnixTime;

/// Where in the claims the parts of a principal stand. Of several paths the first that is there counts.
#[derive(Debug)]
pub(super) struct ClaimPaths {
    id: Vec<ClaimPath>,
    roles: Vec<ClaimPath>,
    permissions: ClaimPath,
    scopes: Vec<ClaimPath>,
    pub(super) session: ClaimPath,
    acr: ClaimPath,
    /// The same for every issuer.
    amr: ClaimPath,
    assignments: Option<ClaimPath>,
    attributes: Vec<(String, ClaimPath)>,
}

/// Member names from the claims inwards.
#[derive(Debug, Clone)]
pub(super) struct ClaimPath(Vec<String>);

/// What an issuer may say of a subject.
#[derive(Debug)]
pub(super) struct Asserts {
    pub(super) roles: Assertable,
    pub(super) permissions: Assertable,
    pub(super) scopes: Assertable,
}

#[derive(Debug)]
pub(super) enum Assertable {
    Any,
    None,
    Listed(Vec<String>),
}

impl ClaimPath {
    fn of(dotted: &str) -> Self {
        let mut names = Vec::new();
        for name in dotted.split('.') {
            names.push(name.to_owned());
        }
        Self(names)
    }

    pub(super) fn find<'a>(&self, claims: &'a Members) -> Option<Value<'a>> {
        let (first, others) = self.0.split_first()?;
        others.iter().try_fold(claims.member(first)?, |value, name| value.member(name))
    }

    fn name(&self) -> String {
        joined(&self.0, ".")
    }
}

pub(super) fn read_claim_paths(node: &Node<'_>, preset: Option<&Preset>) -> ClaimPaths {
    let paths = |dotted: &[&str]| {
        let mut paths = Vec::new();
        for path in dotted {
            paths.push(ClaimPath::of(path));
        }
        paths
    };
    let mut read = ClaimPaths {
        id: paths(preset.map_or(&["sub"], |preset| preset.id)),
        roles: paths(preset.map_or(&["roles"], |preset| preset.roles)),
        permissions: ClaimPath::of(preset.map_or("permissions", |preset| preset.permissions)),
        scopes: paths(preset.map_or(&["scope", "scp"], |preset| preset.scopes)),
        session: ClaimPath::of(preset.map_or("sid", |preset| preset.session)),
        acr: ClaimPath::of(preset.map_or("acr", |preset| preset.acr)),
        amr: ClaimPath::of("amr"),
        assignments: None,
        attributes: Vec::new(),
    };
    let Some(node) = node.member("claims") else { return read };
    node.has_only(&["id", "roles", "permissions", "scopes", "session", "acr", "assignments", "attributes"]);
    for (name, list) in [("id", &mut read.id), ("roles", &mut read.roles), ("scopes", &mut read.scopes)] {
        if let Some(path) = node.member(name) {
            *list = vec![read_claim_path(&path)];
        }
    }
    let single = [("permissions", &mut read.permissions), ("session", &mut read.session), ("acr", &mut read.acr)];
    for (name, own) in single {
        if let Some(path) = node.member(name) {
            *own = read_claim_path(&path);
        }
    }
    read.assignments = node.member("assignments").map(|path| read_claim_path(&path));
    if let Some(attributes) = node.member("attributes") {
        for (name, path) in attributes.entries(MAX_NAMES) {
            read.attributes.push((name.to_owned(), read_claim_path(&path)));
        }
    }
    read
}

fn read_claim_path(node: &Node<'_>) -> ClaimPath {
    let path = match node.value() {
        Json::String(text) => ClaimPath::of(text),
        Json::Array(_) => ClaimPath(node.texts(MAX_NAMES)),
        _ => {
            node.refuse(Problem::WrongType { wanted: "text, or a list of texts" });
            ClaimPath(Vec::new())
        }
    };
    if path.0.is_empty() || path.0.iter().any(String::is_empty) {
        node.bad("member names");
    }
    path
}

pub(super) fn read_asserts(node: &Node<'_>) -> Asserts {
    let Some(node) = node.member("asserts") else {
        return Asserts { roles: Assertable::Any, permissions: Assertable::None, scopes: Assertable::Any };
    };
    node.has_only(&["roles", "permissions", "scopes"]);
    let read = |name| {
        let Some(member) = node.member(name) else { return Assertable::None };
        match member.value() {
            Json::Bool(true) => return Assertable::Any,
            Json::Bool(false) => {}
            Json::Array(_) => return Assertable::Listed(member.texts(MAX_NAMES)),
            _ => member.refuse(Problem::WrongType { wanted: "true, false or a list of texts" }),
        }
        Assertable::None
    };
    Asserts { roles: read("roles"), permissions: read("permissions"), scopes: read("scopes") }
}

/// The principal of claims that hold. `facts` come without what the issuer was not believed.
pub(super) fn principal(
    issuer: &Issuer,
    claims: &Claims,
    mut facts: TokenFacts,
    now: UnixTime,
) -> Result<Principal, AuthnError> {
    let (paths, all) = (&issuer.claims, &claims.all);
    let profile = issuer.expectations.profile;
    for condition in issuer.preset().map_or(&[][..], |preset| preset.must(profile)) {
        condition.require(all, now.after(issuer.expectations.leeway))?;
    }
    let (id, is_first) = id(&paths.id, all)?;
    let client = claims.text("client_id").or_else(|| claims.text("azp"));
    let holds = |condition: Option<&Condition>| condition.is_some_and(|condition| condition.holds(all, now));
    let kind = if holds(issuer.preset().and_then(|preset| preset.guest.as_ref())) {
        Kind::Guest
    } else if !is_first
        || (client.is_some() && client == claims.text("sub"))
        || holds(issuer.preset().and_then(|preset| preset.service.as_ref()))
    {
        Kind::Service
    } else {
        Kind::User
    };
    let mut dropped = Dropped::default();
    let mut attributes = Object::new();
    for (name, path) in &paths.attributes {
        if let Some(value) = path.find(all) {
            attributes.set(name.as_str(), value.to_json());
        }
    }
    let auth_time = numeric_date(all, "auth_time");
    let mut said = Said { all, fault: None };
    let subject = Subject {
        kind,
        roles: issuer.asserts.roles.filter(said.names(first(&paths.roles, all)), &mut dropped.roles),
        assignments: said.assignments(issuer, &mut dropped.roles),
        permissions: issuer.asserts.permissions.filter(said.names(Some(&paths.permissions)), &mut dropped.permissions),
        scopes: issuer.asserts.scopes.filter(said.scopes(first(&paths.scopes, all)), &mut dropped.scopes),
        attributes,
        acr: said.text(&paths.acr),
        amr: said.amr(&paths.amr),
        auth_time: auth_time.as_ref().ok().copied().flatten(),
        id: [issuer.id_prefix.as_deref().unwrap_or(""), id].concat(),
    };
    if let Some(fault) = said.fault.or(auth_time.err()) {
        return Err(fault.into());
    }
    facts.jti = claims.text("jti").map(|jti| Jti(jti.to_owned()));
    facts.dropped = dropped;
    let name = match (claims.text("iss"), issuer.name.shared()) {
        (Some(said), Some(own)) if *said == **own => Some(Arc::clone(own)),
        (Some(said), _) => Some(Arc::from(said)),
        (None, own) => own.cloned(),
    };
    Ok(Principal::verified(subject, name, Some(facts)))
}

/// What the issuer calls the subject, without what stands in front of it here.
#[cfg(feature = "full")]
pub(super) fn subject<'a>(issuer: &Issuer, claims: &'a Members) -> Option<&'a str> {
    id(&issuer.claims.id, claims).ok().map(|(id, _)| id)
}

/// Whether the claims say anything where the id stands.
#[cfg(feature = "full")]
pub(super) fn says_id(issuer: &Issuer, claims: &Members) -> bool {
    issuer.claims.id.iter().any(|path| path.find(claims).is_some())
}

impl Condition {
    /// What a token must say.
    fn require(&self, claims: &Members, latest: UnixTime) -> Result<(), TokenError> {
        let name = || self.claim.to_owned();
        let may_be_absent = matches!(self.says, Says::NotText(_));
        match ClaimPath::of(self.claim).find(claims) {
            None if may_be_absent => Ok(()),
            None => Err(TokenError::ClaimMissing { name: name() }),
            Some(_) if self.holds(claims, latest) => Ok(()),
            Some(_) => Err(TokenError::ClaimValue { name: name() }),
        }
    }

    fn holds(&self, claims: &Members, latest: UnixTime) -> bool {
        let Some(value) = ClaimPath::of(self.claim).find(claims) else { return false };
        match (&self.says, value) {
            (Says::True, Value::Json(Json::Bool(true))) => true,
            (Says::Text(wanted), Value::Text(text)) => text == *wanted,
            (Says::OneOf(wanted), Value::Text(text)) => wanted.contains(&text),
            (Says::TextBeginning(wanted), Value::Text(text)) => text.starts_with(wanted),
            (Says::TextEnding(wanted), Value::Text(text)) => text.ends_with(wanted),
            (Says::NotText(unwanted), Value::Text(text)) => text != *unwanted,
            (Says::Past, _) => {
                numeric_date(claims, self.claim).is_ok_and(|moment| moment.is_some_and(|moment| moment <= latest))
            }
            _ => false,
        }
    }
}

impl Assertable {
    /// What the issuer may say of what it says; the rest is `dropped`.
    pub(super) fn filter(&self, said: Vec<String>, dropped: &mut Vec<String>) -> Vec<String> {
        if let Self::Any = self {
            return said;
        }
        let mut believed = Vec::new();
        for one in said {
            if self.allows(&one) { &mut believed } else { &mut *dropped }.push(one);
        }
        believed
    }

    pub(super) fn allows(&self, one: &String) -> bool {
        match self {
            Self::Any => true,
            Self::None => false,
            Self::Listed(listed) => listed.contains(one),
        }
    }
}

/// The path that counts: the first that leads somewhere, else the first.
fn first<'a>(paths: &'a [ClaimPath], claims: &Members) -> Option<&'a ClaimPath> {
    paths.iter().find(|path| path.find(claims).is_some()).or_else(|| paths.first())
}

/// The first text that is not empty, and whether it stands at the first path.
fn id<'a>(paths: &[ClaimPath], claims: &'a Members) -> Result<(&'a str, bool), TokenError> {
    for (index, path) in paths.iter().enumerate() {
        if let Some(Value::Text(id)) = path.find(claims)
            && !id.is_empty()
        {
            return Ok((id, index == 0));
        }
    }
    let Some(path) = paths.first() else { return Err(TokenError::claim_missing("sub")) };
    let name = path.name();
    Err(if path.find(claims).is_some() { TokenError::ClaimType { name } } else { TokenError::ClaimMissing { name } })
}

/// What claims say, read to the end: the first that is of another type is the fault that is told, and nothing of what was
/// read is given out then.
struct Said<'a> {
    all: &'a Members,
    fault: Option<TokenError>,
}

impl Said<'_> {
    fn wrong(&mut self, path: &ClaimPath) {
        if self.fault.is_none() {
            self.fault = Some(TokenError::ClaimType { name: path.name() });
        }
    }

    fn text(&mut self, path: &ClaimPath) -> Option<String> {
        match path.find(self.all) {
            None => None,
            Some(Value::Text(text)) => Some(text.to_owned()),
            Some(_) => {
                self.wrong(path);
                None
            }
        }
    }

    /// A list of texts, or one text.
    fn names(&mut self, path: Option<&ClaimPath>) -> Vec<String> {
        let mut names = Vec::new();
        let Some(path) = path else { return names };
        match path.find(self.all) {
            None => {}
            Some(Value::Text(one)) => names.push(one.to_owned()),
            Some(Value::Json(Json::Array(many))) => {
                for one in many {
                    match one.as_str() {
                        Some(name) => names.push(name.to_owned()),
                        None => self.wrong(path),
                    }
                }
            }
            Some(_) => self.wrong(path),
        }
        names
    }

    /// The roles that are held for a time or in a tenant, of those that the issuer may say.
    fn assignments(&mut self, issuer: &Issuer, dropped: &mut Vec<String>) -> Vec<Assignment> {
        let mut believed = Vec::new();
        let Some(path) = &issuer.claims.assignments else { return believed };
        let Some(said) = path.find(self.all) else { return believed };
        let Some(assignments) = Assignment::read_all(&said.to_json()) else {
            self.wrong(path);
            return believed;
        };
        for one in assignments {
            if issuer.asserts.roles.allows(&one.role) {
                believed.push(one);
            } else {
                dropped.push(one.role);
            }
        }
        believed
    }

    /// RFC 8176; Supabase writes objects with a `method`.
    fn amr(&mut self, path: &ClaimPath) -> Vec<String> {
        let Some(Value::Json(Json::Array(many))) = path.find(self.all) else { return self.names(Some(path)) };
        let mut methods = Vec::new();
        for one in many {
            match one.as_str().or_else(|| one.member("method")?.as_str()) {
                Some(method) => methods.push(method.to_owned()),
                None => self.wrong(path),
            }
        }
        methods
    }

    /// A list, or scope tokens with one space between (RFC 6749 §3.3).
    fn scopes(&mut self, path: Option<&ClaimPath>) -> Vec<String> {
        let mut once: Vec<String> = Vec::new();
        let Some(path) = path else { return once };
        let said = match path.find(self.all) {
            Some(Value::Text("")) => Vec::new(),
            Some(Value::Text(text)) => {
                let mut scopes = Vec::new();
                for scope in text.split(' ') {
                    scopes.push(scope.to_owned());
                }
                scopes
            }
            _ => self.names(Some(path)),
        };
        for scope in said {
            if !is_scope_token(&scope) {
                self.wrong(path);
            } else if !once.contains(&scope) {
                once.push(scope);
            }
        }
        once
    }
}
