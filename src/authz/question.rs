//! One question to a policy, and what its conditions can see.

use core::cell::Cell;
use std::time::Duration;

use super::decision::Instance;
use super::policy::Policy;
use super::role::{PermissionId, Role, RoleId};
use super::standing::Standing;
use crate::cel::{Fact, Facts, Root};
use crate::json::Object;
use crate::principal::Subject;
use crate::time::UnixTime;

/// How far ahead of the clock a sign-in may be dated; beyond it the time is not believed.
const CLOCK_SKEW: Duration = Duration::from_secs(60);

/// The moment of a question.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock<'a> {
    now: UnixTime,
    /// Where somebody wants to know whether it was read.
    is_read: Option<&'a Cell<bool>>,
}

impl<'a> Clock<'a> {
    pub(crate) const fn at(now: UnixTime) -> Self {
        Self { now, is_read: None }
    }

    /// For whoever hopes that the time does not matter: an answer for which it was read is none.
    #[cfg(feature = "wasm")]
    pub(crate) const fn unset(is_read: &'a Cell<bool>) -> Self {
        Self { now: UnixTime::from_seconds(i64::MAX), is_read: Some(is_read) }
    }

    pub(crate) fn now(self) -> UnixTime {
        if let Some(is_read) = self.is_read {
            is_read.set(true);
        }
        self.now
    }
}

/// When, why and how a question is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Circumstances<'a> {
    pub(crate) clock: Clock<'a>,
    pub(crate) is_justified: bool,
    /// The attributes of the context and of the action; none where absent.
    pub(crate) context: Option<&'a Object>,
    pub(crate) action: Option<&'a Object>,
    /// The resource's id, where its attributes do not say it.
    pub(crate) resource_id: Option<&'a str>,
}

impl Circumstances<'_> {
    /// When the subject signed in, where that is believed.
    pub(super) fn signed_in(&self, subject: &Subject) -> Option<UnixTime> {
        subject.auth_time.filter(|signed_in| *signed_in <= self.clock.now().after(CLOCK_SKEW))
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(crate) standing: &'a Standing,
    pub(crate) permission: PermissionId,
    pub(crate) instance: Instance<'a>,
    pub(crate) circumstances: Circumstances<'a>,
}

/// A question with the roles that count, as its conditions see it.
pub(super) struct View<'a> {
    pub(super) policy: &'a Policy,
    pub(super) question: Question<'a>,
    pub(super) roles: &'a [RoleId],
    /// The elevated role that is being tried.
    pub(super) tried: Option<RoleId>,
    /// What conditions may still cost.
    pub(super) steps: &'a Cell<u32>,
}

impl Facts for View<'_> {
    fn attribute(&self, root: Root, name: &str) -> Fact<'_> {
        let Question { standing, instance, circumstances, .. } = &self.question;
        let subject = &standing.subject;
        let found = match (root, name) {
            (Root::Subject, "id") => return Fact::Text(&subject.id),
            (Root::Subject, "kind") => return Fact::Text(subject.kind.name()),
            (Root::Subject, "acr") => return subject.acr.as_deref().map_or(Fact::Missing, Fact::Text),
            (Root::Subject, "authTime") => return circumstances.signed_in(subject).map_or(Fact::Missing, Fact::Time),
            (Root::Subject, "roles") => return Fact::Texts(self.role_names()),
            (Root::Subject, "permissions") => return texts(&subject.permissions),
            (Root::Subject, "scopes") => return texts(&subject.scopes),
            (Root::Subject, "amr") => return texts(&subject.amr),
            (Root::Action, "name") => return Fact::Text(self.action()),
            (Root::Subject, _) => subject.attributes.member(name),
            (Root::Action, _) => circumstances.action.and_then(|action| action.member(name)),
            (Root::Context, _) => circumstances.context.and_then(|context| context.member(name)),
            (Root::Resource, _) => match instance {
                Instance::Unknown => return Fact::Unknown,
                Instance::Known(attributes) => match (attributes.member(name), circumstances.resource_id) {
                    (None, Some(id)) if name == "id" => return Fact::Text(id),
                    (found, _) => found,
                },
            },
            (Root::Free, _) => None,
        };
        found.map_or(Fact::Missing, Fact::Json)
    }

    fn now(&self) -> UnixTime {
        self.question.circumstances.clock.now()
    }

    fn steps(&self) -> &Cell<u32> {
        self.steps
    }
}

fn texts(list: &[String]) -> Fact<'_> {
    let mut texts = Vec::new();
    for text in list {
        texts.push(text.as_str());
    }
    Fact::Texts(texts)
}

impl<'a> View<'a> {
    /// The roles in effect, sorted by name; an elevated one only while it is tried.
    pub(super) fn roles_that_count(&self) -> Vec<&'a Role> {
        let mut roles = Vec::new();
        for id in self.policy.in_effect(self.roles) {
            roles.extend(self.policy.role(id).filter(|role| role.elevation.is_none() || self.tried == Some(id)));
        }
        roles
    }

    /// The part of the permission behind its type.
    fn action(&self) -> &str {
        let name = self.policy.permission(self.question.permission).map_or("", |permission| &permission.name);
        name.split_once(':').map_or(name, |(_, action)| action)
    }

    fn role_names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for role in self.roles_that_count() {
            names.push(role.name.as_str());
        }
        names
    }
}
