//! The text of a filter, comparison by comparison.

use super::{Dialect, Parameter, SqlOptions};
use crate::filter::{Comparison, Filter, FilterError, Place, Value, ValueType};
use crate::json::Json;

/// The first second of the year 1, and the one behind the year 9999: what a timestamp may be.
const FIRST_SECOND: &str = "-62135596800";
const BEHIND_LAST_SECOND: &str = "253402300800";

/// An item of a list in SQLite.
const ITEM: &str = "`portcullis_item`";

pub(super) struct Writer<'a> {
    pub(super) options: &'a SqlOptions,
    pub(super) parameters: Vec<Parameter>,
}

impl Writer<'_> {
    /// A condition that is true exactly where the filter is true, or, if that is not wanted, where it is false.
    pub(super) fn filter(&mut self, filter: &Filter, wanted: bool) -> Result<String, FilterError> {
        match filter {
            Filter::All => Ok(constant(wanted)),
            Filter::None => Ok(constant(!wanted)),
            Filter::And(filters) => self.join(filters, !wanted, wanted),
            Filter::Or(filters) => self.join(filters, wanted, wanted),
            Filter::Not(filter) => self.filter(filter, !wanted),
            Filter::Present { attribute } => {
                let column = self.column(attribute)?;
                Ok([column.as_str(), if wanted { " IS NOT NULL" } else { " IS NULL" }].concat())
            }
            Filter::Compare { attribute, comparison, value } => self.compare(attribute, *comparison, value, wanted),
            Filter::Same { left, comparison, right, kind } => self.same(left, *comparison, right, *kind, wanted),
            Filter::In { attribute, kind, values } if values.is_empty() => {
                let of_type = self.of_type(attribute, *kind)?;
                Ok(if wanted { constant(false) } else { of_type })
            }
            Filter::In { attribute, kind, values } => self.among(attribute, *kind, values, wanted),
            Filter::HasSome { attribute, kind, values } => self.has_some(attribute, *kind, values, wanted),
            Filter::Text { attribute, place, text } => self.text(attribute, *place, text, wanted),
        }
    }

    fn join(&mut self, filters: &[Filter], any: bool, wanted: bool) -> Result<String, FilterError> {
        let mut texts = Vec::new();
        for filter in filters {
            texts.push(self.filter(filter, wanted)?);
        }
        match texts.as_slice() {
            [] => Ok(constant(!any)),
            _ => Ok(nested(&texts, if any { " OR " } else { " AND " })),
        }
    }

    /// There, and of that type.
    fn of_type(&self, attribute: &str, kind: ValueType) -> Result<String, FilterError> {
        let column = self.column(attribute)?;
        let checks = self.checks(&column, kind, true);
        Ok(if checks.is_empty() { [column.as_str(), " IS NOT NULL"].concat() } else { all_of(checks) })
    }

    /// That a column holds what an attribute of that type may be. What equals a value is in range with it; where the
    /// comparison `is_open`, that is asked too.
    fn checks(&self, column: &str, kind: ValueType, is_open: bool) -> Vec<String> {
        let mut checks = Vec::new();
        if self.options.dialect == Dialect::Sqlite {
            checks.push(match kind {
                ValueType::Text => format!("typeof({column}) = 'text'"),
                ValueType::Int | ValueType::Bool => format!("typeof({column}) = 'integer'"),
                ValueType::Double | ValueType::Timestamp => format!("typeof({column}) IN ('integer', 'real')"),
            });
        }
        let moment = |seconds: &str| match self.options.dialect {
            Dialect::Postgres => ["to_timestamp(", seconds, ")"].concat(),
            Dialect::Sqlite => seconds.to_owned(),
        };
        match kind {
            ValueType::Bool if is_open && self.options.dialect == Dialect::Sqlite => {
                checks.push(format!("{column} IN (0, 1)"));
            }
            ValueType::Double if is_open => checks.push(format!("{column} > -1e308 AND {column} < 1e308")),
            ValueType::Timestamp if is_open => {
                let (first, end) = (moment(FIRST_SECOND), moment(BEHIND_LAST_SECOND));
                checks.push(format!("{column} >= {first} AND {column} < {end}"));
            }
            _ => {}
        }
        checks
    }

    fn compare(
        &mut self,
        attribute: &str,
        comparison: Comparison,
        value: &Value,
        wanted: bool,
    ) -> Result<String, FilterError> {
        let (column, kind) = (self.column(attribute)?, value.kind());
        let comparison = if wanted { comparison } else { comparison.complement() };
        let mut parts = self.checks(&column, kind, comparison != Comparison::Equal);
        let (left, sign, placed) = (self.compared(&column, kind, comparison), sign(comparison), self.value(value));
        parts.push(format!("{left} {sign} {placed}{}", self.binary(kind)));
        Ok(all_of(parts))
    }

    fn same(
        &self,
        left: &str,
        comparison: Comparison,
        right: &str,
        kind: ValueType,
        wanted: bool,
    ) -> Result<String, FilterError> {
        let (left, right) = (self.column(left)?, self.column(right)?);
        let comparison = if wanted { comparison } else { comparison.complement() };
        let mut parts = self.checks(&left, kind, true);
        parts.extend(self.checks(&right, kind, true));
        let (one, other) = match self.options.dialect {
            Dialect::Postgres => {
                (self.compared(&left, kind, comparison), self.compared(&right, kind, Comparison::Equal))
            }
            // The declaration of the one column would change the value of the other.
            Dialect::Sqlite => {
                (self.compared(&left, kind, Comparison::Less), self.compared(&right, kind, Comparison::Less))
            }
        };
        parts.push(format!("{one} {} {other}{}", sign(comparison), self.binary(kind)));
        Ok(all_of(parts))
    }

    fn among(
        &mut self,
        attribute: &str,
        kind: ValueType,
        values: &[Value],
        wanted: bool,
    ) -> Result<String, FilterError> {
        let column = self.column(attribute)?;
        let mut parts = self.checks(&column, kind, !wanted);
        let column = self.compared(&column, kind, if wanted { Comparison::Equal } else { Comparison::NotEqual });
        parts.push(match self.options.dialect {
            Dialect::Postgres => {
                let list = self.list(kind, values)?;
                if wanted { format!("{column} = ANY({list})") } else { format!("{column} <> ALL({list})") }
            }
            Dialect::Sqlite => {
                let list = self.json_list(kind, values)?;
                let sign = if wanted { "IN" } else { "NOT IN" };
                format!("{column}{} {sign} {list}", self.binary(kind))
            }
        });
        Ok(all_of(parts))
    }

    /// A list with an item that no list of its type has is no value at all.
    fn has_some(
        &mut self,
        attribute: &str,
        kind: ValueType,
        values: &[Value],
        wanted: bool,
    ) -> Result<String, FilterError> {
        if kind == ValueType::Timestamp {
            return Err(FilterError::Malformed { wanted: "type: no timestamp in lists" });
        }
        let column = self.column(attribute)?;
        let not = if wanted { "" } else { "NOT " };
        Ok(match self.options.dialect {
            Dialect::Postgres => {
                let column = format!("{column}::{}[]", type_name(kind));
                // One dimension, and no NULL: array_position takes no other dimension, so it is asked behind.
                let mut parts = vec![format!(
                    "CASE WHEN coalesce(array_ndims({column}), 1) = 1 THEN array_position({column}, NULL) IS NULL END"
                )];
                if kind == ValueType::Double {
                    parts.push(format!("-1e308 < ALL({column}) AND 1e308 > ALL({column})"));
                }
                let list = self.list(kind, values)?;
                parts.push(format!("{not}({column} && {list})"));
                all_of(parts)
            }
            Dialect::Sqlite => {
                self.must_be_seen(attribute)?;
                let list = self.json_list(kind, values)?;
                let is_of = match kind {
                    ValueType::Text => "= 'text'",
                    ValueType::Int => "= 'integer'",
                    ValueType::Bool => "IN ('true', 'false')",
                    _ => "IN ('integer', 'real')",
                };
                // What is no JSON is no list, and no error either.
                let read = format!("CASE WHEN typeof({column}) = 'text' AND json_valid({column}) THEN {column} END");
                let each = |is: &str| format!("(SELECT 1 FROM json_each({read}) AS {ITEM} WHERE {is})");
                let other = each(&format!("NOT ({ITEM}.`type` {is_of})"));
                let found = each(&format!("{ITEM}.`value`{} IN {list}", self.binary(kind)));
                format!("(json_type({read}) = 'array' AND NOT EXISTS {other} AND {not}EXISTS {found})")
            }
        })
    }

    fn text(&mut self, attribute: &str, place: Place, text: &str, wanted: bool) -> Result<String, FilterError> {
        let column = self.column(attribute)?;
        if text.is_empty() {
            // It stands in every text.
            let of_type = self.of_type(attribute, ValueType::Text)?;
            return Ok(if wanted { of_type } else { constant(false) });
        }
        let value = Value::Text(text.to_owned());
        let placed = self.value(&value);
        Ok(match self.options.dialect {
            Dialect::Postgres => {
                let not = if wanted { "" } else { "NOT " };
                let last = text.chars().count();
                match place {
                    Place::Start => format!("{not}starts_with({column}::text, {placed})"),
                    Place::End => format!("{not}(right({column}::text, {last}) COLLATE \"C\" = {placed})"),
                    Place::Anywhere => format!("{not}(strpos({column}::text, {placed}) > 0)"),
                }
            }
            // By bytes: LIKE ignores case. A part of an empty blob is NULL.
            Dialect::Sqlite => {
                let (bytes, length) = (format!("CAST({column} AS BLOB)"), text.len());
                let (is, finds) = if wanted { ("=", "> 0") } else { ("IS NOT", "= 0") };
                let test = match place {
                    Place::Start => format!("substr({bytes}, 1, {length}) {is} CAST({placed} AS BLOB)"),
                    Place::End => format!("substr({bytes}, -{length}) {is} CAST({placed} AS BLOB)"),
                    Place::Anywhere => format!("instr({bytes}, CAST({placed} AS BLOB)) {finds}"),
                };
                format!("(typeof({column}) = 'text' AND {test})")
            }
        })
    }

    /// A column as it is compared. Texts are ordered by code point; for equality every collation but a nondeterministic
    /// one will do, and the column's own lets an index be used.
    fn compared(&self, column: &str, kind: ValueType, comparison: Comparison) -> String {
        let is_equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        match (self.options.dialect, kind) {
            (Dialect::Postgres, ValueType::Text) if is_equality => [column, "::text"].concat(),
            (Dialect::Postgres, ValueType::Text) => [column, "::text COLLATE \"C\""].concat(),
            // A column that is declared as a number or a date would make a number of what it is compared with.
            (Dialect::Sqlite, ValueType::Text) if !is_equality => ["+", column].concat(),
            // A whole number that no double holds is the nearest one.
            (Dialect::Sqlite, ValueType::Double) if comparison != Comparison::Equal => {
                ["CAST(", column, " AS REAL)"].concat()
            }
            _ => column.to_owned(),
        }
    }

    /// A column of SQLite may be declared to ignore case.
    fn binary(&self, kind: ValueType) -> &'static str {
        match (self.options.dialect, kind) {
            (Dialect::Sqlite, ValueType::Text) => " COLLATE BINARY",
            _ => "",
        }
    }

    /// Places a parameter.
    fn place(&mut self, parameter: Parameter) -> String {
        let number = self.options.first_parameter.saturating_add(self.parameters.len());
        self.parameters.push(parameter);
        match self.options.dialect {
            Dialect::Postgres => format!("${number}"),
            Dialect::Sqlite => "?".to_owned(),
        }
    }

    fn value(&mut self, value: &Value) -> String {
        let is_postgres = self.options.dialect == Dialect::Postgres;
        let parameter = match value {
            Value::Text(text) => Parameter::Text(text.clone()),
            Value::Int(number) => Parameter::Int(*number),
            Value::Double(number) => Parameter::Double(*number),
            Value::Bool(value) if is_postgres => Parameter::Bool(*value),
            Value::Bool(value) => Parameter::Int(i64::from(*value)),
            Value::Timestamp(time) if is_postgres => Parameter::Double(seconds(time.seconds())),
            Value::Timestamp(time) => Parameter::Int(time.seconds()),
        };
        let placed = self.place(parameter);
        match (is_postgres, value.kind()) {
            (false, _) => placed,
            (true, ValueType::Timestamp) => format!("to_timestamp({placed}::double precision)"),
            (true, kind) => format!("{placed}::{}", type_name(kind)),
        }
    }

    /// PostgreSQL's array of the values, one parameter.
    fn list(&mut self, kind: ValueType, values: &[Value]) -> Result<String, FilterError> {
        let (mut texts, mut ints, mut doubles, mut bools) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for value in values {
            match (kind, value) {
                (ValueType::Text, Value::Text(text)) => texts.push(text.clone()),
                (ValueType::Int, Value::Int(number)) => ints.push(*number),
                (ValueType::Double, Value::Double(number)) => doubles.push(*number),
                (ValueType::Bool, Value::Bool(value)) => bools.push(*value),
                (ValueType::Timestamp, Value::Timestamp(time)) => doubles.push(seconds(time.seconds())),
                _ => return Err(OTHER_TYPE),
            }
        }
        let placed = self.place(match kind {
            ValueType::Text => Parameter::Texts(texts),
            ValueType::Int => Parameter::Ints(ints),
            ValueType::Bool => Parameter::Bools(bools),
            ValueType::Double | ValueType::Timestamp => Parameter::Doubles(doubles),
        });
        Ok(match kind {
            ValueType::Timestamp => {
                format!("ARRAY(SELECT to_timestamp(\"at\") FROM unnest({placed}::double precision[]) AS \"at\")")
            }
            _ => format!("{placed}::{}[]", type_name(kind)),
        })
    }

    /// SQLite's list of the values: one parameter, however many they are; D1 allows a hundred. What a JSON text might
    /// round has one each.
    fn json_list(&mut self, kind: ValueType, values: &[Value]) -> Result<String, FilterError> {
        if values.iter().any(|value| value.kind() != kind) {
            return Err(OTHER_TYPE);
        }
        // Before its version 3.45 SQLite cuts a text of a JSON text at a NUL.
        let is_cut = |value: &Value| matches!(value, Value::Text(text) if text.contains('\0'));
        if kind == ValueType::Double || values.iter().any(is_cut) {
            let mut placed = Vec::new();
            for value in values {
                placed.push(self.value(value));
            }
            return Ok(["(", &placed.join(", "), ")"].concat());
        }
        let mut list = Vec::new();
        for value in values {
            list.push(match value {
                Value::Bool(value) => i64::from(*value).into(),
                other => other.to_json(),
            });
        }
        let placed = self.place(Parameter::Text(Json::Array(list).to_text()));
        Ok(format!("(SELECT `value` FROM json_each({placed}))"))
    }
}

