//! What names and values may be.

use super::error::StoreError;

const LONGEST_NAME: usize = 512;
const LARGEST_VALUE: usize = 65_536;

/// A name that a store takes.
pub(super) fn checked_name(name: &str) -> Result<&str, StoreError> {
    let fits = (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then_some(name).ok_or(StoreError::Name)
}

/// A value that a store takes. The stores of the npm package take no U+0000 either: it ends a text in SQLite.
pub(super) fn checked_value(value: &str) -> Result<&str, StoreError> {
    if value.len() > LARGEST_VALUE {
        return Err(StoreError::TooLarge);
    }
    if value.contains('\0') {
        return Err(StoreError::Value);
    }
    Ok(value)
}
