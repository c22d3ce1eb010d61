//! The devices that an account is known to sign in from.

use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::State;
use crate::base64url;
use crate::digest;
use crate::issuer::random::{Random, RandomError};
use crate::time::UnixTime;

/// Devices of one account that are known at most: who signs in without a cookie over and over fills no store.
const MOST: usize = 10;
/// Random bytes of a device's name.
const NAME_BYTES: usize = 16;
/// The same as base64url.
const NAME_LETTERS: usize = 22;
/// How long a device is known behind its last attempt.
pub(super) const KNOWN: Duration = Duration::from_secs(180 * 86_400);

/// A new name for a device that somebody has signed in from: 128 random bits as base64url. It is a secret of that device's, in
/// a cookie (`__Host-`, `HttpOnly`) that outlives the session.
///
/// # Errors
///
/// [`RandomError`].
pub fn new_device(random: &mut impl Random) -> Result<String, RandomError> {
    let mut bytes = [0; NAME_BYTES];
    random.fill(&mut bytes)?;
    Ok(base64url::encode(&bytes))
}

/// Whether a text has the form of [`new_device`]: what a cookie holds may be anything.
pub fn is_device(text: &str) -> bool {
    text.len() == NAME_LETTERS && base64url::decode(text).is_some()
}

/// The devices of one account: plain data. Of each the hash of its name and its attempts are kept; of more than ten those
/// that were used last.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Devices(Vec<Device>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Device {
    /// SHA-256 of the name, base64url. It tells nothing of 128 random bits, so nothing is told by the time to compare it.
    hash: String,
    /// The last attempt, in seconds since 1970.
    seen: i64,
    state: State,
}

impl Device {
    fn is_known(&self, now: UnixTime) -> bool {
        now < UnixTime::from_seconds(self.seen).after(KNOWN)
    }
}

impl Devices {
    /// What is kept of a device's attempts, where the account knows it.
    pub fn state_of(&self, device: &str, now: UnixTime) -> Option<State> {
        let hash = digest::sha256_base64url(device.as_bytes());
        self.0.iter().find(|known| known.hash == hash && known.is_known(now)).map(|known| known.state)
    }

    /// The same devices without their attempts: somebody has found out who asks.
    #[must_use]
    pub fn released(&self) -> Self {
        let released = |known: &Device| Device { state: State::default(), ..known.clone() };
        Self(self.0.iter().map(released).collect())
    }

    /// With that of one device, which is known from here on.
    #[must_use]
    pub fn with(&self, device: &str, state: State, now: UnixTime) -> Self {
        let hash = digest::sha256_base64url(device.as_bytes());
        let mut devices: Vec<Device> =
            self.0.iter().filter(|known| known.hash != hash && known.is_known(now)).cloned().collect();
        while devices.len() >= MOST
            && let Some((place, _)) = devices.iter().enumerate().min_by_key(|(_, known)| known.seen)
        {
            devices.swap_remove(place);
        }
        devices.push(Device { hash, seen: now.seconds(), state });
        Self(devices)
    }
}
