//! A subject of which many questions are asked.

use super::guard::{ALLOW, REJECT};
use crate::authz::role::PermissionId;
use crate::authz::standing::Standing;

/// Its standing, and what was answered last by that alone: without an instance, without a context and without the time the
/// same question has the same answer as long as the policy is the same.
pub(super) struct Asker {
    pub(super) standing: Standing,
    /// One for each of the permissions that share a place: its number, doubled, and one more where it is permitted.
    answers: [u32; PLACES],
}

const PLACES: usize = 16;
const NONE: u32 = u32::MAX;

impl Asker {
    pub(super) const fn new(standing: Standing) -> Self {
        Self { standing, answers: [NONE; PLACES] }
    }

    /// The answer of before.
    pub(super) fn answer(&mut self, permission: PermissionId) -> Option<u32> {
        match *self.place(permission)? ^ (permission.0 << 1) {
            0 => Some(REJECT),
            1 => Some(ALLOW),
            _ => None,
        }
    }

    pub(super) fn remember(&mut self, permission: PermissionId, is_permitted: bool) {
        if let Some(place) = self.place(permission) {
            *place = (permission.0 << 1) | u32::from(is_permitted);
        }
    }

    fn place(&mut self, permission: PermissionId) -> Option<&mut u32> {
        self.answers.get_mut(permission.index() % PLACES)
    }
}
