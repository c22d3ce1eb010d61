//! The instances that questions are about, read without an allocation where they are like those before them.

use crate::authz::policy::Policy;
use crate::authz::role::PermissionId;
use crate::json::{Json, Limits, Object};

/// One for each resource type, by its place, with the attributes that decisions read; the first has none and is of the
/// permissions without a type. The next question about the type reads its own into the same places.
#[derive(Debug, Default)]
pub(super) struct Instances(Vec<Object>);

/// Bytes of an instance. What is longer is not kept.
const MAX_KEPT: usize = 1024;

impl Instances {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Reads one in a line in the order of the names, and a full stop behind the last line: nothing where it is absent,
    /// plain text behind an equals sign, everything else as JSON.
    pub(super) fn read(&mut self, policy: &Policy, permission: PermissionId, lines: &[u8]) -> Option<&Object> {
        let kind = policy.permission(permission)?.resource;
        let place = kind.map_or(0, |kind| kind + 1);
        if self.0.len() <= place {
            self.0.resize_with(place + 1, Object::new);
        }
        let instance = self.0.get_mut(place)?;
        if instance.is_empty() {
            for name in policy.resource_of(permission).map_or(&[][..], |kind| &kind.read) {
                instance.set(name.as_str(), Json::Null);
            }
        }
        let mut rest = lines;
        for value in instance.values_mut() {
            let end = rest.iter().position(|byte| *byte == b'\n')?;
            let (line, behind) = rest.split_at_checked(end)?;
            read_line(value, line)?;
            rest = behind.get(1..)?;
        }
        (rest == b".").then_some(instance)
    }

    /// Forgets what these lines said, where they are long.
    pub(super) fn forget_long(&mut self, lines: &[u8]) {
        if lines.len() > MAX_KEPT {
            self.forget();
        }
    }

    pub(super) fn forget(&mut self) {
        self.0.clear();
    }
}

fn read_line(value: &mut Json, line: &[u8]) -> Option<()> {
    match (line, value) {
        ([b'=', text @ ..], Json::String(own)) => {
            own.clear();
            own.push_str(core::str::from_utf8(text).ok()?);
        }
        ([b'=', text @ ..], value) => *value = Json::from(core::str::from_utf8(text).ok()?),
        ([], value) => *value = Json::Null,
        (json, value) => *value = Json::parse_within(json, Limits::DOCUMENT).ok()?,
    }
    Some(())
}
