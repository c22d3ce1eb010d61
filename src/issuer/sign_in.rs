//! How somebody signed in, and what tokens say of it: `acr`, `amr`, `auth_time`.

use serde::{Deserialize, Serialize};

use crate::time::UnixTime;

/// What somebody showed to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Method {
    /// A password: something that they know.
    Password,
    /// A one-time code of a device: something that they have.
    Otp,
    /// A recovery code: something that they have. RFC 8176 has no value for it, and it is neither `otp` nor `kba`.
    RecoveryCode,
}

/// How and when somebody signed in. It stays the same however often their tokens are refreshed (RFC 9068 §2.2.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// What they showed.
    pub methods: Vec<Method>,
    /// When, in seconds since 1970.
    pub at: i64,
}

/// What this service calls its levels of assurance: the values of `acr`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Levels {
    /// One factor. `aal1` where nothing else is said.
    pub single: String,
    /// Something that they know and something that they have. `aal2` where nothing else is said.
    pub multi: String,
}

impl Default for Levels {
    fn default() -> Self {
        Self { single: "aal1".to_owned(), multi: "aal2".to_owned() }
    }
}

impl SignIn {
    /// Signed in at that moment by these.
    pub fn new(methods: &[Method], at: UnixTime) -> Self {
        Self { methods: methods.to_vec(), at: at.seconds() }
    }

    /// Whether they showed something that they know and something that they have. Two of one kind are one factor.
    pub fn is_multi_factor(&self) -> bool {
        let knows = |method: &Method| matches!(method, Method::Password);
        self.methods.iter().any(knows) && !self.methods.iter().all(knows)
    }

    /// Authentication methods references, each once: `pwd`, `otp`, and `mfa` where there were two factors.
    ///
    /// Spec: RFC 8176 §2.
    pub fn amr(&self) -> Vec<&'static str> {
        let names = [
            ("pwd", self.methods.contains(&Method::Password)),
            ("otp", self.methods.contains(&Method::Otp)),
            ("mfa", self.is_multi_factor()),
        ];
        names.into_iter().filter(|(_, holds)| *holds).map(|(name, _)| name).collect()
    }

    /// The authentication context class reference.
    pub fn acr<'a>(&self, levels: &'a Levels) -> &'a str {
        if self.is_multi_factor() { &levels.multi } else { &levels.single }
    }

    /// When they signed in.
    pub const fn at(&self) -> UnixTime {
        UnixTime::from_seconds(self.at)
    }
}
