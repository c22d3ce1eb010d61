//! How often somebody may guess: per account, per address, and per device that the account is known to sign in from.
//!
//! 1. An attempt counts **before** the password or the code is looked at ([`Limits::begin`]). Many at once are as many
//!    attempts, and what ends half way has counted.
//! 2. Some attempts are free. Each beyond them locks for a while, which doubles up to a longest ([`Budget`]). While it is
//!    locked nothing counts, so nobody prolongs it.
//! 3. Time forgets: one attempt after the other, also while there are new ones. A quiet time forgets all.
//! 4. Success gives back what it took: an account's attempts are all forgotten; an address has its own back and no more,
//!    for else the guesser would sign in to an account of their own between two guesses.
//! 5. A device from which somebody has signed in to the account before has a budget of its own, and the others do not count
//!    for it. So who guesses at an account from elsewhere never locks its owner out of the devices they use.
//!
//! 6. What cannot be guessed (a recovery code) is no guess: it counts for the address alone ([`Limits::begin_unguessable`]). So
//!    it is the way in for an owner at a strange device, while somebody else goes on guessing.
//!
//! Nothing is locked for longer than the longest wait, and never for good. NIST SP 800-63B-4 §3.2.2 has at most 100 failed
//! attempts in a row for one account: from there on [`Begun::Allowed`] says `exhausted`, and the right password alone should
//! not do any more: ask for another factor, or for a new password by mail. [`State::failures`] counts them. Success ends the
//! row; and so do as many days without an attempt as have failed, at most thirty, and for a known device the 180 for which it is
//! known.
//!
//! Whoever guesses at accounts that there are not makes entries in the store, at the pace that their addresses have. So an
//! entry is kept for no longer than it says something ([`Limits::keep_until`]).
//!
//! Spec: OWASP Authentication Cheat Sheet, "Login Throttling", and its device cookies; NIST SP 800-63B-4 §3.2.2.

mod budget;
mod devices;
mod network;

use core::fmt;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::Coded;
use crate::time::UnixTime;
pub use budget::{Budget, BudgetSettings, State};
use devices::KNOWN;
pub use devices::{Devices, is_device, new_device};
pub use network::network_of;

/// Failed attempts in a row after which an account is exhausted, NIST SP 800-63B-4 §3.2.2.
pub const MOST_IN_A_ROW: u32 = 100;

/// A day of what is kept of a row of failures.
const DAY: Duration = Duration::from_secs(86_400);
/// The longest that such a row is kept behind its last attempt, in days.
const MOST_DAYS: u32 = 30;

/// Why there are no such limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttemptsError {
    /// 1 to 10,000 attempts are free.
    Free,
    /// A wait is one second to one hour, and the first is not longer than the longest.
    Wait,
    /// An attempt is forgotten after one second to one day.
    Forget,
    /// Not an IP address.
    Address,
}

impl fmt::Display for AttemptsError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Free => "1 to 10000 attempts must be free",
            Self::Wait => "a wait must be 1 to 3600 seconds, and the first not longer than the longest",
            Self::Forget => "an attempt must be forgotten after 1 to 86400 seconds",
            Self::Address => "the address of an attempt must be an IP address without port",
        })
    }
}

impl std::error::Error for AttemptsError {}

impl Coded for AttemptsError {
    fn code(&self) -> &'static str {
        match self {
            Self::Free => "attempts_free",
            Self::Wait => "attempts_wait",
            Self::Forget => "attempts_forget",
            Self::Address => "attempts_address",
        }
    }
}

/// What somebody's attempts are counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Counted {
    /// The account that they try to sign in to, from devices that it does not know.
    Account,
    /// The network that they come from.
    Address,
    /// A device that the account knows.
    Device,
}

/// What is kept of attempts: for each what is under its name, or nothing. `device` is that of a device that the account
/// [knows](Devices::state_of).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct States {
    /// The account's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<State>,
    /// The address's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<State>,
    /// The known device's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<State>,
}

/// Whether somebody may try now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// Yes, once these are kept, on the condition that those that were read are still there. Otherwise ask anew.
    Allowed {
        /// What counts this attempt: those that are there are to be kept.
        states: States,
        /// Before this attempt a hundred failed in a row: the right password alone should not do.
        exhausted: bool,
        /// If this attempt fails: from when on the next is allowed.
        next: UnixTime,
    },
    /// No. The password must not be looked at.
    Locked {
        /// From when on it is allowed.
        until: UnixTime,
    },
}

