//! Keys made ready to sign: in this process, or by the host.

use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use jsonwebtoken::crypto::JwtSigner;
use jsonwebtoken::signature::{Error, Signer as Signs};
use sha2::{Sha256, Sha384, Sha512};

use super::{PrivateMembers, SigningKeyError};
use crate::issuer::random::Random;
use crate::jose::algorithm::Algorithm;
use crate::jose::key::Material;

/// A key with its algorithm, ready to sign.
pub(super) enum Signer {
    /// In this process.
    InProcess(Box<dyn JwtSigner + Send + Sync>),
    /// In this process, for ES512, which `jsonwebtoken` has no name for and so no `JwtSigner`.
    #[cfg(feature = "native")]
    InProcessEs512(Box<dyn Signs<Vec<u8>> + Send + Sync>),
    /// In this process, with the randomness that blinds it, which `JwtSigner` has no argument for.
    #[cfg(feature = "native")]
    InProcessRsa(Box<super::native::Rsa>),
    /// By the host's cryptography.
    #[cfg_attr(feature = "native", expect(dead_code, reason = "natively every key signs in process"))]
    Host,
}

impl Signer {
    /// A public key with its private members.
    #[cfg(feature = "native")]
    pub(super) fn of(
        algorithm: Algorithm,
        public: &Material,
        private: &PrivateMembers,
    ) -> Result<Self, SigningKeyError> {
        super::native::signer(algorithm, public, private)
    }

    /// The host finds out whether the members belong together.
    #[cfg(not(feature = "native"))]
    pub(super) fn of(_: Algorithm, _: &Material, _: &PrivateMembers) -> Result<Self, SigningKeyError> {
        Ok(Self::Host)
    }

    /// A secret of at least the bytes of its hash.
    pub(super) fn of_secret(algorithm: Algorithm, secret: &[u8]) -> Result<Self, SigningKeyError> {
        use jsonwebtoken::Algorithm as Jwt;
        let signer = match algorithm {
            Algorithm::Hs256 => hmac::<Hmac<Sha256>>(secret, Jwt::HS256),
            Algorithm::Hs384 => hmac::<Hmac<Sha384>>(secret, Jwt::HS384),
            Algorithm::Hs512 => hmac::<Hmac<Sha512>>(secret, Jwt::HS512),
            _ => None,
        };
        signer.map(Self::InProcess).ok_or(SigningKeyError::Algorithm)
    }

    #[cfg_attr(not(feature = "native"), expect(unused_variables, reason = "only RSA is blinded"))]
    pub(super) fn sign(&self, input: &[u8], random: &mut dyn Random) -> Result<Vec<u8>, SigningKeyError> {
        match self {
            Self::InProcess(signer) => signer.try_sign(input).map_err(|_| SigningKeyError::Failed),
            #[cfg(feature = "native")]
            Self::InProcessEs512(signer) => signer.try_sign(input).map_err(|_| SigningKeyError::Failed),
            #[cfg(feature = "native")]
            Self::InProcessRsa(key) => key.sign(input, random),
            Self::Host => Err(SigningKeyError::HostSigns),
        }
    }
}

/// HMAC with its key's two blocks hashed ahead.
struct Hs<M> {
    keyed: M,
    algorithm: jsonwebtoken::Algorithm,
}

fn hmac<M>(secret: &[u8], algorithm: jsonwebtoken::Algorithm) -> Option<Box<dyn JwtSigner + Send + Sync>>
where
    M: Mac + KeyInit + Clone + Send + Sync + 'static,
{
    let keyed = <M as KeyInit>::new_from_slice(secret).ok()?;
    Some(Box::new(Hs { keyed, algorithm }))
}

impl<M: Mac + Clone> Signs<Vec<u8>> for Hs<M> {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let mut mac = self.keyed.clone();
        mac.update(message);
        Ok(mac.finalize().into_bytes().to_vec())
    }
}

impl<M: Mac + Clone> JwtSigner for Hs<M> {
    fn algorithm(&self) -> jsonwebtoken::Algorithm {
        self.algorithm
    }
}
