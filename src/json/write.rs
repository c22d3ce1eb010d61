//! The writer: strings and integers as RFC 8785 §3.2.2 writes them, other numbers as they were read.

use super::{Json, Object};
use crate::digits;
use crate::sorted;

/// Room for most texts, which would else grow to it in steps.
const USUAL_BYTES: usize = 128;

impl Json {
    /// The value as JSON text without spaces, members in their own order.
    pub fn to_text(&self) -> String {
        let mut text = String::with_capacity(USUAL_BYTES);
        write_value(&mut text, self, Order::Own);
        text
    }

    /// The value as canonical JSON: members sorted by their UTF-16 code units.
    ///
    /// Spec: JCS, RFC 8785 §3.2.3. A number with a fraction or an exponent keeps its own
    /// spelling, and an integer beyond ±2^53 its digits; no document that is hashed has either.
    pub fn to_canonical_text(&self) -> String {
        let mut text = String::new();
        write_value(&mut text, self, Order::Canonical);
        text
    }
}

/// A list that ends with its last item that is neither empty nor null.
#[cfg(feature = "wasm")]
pub(crate) struct ListWriter {
    text: String,
    /// Where it ends as far as it is written.
    end: usize,
}

#[cfg(feature = "wasm")]
impl ListWriter {
    pub(crate) fn new() -> Self {
        Self { text: String::with_capacity(USUAL_BYTES), end: 0 }
    }

    pub(crate) fn text(&mut self, item: Option<&str>) {
        self.begin();
        match item {
            Some(item) => write_string(&mut self.text, item),
            None => self.text.push_str("null"),
        }
        self.finish(item.is_some());
    }

    pub(crate) fn texts(&mut self, items: &[String]) {
        self.begin();
        let mut before = '[';
        for item in items {
            self.text.push(before);
            write_string(&mut self.text, item);
            before = ',';
        }
        self.text.push_str(if items.is_empty() { "[]" } else { "]" });
        self.finish(!items.is_empty());
    }

    pub(crate) fn object(&mut self, item: &Object) {
        self.begin();
        write_object(&mut self.text, item, Order::Own);
        self.finish(!item.is_empty());
    }

    pub(crate) fn json(&mut self, item: &Json) {
        self.begin();
        write_value(&mut self.text, item, Order::Own);
        self.finish(!matches!(item, Json::Null) && item.as_array().is_none_or(|items| !items.is_empty()));
    }

    fn begin(&mut self) {
        self.text.push(if self.text.is_empty() { '[' } else { ',' });
    }

    const fn finish(&mut self, is_needed: bool) {
        if is_needed {
            self.end = self.text.len();
        }
    }

    pub(crate) fn into_text(mut self) -> String {
        self.text.truncate(self.end);
        self.text.push(']');
        self.text
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Order {
    Own,
    Canonical,
}

fn write_value(out: &mut String, value: &Json, order: Order) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Bool(true) => out.push_str("true"),
        Json::Bool(false) => out.push_str("false"),
        Json::Integer(integer) => digits::push(out, *integer),
        Json::Decimal(decimal) => out.push_str(decimal.text()),
        Json::String(text) => write_string(out, text),
        Json::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_value(out, item, order);
            }
            out.push(']');
        }
        Json::Object(object) => write_object(out, object, order),
    }
}

fn write_object(out: &mut String, object: &Object, order: Order) {
    let mut members: Vec<&(String, Json)> = object.0.iter().collect();
    if order == Order::Canonical {
        sorted::sort_by(&mut members, |(left, _), (right, _)| left.encode_utf16().cmp(right.encode_utf16()));
    }
    out.push('{');
    for (index, (name, value)) in members.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_string(out, name);
        out.push(':');
        write_value(out, value, order);
    }
    out.push('}');
}

/// RFC 8785 §3.2.2.2: the two-character escapes, `\u00xx` for other controls, all else as it is.
fn write_string(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    loop {
        let plain = rest.bytes().position(|byte| byte == b'"' || byte == b'\\' || byte < b' ').unwrap_or(rest.len());
        out.push_str(rest.get(..plain).unwrap_or(""));
        match rest.as_bytes().get(plain) {
            None => break,
            Some(b'"') => out.push_str("\\\""),
            Some(b'\\') => out.push_str("\\\\"),
            Some(b'\x08') => out.push_str("\\b"),
            Some(b'\t') => out.push_str("\\t"),
            Some(b'\n') => out.push_str("\\n"),
            Some(b'\x0c') => out.push_str("\\f"),
            Some(b'\r') => out.push_str("\\r"),
            Some(control) => {
                out.push_str(if *control < 0x10 { "\\u000" } else { "\\u001" });
                out.extend(char::from_digit(u32::from(control & 0xf), 16));
            }
        }
        rest = rest.get(plain + 1..).unwrap_or("");
    }
    out.push('"');
}
