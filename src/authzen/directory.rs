//! What the decision point knows of subjects and resources that a request names by id.

use crate::document::{self, ConfigError, Document, Node, Problem};
use crate::json::{JsonError, Object};
use crate::principal::Assignment;
use crate::sorted;

/// Bytes of the document: as much as crosses to a wasm instance at once.
const MAX_BYTES: usize = 1 << 20;
const MAX_TYPES: usize = 1_000;
/// All types together. A search looks at each entity of a type.
const MAX_ENTITIES: usize = 10_000;
/// Members of an entity, and properties of one in a request: for each the other side's are looked through.
pub(super) const MAX_MEMBERS: usize = 100;
const MAX_TEXTS: usize = 1_000;
/// The last moment that a double counts to.
const MAX_SECONDS: i64 = 1 << 53;

/// What a subject is; see the module. All else is an attribute.
const OF_SUBJECT: &[&str] = &["roles", "permissions", "scopes", "assignments", "acr", "amr", "authTime"];

/// Subjects and resources by type and id.
///
/// `{ "user": { "u1": { "roles": ["editor"], "email": "…" } }, "article": { "1": { "author": "u1" } } }`: of an entity
/// `roles`, `permissions`, `scopes`, `assignments`, `acr`, `amr` and `authTime` say what it is as a subject and have the
/// form that they have there, whatever the type; all its other members are attributes. At most 1 MiB, 10,000 entities
/// and 100 members in each.
///
/// ```
/// use portcullis::authzen::Directory;
///
/// let error = Directory::parse(r#"{ "user": { "u1": { "roles": "editor" } } }"#).unwrap_err();
/// assert_eq!((error.path.as_str(), error.code()), ("user.u1.roles", "wrong_type"));
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Directory {
    /// Sorted by name.
    types: Vec<Type>,
    pub(super) explains: bool,
}

#[derive(Debug, Clone, PartialEq)]
struct Type {
    name: String,
    /// Sorted by id.
    entities: Vec<(String, Object)>,
}

impl Directory {
    /// Reads a directory from its JSON text.
    ///
    /// # Errors
    /// [`ConfigError`] with the path of the member that is wrong.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        if text.len() > MAX_BYTES {
            let problem = Problem::Json(JsonError::TooLarge);
            return Err(ConfigError { document: Document::Directory, path: String::new(), problem });
        }
        let json = document::parse(Document::Directory, text).map_err(|fault| *fault)?;
        document::read(Document::Directory, &json, read).map_err(|fault| *fault)
    }

    /// The same with the explanation's sentence in denials, as `context.reason_admin`. It names roles and rules: for
    /// callers that may know the policy.
    #[must_use]
    pub const fn with_explanations(mut self) -> Self {
        self.explains = true;
        self
    }

    /// The ids of a type, sorted; `None` where there is no such type.
    pub(super) fn ids(&self, kind: &str) -> Option<impl Iterator<Item = &str>> {
        self.of_type(kind).map(|own| own.entities.iter().map(|(id, _)| id.as_str()))
    }

    /// How many entities of a type there are.
    pub(super) fn count(&self, kind: &str) -> usize {
        self.of_type(kind).map_or(0, |own| own.entities.len())
    }

    /// What is known of an entity.
    pub(super) fn entity(&self, kind: &str, id: &str) -> Option<&Object> {
        let entities = &self.of_type(kind)?.entities;
        let index = entities.binary_search_by(|(own, _)| own.as_str().cmp(id)).ok()?;
        entities.get(index).map(|(_, entity)| entity)
    }

    fn of_type(&self, kind: &str) -> Option<&Type> {
        let index = self.types.binary_search_by(|own| own.name.as_str().cmp(kind)).ok()?;
        self.types.get(index)
    }

    /// A subject as the guard's questions have it.
    pub(super) fn subject(&self, kind: &str, id: &str, properties: Option<&Object>) -> Object {
        let known = self.entity(kind, id);
        let kind = match kind {
            "service" | "guest" => kind,
            _ => "user",
        };
        let mut subject = Object::new().with("id", id).with("kind", kind);
        let mut attributes = Object::new();
        for (name, value) in known.into_iter().flat_map(Object::iter) {
            let place = if OF_SUBJECT.contains(&name) { &mut subject } else { &mut attributes };
            place.set(name, value.clone());
        }
        fill(&mut attributes, properties, OF_SUBJECT);
        subject.with("attributes", attributes)
    }

    /// A resource as the guard's questions have it: an instance that is known.
    pub(super) fn resource(&self, kind: &str, id: &str, properties: Option<&Object>) -> Object {
        let mut attributes = self.entity(kind, id).cloned().unwrap_or_default();
        fill(&mut attributes, properties, &[]);
        Object::new().with("type", kind).with("id", id).with("properties", attributes)
    }
}

