//! The keys of the run, and tokens that nobody has seen.

use std::time::{SystemTime, UNIX_EPOCH};

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use jwt_simple::algorithms::{ES256KeyPair, Ed25519KeyPair, RS256KeyPair};
use serde::{Deserialize, Serialize};

use crate::scenario::{AUDIENCE, ISSUER, SUBJECT};

pub const SECRET: &str = "TEST ONLY: a secret that is long enough for HS256";

/// What is said of a subject. Every contestant reads all of it.
#[derive(Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub aud: String,
    pub sub: String,
    pub jti: String,
    pub iat: u64,
    pub exp: u64,
    pub roles: Vec<String>,
}

/// A key of the run, and the tokens that it signs.
pub struct Signer {
    pub algorithm: Algorithm,
    key: EncodingKey,
    /// What a verifier is told of a key pair; a secret stays out of it.
    pub jwk: Jwk,
}

impl Signer {
    pub fn new(algorithm: Algorithm) -> Self {
        let pem = |pem: Result<String, jwt_simple::Error>| pem.expect("a key in PEM").into_bytes();
        let key = match algorithm {
            Algorithm::HS256 => Ok(EncodingKey::from_secret(SECRET.as_bytes())),
            Algorithm::EdDSA => EncodingKey::from_ed_pem(Ed25519KeyPair::generate().to_pem().as_bytes()),
            Algorithm::ES256 => EncodingKey::from_ec_pem(&pem(ES256KeyPair::generate().to_pem())),
            Algorithm::RS256 => {
                EncodingKey::from_rsa_pem(&pem(RS256KeyPair::generate(2048).and_then(|pair| pair.to_pem())))
            }
            other => panic!("no row is about {other:?}"),
        };
        let key = key.expect("a key that jsonwebtoken signs with");
        let mut jwk = Jwk::from_encoding_key(&key, algorithm).expect("its public half");
        jwk.common.key_id = Some(format!("{algorithm:?}"));
        Self { algorithm, key, jwk }
    }

    /// An Authorization header whose token is like none with another number, good for an hour.
    pub fn authorization(&self, number: usize) -> String {
        self.changed(number, |_| {})
    }

    /// The header of a token of hers who asks the questions.
    pub fn subjects(&self) -> String {
        self.changed(0, |claims| claims.sub = SUBJECT.to_owned())
    }

    /// Tokens that no verifier may take, and why.
    pub fn refused(&self) -> [(&'static str, String); 4] {
        let mut forged = self.authorization(0);
        let place = forged.len() - 10;
        let other = if forged[place..].starts_with('A') { "B" } else { "A" };
        forged.replace_range(place..=place, other);
        let expire = |claims: &mut Claims| (claims.iat, claims.exp) = (claims.iat - 7_200, claims.iat - 7_140);
        [
            ("a forged signature", forged),
            ("an expired token", self.changed(0, expire)),
            ("another issuer", self.changed(0, |claims| claims.iss = "https://other.example".to_owned())),
            ("another audience", self.changed(0, |claims| claims.aud = "elsewhere".to_owned())),
        ]
    }

    fn changed(&self, number: usize, change: impl FnOnce(&mut Claims)) -> String {
        let iat = now();
        let mut claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: format!("user-{number}"),
            jti: format!("token-{number}"),
            iat,
            exp: iat + 3_600,
            roles: vec!["editor".to_owned()],
        };
        change(&mut claims);
        let header = Header { kid: self.jwk.common.key_id.clone(), ..Header::new(self.algorithm) };
        format!("Bearer {}", jsonwebtoken::encode(&header, &claims, &self.key).expect("a token"))
    }
}

/// Seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_secs()
}

/// The token of a header.
pub fn token(authorization: &str) -> &str {
    authorization.strip_prefix("Bearer ").expect("a bearer token")
}
