//! The names of columns and tables.

use super::Dialect;
use super::write::Writer;
use crate::filter::FilterError;

/// What SQLite calls the number of a row, in each table.
const ROW_NUMBER: [&str; 3] = ["rowid", "oid", "_rowid_"];

/// Columns of SQLite's `json_each`, which would be meant instead of a column of the same name.
const OF_JSON_EACH: [&str; 11] =
    ["key", "value", "type", "atom", "id", "parent", "fullkey", "path", "json", "root", "rowid"];

impl Writer<'_> {
    /// A column, quoted.
    pub(super) fn column(&self, attribute: &str) -> Result<String, FilterError> {
        let mapped = self.options.columns.iter().find(|(own, _)| own == attribute);
        let name = mapped.map_or(attribute, |(_, column)| column.as_str());
        let is_its_own = ROW_NUMBER.iter().any(|own| own.eq_ignore_ascii_case(name));
        if self.options.dialect == Dialect::Sqlite && is_its_own {
            let reason = "every table of SQLite has a column of that name";
            return Err(FilterError::Name { name: name.to_owned(), reason });
        }
        let column = self.quoted(name)?;
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
    pub(super) fn must_be_seen(&self, attribute: &str) -> Result<(), FilterError> {
        let mapped = self.options.columns.iter().find(|(own, _)| own == attribute);
        let name = mapped.map_or(attribute, |(_, column)| column);
        let (taken, name, reason): (&[&str], _, _) = match &self.options.table {
            None => (&OF_JSON_EACH, name, "json_each has a column of that name: say the table"),
            Some(table) => (&["portcullis_item"], table.as_str(), "an item of a list is called so: use an alias"),
        };
        let is_taken = taken.iter().any(|own| own.eq_ignore_ascii_case(name));
        if is_taken { Err(FilterError::Name { name: name.to_owned(), reason }) } else { Ok(()) }
    }
}
