//! Filters as JSON: `{ "op": "eq", "attribute": "status", "type": "string", "value": "published" }`.

use super::{Comparison, Filter, FilterError, Place, Value, ValueType};
use crate::json::{Json, Object};
use crate::time::UnixTime;

const COMPARISONS: [(Comparison, &str); 6] = [
    (Comparison::Equal, "eq"),
    (Comparison::NotEqual, "ne"),
    (Comparison::Less, "lt"),
    (Comparison::LessOrEqual, "le"),
    (Comparison::Greater, "gt"),
    (Comparison::GreaterOrEqual, "ge"),
];

const PLACES: [(Place, &str); 3] =
    [(Place::Start, "startsWith"), (Place::End, "endsWith"), (Place::Anywhere, "contains")];

const TYPES: [(ValueType, &str); 5] = [
    (ValueType::Text, "string"),
    (ValueType::Int, "int"),
    (ValueType::Double, "double"),
    (ValueType::Bool, "bool"),
    (ValueType::Timestamp, "timestamp"),
];

fn name_of<T: Copy + PartialEq>(names: &[(T, &'static str)], value: T) -> &'static str {
    names.iter().find(|(own, _)| *own == value).map_or("", |(_, name)| *name)
}

fn named<T: Copy>(names: &[(T, &'static str)], name: &str) -> Option<T> {
    names.iter().find(|(_, own)| *own == name).map(|(value, _)| *value)
}

impl Filter {
    /// Its JSON, as `types.d.ts` of the npm package shows it.
    pub fn to_json(&self) -> Json {
        let op = |op: &str| Object::new().with("op", op);
        let list = |filters: &[Self]| Json::Array(filters.iter().map(Self::to_json).collect());
        let values = |values: &[Value]| Json::Array(values.iter().map(Value::to_json).collect());
        let attribute = |name: &str, attribute: &str| op(name).with("attribute", attribute);
        let typed = |name: &str, of: &str, kind: ValueType| attribute(name, of).with("type", name_of(&TYPES, kind));
        let json = match self {
            Self::All => op("all"),
            Self::None => op("none"),
            Self::And(filters) => op("and").with("filters", list(filters)),
            Self::Or(filters) => op("or").with("filters", list(filters)),
            Self::Not(filter) => op("not").with("filter", filter.to_json()),
            Self::Compare { attribute, comparison, value } => {
                typed(name_of(&COMPARISONS, *comparison), attribute, value.kind()).with("value", value.to_json())
            }
            Self::Same { left, comparison, right, kind } => op("same")
                .with("compare", name_of(&COMPARISONS, *comparison))
                .with("attributes", vec![left.as_str(), right.as_str()])
                .with("type", name_of(&TYPES, *kind)),
            Self::In { attribute, kind, values: own } => typed("in", attribute, *kind).with("values", values(own)),
            Self::Present { attribute: own } => attribute("present", own),
            Self::Text { attribute: own, place, text } => {
                attribute(name_of(&PLACES, *place), own).with("value", text.as_str())
            }
            Self::HasSome { attribute, kind, values: own } => {
                typed("hasSome", attribute, *kind).with("values", values(own))
            }
        };
        json.into()
    }

    /// Reads a filter that [`Filter::to_json`] has written, or one of that form.
    ///
    /// # Errors
    /// [`FilterError::Malformed`].
    pub fn from_json(json: &Json) -> Result<Self, FilterError> {
        let object = json.as_object().ok_or(wanted("an object"))?;
        let op = text(object, "op")?;
        let has = |names: &[&str]| {
            let is_known = |(name, _): (&str, &Json)| name == "op" || names.contains(&name);
            if object.iter().all(is_known) { Ok(()) } else { Err(wanted("no other member")) }
        };
        if let Some(comparison) = named(&COMPARISONS, op) {
            has(&["attribute", "type", "value"])?;
            let value = Value::read(object.member("value"), kind(object)?)?;
            return Ok(Self::Compare { attribute: text(object, "attribute")?.to_owned(), comparison, value });
        }
        if let Some(place) = named(&PLACES, op) {
            has(&["attribute", "value"])?;
            let (attribute, part) = (text(object, "attribute")?.to_owned(), text(object, "value")?);
            return Ok(Self::Text { attribute, place, text: part.to_owned() });
        }
        match op {
            "all" | "none" => has(&[]).map(|()| Self::of(op == "all")),
            "and" | "or" => {
                has(&["filters"])?;
                let filters = object.member("filters").and_then(Json::as_array).ok_or(wanted("filters: a list"))?;
                let mut read = Vec::new();
                for filter in filters {
                    read.push(Self::from_json(filter)?);
                }
                Ok(if op == "and" { Self::And(read) } else { Self::Or(read) })
            }
            "not" => {
                has(&["filter"])?;
                let filter = Self::from_json(object.member("filter").ok_or(wanted("filter: a filter"))?)?;
                Ok(Self::Not(Box::new(filter)))
            }
            "same" => {
                has(&["compare", "attributes", "type"])?;
                let attributes = object.member("attributes").and_then(Json::to_texts);
                let comparison = named(&COMPARISONS, text(object, "compare")?).ok_or(wanted("compare: eq, …, ge"))?;
                match attributes.as_deref() {
                    Some([left, right]) => {
                        Ok(Self::Same { left: left.clone(), comparison, right: right.clone(), kind: kind(object)? })
                    }
                    _ => Err(wanted("attributes: two names")),
                }
            }
            "present" => {
                has(&["attribute"])?;
                Ok(Self::Present { attribute: text(object, "attribute")?.to_owned() })
            }
            "in" | "hasSome" => {
                has(&["attribute", "type", "values"])?;
                let (attribute, kind) = (text(object, "attribute")?.to_owned(), kind(object)?);
                let mut values = Vec::new();
                for value in object.member("values").and_then(Json::as_array).ok_or(wanted("values: a list"))? {
                    values.push(Value::read(Some(value), kind)?);
                }
                match (op, kind) {
                    ("in", _) => Ok(Self::In { attribute, kind, values }),
                    (_, ValueType::Timestamp) => Err(wanted("type: no timestamp in lists")),
                    _ => Ok(Self::HasSome { attribute, kind, values }),
                }
            }
            _ => Err(wanted("op: one of those that are documented")),
        }
    }
}

const fn wanted(wanted: &'static str) -> FilterError {
    FilterError::Malformed { wanted }
}

fn text<'a>(object: &'a Object, name: &'static str) -> Result<&'a str, FilterError> {
    object.member(name).and_then(Json::as_str).ok_or(wanted(match name {
        "op" => "op: text",
        "attribute" => "attribute: text",
        "compare" => "compare: text",
        "value" => "value: text",
        _ => "type: text",
    }))
}

fn kind(object: &Object) -> Result<ValueType, FilterError> {
    named(&TYPES, text(object, "type")?).ok_or(wanted("type: string, int, double, bool or timestamp"))
}

impl Value {
    pub(super) fn to_json(&self) -> Json {
        match self {
            Self::Text(text) => Json::from(text.as_str()),
            Self::Int(number) => Json::Integer(*number),
            Self::Double(number) => Json::double(*number),
            Self::Bool(value) => Json::Bool(*value),
            Self::Timestamp(time) => Json::Integer(time.seconds()),
        }
    }

    fn read(json: Option<&Json>, kind: ValueType) -> Result<Self, FilterError> {
        let value = match (kind, json) {
            (ValueType::Text, Some(Json::String(text))) => Some(Self::Text(text.clone())),
            (ValueType::Int, Some(Json::Integer(number))) => Some(Self::Int(*number)),
            (ValueType::Double, Some(json)) => json.to_double().map(Self::Double),
            (ValueType::Bool, Some(Json::Bool(value))) => Some(Self::Bool(*value)),
            (ValueType::Timestamp, Some(Json::Integer(seconds))) => {
                Some(Self::Timestamp(UnixTime::from_seconds(*seconds)))
            }
            _ => None,
        };
        value.filter(Self::is_carried).ok_or(wanted("a value of the type"))
    }
}
