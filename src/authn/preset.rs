//! What is known of the tokens of well-known identity providers. Whatever the trust document says itself wins.

use crate::jose::algorithm::Algorithm;
use crate::jwt::claims::{Audience, Profile};

/// A provider: where its keys stand, and what its tokens say.
#[derive(Debug)]
pub(crate) struct Preset {
    #[cfg(feature = "full")]
    name: &'static str,
    pub(super) keys: Place,
    /// Where the document lists none; an empty list leaves it to the keys.
    pub(super) algorithms: &'static [Algorithm],
    /// The claim that names the audience: of an access token, of an ID token.
    audience: (Audience, Audience),
    /// What a token must say: an access token, an ID token.
    must: (&'static [Condition], &'static [Condition]),
    /// The first that leads to a text which is not empty; known by another than the first is a service.
    pub(super) id: &'static [&'static str],
    /// The first that is there.
    pub(super) roles: &'static [&'static str],
    pub(super) permissions: &'static str,
    pub(super) scopes: &'static [&'static str],
    pub(super) acr: &'static str,
    pub(super) session: &'static str,
    /// Of an anonymous user.
    pub(super) guest: Option<Condition>,
    /// Of a program that acts for itself, beside what RFC 9068 §2.2 says.
    pub(super) service: Option<Condition>,
}

/// Where a provider's keys stand.
#[derive(Debug)]
#[cfg_attr(not(feature = "full"), expect(dead_code, reason = "guard.wasm has no presets"))]
pub(super) enum Place {
    /// Behind the issuer, without its trailing slash.
    Behind(&'static str),
    /// At one URL for all.
    At(&'static str),
    /// Where the issuer's metadata say; for an issuer with a template at one URL for all.
    Discovered(&'static str),
}

/// Something that a claim says, given as a path with dots.
#[derive(Debug)]
pub(super) struct Condition {
    pub(super) claim: &'static str,
    pub(super) says: Says,
}

#[derive(Debug)]
#[cfg_attr(not(feature = "full"), expect(dead_code, reason = "guard.wasm has no presets"))]
pub(super) enum Says {
    True,
    Text(&'static str),
    OneOf(&'static [&'static str]),
    TextBeginning(&'static str),
    TextEnding(&'static str),
    /// May be absent.
    NotText(&'static str),
    /// A moment that has come.
    Past,
}

impl Preset {
    #[cfg(feature = "full")]
    pub(super) fn of(name: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.name == name)
    }

    pub(super) const fn audience(&self, profile: Profile) -> Audience {
        match profile {
            Profile::IdToken => self.audience.1,
            Profile::Any | Profile::AccessToken => self.audience.0,
        }
    }

    pub(super) const fn must(&self, profile: Profile) -> &'static [Condition] {
        match profile {
            Profile::IdToken => self.must.1,
            Profile::Any | Profile::AccessToken => self.must.0,
        }
    }

    /// Whether it is the one whose issuer may be a template of tenants.
    #[cfg(feature = "full")]
    pub(super) fn has_tenants(&self) -> bool {
        matches!(self.keys, Place::Discovered(_))
    }
}

#[cfg(feature = "full")]
const RS256: &[Algorithm] = &[Algorithm::Rs256];
#[cfg(feature = "full")]
const JWKS: Place = Place::Behind("/.well-known/jwks.json");

#[cfg(feature = "full")]
const fn says(claim: &'static str, says: Says) -> Condition {
    Condition { claim, says }
}

/// What a provider does where it does nothing of its own.
#[cfg(feature = "full")]
const PLAIN: Preset = Preset {
    name: "",
    keys: JWKS,
    algorithms: RS256,
    audience: (Audience::Aud, Audience::Aud),
    must: (&[], &[]),
    id: &["sub"],
    roles: &["roles"],
    permissions: "permissions",
    scopes: &["scope"],
    acr: "acr",
    session: "sid",
    guest: None,
    service: None,
};

/// Each by its own documentation of its tokens.
#[cfg(feature = "full")]
const PRESETS: &[Preset] = &[
    Preset { name: "auth0", service: Some(says("sub", Says::TextEnding("@clients"))), ..PLAIN },
    Preset {
        name: "keycloak",
        keys: Place::Behind("/protocol/openid-connect/certs"),
        algorithms: &[],
        must: (&[says("typ", Says::OneOf(&["Bearer", "DPoP"]))], &[says("typ", Says::Text("ID"))]),
        roles: &["realm_access.roles"],
        service: Some(says("preferred_username", Says::TextBeginning("service-account-"))),
        ..PLAIN
    },
    Preset {
        name: "cognito",
        audience: (Audience::ClientId, Audience::Aud),
        must: (&[says("token_use", Says::Text("access"))], &[says("token_use", Says::Text("id"))]),
        roles: &["cognito:groups"],
        ..PLAIN
    },
    Preset {
        name: "entra",
        keys: Place::Discovered("https://login.microsoftonline.com/common/discovery/v2.0/keys"),
        must: (&[says("ver", Says::Text("2.0"))], &[says("ver", Says::Text("2.0"))]),
        id: &["oid"],
        scopes: &["scp"],
        service: Some(says("idtyp", Says::Text("app"))),
        ..PLAIN
    },
    Preset {
        name: "supabase",
        algorithms: &[],
        roles: &["role"],
        acr: "aal",
        session: "session_id",
        guest: Some(says("is_anonymous", Says::True)),
        service: Some(says("role", Says::Text("service_role"))),
        ..PLAIN
    },
    Preset {
        name: "clerk",
        audience: (Audience::Azp, Audience::Azp),
        must: (&[says("sts", Says::NotText("pending"))], &[says("sts", Says::NotText("pending"))]),
        roles: &["o.rol", "org_role"],
        permissions: "org_permissions",
        ..PLAIN
    },
    Preset {
        name: "firebase",
        keys: Place::At("https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com"),
        must: (&[says("auth_time", Says::Past)], &[says("auth_time", Says::Past)]),
        guest: Some(says("firebase.sign_in_provider", Says::Text("anonymous"))),
        ..PLAIN
    },
    Preset {
        name: "cloudflare-access",
        keys: Place::Behind("/cdn-cgi/access/certs"),
        must: (&[says("type", Says::Text("app"))], &[says("type", Says::Text("app"))]),
        id: &["sub", "common_name"],
        ..PLAIN
    },
    // The sign-in side of this package. A guest's token has no `sub`.
    Preset {
        name: "portcullis",
        algorithms: &[],
        id: &["sub", "guest"],
        guest: Some(says("guest", Says::TextBeginning(""))),
        ..PLAIN
    },
];
