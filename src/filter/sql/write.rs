//! The text of a filter, comparison by comparison.

use super::{Dialect, Parameter, SqlOptions};
use crate::filter::{Comparison, Filter, FilterError, Place, Value, ValueType};
use crate::json::Json;

/// Columns of SQLite's `json_each`, which would be meant instead of a column of the same name.
const OF_JSON_EACH: [&str; 11] =
    ["key", "value", "type", "atom", "id", "parent", "fullkey", "path", "json", "root", "rowid"];

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
            [only] => Ok(only.clone()),
            _ => Ok(["(", &texts.join(if any { " OR " } else { " AND " }), ")"].concat()),
        }
    }

    /// There, and of that type.
    fn of_type(&self, attribute: &str, kind: ValueType) -> Result<String, FilterError> {
        let column = self.column(attribute)?;
        Ok(match self.options.dialect {
            Dialect::Postgres => [column.as_str(), " IS NOT NULL"].concat(),
            Dialect::Sqlite => is_of(&column, kind),
        })
    }

    fn compare(
        &mut self,
        attribute: &str,
        comparison: Comparison,
        value: &Value,
        wanted: bool,
    ) -> Result<String, FilterError> {
        let (column, kind) = (self.column(attribute)?, value.kind());
        let sign = sign(if wanted { comparison } else { comparison.complement() });
        Ok(match self.options.dialect {
            Dialect::Postgres => {
                let placed = self.value(value);
                format!("{column}{} {sign} {placed}", collation(kind, comparison))
            }
            Dialect::Sqlite => {
                let placed = self.value(value);
                format!("({} AND {column} {sign} {placed}{})", is_of(&column, kind), binary(kind))
            }
        })
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
        let sign = sign(if wanted { comparison } else { comparison.complement() });
        Ok(match self.options.dialect {
            Dialect::Postgres => format!("{left}{} {sign} {right}", collation(kind, comparison)),
            Dialect::Sqlite => {
                let are_of = [is_of(&left, kind), is_of(&right, kind)].join(" AND ");
                format!("({are_of} AND {left} {sign} {right}{})", binary(kind))
            }
        })
    }

    fn among(
        &mut self,
        attribute: &str,
        kind: ValueType,
        values: &[Value],
        wanted: bool,
    ) -> Result<String, FilterError> {
        let column = self.column(attribute)?;
        Ok(match self.options.dialect {
            Dialect::Postgres => {
                let list = self.list(kind, values)?;
                if wanted { format!("{column} = ANY({list})") } else { format!("{column} <> ALL({list})") }
            }
            Dialect::Sqlite => {
                let list = self.json_list(kind, values)?;
                let sign = if wanted { "IN" } else { "NOT IN" };
                format!("({} AND {column}{} {sign} {list})", is_of(&column, kind), binary(kind))
            }
        })
    }

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
                let list = self.list(kind, values)?;
                format!("{not}({column}::{}[] && {list})", type_name(kind))
            }
            Dialect::Sqlite => {
                self.must_be_seen(attribute)?;
                let list = self.json_list(kind, values)?;
                let of_type = match kind {
                    ValueType::Text => "'text'",
                    ValueType::Int => "'integer'",
                    ValueType::Bool => "'true', 'false'",
                    _ => "'integer', 'real'",
                };
                format!(
                    "(typeof({column}) = 'text' AND json_type({column}) = 'array' AND {not}EXISTS (SELECT 1 FROM \
                     json_each({column}) AS `item` WHERE `item`.`type` IN ({of_type}) AND `item`.`value`{} IN {list}))",
                    binary(kind)
                )
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
                    Place::Start => format!("{not}starts_with({column}, {placed})"),
                    Place::End => format!("{not}(right({column}, {last}) COLLATE \"C\" = {placed})"),
                    Place::Anywhere => format!("{not}(strpos({column}, {placed}) > 0)"),
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
                format!("({} AND {test})", is_of(&column, ValueType::Text))
            }
        })
    }

    /// A column, quoted.
    fn column(&self, attribute: &str) -> Result<String, FilterError> {
        let mapped = self.options.columns.iter().find(|(own, _)| own == attribute);
        let column = self.quoted(mapped.map_or(attribute, |(_, column)| column))?;
        match &self.options.table {
            Some(table) => Ok([self.quoted(table)?.as_str(), ".", &column].concat()),
            None => Ok(column),
        }
    }

    /// SQLite takes a name in double quotes that is no column for a text; in backquotes it refuses it.
    fn quoted(&self, name: &str) -> Result<String, FilterError> {
        let quote = if self.options.dialect == Dialect::Sqlite { '`' } else { '"' };
        let refuse = |reason| Err(FilterError::Name { name: name.to_owned(), reason });
        if name.is_empty() {
            return refuse("it is empty");
        }
        if name.contains('\0') {
            return refuse("it has a NUL");
        }
        let mut quoted = String::from(quote);
        for letter in name.chars() {
            if letter == quote {
                quoted.push(quote);
            }
            quoted.push(letter);
        }
        quoted.push(quote);
        Ok(quoted)
    }

    /// Inside of `json_each` the columns of the table must not be hidden by its own.
    fn must_be_seen(&self, attribute: &str) -> Result<(), FilterError> {
        let mapped = self.options.columns.iter().find(|(own, _)| own == attribute);
        let name = mapped.map_or(attribute, |(_, column)| column);
        let is_taken = OF_JSON_EACH.iter().any(|own| own.eq_ignore_ascii_case(name));
        if self.options.table.is_none() && is_taken {
            let reason = "json_each has a column of that name: say the table";
            return Err(FilterError::Name { name: name.to_owned(), reason });
        }
        Ok(())
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
        if kind == ValueType::Double {
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

/// Texts are ordered by code point. For equality every collation but a nondeterministic one will do, and the column's own
/// lets an index be used.
const fn collation(kind: ValueType, comparison: Comparison) -> &'static str {
    match (kind, comparison) {
        (ValueType::Text, Comparison::Equal | Comparison::NotEqual) => "",
        (ValueType::Text, _) => " COLLATE \"C\"",
        _ => "",
    }
}

/// A column may be declared to ignore case.
const fn binary(kind: ValueType) -> &'static str {
    match kind {
        ValueType::Text => " COLLATE BINARY",
        _ => "",
    }
}

/// Whether SQLite holds a value of that type: its columns take any.
fn is_of(column: &str, kind: ValueType) -> String {
    match kind {
        ValueType::Text => format!("typeof({column}) = 'text'"),
        ValueType::Int | ValueType::Bool => format!("typeof({column}) = 'integer'"),
        ValueType::Double | ValueType::Timestamp => format!("typeof({column}) IN ('integer', 'real')"),
    }
}

/// Whole seconds of a timestamp; a double holds them all.
#[expect(clippy::as_conversions, reason = "within ±(2^53 − 1)")]
const fn seconds(seconds: i64) -> f64 {
    seconds as f64
}
