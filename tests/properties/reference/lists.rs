//! Lists: the rows that SQLite finds by a filter are those of which the decision is an allow.

use portcullis::Json;
use portcullis::filter::{Dialect, Filter, Parameter, SqlOptions};
use portcullis::json::Object;
use proptest::prelude::*;
use rusqlite::Connection;
use rusqlite::types::Value as Stored;

use super::choices::Choices;
use super::condition::{Type, Value};
use super::evaluate::typed;
use super::policy::{Kind, Policy};
use super::question::{Question, instance};
use super::time::SECOND;
use super::{guard, now};

const ROWS: usize = 24;

/// Of a random policy and a random subject. Where no filter can say it, there is none.
pub(crate) fn check(choices: &mut Choices) -> Result<(), TestCaseError> {
    let policy = Policy::random(choices);
    // What no filter says is refused, and seldom met.
    let policy = if choices.one_in(6) { policy } else { policy.made_listable(choices) };
    let document = policy.document();
    let guard = guard(&document)?;
    let mut question = Question::random(choices, &policy).without_id();
    if choices.below(4) > 0 {
        question.subject.roles = (0..policy.roles.len()).collect();
    }
    let Some(kind) = policy.kind_of(&question.permission) else { return Ok(()) };
    let rows: Vec<Object> = (0..ROWS).map(|_| instance(choices, &policy, &question)).collect();
    let rows: Vec<Object> = rows.into_iter().filter(|row| is_storable(kind, row)).collect();
    let database = store(kind, &rows);
    for elevated in [false, true] {
        let asked = question.about(&question.permission, None).document();
        let Ok(filter) = guard.filter_for_json(&asked, now(), elevated) else { continue };
        let read_again = Filter::from_json(&filter.to_json());
        prop_assert_eq!(read_again.as_ref(), Ok(&filter));
        let found = select(&database, &filter);
        for (number, row) in rows.iter().enumerate() {
            let of_row = question.about(&question.permission, Some(row.clone())).document();
            let decision = guard.evaluate_json(&of_row, now());
            let is_elevated = decision.member("context").and_then(|context| context.member("elevated")).is_some();
            let is_allowed = decision.member("decision") == Some(&Json::Bool(true)) && (elevated || !is_elevated);
            prop_assert!(
                found.contains(&number) == is_allowed,
                "allowed {is_allowed}\n{}\n{}\n{}\n{:?}",
                of_row.to_text(),
                decision.to_text(),
                document.to_text(),
                filter.to_sql(&SqlOptions::new(Dialect::Sqlite))
            );
        }
    }
    Ok(())
}

/// A tenant that is no text makes no tenant, and a column has none: the decision asks the ordinary roles, and the filter
/// selects nothing. Nor does a double hold a second and a billionth of it.
fn is_storable(kind: &Kind, row: &Object) -> bool {
    let has_tenant = kind
        .tenant
        .and_then(|tenant| row.member(tenant))
        .is_none_or(|tenant| matches!(tenant, Json::String(_) | Json::Null));
    let is_coarse = |(name, kind): &(&str, Type)| match row.member(name).and_then(|value| typed(value, kind)) {
        Some(Value::Timestamp(moment)) => moment.rem_euclid(SECOND) != 1,
        _ => true,
    };
    has_tenant && kind.attributes.iter().all(is_coarse)
}

fn columns(kind: &Kind) -> Vec<(&'static str, Type)> {
    let mut columns = kind.attributes.clone();
    for name in kind.owner.map(|(name, _)| name).into_iter().chain(kind.tenant) {
        if !columns.iter().any(|(own, _)| *own == name) {
            columns.push((name, Type::String));
        }
    }
    columns
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

/// Columns without a type: SQLite holds whatever it is given.
fn store(kind: &Kind, rows: &[Object]) -> Connection {
    let database = Connection::open_in_memory().expect("a database");
    let columns = columns(kind);
    let names: Vec<String> = columns.iter().map(|(name, _)| quoted(name)).collect();
    database.execute(&format!("CREATE TABLE resource (number, {})", names.join(", ")), ()).expect("a table");
    for (number, row) in rows.iter().enumerate() {
        let mut values = vec![Stored::Integer(i64::try_from(number).expect("a number"))];
        for (name, kind) in &columns {
            values.push(stored(row.member(name), kind));
        }
        let places = vec!["?"; values.len()].join(", ");
        let insert = format!("INSERT INTO resource VALUES ({places})");
        database.execute(&insert, rusqlite::params_from_iter(values)).expect("a row");
    }
    database
}

/// As a table holds it: a bool is 0 or 1, a timestamp a number of seconds, a list a JSON text. What is of another type is
/// something else here too.
fn stored(value: Option<&Json>, kind: &Type) -> Stored {
    let value = match value {
        None | Some(Json::Null) => return Stored::Null,
        Some(value) => value,
    };
    match (kind, typed(value, kind)) {
        (Type::List(_), None) => Stored::Text(value.to_text()),
        (Type::Int, None) if matches!(value, Json::Decimal(_)) => Stored::Real(1.5),
        (_, None) => Stored::Blob(vec![b'a']),
        (_, Some(Value::Bool(value))) => Stored::Integer(i64::from(value)),
        (_, Some(Value::Int(number))) => Stored::Integer(number),
        (_, Some(Value::Double(number))) => Stored::Real(number),
        (_, Some(Value::String(text))) => Stored::Text(text),
        (_, Some(Value::Timestamp(moment))) => seconds(moment),
        (_, Some(Value::Duration(_) | Value::Ip(_) | Value::List(_))) => Stored::Text(value.to_text()),
    }
}

fn seconds(moment: i128) -> Stored {
    let whole = i64::try_from(moment.div_euclid(SECOND)).expect("seconds");
    let rest = u32::try_from(moment.rem_euclid(SECOND)).expect("nanoseconds");
    if rest == 0 {
        return Stored::Integer(whole);
    }
    Stored::Real(format!("{whole}").parse::<f64>().expect("a number") + f64::from(rest) / 1e9)
}

fn select(database: &Connection, filter: &Filter) -> Vec<usize> {
    let sql = filter.to_sql(&SqlOptions::new(Dialect::Sqlite)).expect("names that can be quoted");
    let values = sql.parameters.into_iter().map(|parameter| match parameter {
        Parameter::Text(text) => Stored::Text(text),
        Parameter::Int(number) => Stored::Integer(number),
        Parameter::Double(number) => Stored::Real(number),
        other => panic!("SQLite is given {other:?}"),
    });
    let mut statement =
        database.prepare(&format!("SELECT number FROM resource WHERE {}", sql.text)).expect("a statement");
    let found = statement.query_map(rusqlite::params_from_iter(values), |row| row.get::<_, i64>(0)).expect("rows");
    found.map(|number| usize::try_from(number.expect("a number")).expect("a place")).collect()
}
