//! One CEL expression, of any type, over bare variables: what the official tests ask for.

use std::cell::Cell;
use std::fmt::Write;

use super::Root;
use super::eval::{Fact, Facts, MAX_STEPS_OF_ALL, Machine, Stop};
use super::parse::parse;
use super::value::{Scalar, Type, Value};
use crate::json::{Json, Limits};
use crate::time::UnixTime;

/// `variables` is JSON: `{ "x": { "type": "int", "value": 1 } }`; without `value` a variable is missing.
///
/// `{ "refused": word, "at": byte }`, `{ "error": word }`, or `{ "value": { "type", "value" } }`; a double that is no
/// number is a text, a timestamp and a duration `{ "seconds", "nanos" }`. `{ "refused": "variables" }` where those are none.
pub(crate) fn cel(source: &str, variables: &str) -> String {
    let Ok(variables) = Json::parse_within(variables.as_bytes(), Limits::DOCUMENT) else {
        return r#"{"refused":"variables","at":0}"#.to_owned();
    };
    let declared = |root, name: &str| match root {
        Root::Free => Type::named(variables.member(name)?.member("type")?.as_str()?),
        _ => None,
    };
    let (tree, root) = match parse(source, &declared) {
        Ok(parsed) => parsed,
        Err(error) => return format!(r#"{{"refused":"{}","at":{}}}"#, error.word, error.at),
    };
    let variables = Variables(&variables, Cell::new(MAX_STEPS_OF_ALL));
    let mut machine = Machine::new(&tree, &variables);
    match machine.value(root) {
        Err(Stop::Error(word)) => format!(r#"{{"error":"{word}"}}"#),
        Err(Stop::Unknown) => r#"{"error":"unknown"}"#.to_owned(),
        Ok(value) => {
            let mut text = String::new();
            write_value(&machine, value, &mut text);
            format!(r#"{{"value":{{"type":"{}","value":{text}}}}}"#, type_name(tree.kind_of(root)))
        }
    }
}

struct Variables<'a>(&'a Json, Cell<u32>);

impl Facts for Variables<'_> {
    fn attribute(&self, _: Root, name: &str) -> Fact<'_> {
        self.0.member(name).and_then(|variable| variable.member("value")).map_or(Fact::Missing, Fact::Json)
    }

    fn now(&self) -> UnixTime {
        UnixTime::from_seconds(0)
    }

    fn steps(&self) -> &Cell<u32> {
        &self.1
    }
}

fn type_name(kind: Type) -> String {
    let name = match kind.scalar {
        Scalar::Bool => "bool",
        Scalar::Int => "int",
        Scalar::Double => "double",
        Scalar::Text => "string",
        Scalar::Timestamp => "timestamp",
        Scalar::Duration => "duration",
        Scalar::Ip => "ip",
        Scalar::Network => "cidr",
        Scalar::Any => "any",
    };
    (0..kind.lists).fold(name.to_owned(), |inner, _| format!("list({inner})"))
}

fn write_value(machine: &Machine<'_>, value: Value<'_>, text: &mut String) {
    let written = match value {
        Value::Bool(value) => write!(text, "{value}"),
        Value::Int(number) => write!(text, "{number}"),
        Value::Double(number) if number.is_finite() => write!(text, "{number:?}"),
        Value::Double(number) if number.is_nan() => write!(text, "\"NaN\""),
        Value::Double(number) => write!(text, "\"{}Infinity\"", if number < 0.0 { "-" } else { "" }),
        Value::Text(_) | Value::Made(_) => {
            write!(text, "{}", Json::from(machine.text(&value).unwrap_or("")).to_text())
        }
        Value::Timestamp(moment) | Value::Duration(moment) => {
            write!(text, r#"{{"seconds":{},"nanos":{}}}"#, moment.seconds, moment.nanos)
        }
        Value::Ip(address) => write!(text, "\"{address}\""),
        Value::Network(network) => write!(text, "\"{}/{}\"", network.address, network.prefix),
        Value::List(_) => {
            text.push('[');
            for (place, item) in machine.items(value).iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                write_value(machine, *item, text);
            }
            text.push(']');
            Ok(())
        }
    };
    // A String takes whatever is written to it.
    debug_assert!(written.is_ok());
}