/// Adds what the request says where the directory says nothing. Its id it has said already.
fn fill(attributes: &mut Object, properties: Option<&Object>, not_its_to_say: &[&str]) {
    for (name, value) in properties.into_iter().flat_map(Object::iter) {
        if name != "id" && !not_its_to_say.contains(&name) && attributes.member(name).is_none() {
            attributes.set(name, value.clone());
        }
    }
}

fn read(node: &Node<'_>) -> Directory {
    let mut directory = Directory::default();
    let mut room = MAX_ENTITIES;
    for (name, node) in node.entries(MAX_TYPES) {
        let mut entities = Vec::new();
        for (id, node) in node.entries(MAX_ENTITIES) {
            let Some(left) = room.checked_sub(1) else {
                node.refuse(Problem::TooMany { limit: MAX_ENTITIES });
                return directory;
            };
            room = left;
            check_entity(&node, id);
            entities.push((id.to_owned(), node.value().as_object().cloned().unwrap_or_default()));
        }
        sorted::sort_by(&mut entities, |(left, _), (right, _)| left.cmp(right));
        directory.types.push(Type { name: name.to_owned(), entities });
    }
    sorted::sort_by(&mut directory.types, |left, right| left.name.cmp(&right.name));
    directory
}

fn check_entity(node: &Node<'_>, id: &str) {
    node.entries(MAX_MEMBERS);
    if id.is_empty() {
        node.refuse(Problem::BadValue { wanted: "an entity whose id is not empty" });
    }
    // Two ids of one thing would be a second identity.
    if let Some(own) = node.member("id")
        && own.str() != id
    {
        own.refuse(Problem::BadValue { wanted: "the id under which the entity stands" });
    }
    for name in ["roles", "permissions", "scopes", "amr"] {
        node.texts_member(name, MAX_TEXTS);
    }
    if let Some(acr) = node.member("acr") {
        acr.str();
    }
    if let Some(moment) = node.member("authTime") {
        moment.number(-MAX_SECONDS, MAX_SECONDS, "seconds since 1970");
    }
    if let Some(assignments) = node.member("assignments") {
        Assignment::from_document(&assignments);
    }
}

#[cfg(test)]
mod tests {
    use super::Directory;
    use crate::json::Json;

    fn directory(text: &str) -> Directory {
        Directory::parse(text).unwrap_or_default()
    }

    #[test]
    fn the_directory_says_who_a_subject_is_and_the_request_adds_attributes() {
        let directory = directory(r#"{ "user": { "u1": { "roles": ["editor"], "email": "a", "team": null } } }"#);
        let said = Json::parse(br#"{ "roles": ["admin"], "acr": "gold", "email": "b", "team": "x", "plan": "pro" }"#);
        let said = said.unwrap_or_default();
        let subject = Json::from(directory.subject("user", "u1", said.as_object())).to_text();
        let known =
            r#"{"id":"u1","kind":"user","roles":["editor"],"attributes":{"email":"a","team":null,"plan":"pro"}}"#;
        assert_eq!(subject, known);
        let subject = Json::from(directory.subject("service", "u1", said.as_object())).to_text();
        let nobody = r#"{"id":"u1","kind":"service","attributes":{"email":"b","team":"x","plan":"pro"}}"#;
        assert_eq!(subject, nobody);
    }

    #[test]
    fn a_resource_has_all_members_of_its_entity() {
        let directory = directory(r#"{ "user": { "u1": { "roles": ["editor"], "email": "a" } } }"#);
        let said = Json::parse(br#"{ "id": "u2", "email": "b", "plan": "pro" }"#).unwrap_or_default();
        let known = Json::from(directory.resource("user", "u1", said.as_object())).to_text();
        let wanted = r#"{"type":"user","id":"u1","properties":{"roles":["editor"],"email":"a","plan":"pro"}}"#;
        assert_eq!(known, wanted);
        let unknown = Json::from(directory.resource("user", "u2", None)).to_text();
        assert_eq!(unknown, r#"{"type":"user","id":"u2","properties":{}}"#);
    }
}
