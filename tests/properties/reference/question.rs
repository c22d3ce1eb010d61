//! Questions at random, as data and in AuthZEN's shape.

use portcullis::Json;
use portcullis::json::Object;

use super::choices::Choices;
use super::condition::{Root, Type};
use super::document::{object, texts};
use super::evaluate::{Facts, No};
use super::generate::{attribute, value};
use super::policy::{Policy, ROLES, TENANTS, of_action, of_context, of_subject};

/// What the clock says. A time of an assignment is near it.
pub(crate) const NOW: i64 = 1_790_000_000;
/// A role that no policy declares.
const GHOST: usize = ROLES.len();

#[derive(Debug, Clone)]
pub(crate) struct Assignment {
    pub(crate) role: usize,
    pub(crate) tenant: Option<&'static str>,
    pub(crate) not_before: Option<i64>,
    pub(crate) not_after: Option<i64>,
}

#[derive(Debug, Clone)]
pub(crate) struct Subject {
    pub(crate) id: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) roles: Vec<usize>,
    pub(crate) assignments: Vec<Assignment>,
    pub(crate) permissions: Vec<String>,
    scopes: Vec<&'static str>,
    amr: Vec<&'static str>,
    pub(crate) acr: Option<&'static str>,
    pub(crate) auth_time: Option<i64>,
    pub(crate) attributes: Object,
}

#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) subject: Subject,
    pub(crate) permission: String,
    /// Where an instance is known, its attributes.
    pub(crate) instance: Option<Object>,
    id: Option<&'static str>,
    /// Where the action brings some.
    action: Option<Object>,
    /// Where there is one.
    context: Option<Object>,
}

