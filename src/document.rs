//! Documents: walked with their path in hand, so that every error says where it stands.

use core::fmt;
use std::time::Duration;

use crate::json::{Json, JsonError, Limits, Object};

/// Which document an error is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    /// Who may do what.
    Policy,
    /// Whom we believe.
    Trust,
}

impl Document {
    /// `policy` or `trust`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Trust => "trust",
        }
    }
}

/// A document that cannot be loaded.
///
/// It never holds a value of the document, which could be a secret: names and places only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// The document that is wrong.
    pub document: Document,
    /// Where: `roles.editor.permits[1].permission`; empty for the document itself.
    pub path: String,
    /// What is wrong.
    pub problem: Problem,
}

impl ConfigError {
    /// A stable word for what is wrong.
    pub const fn code(&self) -> &'static str {
        self.problem.code()
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.document.name())?;
        if !self.path.is_empty() {
            f.write_str(" at ")?;
            f.write_str(&self.path)?;
        }
        f.write_str(": ")?;
        fmt::Display::fmt(&self.problem, f)
    }
}

impl std::error::Error for ConfigError {}

/// What is wrong with a member of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// Not strict JSON.
    Json(JsonError),
    /// More than this many of a thing.
    TooMany {
        /// The limit.
        limit: usize,
    },
    /// A value of another type.
    WrongType {
        /// What is wanted.
        wanted: &'static str,
    },
    /// A member that must be there is not.
    MissingMember,
    /// A member that this version does not know.
    UnknownMember,
    /// A value that is out of range or not of the form.
    BadValue {
        /// What is wanted.
        wanted: &'static str,
    },
    /// A name that is empty, too long or has other characters.
    BadName,
    /// A role that is not declared.
    UnknownRole,
    /// A permission that is not declared, or a wildcard that matches none.
    UnknownPermission,
    /// A resource type that is not declared.
    UnknownResourceType,
    /// A role that inherits itself.
    RoleCycle,
    /// Something that must be there once stands twice.
    Duplicate,
    /// Two routes that match the same requests.
    DuplicateRoute,
    /// Ownership of a resource type that declares no `owner`.
    MissingOwner,
    /// A member of the design that this version does not carry out.
    Unsupported,
    /// An issuer without keys.
    MissingKeys,
    /// An issuer with more than one source of keys.
    SeveralKeys,
    /// A key that is too short for its algorithm.
    WeakKey,
    /// A key that breaks a rule.
    BadKey {
        /// The rule.
        rule: &'static str,
    },
    /// A URL that is not https, nor http on a loopback address.
    InsecureUri,
    /// A route whose decision hangs on a resource that nobody loads.
    LoaderMissing,
}

impl Problem {
    /// The stable word.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Json(JsonError::TooLarge) => "too_large",
            Self::Json(_) => "json",
            Self::TooMany { .. } => "too_many",
            Self::WrongType { .. } => "wrong_type",
            Self::MissingMember => "missing_member",
            Self::UnknownMember => "unknown_member",
            Self::BadValue { .. } => "bad_value",
            Self::BadName => "bad_name",
            Self::UnknownRole => "unknown_role",
            Self::UnknownPermission => "unknown_permission",
            Self::UnknownResourceType => "unknown_resource_type",
            Self::RoleCycle => "role_cycle",
            Self::Duplicate => "duplicate",
            Self::DuplicateRoute => "duplicate_route",
            Self::MissingOwner => "missing_owner",
            Self::Unsupported => "unsupported",
            Self::MissingKeys => "missing_keys",
            Self::SeveralKeys => "several_keys",
            Self::WeakKey => "weak_key",
            Self::BadKey { .. } => "bad_key",
            Self::InsecureUri => "insecure_uri",
            Self::LoaderMissing => "loader_missing",
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (text, evidence) = match self {
            Self::Json(error) => return fmt::Display::fmt(error, f),
            Self::TooMany { limit } => {
                f.write_str("more than ")?;
                return fmt::Display::fmt(limit, f);
            }
            Self::WrongType { wanted } | Self::BadValue { wanted } => ("must be ", *wanted),
            Self::MissingMember => ("is missing", ""),
            Self::UnknownMember => ("is not known here", ""),
            Self::BadName => ("must be 1 to 128 letters, digits, _, - or .", ""),
            Self::UnknownRole => ("names a role that is not declared", ""),
            Self::UnknownPermission => ("names a permission that is not declared", ""),
            Self::UnknownResourceType => ("names a resource type that is not declared", ""),
            Self::RoleCycle => ("inherits itself", ""),
            Self::Duplicate => ("stands twice", ""),
            Self::DuplicateRoute => ("matches the same requests as a route before it", ""),
            Self::MissingOwner => ("wants a resource type that declares its owner", ""),
            Self::Unsupported => ("is not supported by this version", ""),
            Self::MissingKeys => ("needs one of secret, jwks and jwksUri", ""),
            Self::SeveralKeys => ("has more than one of secret, jwks and jwksUri", ""),
            Self::WeakKey => ("is shorter than its algorithm wants", ""),
            Self::BadKey { rule } => ("is no usable key: ", *rule),
            Self::InsecureUri => ("must be https, or http on a loopback address", ""),
            Self::LoaderMissing => {
                ("hangs on a resource: give a loader for its type, or say \"handler\": \"decides\"", "")
            }
        };
        f.write_str(text)?;
        f.write_str(evidence)
    }
}

