//! The members of a request, read with their types; and the question that they are to the guard.

use super::{DecisionPoint, RequestError};
use crate::authzen::directory::MAX_MEMBERS;
use crate::json::{Json, Object};

/// Values times questions. Each question has its own copy of what the request says: some half a second for all of them.
const MAX_COPIED: usize = 500_000;

/// The members that make a question.
pub(super) const MEMBERS: [&str; 4] = ["subject", "action", "resource", "context"];

/// That the request's members may be asked about so many times.
pub(super) fn check_cost(request: &Json, questions: usize) -> Result<(), RequestError> {
    let values: usize = MEMBERS.iter().filter_map(|name| request.member(name)).map(values).sum();
    if values.saturating_mul(questions) > MAX_COPIED {
        return Err(RequestError::TooCostly { limit: MAX_COPIED });
    }
    Ok(())
}

/// How many values there are, all the way down; the reader has bounded how deep.
fn values(json: &Json) -> usize {
    let inside: usize = match json {
        Json::Array(items) => items.iter().map(values).sum(),
        Json::Object(members) => members.iter().map(|(_, value)| values(value)).sum(),
        _ => 0,
    };
    inside + 1
}

/// A subject or a resource.
#[derive(Clone, Copy)]
pub(super) struct Entity<'a> {
    pub(super) kind: &'a str,
    pub(super) id: &'a str,
    pub(super) properties: Option<&'a Object>,
}

/// A question as it stands in a request: its own members, and those of the batch where it has none.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) own: &'a Json,
    pub(super) of_batch: Option<&'a Json>,
}

impl<'a> Asked<'a> {
    pub(super) const fn alone(own: &'a Json) -> Self {
        Self { own, of_batch: None }
    }

    /// The whole member: nothing is merged (§7.1.1).
    pub(super) fn member(self, name: &str) -> Option<&'a Json> {
        self.own.member(name).or_else(|| self.of_batch?.member(name))
    }

    /// An object that must be there.
    fn object(self, name: &str) -> Result<&'a Object, RequestError> {
        let missing = || RequestError::MissingMember { member: name.to_owned() };
        self.optional_object(name)?.ok_or_else(missing)
    }

    /// An object that may be there.
    pub(super) fn optional_object(self, name: &str) -> Result<Option<&'a Object>, RequestError> {
        optional_object(self.member(name), || name.to_owned())
    }

    pub(super) fn entity(self, name: &str) -> Result<Entity<'a>, RequestError> {
        let entity = self.entity_without_id(name)?;
        Ok(Entity { id: text(self.object(name)?, name, "id")?, ..entity })
    }

    /// An entity of which only the type is asked for; its id is passed over.
    pub(super) fn entity_without_id(self, name: &str) -> Result<Entity<'a>, RequestError> {
        let entity = self.object(name)?;
        Ok(Entity { kind: text(entity, name, "type")?, id: "", properties: properties(entity, name)? })
    }

    /// An action as the guard's questions have it.
    pub(super) fn action(self) -> Result<Object, RequestError> {
        let action = self.object("action")?;
        let question = Object::new().with("name", text(action, "action", "name")?);
        Ok(match properties(action, "action")? {
            Some(properties) => question.with("properties", properties.clone()),
            None => question,
        })
    }

    /// A question to the guard that has the context, and nothing else as yet.
    pub(super) fn question(self) -> Result<Object, RequestError> {
        let context = self.optional_object("context")?;
        Ok(context.map_or_else(Object::new, |context| Object::new().with("context", context.clone())))
    }
}

fn optional_object(member: Option<&Json>, path: impl FnOnce() -> String) -> Result<Option<&Object>, RequestError> {
    match member {
        None => Ok(None),
        Some(Json::Object(object)) => Ok(Some(object)),
        Some(_) => Err(RequestError::WrongType { member: path(), wanted: "an object" }),
    }
}

fn properties<'a>(entity: &'a Object, name: &str) -> Result<Option<&'a Object>, RequestError> {
    let path = || format!("{name}.properties");
    let properties = optional_object(entity.member("properties"), path)?;
    match properties {
        Some(own) if own.len() > MAX_MEMBERS => Err(RequestError::TooMany { member: path(), limit: MAX_MEMBERS }),
        _ => Ok(properties),
    }
}

fn text<'a>(entity: &'a Object, path: &str, name: &str) -> Result<&'a str, RequestError> {
    match entity.member(name) {
        None => Err(RequestError::MissingMember { member: format!("{path}.{name}") }),
        Some(Json::String(text)) => Ok(text),
        Some(_) => Err(RequestError::WrongType { member: format!("{path}.{name}"), wanted: "text" }),
    }
}

impl DecisionPoint<'_> {
    pub(super) fn subject(&self, entity: Entity<'_>) -> Object {
        self.directory.subject(entity.kind, entity.id, entity.properties)
    }

    pub(super) fn resource(&self, entity: Entity<'_>) -> Object {
        self.directory.resource(entity.kind, entity.id, entity.properties)
    }

    /// Whether the guard permits it.
    pub(super) fn permits(&self, question: &Json) -> bool {
        self.guard.decide_json(question, self.now, &self.budget).1.is_permit()
    }
}