const OTHER_TYPE: FilterError = FilterError::Malformed { wanted: "values of the type" };

fn constant(value: bool) -> String {
    (if value { "1 = 1" } else { "1 = 0" }).to_owned()
}

const fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::NotEqual => "<>",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}

const fn type_name(kind: ValueType) -> &'static str {
    match kind {
        ValueType::Text => "text",
        ValueType::Int => "bigint",
        ValueType::Double => "double precision",
        ValueType::Bool => "boolean",
        ValueType::Timestamp => "timestamptz",
    }
}

/// All of them, in brackets where there are several.
fn all_of(parts: Vec<String>) -> String {
    nested(&parts, " AND ")
}

/// The parts in brackets. Many stand in brackets by halves: SQLite nests what stands in a row, and D1 a hundred deep.
fn nested(parts: &[String], sign: &str) -> String {
    match parts {
        [only] => only.clone(),
        _ if parts.len() <= 16 => ["(", &parts.join(sign), ")"].concat(),
        _ => {
            let (one, other) = parts.split_at(parts.len() / 2);
            ["(", &nested(one, sign), sign, &nested(other, sign), ")"].concat()
        }
    }
}

/// Whole seconds of a timestamp; a double holds them all.
#[expect(clippy::as_conversions, reason = "within ±(2^53 − 1)")]
const fn seconds(seconds: i64) -> f64 {
    seconds as f64
}
