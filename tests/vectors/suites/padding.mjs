// Tokens in base64 with padding, as an AWS Application Load Balancer hands them on in `x-amzn-oidc-data`, and only from
// an issuer of which the trust document says so. RFC 7515 §2 has none.

import { allowed, invalidToken, malformed, principal } from "../forge/expect.mjs";
import { request } from "../forge/request.mjs";
import { publicJwk, secret, sign } from "../forge/sign.mjs";
import { base64url, now } from "../forge/token.mjs";

export const about = "Padded base64, for the issuers that are said to write it: right padding, wrong padding, and other issuers.";

const policy = { policy: "padding", revision: 1, routes: [{ route: "GET /me", allow: "authenticated" }] };

const issuer = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example01";
const plainIssuer = "https://id.example";
const header = "x-amzn-oidc-data";
const balancer = { issuer, audience: null, paddedBase64: true };

const site = (issuers, credentials = { header }) => ({ policy, trust: { issuers, credentials } });
const keys = (...names) => ({ jwks: { keys: names.map((name) => publicJwk(name, { kid: name })) } });

export const configs = {
  balancer: site([{ ...balancer, ...keys("p256", "p384", "ed25519", "rsa") }]),
  bearer: site([{ ...balancer, ...keys("p256", "p384") }], {}),
  cookie: site([{ ...balancer, ...keys("p256") }], { header, cookie: "__Host-session" }),
  secret: site([{ ...balancer, secret: secret("hs256") }]),
  secret_384: site([{ ...balancer, secret: secret("hs384"), algorithms: ["HS384"] }]),
  two: site([
    { ...balancer, ...keys("p256") },
    { issuer: plainIssuer, audience: null, ...keys("ed25519") },
  ]),
  said_not: site([{ ...balancer, paddedBase64: false, ...keys("p256") }]),
  said_nothing: site([{ issuer, audience: null, ...keys("p256") }]),
};

const padding = (text) => "=".repeat((4 - (text.length % 4)) % 4);
const pad = (text) => text + padding(text);

/** The object as JSON whose length leaves that remainder by three: 0 wants no padding, 1 two signs, 2 one. */
const sized = (object, remainder) => {
  for (const filler of ["", "x", "xx"]) {
    const text = JSON.stringify(filler === "" ? object : { ...object, filler });
    if (text.length % 3 === remainder) return text;
  }
  return JSON.stringify({ ...object, filler: "xxx" });
};

const signs = ["no_sign", "two_signs", "one_sign"];

const claims = (changes = {}) => ({ sub: "u1", email: "ann@shop.example", username: "ann", exp: now + 120, iss: issuer, ...changes });
const headerOf = (alg, kid, more = {}) => ({
  typ: "JWT",
  kid,
  alg,
  iss: issuer,
  client: "client-of-the-shop",
  signer: "arn:aws:elasticloadbalancing:eu-central-1:111111111111:loadbalancer/app/shop/0123456789abcdef",
  exp: now + 120,
  ...more,
});

/**
 * A token whose parts are padded, where `padded` does not say otherwise. `sent` changes the text after signing;
 * `remainders` are those of header and claims.
 */
const token = ({ alg = "ES256", key = "p256", payload = claims(), remainders = [1, 2], padded = [true, true, true], sent, changed } = {}) => {
  const write = (text, isPadded) => (isPadded ? pad(text) : text);
  const head = write(base64url(sized(headerOf(alg, key), remainders[0])), padded[0]);
  const body = write(base64url(sized(payload, remainders[1])), padded[1]);
  const bytes = sign(alg.replace("EdDSA", "Ed25519"), key, Buffer.from(`${head}.${body}`));
  const parts = { head, body, signature: write(base64url(bytes), padded[2]) };
  const { head: h, body: b, signature } = { ...parts, ...sent?.(parts) };
  return {
    text: `${h}.${b}.${signature}`,
    note: { header: headerOf(alg, key), claims: payload, key, padded: padded.join(" "), ...(changed === undefined ? {} : { changed }) },
  };
};

const given = (signed, expect, { name, config, as = [header, signed.text] }) => ({ name, config, token: signed.note, request: request("GET", "/me", [as]), expect });
const who = principal({ issuer });
const pass = (name, options = {}, config = "balancer", as) => given(token(options), allowed(who, "GET /me"), { name, config, as });
const refuse = (name, reason, options = {}, config = "balancer") => given(token(options), invalidToken(reason), { name, config });