/// A [`ConfigError`] on its way out: a pointer, because every line of a reader carries it.
pub(crate) type Fault = Box<ConfigError>;

/// Reads a document as an object, or says why it is none.
pub(crate) fn parse(document: Document, text: &str) -> Result<Json, Fault> {
    let fail = |problem| Box::new(ConfigError { document, path: String::new(), problem });
    match Json::parse_within(text.as_bytes(), Limits::DOCUMENT) {
        Ok(json @ Json::Object(_)) => Ok(json),
        Ok(_) => Err(fail(Problem::WrongType { wanted: "an object" })),
        Err(error) => Err(fail(Problem::Json(error))),
    }
}

/// A value of a document and the way to it.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a> {
    document: Document,
    parent: Option<&'a Node<'a>>,
    step: Step<'a>,
    value: &'a Json,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Member(&'a str),
    Item(usize),
}

impl<'a> Node<'a> {
    pub(crate) const fn root(document: Document, value: &'a Json) -> Self {
        Self { document, parent: None, step: Step::Root, value }
    }

    pub(crate) const fn value(&self) -> &'a Json {
        self.value
    }

    /// The error that this value has that problem.
    #[inline(never)]
    pub(crate) fn fail(&self, problem: Problem) -> Fault {
        Box::new(ConfigError { document: self.document, path: self.path(), problem })
    }

    /// The error that a member of this object has that problem.
    #[inline(never)]
    pub(crate) fn fail_member(&self, name: &str, problem: Problem) -> Fault {
        let mut path = self.path();
        push_member(&mut path, name);
        Box::new(ConfigError { document: self.document, path, problem })
    }

    fn path(&self) -> String {
        let mut path = self.parent.map(Node::path).unwrap_or_default();
        match self.step {
            Step::Root => {}
            Step::Member(name) => push_member(&mut path, name),
            Step::Item(index) => {
                path.push('[');
                path.push_str(&index.to_string());
                path.push(']');
            }
        }
        path
    }

    fn child(&'a self, step: Step<'a>, value: &'a Json) -> Node<'a> {
        Node { document: self.document, parent: Some(self), step, value }
    }

    /// The members of this object, none of which is outside `known`.
    #[inline(never)]
    pub(crate) fn object(&self, known: &[&str]) -> Result<&'a Object, Fault> {
        let object = self.any_object()?;
        match object.iter().find(|(name, _)| !known.contains(name)) {
            Some((name, _)) => Err(self.fail_member(name, Problem::UnknownMember)),
            None => Ok(object),
        }
    }

    /// The members of this object, whatever their names.
    #[inline(never)]
    pub(crate) fn any_object(&self) -> Result<&'a Object, Fault> {
        self.value.as_object().ok_or_else(|| self.fail(Problem::WrongType { wanted: "an object" }))
    }

    /// The member of that name.
    #[inline(never)]
    pub(crate) fn member(&'a self, name: &'a str) -> Option<Node<'a>> {
        let value = self.value.member(name)?;
        Some(self.child(Step::Member(name), value))
    }

    /// The member of that name, which must be there.
    #[inline(never)]
    pub(crate) fn required(&'a self, name: &'a str) -> Result<Node<'a>, Fault> {
        self.member(name).ok_or_else(|| self.fail_member(name, Problem::MissingMember))
    }

    /// Each member of this object, at most `limit`.
    #[inline(never)]
    pub(crate) fn members(&'a self, limit: usize) -> Result<Vec<(&'a str, Node<'a>)>, Fault> {
        let object = self.any_object()?;
        if object.len() > limit {
            return Err(self.fail(Problem::TooMany { limit }));
        }
        Ok(object.iter().map(|(name, value)| (name, self.child(Step::Member(name), value))).collect())
    }

    /// Each item of this list, at most `limit`.
    #[inline(never)]
    pub(crate) fn items(&'a self, limit: usize) -> Result<Vec<Node<'a>>, Fault> {
        let items = self.value.as_array().ok_or_else(|| self.fail(Problem::WrongType { wanted: "a list" }))?;
        if items.len() > limit {
            return Err(self.fail(Problem::TooMany { limit }));
        }
        Ok(items.iter().enumerate().map(|(index, value)| self.child(Step::Item(index), value)).collect())
    }

    #[inline(never)]
    pub(crate) fn text(&self) -> Result<&'a str, Fault> {
        self.value.as_str().ok_or_else(|| self.fail(Problem::WrongType { wanted: "text" }))
    }

    #[inline(never)]
    pub(crate) fn flag(&self) -> Result<bool, Fault> {
        match self.value {
            Json::Bool(flag) => Ok(*flag),
            _ => Err(self.fail(Problem::WrongType { wanted: "true or false" })),
        }
    }

    /// A whole number from `least` to `most`.
    #[inline(never)]
    pub(crate) fn whole_number(&self, least: i64, most: i64, wanted: &'static str) -> Result<i64, Fault> {
        match self.value {
            Json::Integer(number) if (least..=most).contains(number) => Ok(*number),
            Json::Integer(_) | Json::Decimal(_) => Err(self.fail(Problem::BadValue { wanted })),
            _ => Err(self.fail(Problem::WrongType { wanted: "a whole number" })),
        }
    }

    /// The member's seconds, from `least` to `most`, where it is there.
    pub(crate) fn seconds_member(
        &self,
        name: &str,
        least: i64,
        most: i64,
        wanted: &'static str,
    ) -> Result<Option<Duration>, Fault> {
        match self.member(name) {
            None => Ok(None),
            Some(member) => {
                let seconds = member.whole_number(least, most, wanted)?;
                Ok(Some(Duration::from_secs(seconds.unsigned_abs())))
            }
        }
    }

    /// That none of these members is there, where this build cannot carry them out.
    pub(crate) fn needs_full(&self, names: &[&str]) -> Result<(), Fault> {
        match names.iter().find(|name| self.value.member(name).is_some()) {
            Some(name) if !cfg!(feature = "full") => Err(self.fail_member(name, Problem::Unsupported)),
            _ => Ok(()),
        }
    }

    /// Text that is not empty.
    pub(crate) fn non_empty(&self) -> Result<String, Fault> {
        let text = self.text()?;
        if text.is_empty() {
            return Err(self.fail(Problem::BadValue { wanted: "text that is not empty" }));
        }
        Ok(text.to_owned())
    }

    /// Text that may stand in a quoted string of a challenge.
    pub(crate) fn printable(&self) -> Result<String, Fault> {
        let text = self.non_empty()?;
        let is_printable = text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
        if is_printable { Ok(text) } else { Err(self.fail(Problem::BadValue { wanted: "printable ASCII" })) }
    }

    /// The member's texts, at most `limit`; none where it is absent.
    pub(crate) fn texts_member(&self, name: &str, limit: usize) -> Result<Vec<String>, Fault> {
        self.member(name).map_or_else(|| Ok(Vec::new()), |member| member.texts(limit))
    }

    /// A list of texts, at most `limit`.
    #[inline(never)]
    pub(crate) fn texts(&self, limit: usize) -> Result<Vec<String>, Fault> {
        self.items(limit)?.iter().map(|item| item.text().map(str::to_owned)).collect()
    }
}

/// Appends a member's name to a path: plain ones behind a dot, others quoted in brackets.
fn push_member(path: &mut String, name: &str) {
    let plain =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if plain {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(name);
    } else {
        path.push('[');
        path.push_str(&Json::from(name).to_text());
        path.push(']');
    }
}
