//! The members of an object that is looked at and thrown away, such as a token's claims: what is text in it stays where it
//! stands.

use super::Json;
#[cfg(feature = "full")]
use super::Object;
use super::read::read_members;

/// The members of an object, each name once, with the text that they stand in.
#[derive(Debug, Default)]
pub(crate) struct Members {
    text: String,
    own: Vec<Member>,
    /// The bits of all their prints. Most names that are asked for are not there, and most of them are told so by this.
    bits: u64,
}

/// A value as it is looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Value<'a> {
    Text(&'a str),
    /// Anything else.
    Json(&'a Json),
}

#[derive(Debug)]
pub(super) struct Member {
    pub(super) print: Print,
    pub(super) name: Text,
    pub(super) value: Slot,
}

#[derive(Debug)]
pub(super) enum Slot {
    Text(Text),
    Json(Json),
}

#[derive(Debug)]
pub(super) enum Text {
    /// As it stands there.
    At { start: usize, end: usize },
    /// With its escapes resolved.
    Written(String),
}

/// What tells most names apart: the length, and three of the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Print(u32);

impl Print {
    pub(super) fn of(name: &str) -> Self {
        let bytes = name.as_bytes();
        let byte = |place: Option<&u8>| place.copied().unwrap_or(0);
        let length = u8::try_from(bytes.len()).unwrap_or(u8::MAX);
        Self(u32::from_le_bytes([length, byte(bytes.first()), byte(bytes.get(1)), byte(bytes.last())]))
    }

    /// One bit of 64, as far from those of similar prints as chance has it.
    const fn bit(self) -> u64 {
        1 << (self.0.wrapping_mul(0x9e37_79b1) >> 26)
    }
}

impl Text {
    pub(super) fn within<'a>(&'a self, text: &'a str) -> &'a str {
        match self {
            Self::At { start, end } => text.get(*start..*end).unwrap_or(""),
            Self::Written(own) => own,
        }
    }

    pub(super) fn into_owned(self, text: &str) -> String {
        match self {
            Self::Written(own) => own,
            Self::At { .. } => self.within(text).to_owned(),
        }
    }
}

impl Slot {
    pub(super) fn into_json(self, text: &str) -> Json {
        match self {
            Self::Text(own) => Json::String(own.into_owned(text)),
            Self::Json(json) => json,
        }
    }
}

impl Member {
    #[cfg(feature = "full")]
    fn named(name: &str, value: Json) -> Self {
        Self { print: Print::of(name), name: Text::Written(name.to_owned()), value: Slot::Json(value) }
    }
}

impl Members {
    /// Reads one object within [`Limits::TOKEN`](super::Limits::TOKEN); `None` for anything else.
    pub(crate) fn parse(bytes: Vec<u8>) -> Option<Self> {
        let text = String::from_utf8(bytes).ok()?;
        Some(Self::of(read_members(&text)?, text))
    }

    fn of(own: Vec<Member>, text: String) -> Self {
        let bits = own.iter().fold(0, |bits, member| bits | member.print.bit());
        Self { text, own, bits }
    }

    /// The member of that name.
    pub(crate) fn member(&self, name: &str) -> Option<Value<'_>> {
        let print = Print::of(name);
        if self.bits & print.bit() == 0 {
            return None;
        }
        let is_it = |member: &&Member| member.print == print && member.name.within(&self.text) == name;
        self.own.iter().find(is_it).map(|member| self.value(member))
    }

    /// The text of that name.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.member(name)?.as_str()
    }

    fn value<'a>(&'a self, member: &'a Member) -> Value<'a> {
        match &member.value {
            Slot::Text(text) => Value::Text(text.within(&self.text)),
            Slot::Json(json) => Value::of(json),
        }
    }

    /// Sets a member: replaces the one of that name, or appends it.
    #[cfg(feature = "full")]
    pub(crate) fn set(&mut self, name: &str, value: Json) {
        let Self { text, own, bits } = self;
        own.retain(|member| member.name.within(text) != name);
        *bits |= Print::of(name).bit();
        own.push(Member::named(name, value));
    }

    /// The same as an object of its own.
    #[cfg(feature = "full")]
    pub(crate) fn to_object(&self) -> Object {
        let member = |member: &Member| (member.name.within(&self.text).to_owned(), self.value(member).to_json());
        Object(self.own.iter().map(member).collect())
    }
}

#[cfg(feature = "full")]
impl From<Object> for Members {
    fn from(object: Object) -> Self {
        let own = object.0.iter().map(|(name, value)| Member::named(name, value.clone())).collect();
        Self::of(own, String::new())
    }
}

impl<'a> Value<'a> {
    pub(crate) const fn of(json: &'a Json) -> Self {
        match json {
            Json::String(text) => Self::Text(text.as_str()),
            other => Self::Json(other),
        }
    }

    /// The text, where this is one.
    pub(crate) const fn as_str(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Json(_) => None,
        }
    }

    /// The member of that name, where this is an object that has one.
    pub(crate) fn member(self, name: &str) -> Option<Self> {
        match self {
            Self::Json(json) => json.member(name).map(Self::of),
            Self::Text(_) => None,
        }
    }

    /// The same as a value of its own.
    pub(crate) fn to_json(self) -> Json {
        match self {
            Self::Text(text) => text.into(),
            Self::Json(json) => json.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Json, Limits};
    use super::{Members, Value};

    #[test]
    fn members_are_those_of_the_object() {
        let texts = [
            r#"{}"#,
            r#" { "iss" : "a" , "n\u0061me" : "b\n" , "n" : 1.5, "list":["x"], "o":{"p":"q"}, "":"" } "#,
            r#"{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"j":10,"k":11,"l":12,"m":"é"}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"ab1d":1,"ab2d":2,"ab1d":3}"#,
            r#"{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"j":10,"k":11,"l":12,"a":13}"#,
            r#"{"a":"b}"#,
            "{\"a\":\"\u{1}\"}",
            r#"{"a":"\ud800"}"#,
            r#"{"a":1}x"#,
            r#"[]"#,
            r#""a""#,
            "",
        ];
        for text in texts {
            let json = Json::parse_within(text.as_bytes(), Limits::TOKEN);
            let members = Members::parse(text.as_bytes().to_vec());
            match (json, members) {
                (Ok(Json::Object(object)), Some(members)) => {
                    for (name, value) in object.iter() {
                        assert_eq!(members.member(name).map(Value::to_json).as_ref(), Some(value), "{text}");
                    }
                    assert_eq!(members.own.len(), object.len(), "{text}");
                    assert_eq!(members.member("absent"), None);
                    #[cfg(feature = "full")]
                    assert_eq!([&members.to_object(), &Members::from(object.clone()).to_object()], [&object; 2]);
                }
                (Err(_), None) => {}
                (Ok(other), None) => assert!(other.as_object().is_none(), "{text}"),
                (other, Some(_)) => assert!(other.is_ok_and(|json| json.as_object().is_some()), "{text}"),
            }
        }
        assert!(Members::parse(b"{\"a\":\"\xff\"}".to_vec()).is_none());
        assert!(Members::parse([b"{", [b' '; 16 << 10].as_slice(), b"}"].concat()).is_none());
    }
}
