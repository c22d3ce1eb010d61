//! Strict JSON (RFC 8259, I-JSON RFC 7493): read with limits and without a second meaning,
//! written in one way.
//!
//! A document that two readers could understand differently is refused: members that stand twice
//! in one object (after their escapes are resolved), lone surrogates, numbers beyond what a double
//! holds, anything after the value, a byte order mark, bytes that are no UTF-8.

mod decimal;
mod members;
mod read;
mod serde;
mod write;

pub use decimal::Decimal;
pub(crate) use members::{Members, Value};
pub use read::{JsonError, Limits};
#[cfg(feature = "wasm")]
pub(crate) use write::ListWriter;

/// A JSON value.
///
/// ```
/// use portcullis::Json;
///
/// let value = Json::parse(br#"{"roles":["editor"]}"#)?;
/// assert_eq!(value.member("roles").and_then(|roles| roles.as_array()).map(|roles| roles.len()), Some(1));
/// assert!(Json::parse(br#"{"sub":"a","sub":"b"}"#).is_err());
/// # Ok::<(), portcullis::JsonError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Json {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number without fraction or exponent, within 64 bits.
    Integer(i64),
    /// Any other number whose magnitude a double holds, as it is written.
    Decimal(Decimal),
    /// Text.
    String(String),
    /// A list.
    Array(Vec<Json>),
    /// An object.
    Object(Object),
}

/// The members of a JSON object, in the order of the document, each name once.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Object(Vec<(String, Json)>);

impl Json {
    /// Reads one JSON text within [`Limits::DOCUMENT`].
    ///
    /// # Errors
    /// [`JsonError`], with the byte at which reading stopped.
    pub fn parse(text: &[u8]) -> Result<Self, JsonError> {
        read::read(text, Limits::DOCUMENT)
    }

    /// Reads one JSON text within limits of the caller's choice.
    ///
    /// # Errors
    /// [`JsonError`], with the byte at which reading stopped.
    pub fn parse_within(text: &[u8], limits: Limits) -> Result<Self, JsonError> {
        read::read(text, limits)
    }

    /// The member of that name, where this is an object that has one.
    pub fn member(&self, name: &str) -> Option<&Json> {
        self.as_object().and_then(|object| object.member(name))
    }

    /// The text, where this is a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The items, where this is a list.
    pub fn as_array(&self) -> Option<&[Json]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The items as texts, where this is a list of texts.
    pub(crate) fn to_texts(&self) -> Option<Vec<String>> {
        let mut texts = Vec::new();
        for item in self.as_array()? {
            texts.push(item.as_str()?.to_owned());
        }
        Some(texts)
    }

    /// The members, where this is an object.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }
}

impl Object {
    /// An object without members.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The member of that name. Names such as `__proto__` are names like any other.
    pub fn member(&self, name: &str) -> Option<&Json> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// The members in the order of the document.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    pub(crate) fn members(&self) -> &[(String, Json)] {
        &self.0
    }

    /// The values, to be changed in their places.
    #[cfg(feature = "wasm")]
    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut Json> {
        self.0.iter_mut().map(|(_, value)| value)
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no member.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sets a member: replaces the one of that name, or appends it.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<Json>) {
        let name = name.into();
        match self.0.iter_mut().find(|(own, _)| *own == name) {
            Some((_, own)) => *own = value.into(),
            None => self.0.push((name, value.into())),
        }
    }

    /// The same with a member set; for building answers.
    #[must_use]
    pub(crate) fn with(self, name: &str, value: impl Into<Json>) -> Self {
        self.with_json(name, value.into())
    }

    /// Compiled once.
    #[inline(never)]
    fn with_json(mut self, name: &str, value: Json) -> Self {
        self.0.push((name.to_owned(), value));
        self
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Json {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<Object> for Json {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl<T: Into<Json>> From<Vec<T>> for Json {
    fn from(items: Vec<T>) -> Self {
        Self::Array(items.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Json>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl From<&[String]> for Json {
    fn from(items: &[String]) -> Self {
        Self::Array(items.iter().map(|text| Self::from(text.as_str())).collect())
    }
}
