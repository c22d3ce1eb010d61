//! Keys of the trust document that sign what is no token: Ed25519 alone, which is verified in this process everywhere.

use std::sync::Arc;

use super::trust::Trust;
use crate::document::{Node, Problem};
use crate::jose::algorithm::Algorithm;
use crate::jose::key::{Key, KeyError};
use crate::jose::key_set::{KeySet, MAX_KEYS};

/// The member `jwks`: keys that have names, each its own.
pub(super) fn read_signing_keys(node: &Node<'_>, trust: &Trust) -> KeySet {
    let mut set = KeySet::default();
    let jwks = node.expect("jwks");
    let list = jwks.expect("keys");
    for item in list.list(MAX_KEYS) {
        match Key::from_jwk(item.value(), None, trust.next_key_number()) {
            Err(KeyError::Weak) => item.refuse(Problem::WeakKey),
            Err(KeyError::Broken(rule)) => item.refuse(Problem::BadKey { rule }),
            Ok(key) if key.verifier(Algorithm::EdDsa).is_none() => item.refuse(Problem::Unsupported),
            Ok(Key { kid: None, .. }) => item.refuse_member("kid", Problem::MissingMember),
            Ok(key) if set.keys.iter().any(|other| other.kid == key.kid) => {
                item.refuse_member("kid", Problem::Duplicate);
            }
            Ok(key) => set.keys.push(Arc::new(key)),
        }
    }
    if set.keys.is_empty() {
        list.bad("at least one key");
    }
    set
}
