//! Passwords: hashed with argon2id, and verified against what argon2id, bcrypt, scrypt and PBKDF2 have left.
//!
//! What is kept of a password is one line of text:
//!
//! | form | who writes it |
//! |---|---|
//! | `$argon2id$v=19$m=19456,t=2,p=1$salt$hash` | [`Passwords::hash`], with `,keyid=` behind `p` where there is a [`Pepper`]; other libraries |
//! | `$2a$`, `$2b$`, `$2y$`, a cost of two digits, `$` and 53 characters | bcrypt |
//! | `$scrypt$ln=17,r=8,p=1$salt$hash` | passlib, the crate `scrypt` |
//! | `$pbkdf2-sha256$i=600000$salt$hash`, also with `,l=32` | the crate `pbkdf2`, `@phc/pbkdf2` |
//! | `$pbkdf2-sha256$29000$salt$hash`, with `.` for `+` | passlib |
//! | `pbkdf2_sha256$600000$salt$hash`, salt as text, hash with its padding | Django |
//!
//! Django's argon2id is that of the first line behind `argon2`, which the caller takes off. PBKDF2 is there with SHA-256,
//! SHA-512 and SHA-1 (`pbkdf2-sha1`, or `pbkdf2` alone). Of argon2 there is version 19 of argon2id alone; `$2x$`, which
//! hashes what is not ASCII wrongly, is refused. Everything is read strictly: these parameters in this order, each once, no
//! leading zero, base64 in its one spelling without padding, salts of up to 64 and hashes of 16 to 64 bytes. A hash that
//! costs more than [`Limits`] say is never computed.
//!
//! Passwords are UTF-8 of 1 to [`MAX_PASSWORD_BYTES`] bytes, all of which count. Who takes them from people should
//! normalise them to NFC (NIST SP 800-63B-4 §3.1.1.2), as the npm package does.
//!
//! Whoever asks with a name that nobody has should wait as long as whoever has the password wrong: so
//! [`Passwords::verify`] takes an `Option`, and for `None` computes a hash of its own settings. That is as long as long as
//! the hashes in store are of those settings: until an older one is [made anew](Passwords::needs_rehash), its own cost tells.

mod argon2id;
mod bcrypt;
mod error;
mod limits;
mod pbkdf2;
mod pepper;
mod phc;
mod scrypt;
mod stored;

use core::hint::black_box;

use argon2id::Argon2id;
use stored::Stored;

pub use argon2id::Cost;
pub use error::PasswordError;
pub use limits::Limits;
pub use pepper::Pepper;

use super::random::Random;

/// The longest password, in bytes of UTF-8.
pub const MAX_PASSWORD_BYTES: usize = 1024;

/// The most peppers of earlier times.
const MAX_OLD_PEPPERS: usize = 16;

/// How passwords are hashed, and what is taken of hashes that are there.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// What a new hash costs.
    pub cost: Cost,
    /// What a stored hash may cost.
    pub limits: Limits,
    /// A secret that goes into every new hash, and is not kept beside them.
    pub pepper: Option<Pepper>,
    /// Peppers that are in stored hashes and in no new one: 16 at most.
    pub old_peppers: Vec<Pepper>,
}

impl Settings {
    fn pepper_of(&self, id: &[u8]) -> Option<&Pepper> {
        self.pepper.iter().chain(&self.old_peppers).find(|pepper| pepper.id().as_bytes() == id)
    }
}

/// Hashes passwords and verifies them, by settings that hold.
///
/// ```
/// use portcullis::issuer::SystemRandom;
/// use portcullis::issuer::password::{Passwords, Settings};
///
/// let passwords = Passwords::new(Settings::default())?;
/// let stored = passwords.hash("correct horse battery staple", &mut SystemRandom)?;
/// assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
/// assert!(passwords.verify("correct horse battery staple", Some(&stored))?);
/// assert!(!passwords.needs_rehash(&stored)?);
/// // Nobody has that name: it takes as long.
/// assert!(!passwords.verify("correct horse battery staple", None)?);
/// # Ok::<(), portcullis::issuer::password::PasswordError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Passwords {
    settings: Settings,
}

