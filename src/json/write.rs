//! The writer: strings and integers as RFC 8785 §3.2.2 writes them, other numbers as they were read.

use core::fmt::Write;

use super::{Json, Object};
use crate::sorted;

impl Json {
    /// The value as JSON text without spaces, members in their own order.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
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
        // Writing into a String cannot fail.
        Json::Integer(integer) => drop(write!(out, "{integer}")),
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
            Some(control) => drop(write!(out, "\\u{control:04x}")),
        }
        rest = rest.get(plain + 1..).unwrap_or("");
    }
    out.push('"');
}