/** Text of which one part was changed after signing, with the remainders that the change needs. */
const changed = (name, sentence, sent, { reason = "token_encoding", remainders } = {}) => refuse(name, reason, { sent, changed: sentence, ...(remainders === undefined ? {} : { remainders }) });
const trimmed = (text) => text.replaceAll("=", "");

const bearer = (name, options, expect) => {
  const signed = token(options);
  return given(signed, expect, { name, config: "bearer", as: ["authorization", `Bearer ${signed.text}`] });
};

/** The last character before the padding, with a bit set that must be zero. */
const stray = (text) => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const bare = trimmed(text);
  return bare.slice(0, -1) + alphabet[alphabet.indexOf(bare.at(-1)) | 1] + padding(bare);
};

const cookieToken = token();
const plainToken = (padded) =>
  token({ alg: "EdDSA", key: "ed25519", payload: claims({ iss: plainIssuer }), padded });

export const cases = [
  pass("a_padded_token_of_a_load_balancer_is_taken"),
  ...[0, 1, 2].flatMap((first) => [0, 1, 2].map((second) => pass(`a_header_with_${signs[first]}_and_claims_with_${signs[second]}_of_padding_are_taken`, { remainders: [first, second] }))),
  pass("a_token_without_padding_is_taken_too", { padded: [false, false, false] }),
  pass("padding_of_the_header_alone_is_taken", { padded: [true, false, false] }),
  pass("padding_of_the_claims_alone_is_taken", { padded: [false, true, false] }),
  pass("padding_of_the_signature_alone_is_taken", { padded: [false, false, true] }),
  pass("a_padded_eddsa_token_is_taken", { alg: "EdDSA", key: "ed25519" }),
  pass("a_padded_rs256_token_is_taken", { alg: "RS256", key: "rsa" }),
  pass("an_es384_signature_wants_no_padding", { alg: "ES384", key: "p384" }),
  pass("an_hs256_signature_wants_one_sign", { alg: "HS256", key: "hs256" }, "secret"),
  pass("an_hs384_signature_wants_no_padding", { alg: "HS384", key: "hs384" }, "secret_384"),
  given(cookieToken, allowed(who, "GET /me"), { name: "a_padded_token_in_a_cookie_is_taken", config: "cookie", as: ["cookie", `a=b; __Host-session=${cookieToken.text}; c=d`] }),
  bearer("a_bearer_token_may_end_in_padding", { padded: [false, false, true] }, allowed(who, "GET /me")),
  bearer("a_bearer_token_has_no_padding_inside", { padded: [true, true, true] }, malformed("malformed_authorization")),

  // Wrong padding
  changed("one_sign_where_two_belong_is_refused", "the signature ends in one sign", ({ signature }) => ({ signature: `${trimmed(signature)}=` })),
  changed("three_signs_where_two_belong_are_refused", "the signature ends in three signs", ({ signature }) => ({ signature: `${signature}=` })),
  changed("six_signs_where_two_belong_are_refused", "the signature ends in six signs", ({ signature }) => ({ signature: `${signature}====` })),
  changed("two_signs_where_one_belongs_are_refused", "the claims end in two signs", ({ body }) => ({ body: `${body}=` })),
  changed("one_sign_where_none_belongs_is_refused", "the claims end in a sign", ({ body }) => ({ body: `${body}=` }), { remainders: [1, 0] }),
  changed("four_signs_where_none_belongs_are_refused", "the claims end in four signs", ({ body }) => ({ body: `${body}====` }), { remainders: [1, 0] }),
  changed("one_sign_where_two_belong_in_the_header_is_refused", "the header ends in one sign", ({ head }) => ({ head: head.slice(0, -1) })),
  changed("a_sign_where_none_belongs_in_the_header_is_refused", "the header ends in a sign", ({ head }) => ({ head: `${head}=` }), { remainders: [0, 2] }),
  changed("three_signs_behind_a_length_that_no_bytes_have_are_refused", "the signature has 85 characters and three signs", ({ signature }) => ({ signature: `${trimmed(signature).slice(0, -1)}===` })),
  changed("padding_in_the_middle_of_a_part_is_refused", "two signs in the middle of the signature", ({ signature }) => ({ signature: `${signature.slice(0, 40)}==${trimmed(signature).slice(40)}` })),
  changed("padding_before_a_part_is_refused", "two signs before the signature", ({ signature }) => ({ signature: `==${trimmed(signature)}` })),
  changed("padding_between_which_a_character_stands_is_refused", "a character between the two signs", ({ signature }) => ({ signature: `${trimmed(signature)}=A=` })),
  changed("a_full_stop_for_padding_is_another_part", "a full stop in place of the signs", ({ signature }) => ({ signature: `${trimmed(signature)}.` }), { reason: "token_malformed" }),
  changed("bits_that_must_be_zero_before_two_signs_are_refused", "a bit that must be zero is set", ({ signature }) => ({ signature: stray(signature) })),
  changed("bits_that_must_be_zero_before_one_sign_are_refused", "a bit that must be zero is set", ({ body }) => ({ body: stray(body) })),
  changed("the_alphabet_of_plain_base64_is_refused", "the signature begins with a plus and a slash", ({ signature }) => ({ signature: `+/${signature.slice(2)}` })),
  changed("the_alphabet_of_plain_base64_is_refused_in_the_claims", "the claims begin with a plus and a slash", ({ body }) => ({ body: `+/${body.slice(2)}` })),

  // What is signed is the text as it came
  refuse("padding_put_on_the_header_after_signing_is_refused", "signature_invalid", { padded: [false, false, false], sent: ({ head }) => ({ head: pad(head) }), changed: "the header's padding is put on after signing" }),
  changed("padding_taken_off_the_claims_after_signing_is_refused", "the claims' padding is taken off after signing", ({ body }) => ({ body: trimmed(body) }), { reason: "signature_invalid" }),
  refuse("padding_put_on_the_claims_after_signing_is_refused", "signature_invalid", { padded: [false, false, false], sent: ({ body }) => ({ body: pad(body) }), changed: "the claims' padding is put on after signing" }),
  pass("padding_put_on_the_signature_afterwards_is_taken", { padded: [true, true, false], sent: ({ signature }) => ({ signature: pad(signature) }), changed: "the signature's padding is put on after signing" }),

  // Other issuers
  given(plainToken([false, false, false]), allowed(principal({ issuer: plainIssuer }), "GET /me"), { name: "another_issuer_s_token_without_padding_is_taken", config: "two" }),
  given(plainToken([true, true, true]), invalidToken("token_encoding"), { name: "another_issuer_s_padded_token_is_refused", config: "two" }),
  given(plainToken([true, false, false]), invalidToken("token_encoding"), { name: "another_issuer_s_padded_header_is_refused", config: "two" }),
  given(plainToken([false, true, false]), invalidToken("token_encoding"), { name: "another_issuer_s_padded_claims_are_refused", config: "two" }),
  given(plainToken([false, false, true]), invalidToken("token_encoding"), { name: "another_issuer_s_padded_signature_is_refused", config: "two" }),
  pass("the_padded_token_of_the_one_issuer_is_taken_beside_the_other", {}, "two"),
  refuse("a_padded_token_of_an_unknown_issuer_is_refused", "token_encoding", { payload: claims({ iss: "https://evil.example" }) }, "two"),
  refuse("a_token_of_an_unknown_issuer_without_padding_is_unknown", "issuer_unknown", { payload: claims({ iss: "https://evil.example" }), padded: [false, false, false] }, "two"),
  refuse("where_padding_is_said_not_to_be_it_is_refused", "token_encoding", {}, "said_not"),
  refuse("where_nothing_is_said_padding_is_refused", "token_encoding", {}, "said_nothing"),
  refuse("where_nothing_is_said_a_padded_signature_is_refused", "token_encoding", { padded: [false, false, true] }, "said_nothing"),
  pass("where_nothing_is_said_a_token_without_padding_is_taken", { padded: [false, false, false] }, "said_nothing"),

  // Padding waives nothing else
  refuse("a_padded_token_that_expired_is_refused", "expired", { payload: claims({ exp: now - 60 }) }),
  refuse("a_padded_token_without_an_end_is_refused", "claim_missing", { payload: claims({ exp: undefined }) }),
  refuse("a_padded_token_by_a_stranger_is_refused", "signature_invalid", { sent: ({ head, body }) => ({ signature: pad(base64url(sign("ES256", "stranger_p256", Buffer.from(`${head}.${body}`)))) }), changed: "signed by stranger_p256" }),
];
