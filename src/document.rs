//! Documents: walked with their path in hand, so that every error says where it stands.

mod error;

use crate::digits;
use core::cell::Cell;
use std::time::Duration;

use crate::grammar::Class;
use crate::json::{Json, Limits};

pub use error::{ConfigError, Document, Problem};

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

/// What is wrong with a document: the first thing that was found. A reader goes on behind it, with what is harmless, so
/// that no line of it has to turn back; what it has made by then is given to nobody.
#[derive(Default)]
struct Faults(Cell<Option<Fault>>);

/// Reads a document; its first fault is the answer where there is one.
pub(crate) fn read<T>(document: Document, json: &Json, read: impl FnOnce(&Node<'_>) -> T) -> Result<T, Fault> {
    let faults = Faults::default();
    let made = read(&Node { faults: &faults, document, parent: None, step: Step::Root, value: json });
    match faults.0.take() {
        Some(fault) => Err(fault),
        None => Ok(made),
    }
}

/// A value of a document and the way to it.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a> {
    faults: &'a Faults,
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
    /// Notes that this value has that problem, where nothing was noted before.
    #[inline(never)]
    pub(crate) fn refuse(&self, problem: Problem) {
        let first = self.faults.0.take();
        self.faults.0.set(Some(first.unwrap_or_else(|| self.fail(problem))));
    }

    /// Notes that this value is out of range, or not of the form.
    #[inline(never)]
    pub(crate) fn bad(&self, wanted: &'static str) {
        self.refuse(Problem::BadValue { wanted });
    }

    /// Notes that a member of this object has that problem.
    #[inline(never)]
    pub(crate) fn refuse_member(&self, name: &str, problem: Problem) {
        let first = self.faults.0.take();
        self.faults.0.set(Some(first.unwrap_or_else(|| self.fail_member(name, problem))));
    }

    /// Whether nothing was noted so far.
    pub(crate) fn is_well(&self) -> bool {
        let first = self.faults.0.take();
        let is_well = first.is_none();
        self.faults.0.set(first);
        is_well
    }

    /// That this is an object without members outside `known`.
    #[inline(never)]
    pub(crate) fn has_only(&self, known: &[&str]) {
        for (name, _) in self.entries_of() {
            if !known.contains(&name.as_str()) {
                self.refuse_member(name, Problem::UnknownMember);
            }
        }
    }

    fn entries_of(&self) -> &'a [(String, Json)] {
        match self.value {
            Json::Object(object) => object.members(),
            _ => {
                self.refuse(Problem::WrongType { wanted: "an object" });
                &[]
            }
        }
    }

    /// The member of that name, which must be there in an object. Where it is not, null stands for it.
    #[inline(never)]
    pub(crate) fn expect(&'a self, name: &'a str) -> Node<'a> {
        let found = self.value.member(name);
        if found.is_none() {
            self.entries_of();
            self.refuse_member(name, Problem::MissingMember);
        }
        self.child(Step::Member(name), found.unwrap_or(&Json::Null))
    }

    /// Each member of this object, at most `limit`; none where it is no object, or a larger one.
    #[inline(never)]
    pub(crate) fn entries(&'a self, limit: usize) -> Entries<'a> {
        let members = self.entries_of();
        if members.len() > limit {
            self.refuse(Problem::TooMany { limit });
        }
        Entries { node: self, left: members.get(..limit.min(members.len())).unwrap_or(&[]) }
    }

    /// Each item of this list, at most `limit`; none where it is no list, or a longer one.
    #[inline(never)]
    pub(crate) fn list(&'a self, limit: usize) -> List<'a> {
        let items = match self.value {
            Json::Array(items) if items.len() <= limit => items.as_slice(),
            Json::Array(_) => {
                self.refuse(Problem::TooMany { limit });
                &[]
            }
            _ => {
                self.refuse(Problem::WrongType { wanted: "a list" });
                &[]
            }
        };
        List { node: self, items, next: 0 }
    }

    /// The text; an empty one where it is none.
    #[inline(never)]
    pub(crate) fn str(&self) -> &'a str {
        self.value.as_str().unwrap_or_else(|| {
            self.refuse(Problem::WrongType { wanted: "text" });
            ""
        })
    }

    /// Text that is not empty.
    #[inline(never)]
    pub(crate) fn some_text(&self) -> &'a str {
        let text = self.str();
        if text.is_empty() {
            self.bad("text that is not empty");
        }
        text
    }

    /// Whether the member is there and true.
    #[inline(never)]
    pub(crate) fn has_set(&self, name: &str) -> bool {
        match self.value.member(name) {
            None => false,
            Some(Json::Bool(flag)) => *flag,
            Some(_) => {
                self.refuse_member(name, Problem::WrongType { wanted: "true or false" });
                false
            }
        }
    }

    /// A whole number from `least` to `most`; `least` where it is none.
    #[inline(never)]
    pub(crate) fn number(&self, least: i64, most: i64, wanted: &'static str) -> i64 {
        match self.value {
            Json::Integer(number) if (least..=most).contains(number) => return *number,
            Json::Integer(_) | Json::Decimal(_) => self.bad(wanted),
            _ => self.refuse(Problem::WrongType { wanted: "a whole number" }),
        }
        least
    }

    pub(crate) const fn value(&self) -> &'a Json {
        self.value
    }

    /// The error that this value has that problem.
    #[inline(never)]
    fn fail(&self, problem: Problem) -> Fault {
        Box::new(ConfigError { document: self.document, path: self.path(), problem })
    }

    /// The error that a member of this object has that problem.
    #[inline(never)]
    fn fail_member(&self, name: &str, problem: Problem) -> Fault {
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
                path.push_str(&digits::of(index));
                path.push(']');
            }
        }
        path
    }

    fn child(&'a self, step: Step<'a>, value: &'a Json) -> Node<'a> {
        Node { faults: self.faults, document: self.document, parent: Some(self), step, value }
    }

    /// A member as if it were there, for saying what is missing in it.
    #[cfg(feature = "full")]
    pub(crate) fn child_named(&'a self, name: &'a str, value: &'a Json) -> Node<'a> {
        self.child(Step::Member(name), value)
    }

    /// The member of that name.
    #[inline(never)]
    pub(crate) fn member(&'a self, name: &'a str) -> Option<Node<'a>> {
        let value = self.value.member(name)?;
        Some(self.child(Step::Member(name), value))
    }

    /// The member's seconds, from `least` to `most`, where it is there.
    #[inline(never)]
    pub(crate) fn seconds_member(&self, name: &str, least: i64, most: i64, wanted: &'static str) -> Option<Duration> {
        let seconds = self.member(name)?.number(least, most, wanted);
        Some(Duration::from_secs(seconds.unsigned_abs()))
    }

    /// That none of these members is there, where this build cannot carry them out.
    pub(crate) fn needs_full(&self, names: &[&str]) {
        for name in names {
            if !cfg!(feature = "full") && self.value.member(name).is_some() {
                self.refuse_member(name, Problem::Unsupported);
            }
        }
    }

    /// Text that may stand in a quoted string of a challenge.
    #[inline(never)]
    pub(crate) fn printable(&self) -> &'a str {
        let text = self.some_text();
        if !Class::PRINTABLE.holds(text) {
            self.bad("printable ASCII");
        }
        text
    }

    /// The member's texts, at most `limit`; none where it is absent.
    #[inline(never)]
    pub(crate) fn texts_member(&self, name: &str, limit: usize) -> Vec<String> {
        self.member(name).map_or_else(Vec::new, |member| member.texts(limit))
    }

    /// A list of texts that are not empty, of which there is at least one.
    pub(crate) fn some_texts(&self, limit: usize, wanted: &'static str) -> Vec<String> {
        let mut texts = Vec::new();
        for item in self.list(limit) {
            texts.push(item.some_text().to_owned());
        }
        if texts.is_empty() {
            self.bad(wanted);
        }
        texts
    }

    /// A list of texts, at most `limit`.
    #[inline(never)]
    pub(crate) fn texts(&self, limit: usize) -> Vec<String> {
        let mut texts = Vec::new();
        for item in self.list(limit) {
            texts.push(item.str().to_owned());
        }
        texts
    }
}

/// The members of an object. Compiled once, so that a loop over them is short.
pub(crate) struct Entries<'a> {
    node: &'a Node<'a>,
    left: &'a [(String, Json)],
}

impl<'a> Iterator for Entries<'a> {
    type Item = (&'a str, Node<'a>);

    #[inline(never)]
    fn next(&mut self) -> Option<Self::Item> {
        let ((name, value), left) = self.left.split_first()?;
        self.left = left;
        Some((name, self.node.child(Step::Member(name), value)))
    }
}

/// The items of a list.
pub(crate) struct List<'a> {
    node: &'a Node<'a>,
    items: &'a [Json],
    next: usize,
}

impl<'a> Iterator for List<'a> {
    type Item = Node<'a>;

    #[inline(never)]
    fn next(&mut self) -> Option<Self::Item> {
        let place = self.next;
        self.next += 1;
        Some(self.node.child(Step::Item(place), self.items.get(place)?))
    }
}

/// Appends a member's name to a path: plain ones behind a dot, others quoted in brackets.
fn push_member(path: &mut String, name: &str) {
    let plain = !name.is_empty() && Class::NAME.holds(name);
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
