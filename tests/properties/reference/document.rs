//! Policies as documents.

use std::collections::BTreeSet;

use portcullis::Json;
use portcullis::json::Object;

use super::condition::Type;
use super::policy::{BARE, Kind, Permit, Policy, ROLES, Role, Rule, of_action, of_context, of_subject};

impl Policy {
    pub(crate) fn document(&self) -> Json {
        let mut document = Object::new();
        document.set("policy", "reference");
        document.set("revision", 1);
        document.set("resources", object(self.kinds.iter().map(|kind| (kind.name, kind.document()))));
        document.set("permissions", texts(BARE));
        for (section, attributes) in [("subject", of_subject()), ("context", of_context()), ("action", of_action())] {
            document.set(section, object([("attributes", declared(&attributes))]));
        }
        document.set("roles", object(ROLES.iter().zip(&self.roles).map(|(name, role)| (*name, role.document()))));
        if !self.rules.is_empty() {
            document.set("rules", Json::Array(self.rules.iter().map(Rule::document).collect()));
        }
        if !self.exclusive.is_empty() {
            let lists = self.exclusive.iter().map(|list| texts(&named(list))).collect();
            document.set("exclusive", Json::Array(lists));
        }
        document.into()
    }
}

pub(crate) fn named(roles: &BTreeSet<usize>) -> Vec<&'static str> {
    roles.iter().filter_map(|number| ROLES.get(*number).copied()).collect()
}

pub(crate) fn texts(items: &[&str]) -> Json {
    Json::Array(items.iter().map(|item| Json::from(*item)).collect())
}

pub(crate) fn object<'a>(members: impl IntoIterator<Item = (&'a str, Json)>) -> Json {
    let mut object = Object::new();
    for (name, value) in members {
        object.set(name, value);
    }
    object.into()
}

fn declared(attributes: &[(&'static str, Type)]) -> Json {
    object(attributes.iter().map(|(name, kind)| (*name, Json::from(kind.name()))))
}

impl Kind {
    fn document(&self) -> Json {
        let mut members = vec![("actions", texts(self.actions)), ("attributes", declared(&self.attributes))];
        members.extend(self.owner.map(|owner| match owner {
            (name, None) => ("owner", name.into()),
            (name, Some(own)) => ("owner", object([("resource", name.into()), ("subject", own.into())])),
        }));
        members.extend(self.tenant.map(|tenant| ("tenant", tenant.into())));
        members.extend((!self.fields.is_empty()).then(|| ("fields", texts(self.fields))));
        members.extend(self.hide.then(|| ("hide", true.into())));
        object(members)
    }
}

impl Role {
    fn document(&self) -> Json {
        let permits = self.permits.iter().map(Permit::document).collect();
        let mut members = vec![("inherits", texts(&named(&self.inherits))), ("permits", Json::Array(permits))];
        members.extend(self.elevated.as_ref().map(|elevated| {
            let mut wants = Vec::new();
            wants.extend(elevated.acr.map(|acr| ("acr", texts(&[acr]))));
            wants.extend(elevated.max_age.map(|age| ("maxAuthAge", age.into())));
            wants.extend(elevated.justification.then(|| ("justification", true.into())));
            ("elevated", object(wants))
        }));
        object(members)
    }
}

impl Permit {
    fn document(&self) -> Json {
        if !self.owner && self.when.is_none() && self.fields.is_empty() {
            return self.pattern.into();
        }
        let mut members = vec![("permission", self.pattern.into())];
        members.extend(self.owner.then(|| ("owner", true.into())));
        members.extend(self.when.as_ref().map(|when| ("when", when.print().into())));
        members.extend((!self.fields.is_empty()).then(|| ("fields", texts(&self.fields))));
        object(members)
    }
}

impl Rule {
    fn document(&self) -> Json {
        let effect = if self.require { "require" } else { "deny" };
        let mut members =
            vec![("id", self.id.into()), ("effect", effect.into()), ("permissions", texts(&self.patterns))];
        members.extend(self.when.as_ref().map(|when| ("when", when.print().into())));
        members.extend(self.unless.as_ref().map(|unless| ("unless", unless.print().into())));
        members.extend(self.message.map(|message| ("message", message.into())));
        object(members)
    }
}
