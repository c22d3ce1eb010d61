//! cedar-policy: policies parsed beforehand, and requests and entities made beforehand where a row does not say otherwise.

use std::collections::{HashMap, HashSet};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression,
};

use crate::scenario::{Article, Asked, CONDITIONAL, GRANTS, OWNED, PARENTS, ROLE_QUESTIONS, SUBJECT, parts};

struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    /// The subject and the roles.
    people: Entities,
}

impl Cedar {
    fn new() -> Self {
        let mut people = vec![entity(uid("User", SUBJECT), &[("id", SUBJECT)], vec![uid("Role", "editor")])];
        for (role, _) in GRANTS {
            let parents = PARENTS.iter().filter(|(own, _)| *own == role).map(|(_, parent)| uid("Role", parent));
            people.push(entity(uid("Role", role), &[], parents.collect()));
        }
        Self {
            authorizer: Authorizer::new(),
            policies: statements().parse().expect("policies"),
            people: Entities::from_entities(people, None).expect("people"),
        }
    }

    fn allows(&self, request: &Request, entities: &Entities) -> bool {
        self.authorizer.is_authorized(request, &self.policies, entities).decision() == Decision::Allow
    }

    fn with(&self, article: &Article) -> Entities {
        let attributes = [("author_id", article.author_id), ("status", article.status)];
        let article = entity(uid("article", &article.id), &attributes, Vec::new());
        self.people.clone().add_entities([article], None).expect("an article")
    }
}

pub fn roles() -> impl Fn(usize) -> bool {
    let cedar = Cedar::new();
    let requests = ROLE_QUESTIONS.map(|permission| request(permission, uid(parts(permission).0, "any")));
    move |index| cedar.allows(&requests[index & 1], &cedar.people)
}

/// The article is an entity beside the people's already.
pub fn articles(asked: Asked) -> impl Fn(usize) -> bool {
    let cedar = Cedar::new();
    let prepare = |article| (question(asked, article), cedar.with(article));
    let questions: Vec<_> = asked.articles().iter().map(prepare).collect();
    move |index| {
        let (request, entities) = &questions[index];
        cedar.allows(request, entities)
    }
}

/// Request and entity are made of the article for each question.
pub fn fresh_articles(asked: Asked) -> impl Fn(usize) -> bool {
    let cedar = Cedar::new();
    let articles = asked.articles();
    move |index| {
        let article = &articles[index];
        cedar.allows(&question(asked, article), &cedar.with(article))
    }
}

fn question(asked: Asked, article: &Article) -> Request {
    request(asked.permission(), uid("article", &article.id))
}

fn request(permission: &str, resource: EntityUid) -> Request {
    let (principal, action) = (uid("User", SUBJECT), uid("Action", permission));
    Request::new(principal, action, resource, Context::empty(), None).expect("a request")
}

fn entity(uid: EntityUid, attributes: &[(&str, &str)], parents: Vec<EntityUid>) -> Entity {
    let attribute =
        |(name, value): &(&str, &str)| ((*name).to_owned(), RestrictedExpression::new_string((*value).to_owned()));
    let attributes: HashMap<_, _> = attributes.iter().map(attribute).collect();
    Entity::new(uid, attributes, HashSet::from_iter(parents)).expect("an entity")
}

fn uid(kind: &str, id: &str) -> EntityUid {
    let kind: EntityTypeName = kind.parse().expect("the name of a type");
    EntityUid::from_type_name_and_id(kind, EntityId::new(id))
}

/// One statement for each role, and one for each of an editor's two grants that hang on the article.
fn statements() -> String {
    let action = |permission: &str| format!("Action::\"{permission}\"");
    let permit = |role: &str, actions: &str, condition: &str| {
        format!("permit(principal in Role::\"{role}\", action {actions}, resource){condition};\n")
    };
    let mut text = String::new();
    for (role, permissions) in GRANTS {
        let actions: Vec<String> = permissions.iter().map(|name| action(name)).collect();
        text += &permit(role, &format!("in [{}]", actions.join(", ")), "");
    }
    let owns = "resource.author_id == principal.id";
    text += &permit("editor", &format!("== {}", action(OWNED)), &format!(" when {{ {owns} }}"));
    let condition = format!(" when {{ {owns} && resource.status == \"draft\" }}");
    text += &permit("editor", &format!("== {}", action(CONDITIONAL)), &condition);
    text
}
