//! What a stored hash may cost.

use super::error::PasswordError;

/// What a stored hash may cost, so that a text that somebody slipped into the store cannot take the machine.
///
/// The defaults are for hashes of the kinds that are advised. In WebAssembly they are lower, because an isolate of
/// Cloudflare's has 128 MB, and memory that was taken once is not given back: so scrypt's advised 2^17/8/1, which wants
/// 128 MiB, is refused there until `memory_kib` is raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// KiB of memory: argon2id's `m`, and for scrypt N·r·p/8, which bounds its time too. At most 4 GiB. By default 256 MiB,
    /// in WebAssembly 64.
    pub memory_kib: u32,
    /// argon2id's memory times its passes, in KiB. By default 1 GiB, in WebAssembly 256 MiB.
    pub work_kib: u32,
    /// argon2id's `p`, 255 at most. By default 16, in WebAssembly 4.
    pub lanes: u32,
    /// bcrypt's cost, 31 at most; each more is twice the work. By default 14.
    pub bcrypt_cost: u32,
    /// PBKDF2's iterations, for each part of the hash as long as its hash function's. By default 2,000,000.
    pub pbkdf2_iterations: u32,
}

const MIB: u32 = 1024;

impl Default for Limits {
    fn default() -> Self {
        let (memory, work, lanes) = if cfg!(target_arch = "wasm32") { (64, 256, 4) } else { (256, 1024, 16) };
        Self { memory_kib: memory * MIB, work_kib: work * MIB, lanes, bcrypt_cost: 14, pbkdf2_iterations: 2_000_000 }
    }
}

impl Limits {
    /// With more than this, numbers that are multiplied below would not fit.
    pub(super) fn check(&self) -> Result<(), PasswordError> {
        let holds = (1..=4 * 1024 * MIB).contains(&self.memory_kib)
            && self.work_kib >= 1
            && (1..=255).contains(&self.lanes)
            && (4..=31).contains(&self.bcrypt_cost)
            && self.pbkdf2_iterations >= 1;
        if holds { Ok(()) } else { Err(PasswordError::Limits) }
    }
}

/// A number of a stored hash, where it is no more than the limit.
pub(super) fn within(number: u64, limit: u32) -> Result<u32, PasswordError> {
    match u32::try_from(number) {
        Ok(number) if number <= limit => Ok(number),
        _ => Err(PasswordError::CostTooHigh),
    }
}