fn some_of(choices: &mut Choices, declared: &[(&'static str, Type)]) -> Object {
    let mut object = Object::new();
    for (name, kind) in declared {
        if let Some(value) = attribute(choices, kind) {
            object.set(*name, value);
        }
    }
    // Nobody declared it, and nobody may read it.
    object.set("undeclared", 1);
    object
}

impl Subject {
    pub(crate) fn random(choices: &mut Choices, policy: &Policy) -> Self {
        let near = |choices: &mut Choices| match choices.below(6) {
            0 => Some(NOW - 1),
            1 => Some(NOW),
            2 => Some(NOW + 1),
            _ => None,
        };
        let mut roles: Vec<usize> = (0..policy.roles.len()).filter(|_| choices.one_in(2)).collect();
        roles.extend(choices.one_in(4).then_some(GHOST));
        let assignments = (0..choices.below(4).saturating_sub(1)).map(|_| Assignment {
            role: choices.below(policy.roles.len() + 1),
            tenant: TENANTS.get(choices.below(5)).copied(),
            not_before: near(choices),
            not_after: near(choices),
        });
        let assignments = assignments.collect();
        let mut permissions = choices.some(&policy.permissions(), 14);
        if choices.one_in(8) {
            permissions.push("nobody:declared".to_owned());
        }
        Self {
            id: choices.pick(&["a", "admin", "é"]),
            kind: choices.pick(&["user", "user", "user", "user", "service", "guest"]),
            roles,
            assignments,
            permissions,
            scopes: choices.some(&["a", "ab"], 2),
            amr: choices.some(&["b", "admin"], 2),
            acr: TEXTS.get(choices.below(4)).copied(),
            auth_time: [NOW - 60, NOW - 2_000, NOW + 60, NOW + 61].get(choices.below(6)).copied(),
            attributes: some_of(choices, &of_subject()),
        }
    }

    pub(crate) fn document(&self) -> Json {
        let names = |roles: &[usize]| -> Vec<&str> {
            roles.iter().map(|number| ROLES.get(*number).copied().unwrap_or("ghost")).collect()
        };
        let assignment = |assignment: &Assignment| {
            let name = names(&[assignment.role]).concat();
            let mut members = vec![("role", Json::from(name))];
            members.extend(assignment.tenant.map(|tenant| ("tenant", tenant.into())));
            members.extend(assignment.not_before.map(|moment| ("notBefore", moment.into())));
            members.extend(assignment.not_after.map(|moment| ("notAfter", moment.into())));
            object(members)
        };
        let mut members = vec![
            ("id", self.id.into()),
            ("kind", self.kind.into()),
            ("roles", texts(&names(&self.roles))),
            ("permissions", Json::Array(self.permissions.iter().map(|name| Json::from(name.as_str())).collect())),
            ("scopes", texts(&self.scopes)),
            ("amr", texts(&self.amr)),
            ("acr", self.acr.into()),
            ("authTime", self.auth_time.into()),
            ("attributes", self.attributes.clone().into()),
        ];
        if !self.assignments.is_empty() {
            members.push(("assignments", Json::Array(self.assignments.iter().map(assignment).collect())));
        }
        object(members)
    }
}

const TEXTS: &[&str] = &["mfa", "a", ""];

impl Question {
    pub(crate) fn random(choices: &mut Choices, policy: &Policy) -> Self {
        let subject = Subject::random(choices, policy);
        let permissions = policy.permissions();
        let permission = permissions.get(choices.below(permissions.len())).cloned().expect("a permission");
        let action = choices.one_in(2).then(|| some_of(choices, &of_action()));
        let context = choices.one_in(4).then(Object::new).is_none().then(|| {
            let mut context = some_of(choices, &of_context());
            match choices.below(4) {
                0 => context.set("justification", "ticket 4711"),
                1 if choices.one_in(4) => context.set("justification", ""),
                _ => {}
            }
            context
        });
        let mut question = Self { subject, permission, instance: None, id: None, action, context };
        if policy.kind_of(&question.permission).is_some() {
            question.id = [None, Some("a"), Some("7")].get(choices.below(3)).copied().flatten();
            if choices.below(4) > 0 {
                question.instance = Some(instance(choices, policy, &question));
            }
        }
        question
    }

    pub(crate) fn document(&self) -> Json {
        let (kind, action) = match self.permission.split_once(':') {
            Some((kind, action)) => (Some(kind), action),
            None => (None, self.permission.as_str()),
        };
        let action = match &self.action {
            None => action.into(),
            Some(properties) => object([("name", action.into()), ("properties", properties.clone().into())]),
        };
        let mut members = vec![("subject", self.subject.document()), ("action", action)];
        members.extend(kind.map(|kind| {
            let mut resource = vec![("type", kind.into())];
            resource.extend(self.id.map(|id| ("id", id.into())));
            resource.extend(self.instance.as_ref().map(|instance| ("properties", instance.clone().into())));
            ("resource", object(resource))
        }));
        members.extend(self.context.as_ref().map(|context| ("context", context.clone().into())));
        object(members)
    }

    /// The same of another permission, and of that instance.
    pub(crate) fn about(&self, permission: &str, instance: Option<Object>) -> Self {
        Self { permission: permission.to_owned(), instance, ..self.clone() }
    }

    /// The same of no resource in particular.
    pub(crate) fn without_id(self) -> Self {
        Self { id: None, ..self }
    }

    /// The same with that text in the context.
    pub(crate) fn in_mode(mut self, text: &str) -> Self {
        self.context.get_or_insert_default().set("mode", text);
        self
    }

    pub(crate) fn is_justified(&self) -> bool {
        let said = self.context.as_ref().and_then(|context| context.member("justification"));
        said.and_then(Json::as_str).is_some_and(|said| !said.is_empty())
    }
}

/// An instance of the question's type, that its subject often owns.
pub(crate) fn instance(choices: &mut Choices, policy: &Policy, question: &Question) -> Object {
    let kind = policy.kind_of(&question.permission).expect("a typed permission");
    let mut properties = some_of(choices, &kind.attributes);
    if let Some((name, own)) = kind.owner {
        let own = match own {
            None => Some(Json::from(question.subject.id)),
            Some(own) => question.subject.attributes.member(own).cloned(),
        };
        match (own, choices.below(3)) {
            (Some(own), 0 | 1) => properties.set(name, own),
            _ => properties.set(name, value(choices, &Type::String)),
        }
    }
    if let (Some(name), true) = (kind.tenant, choices.below(6) > 0) {
        properties.set(name, choices.pick(&["t1", "t2", ""]));
    }
    properties
}

/// A question with the roles of its subject.
pub(crate) struct Asked<'a> {
    pub(crate) question: &'a Question,
    /// In effect, sorted.
    pub(crate) roles: Vec<&'static str>,
}

impl Facts for Asked<'_> {
    fn attribute(&self, root: Root, name: &str) -> Result<Option<Json>, No> {
        let Question { subject, permission, instance, id, action, context } = self.question;
        let list = |items: &[&str]| Some(texts(items));
        let of = |object: &Option<Object>| object.as_ref().and_then(|object| object.member(name).cloned());
        Ok(match (root, name) {
            (Root::Subject, "id") => Some(subject.id.into()),
            (Root::Subject, "kind") => Some(subject.kind.into()),
            (Root::Subject, "roles") => list(&self.roles),
            (Root::Subject, "permissions") => list(&subject.permissions.iter().map(String::as_str).collect::<Vec<_>>()),
            (Root::Subject, "scopes") => list(&subject.scopes),
            (Root::Subject, "amr") => list(&subject.amr),
            (Root::Subject, "acr") => subject.acr.map(Json::from),
            // A time that is a minute ahead of the clock is believed, and none beyond.
            (Root::Subject, "authTime") => subject.auth_time.filter(|time| *time <= NOW + 60).map(Json::from),
            (Root::Subject, _) => subject.attributes.member(name).cloned(),
            (Root::Action, "name") => Some(permission.split(':').next_back().expect("a part").into()),
            (Root::Action, _) => of(action),
            (Root::Context, _) => of(context),
            (Root::Resource, _) if instance.is_none() => return Err(No::Unknown),
            (Root::Resource, "id") => of(instance).or_else(|| id.map(Json::from)),
            (Root::Resource, _) => of(instance),
        })
    }

    fn now(&self) -> i64 {
        NOW
    }
}
