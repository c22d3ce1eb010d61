//! argon2id, RFC 9106.

use argon2::{Algorithm, Argon2, Params, Version};
use base64ct::{Base64Unpadded, Encoding};
use subtle::ConstantTimeEq;

use super::error::PasswordError;
use super::limits::{Limits, within};
use super::pepper::Pepper;
use super::{Settings, phc};

pub(super) const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// What a hash costs, and costs whoever guesses. All of OWASP's advised pairs will do: 46 MiB and 1 pass, 19 and 2, 12 and 3,
/// 9 and 4, 7 and 5. Less is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// KiB of memory, 7,168 at least. By default 19,456, which are 19 MiB.
    pub memory_kib: u32,
    /// How often the memory is gone through; with it 35,840 KiB at least. By default 2.
    pub passes: u32,
    /// Lanes, which others could compute in parallel and this does not. By default 1.
    pub lanes: u32,
}

impl Default for Cost {
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 }
    }
}

impl Cost {
    const LEAST_MEMORY_KIB: u32 = 7 * 1024;
    const LEAST_WORK_KIB: u64 = 35 * 1024;

    fn work_kib(&self) -> u64 {
        u64::from(self.memory_kib) * u64::from(self.passes)
    }

    /// The cost of new hashes.
    pub(super) fn check(&self, limits: &Limits) -> Result<(), PasswordError> {
        let is_enough = self.memory_kib >= Self::LEAST_MEMORY_KIB && self.work_kib() >= Self::LEAST_WORK_KIB;
        if is_enough && self.is_within(limits) && self.params(HASH_BYTES).is_some() {
            Ok(())
        } else {
            Err(PasswordError::Cost)
        }
    }

    fn is_within(&self, limits: &Limits) -> bool {
        self.memory_kib <= limits.memory_kib
            && self.work_kib() <= u64::from(limits.work_kib)
            && self.lanes <= limits.lanes
    }

    /// `None` where argon2id knows no such cost: with no pass or lane, or with less than 8 KiB for a lane.
    fn params(&self, length: usize) -> Option<Params> {
        Params::new(self.memory_kib, self.passes, self.lanes, Some(length)).ok()
    }
}

/// A hash.
pub(super) struct Argon2id<'a> {
    cost: Cost,
    pepper: Option<&'a Pepper>,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl<'a> Argon2id<'a> {
    /// Of a password.
    pub(super) fn new(
        cost: Cost,
        pepper: Option<&'a Pepper>,
        password: &[u8],
        salt: &[u8],
    ) -> Result<Self, PasswordError> {
        let mut made = Self { cost, pepper, salt: salt.to_vec(), hash: vec![0; HASH_BYTES] };
        made.hash = made.compute(password)?;
        Ok(made)
    }

    /// As long and as dear as another, and of no password that anybody knows.
    pub(super) fn of_nobody(cost: Cost, pepper: Option<&'a Pepper>) -> Self {
        Self { cost, pepper, salt: vec![0; SALT_BYTES], hash: vec![0; HASH_BYTES] }
    }

    /// `v=19`, `m=…,t=…,p=…` and maybe `,keyid=…`, the salt, the hash.
    pub(super) fn read(fields: &[&str], settings: &'a Settings) -> Result<Self, PasswordError> {
        let (parameters, salt, hash) = match fields {
            ["v=19", parameters, salt, hash] => (*parameters, *salt, *hash),
            // Another version; where it is not said, 16.
            [version, _, _, _] if version.starts_with("v=") => return Err(PasswordError::Unsupported),
            [parameters, _, _] if parameters.starts_with("m=") => return Err(PasswordError::Unsupported),
            _ => return Err(PasswordError::Malformed),
        };
        let (parameters, key_id) = match parameters.split_once(",keyid=") {
            Some((parameters, id)) => (parameters, Some(phc::bytes::<Base64Unpadded>(id, 1..=8)?)),
            None => (parameters, None),
        };
        let [memory, passes, lanes] = phc::numbers(parameters, ["m", "t", "p"])?;
        // argon2 itself has salts of 8 bytes at least (RFC 9106 §3.1).
        let salt = phc::bytes::<Base64Unpadded>(salt, 8..=*phc::SALT.end())?;
        let hash = phc::bytes::<Base64Unpadded>(hash, phc::HASH)?;

        let limits = &settings.limits;
        let cost = Cost {
            memory_kib: within(memory, limits.memory_kib)?,
            passes: within(passes, limits.work_kib)?,
            lanes: within(lanes, limits.lanes)?,
        };
        if !cost.is_within(limits) {
            return Err(PasswordError::CostTooHigh);
        }
        if cost.params(hash.len()).is_none() {
            return Err(PasswordError::Malformed);
        }
        let pepper = match key_id {
            Some(id) => Some(settings.pepper_of(&id).ok_or(PasswordError::PepperUnknown)?),
            None => None,
        };
        Ok(Self { cost, pepper, salt, hash })
    }

    pub(super) fn text(&self) -> String {
        let Cost { memory_kib, passes, lanes } = self.cost;
        let base64 = Base64Unpadded::encode_string;
        let key_id = self.pepper.map_or(String::new(), |pepper| format!(",keyid={}", base64(pepper.id().as_bytes())));
        let (salt, hash) = (base64(&self.salt), base64(&self.hash));
        format!("$argon2id$v=19$m={memory_kib},t={passes},p={lanes}{key_id}${salt}${hash}")
    }

    pub(super) fn matches(&self, password: &[u8]) -> Result<bool, PasswordError> {
        Ok(self.compute(password)?.ct_eq(&self.hash).into())
    }

    /// Whether it is what these settings make.
    pub(super) fn is_of(&self, settings: &Settings) -> bool {
        let id = |pepper: Option<&'a Pepper>| pepper.map(Pepper::id);
        self.cost == settings.cost
            && id(self.pepper) == settings.pepper.as_ref().map(Pepper::id)
            && self.salt.len() == SALT_BYTES
            && self.hash.len() == HASH_BYTES
    }

    /// The hash that the password would have. The memory is asked for, and its lack is an error.
    fn compute(&self, password: &[u8]) -> Result<Vec<u8>, PasswordError> {
        let mut hash = vec![0; self.hash.len()];
        let params = self.cost.params(hash.len()).ok_or(PasswordError::Malformed)?;
        let argon2 = match self.pepper {
            Some(pepper) => Argon2::new_with_secret(pepper.secret(), Algorithm::Argon2id, Version::V0x13, params)
                .map_err(|_| PasswordError::Pepper)?,
            None => Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
        };
        // Everything else that it could say is ruled out above.
        argon2.hash_password_into(password, &self.salt, &mut hash).map_err(|_| PasswordError::Memory)?;
        Ok(hash)
    }
}