/// How often somebody may guess.
///
/// ```
/// use portcullis::UnixTime;
/// use portcullis::issuer::attempts::{Begun, Limits, States};
///
/// let (limits, now) = (Limits::default(), UnixTime::from_seconds(1_790_000_000));
/// let mut kept = States::default();
/// for _ in 0..6 {
///     let Begun::Allowed { states, .. } = limits.begin(&kept, now) else { panic!("locked") };
///     kept = states;
/// }
/// assert_eq!(limits.begin(&kept, now), Begun::Locked { until: UnixTime::from_seconds(1_790_000_001) });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For an account, from devices that it does not know.
    pub account: Budget,
    /// For a network, to all accounts together.
    pub address: Budget,
    /// For a device that the account knows.
    pub device: Budget,
}

impl Default for Limits {
    /// Five attempts are free for an account and for a device, and each is forgotten after an hour; fifty for an address,
    /// each for a minute, because many people may share one. The waits are 1 second to 15 minutes.
    fn default() -> Self {
        let own = Budget::default();
        Self { account: own, address: Budget::SHARED, device: own }
    }
}

impl Limits {
    /// Counts one attempt, where it is allowed. A known device counts for itself; all others count for the account and for
    /// the address.
    pub fn begin(&self, kept: &States, now: UnixTime) -> Begun {
        if let Some(device) = &kept.device {
            return match self.device.count(Some(device), now) {
                Ok(counted) => Begun::Allowed {
                    states: States { device: Some(counted), ..States::default() },
                    exhausted: is_exhausted(Some(device)),
                    next: counted.free_from().max(now),
                },
                Err(until) => Begun::Locked { until },
            };
        }
        let account = self.account.count(kept.account.as_ref(), now);
        let address = self.address.count(kept.address.as_ref(), now);
        match (account, address) {
            (Ok(account), Ok(address)) => Begun::Allowed {
                states: States { account: Some(account), address: Some(address), device: None },
                exhausted: is_exhausted(kept.account.as_ref()),
                next: account.free_from().max(address.free_from()).max(now),
            },
            (Err(until), Err(other)) => Begun::Locked { until: until.max(other) },
            (Err(until), Ok(_)) | (Ok(_), Err(until)) => Begun::Locked { until },
        }
    }
}

impl Limits {
    /// Counts an attempt with what nobody guesses: a recovery code, a passkey. The lock of the account does not hold for it, nor
    /// does it count there: else whoever guesses would lock the last way in. The address alone counts, for what the work costs.
    pub fn begin_unguessable(&self, address: Option<&State>, now: UnixTime) -> Begun {
        match self.address.count(address, now) {
            Ok(counted) => Begun::Allowed {
                states: States { address: Some(counted), ..States::default() },
                exhausted: false,
                next: counted.free_from().max(now),
            },
            Err(until) => Begun::Locked { until },
        }
    }

    /// Until when it must be kept, if nobody tries again: until all is forgotten, and the row of an account's failures.
    pub fn keep_until(&self, counted: Counted, state: &State, now: UnixTime) -> UnixTime {
        match counted {
            Counted::Account => {
                now.after(DAY * state.failures.clamp(1, MOST_DAYS)).max(self.account.forgotten_at(state, now))
            }
            Counted::Address => self.address.forgotten_at(state, now),
            Counted::Device => now.after(KNOWN),
        }
    }
}

fn is_exhausted(kept: Option<&State>) -> bool {
    kept.is_some_and(|kept| kept.failures >= MOST_IN_A_ROW)
}

impl Counted {
    /// What is kept after an attempt that succeeded: `kept` is what is there now, `taken` what counted the attempt. `None`
    /// where nothing is to be kept any more: remove it.
    ///
    /// A device that signed in for the first time is known from here on: `kept` and `taken` are nothing. One that was known when
    /// the attempt began and is not any more was [forgotten](Devices) meanwhile, and stays so.
    pub fn succeeded(self, kept: Option<&State>, taken: Option<&State>) -> Option<State> {
        match self {
            Self::Account => None,
            Self::Address => Some(withdrawn(kept?, taken?)),
            Self::Device if taken.is_some() && kept.is_none() => None,
            Self::Device => Some(State::default()),
        }
    }
}

/// What is kept after an attempt that came to no end through no fault of who tried: it has not counted. `kept` is what is there
/// now, `taken` what counted the attempt.
#[must_use]
pub fn withdrawn(kept: &State, taken: &State) -> State {
    kept.without(taken)
}
