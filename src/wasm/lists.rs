//! Filters for lists, and their SQL, as JSON.

use super::state::with_state;
use crate::filter::{Dialect, Filter, FilterError, Parameter, Sql, SqlOptions};
use crate::guard::Guard;
use crate::json::{Json, Limits, Object};
use crate::time::UnixTime;

/// A filter nests twice for each `and` or `or` of a condition, and once for each `not`.
const MAX_DEPTH: usize = 128;

/// The filter of an access request: `{ filter }`, or `{ error }`.
pub(super) fn filter(guard: &Guard, request: &str, now: UnixTime, elevated: bool) -> String {
    let request = Json::parse(request.as_bytes()).map_err(|_| FilterError::Malformed { wanted: "JSON" });
    let answer = request.and_then(|request| guard.filter_for_json(&request, now, elevated));
    said(answer.map(|filter| Object::new().with("filter", filter.to_json())))
}

/// The SQL of `{ filter, dialect, table, columns, firstParameter }`: `{ text, parameters }`, or `{ error }`.
pub(super) fn sql(length: u32) -> Option<String> {
    let read = with_state(|state| {
        let input = usize::try_from(length).ok().and_then(|length| state.input.get(..length)).unwrap_or(&[]);
        Json::parse_within(input, Limits { max_depth: MAX_DEPTH, ..Limits::DOCUMENT })
    })?;
    let sql = read.map_err(|_| FilterError::Malformed { wanted: "JSON" }).and_then(|json| emit(&json));
    Some(said(sql.map(|Sql { text, parameters }| {
        let parameters = parameters.into_iter().map(parameter).collect();
        Object::new().with("text", text).with("parameters", Json::Array(parameters))
    })))
}

fn said(answer: Result<Object, FilterError>) -> String {
    let answer = answer.unwrap_or_else(|error| Object::new().with("error", error.to_json()));
    Json::from(answer).to_text()
}

fn emit(json: &Json) -> Result<Sql, FilterError> {
    let wanted = |wanted| FilterError::Malformed { wanted };
    let dialect = match json.member("dialect").and_then(Json::as_str) {
        Some("postgres") => Dialect::Postgres,
        Some("sqlite") => Dialect::Sqlite,
        _ => return Err(wanted("dialect: postgres or sqlite")),
    };
    let mut options = SqlOptions::new(dialect);
    if let Some(table) = json.member("table") {
        options = options.in_table(table.as_str().ok_or(wanted("table: text"))?);
    }
    if let Some(columns) = json.member("columns") {
        for (attribute, column) in columns.as_object().ok_or(wanted("columns: an object"))?.iter() {
            options = options.with_column(attribute, column.as_str().ok_or(wanted("columns: texts"))?);
        }
    }
    if let Some(number) = json.member("firstParameter") {
        let number = match number {
            Json::Integer(number) => usize::try_from(*number).ok().filter(|number| (1..=65_535).contains(number)),
            _ => None,
        };
        options = options.with_first_parameter(number.ok_or(wanted("firstParameter: 1 to 65535"))?);
    }
    Filter::from_json(json.member("filter").ok_or(wanted("a filter"))?)?.to_sql(&options)
}

fn parameter(parameter: Parameter) -> Json {
    match parameter {
        Parameter::Text(text) => Json::from(text),
        Parameter::Int(number) => Json::Integer(number),
        Parameter::Double(number) => Json::double(number),
        Parameter::Bool(value) => Json::Bool(value),
        Parameter::Texts(texts) => Json::from(texts),
        Parameter::Ints(numbers) => Json::from(numbers),
        Parameter::Doubles(numbers) => Json::Array(numbers.into_iter().map(Json::double).collect()),
        Parameter::Bools(values) => Json::from(values),
    }
}
