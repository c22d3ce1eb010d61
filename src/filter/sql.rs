//! Filters as SQL. Values are parameters, names are quoted, and nothing else of a filter reaches the text.
//!
//! Negation is pushed down to the comparisons, so that each is written to be true exactly where it is wanted; where it is
//! `NULL` or false, no row is selected, whatever stands around it.

mod names;
mod write;

use super::{Filter, FilterError};
use write::Writer;

/// Whose SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// PostgreSQL 11 or later. Columns are `text` or what is cast to it (`varchar`, `uuid`, an enum; not `char(n)`, which
    /// loses its spaces), integers, `double precision`, `boolean`, `timestamptz`, or arrays of these; their collation is
    /// deterministic. Parameters are `$1`, `$2`.
    Postgres,
    /// SQLite 3.45 or later with a database in UTF-8, Cloudflare D1. A bool is 0 or 1, a timestamp a number of seconds since 1970, a list is a JSON
    /// text; parameters are `?`. A value of another type is selected by nothing.
    Sqlite,
}

/// How a filter is written as SQL.
#[derive(Debug, Clone)]
pub struct SqlOptions {
    dialect: Dialect,
    table: Option<String>,
    columns: Vec<(String, String)>,
    first_parameter: usize,
}

/// A condition for `WHERE`.
#[derive(Debug, Clone, PartialEq)]
pub struct Sql {
    /// The text. It has brackets around it where it needs them beside an `AND`.
    pub text: String,
    /// What the database is given with it, in this order.
    pub parameters: Vec<Parameter>,
}

/// A parameter of a statement.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Parameter {
    /// `text`
    Text(String),
    /// `bigint`
    Int(i64),
    /// `double precision`
    Double(f64),
    /// `boolean`
    Bool(bool),
    /// `text[]`
    Texts(Vec<String>),
    /// `bigint[]`
    Ints(Vec<i64>),
    /// `double precision[]`
    Doubles(Vec<f64>),
    /// `boolean[]`
    Bools(Vec<bool>),
}

impl SqlOptions {
    /// Columns are named as the attributes are.
    pub const fn new(dialect: Dialect) -> Self {
        Self { dialect, table: None, columns: Vec::new(), first_parameter: 1 }
    }

    /// Writes the name of the table, or its alias, before each column.
    #[must_use]
    pub fn in_table(mut self, table: impl Into<String>) -> Self {
        self.table = Some(table.into());
        self
    }

    /// The attribute's column has another name.
    #[must_use]
    pub fn with_column(mut self, attribute: impl Into<String>, column: impl Into<String>) -> Self {
        self.columns.push((attribute.into(), column.into()));
        self
    }

    /// The number of the first parameter, where the statement has others before; for PostgreSQL.
    #[must_use]
    pub const fn with_first_parameter(mut self, number: usize) -> Self {
        self.first_parameter = number;
        self
    }
}

impl Filter {
    /// A condition that is true for the rows that the filter selects, and for no other.
    ///
    /// ```
    /// use portcullis::filter::{Comparison, Dialect, Filter, Parameter, SqlOptions, Value};
    ///
    /// let filter = Filter::Compare {
    ///     attribute: "author_id".to_owned(),
    ///     comparison: Comparison::Equal,
    ///     value: Value::Text("u1".to_owned()),
    /// };
    /// let sql = filter.to_sql(&SqlOptions::new(Dialect::Postgres))?;
    /// assert_eq!(sql.text, r#""author_id"::text = $1::text"#);
    /// assert_eq!(sql.parameters, [Parameter::Text("u1".to_owned())]);
    /// # Ok::<(), portcullis::FilterError>(())
    /// ```
    ///
    /// # Errors
    /// [`FilterError::Name`] where a column or the table has no name that can be quoted, or SQLite would take it for
    /// another; [`FilterError::Malformed`] where values are of another type than the filter says.
    pub fn to_sql(&self, options: &SqlOptions) -> Result<Sql, FilterError> {
        let mut writer = Writer { options, parameters: Vec::new() };
        let text = writer.filter(self, true)?;
        Ok(Sql { text, parameters: writer.parameters })
    }
}
