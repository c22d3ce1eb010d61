//! The two verifiers, each configured as well as its own options allow.

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use portcullis::{Guard, Outcome, Policy, Request, Trust, UnixTime};
use serde_json::{Value, json};

use crate::draft::{AUDIENCE, ISSUER, Site};
use crate::keys;

/// What a verifier says of a token: the subject that it believes, or why it does not.
#[derive(Debug)]
pub struct Verdict {
    pub subject: Option<String>,
    pub reason: String,
}

impl Verdict {
    pub fn accepts(&self) -> bool {
        self.subject.is_some()
    }
}

/// jsonwebtoken's `decode`. It reads the clock itself.
pub struct Peer {
    key: DecodingKey,
    validation: Validation,
}

impl Peer {
    pub fn of(site: Site) -> Self {
        let mut validation = Validation::new(site.algorithm);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.validate_nbf = true;
        validation.leeway = 60;
        Self { key: keys::decoding_key(site.key, site.name), validation }
    }

    pub fn verdict(&self, token: &str) -> Verdict {
        match jsonwebtoken::decode::<Value>(token, &self.key, &self.validation) {
            Ok(data) => Verdict {
                subject: Some(data.claims["sub"].as_str().unwrap_or("no text").to_owned()),
                reason: "accepted".to_owned(),
            },
            Err(error) => Verdict { subject: None, reason: error.to_string() },
        }
    }
}

/// The guard. The reason is its internal one.
pub struct Ours(Guard);

impl Ours {
    pub fn of(site: Site) -> Self {
        let keys = match site.algorithm {
            Algorithm::HS256 => json!({ "secret": { "base64url": keys::secret(site.key) } }),
            _ => json!({ "jwks": { "keys": [keys::public_jwk(site.key, site.name)] } }),
        };
        let mut issuer = json!({ "issuer": ISSUER, "audience": AUDIENCE, "algorithms": [site.name], "leeway": 60 });
        let members = issuer.as_object_mut().expect("an object");
        members.extend(keys.as_object().expect("an object").clone());
        let policy =
            json!({ "policy": "peers", "revision": 1, "routes": [{ "route": "GET /me", "allow": "authenticated" }] });
        let policy = Policy::parse(&policy.to_string()).expect("the policy");
        let trust = Trust::parse(&json!({ "issuers": [issuer] }).to_string()).expect("the trust");
        Self(Guard::new(policy, trust).expect("the guard"))
    }

    pub fn verdict(&self, token: &str, now: i64) -> Verdict {
        let request = Request::new("GET", "https://api.example/me").header("authorization", format!("Bearer {token}"));
        match self.0.check(&request, UnixTime::from_seconds(now)) {
            Outcome::Allow(grant) => Verdict {
                subject: Some(grant.principal().id().to_owned()),
                reason: grant.event(None).reason.to_owned(),
            },
            Outcome::Reject(refused) => {
                Verdict { subject: None, reason: refused.event(None).reason.to_owned() }
            }
            Outcome::Need(need) => panic!("everything is here, and yet {need:?}"),
        }
    }
}
