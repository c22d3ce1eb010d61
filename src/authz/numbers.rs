//! The numbers of roles and permissions by their names, natively: a look, where a search among thousands of names goes from
//! one place of the memory to the next.

use std::collections::HashMap;

use super::policy::Policy;

#[derive(Debug)]
pub(super) struct Numbers {
    pub(super) roles: HashMap<String, u32>,
    pub(super) permissions: HashMap<String, u32>,
}

impl Numbers {
    /// Of a policy that is read to its end.
    pub(super) fn of(policy: &Policy) -> Self {
        Self {
            roles: policy.roles.iter().map(|role| role.name.clone()).zip(0..).collect(),
            permissions: policy.permissions.iter().map(|permission| permission.name.clone()).zip(0..).collect(),
        }
    }
}
