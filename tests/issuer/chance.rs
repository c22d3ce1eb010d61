//! Randomness that a test knows.

use portcullis::issuer::{Random, RandomError};

/// These bytes, over and over.
pub(crate) struct Known {
    bytes: Vec<u8>,
    at: usize,
}

impl Known {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self { bytes: bytes.to_vec(), at: 0 }
    }
}

impl Random for Known {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomError> {
        for byte in bytes {
            *byte = *self.bytes.get(self.at % self.bytes.len()).ok_or(RandomError)?;
            self.at += 1;
        }
        Ok(())
    }
}

/// No randomness at all.
pub(crate) struct Exhausted;

impl Random for Exhausted {
    fn fill(&mut self, _: &mut [u8]) -> Result<(), RandomError> {
        Err(RandomError)
    }
}
