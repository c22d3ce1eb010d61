//! Tokens of guests.

use core::time::Duration;

use super::write::{MAX_NAME_BYTES, Writer};
use super::{IssueError, Prepared, SignedBy, Token};
use crate::issuer::random::Random;
use crate::issuer::signing_key::SigningKey;
use crate::json::Object;
use crate::time::UnixTime;

/// What the token of a guest says: nobody in particular, whom one knows again.
///
/// A guard takes it with the preset `portcullis`, as a principal of the kind guest, which never counts as authenticated. It
/// has no `sub` but `guest`, so that a guard without that preset, and anybody else who knows no guests, refuses it rather
/// than taking a guest for a user.
#[derive(Debug, Clone, PartialEq)]
pub struct GuestToken {
    /// `iss`: who makes it, 1 to 1024 bytes.
    pub issuer: String,
    /// `aud`: the services that it is for, 1 to 16 of 1 to 1024 bytes.
    pub audience: Vec<String>,
    /// `client_id`: 1 to 255 bytes.
    pub client: String,
    /// `guest`: the guest's id, 1 to 255 bytes. Not that of a user.
    pub guest: String,
    /// `roles`.
    pub roles: Vec<String>,
    /// `sid`: the session.
    pub session: Option<String>,
    /// An hour where nothing else is said, and [`MAX_LIFETIME`](Self::MAX_LIFETIME) at most; whole seconds.
    pub lifetime: Duration,
    /// Further claims, none of which has a name that this side writes.
    pub claims: Object,
}

impl GuestToken {
    /// How long one lives where nothing else is said.
    pub const LIFETIME: Duration = Duration::from_secs(3600);
    /// The longest that one lives.
    pub const MAX_LIFETIME: Duration = Duration::from_secs(86_400);

    /// For one audience, and with nothing that may be left out.
    pub fn new(
        issuer: impl Into<String>,
        audience: impl Into<String>,
        client: impl Into<String>,
        guest: impl Into<String>,
    ) -> Self {
        Self {
            issuer: issuer.into(),
            audience: vec![audience.into()],
            client: client.into(),
            guest: guest.into(),
            roles: Vec::new(),
            session: None,
            lifetime: Self::LIFETIME,
            claims: Object::new(),
        }
    }

    /// Writes it, for a key to sign.
    ///
    /// # Errors
    ///
    /// [`IssueError`], but for those of keys and signatures.
    pub fn prepare(&self, by: SignedBy<'_>, now: UnixTime, random: &mut impl Random) -> Result<Prepared, IssueError> {
        let mut claims = Writer::new(&self.issuer, &self.audience)?;
        claims.text("guest", &self.guest, MAX_NAME_BYTES)?;
        claims.text("client_id", &self.client, MAX_NAME_BYTES)?;
        claims.maybe("sid", self.session.as_deref())?;
        claims.texts("roles", &self.roles)?;
        claims.further(&self.claims)?;
        claims.finish("at+jwt", by, (self.lifetime, Self::MAX_LIFETIME), now, random)
    }

    /// Writes and signs it in this process.
    ///
    /// # Errors
    ///
    /// [`IssueError`].
    pub fn issue(&self, key: &SigningKey, now: UnixTime, random: &mut impl Random) -> Result<Token, IssueError> {
        self.prepare(key.into(), now, random)?.sign(key, random)
    }
}