impl Passwords {
    /// By these settings.
    ///
    /// # Errors
    ///
    /// [`PasswordError::Limits`], [`PasswordError::Cost`], [`PasswordError::PepperRepeated`],
    /// [`PasswordError::TooManyPeppers`].
    pub fn new(settings: Settings) -> Result<Self, PasswordError> {
        settings.limits.check()?;
        settings.cost.check(&settings.limits)?;
        if settings.old_peppers.len() > MAX_OLD_PEPPERS {
            return Err(PasswordError::TooManyPeppers);
        }
        let mut ids: Vec<&str> = settings.pepper.iter().chain(&settings.old_peppers).map(Pepper::id).collect();
        ids.sort_unstable();
        if ids.windows(2).any(|pair| matches!(pair, [one, other] if one == other)) {
            return Err(PasswordError::PepperRepeated);
        }
        Ok(Self { settings })
    }

    /// The text to keep of a password: argon2id with 16 random bytes of salt, 32 bytes long.
    ///
    /// # Errors
    ///
    /// [`PasswordError::Empty`], [`PasswordError::TooLong`], [`PasswordError::Random`], [`PasswordError::Memory`].
    ///
    /// Spec: RFC 9106 §3, §4; the text is that of the PHC string format.
    pub fn hash(&self, password: impl AsRef<[u8]>, random: &mut impl Random) -> Result<String, PasswordError> {
        let password = checked(password.as_ref())?;
        if password.is_empty() {
            return Err(PasswordError::Empty);
        }
        let mut salt = [0; argon2id::SALT_BYTES];
        random.fill(&mut salt).map_err(PasswordError::Random)?;
        let Settings { cost, pepper, .. } = &self.settings;
        Ok(Argon2id::new(*cost, pepper.as_ref(), password, &salt)?.text())
    }

    /// Whether this is the password of what is stored; `None` where nobody is stored. What is wrong with a stored text is
    /// told after the same work, and is its keeper's fault, not that of who signs in.
    ///
    /// An empty password is never right, whatever is stored. Nor, against bcrypt, is one with a NUL or of more than 72
    /// bytes, which bcrypt would cut: both take as long as another. One that is too long to be hashed is wrong at once,
    /// whoever it is.
    ///
    /// # Errors
    ///
    /// [`PasswordError::Malformed`], [`PasswordError::Unsupported`], [`PasswordError::CostTooHigh`], [`PasswordError::PepperUnknown`];
    /// [`PasswordError::Memory`].
    pub fn verify(&self, password: impl AsRef<[u8]>, stored: Option<&str>) -> Result<bool, PasswordError> {
        let Ok(password) = checked(password.as_ref()) else { return Ok(false) };
        let Some(text) = stored else {
            self.spend(password)?;
            return Ok(false);
        };
        match Stored::read(text, &self.settings) {
            Ok(stored) => Ok(stored.matches(password)? && !password.is_empty()),
            Err(error) => {
                self.spend(password)?;
                Err(error)
            }
        }
    }

    /// Whether what is stored is not what [`Self::hash`] would make today: of another scheme, cost, length or pepper. Where the
    /// password was right, hash it again and keep that.
    ///
    /// # Errors
    ///
    /// [`PasswordError::Malformed`], [`PasswordError::Unsupported`], [`PasswordError::CostTooHigh`],
    /// [`PasswordError::PepperUnknown`].
    pub fn needs_rehash(&self, stored: &str) -> Result<bool, PasswordError> {
        Stored::read(stored, &self.settings).map(|stored| !stored.is_current(&self.settings))
    }

    /// The work of a wrong password.
    fn spend(&self, password: &[u8]) -> Result<(), PasswordError> {
        let Settings { cost, pepper, .. } = &self.settings;
        let nobody = Argon2id::of_nobody(*cost, pepper.as_ref());
        black_box(nobody.matches(password)?);
        Ok(())
    }
}

fn checked(password: &[u8]) -> Result<&[u8], PasswordError> {
    if password.len() > MAX_PASSWORD_BYTES { Err(PasswordError::TooLong) } else { Ok(password) }
}
