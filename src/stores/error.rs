use core::fmt;

use crate::issuer::Coded;

/// What a store refuses, or cannot do now.
#[derive(Debug)]
#[non_exhaustive]
pub enum StoreError {
    /// A name is 1 to 512 characters of visible ASCII.
    Name,
    /// A value has no U+0000.
    Value,
    /// A value is at most 65,536 bytes.
    TooLarge,
    /// A store in memory has no room for one more name.
    Full,
    /// Others write to the same place all the time.
    Contended,
    /// It cannot be reached, or does not answer as it should.
    Unavailable(Box<dyn std::error::Error + Send + Sync>),
}

impl fmt::Display for StoreError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Name => "a name in a store is 1 to 512 characters of visible ASCII",
            Self::Value => "a value in a store has no U+0000",
            Self::TooLarge => "a value in a store is at most 65536 bytes in UTF-8",
            Self::Full => "there is no room for one more entry",
            Self::Contended => "others write to the same place of the store all the time",
            Self::Unavailable(_) => "the store does not answer as it should",
        })
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unavailable(cause) => Some(&**cause),
            _ => None,
        }
    }
}

impl Coded for StoreError {
    fn code(&self) -> &'static str {
        match self {
            Self::Name => "name_malformed",
            Self::Value => "value_malformed",
            Self::TooLarge => "value_too_large",
            Self::Full => "store_full",
            Self::Contended => "store_contended",
            Self::Unavailable(_) => "store_unavailable",
        }
    }
}
