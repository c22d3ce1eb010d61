// Every algorithm accepted once, and what each refuses.

import { createHash } from "node:crypto";
import { allowed, invalidToken, principal } from "../forge/expect.mjs";
import { withToken } from "../forge/request.mjs";
import { bigEndian, curveOrder, ed25519PlusOrder, ed25519WithR, publicJwk, rsaBlock, secret, sign } from "../forge/sign.mjs";
import { audience, base64url, changed, claims, issuer, jwt, signingInput, withSignature } from "../forge/token.mjs";

export const about = "Every algorithm, accepted once and refused for each way a signature goes wrong.";

const policy = { policy: "signature", revision: 1, routes: [{ route: "GET /me", allow: "authenticated" }] };

const site = (keys, algorithms) => ({
  policy,
  trust: { issuers: [{ issuer, audience, ...keys, ...(algorithms === undefined ? {} : { algorithms }) }] },
});
const set = (...keys) => ({ jwks: { keys } });

// The neutral point of the curve as a public key: every signature with R = [S]B verifies under it
// for a verifier that takes points of small order.
const neutral = Buffer.alloc(32);
neutral[0] = 1;

const rsaAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];

export const configs = {
  hs256: site({ secret: secret("hs256") }),
  hs384: site({ secret: secret("hs384") }, ["HS384"]),
  hs512: site({ secret: secret("hs512") }, ["HS512"]),
  hs256_text: site({ secret: "TEST ONLY: ein Geheimnis für die Vektoren" }),
  rsa: site(set(publicJwk("rsa")), rsaAlgorithms),
  rsa_3072: site(set(publicJwk("rsa_3072")), rsaAlgorithms),
  p256: site(set(publicJwk("p256"))),
  p384: site(set(publicJwk("p384"))),
  p521: site(set(publicJwk("p521"))),
  ed25519: site(set(publicJwk("ed25519"))),
};

const pass = (name, config, token) => ({ name, config, ...withToken(token), expect: allowed(principal(), "GET /me") });
const refuse = (name, config, token, reason = "signature_invalid") => ({ name, config, ...withToken(token), expect: invalidToken(reason) });

const token = (alg, key, variant) => jwt({ alg, typ: "JWT" }, claims(), key, variant === undefined ? {} : { variant });
const signatureOf = (signed) => Buffer.from(signed.text.split(".")[2], "base64url");
const inputOf = (signed) => signed.text.slice(0, signed.text.lastIndexOf("."));

/** What every algorithm refuses. */
const common = (alg, config, key, stranger) => {
  const name = alg.toLowerCase();
  const good = token(alg, key);
  const signature = signatureOf(good);
  const flipped = Buffer.from(signature);
  flipped[3] ^= 1;
  const last = Buffer.from(signature);
  last[last.length - 1] ^= 1;
  const cases = [
    pass(`${name}_is_taken`, config, good),
    refuse(
      `${name}_over_other_claims_is_refused`,
      config,
      changed(good, "the claims say sub u2", ({ header, signature: text }) => `${signingInput({ alg, typ: "JWT" }, claims({ sub: "u2" })).replace(/^[^.]*/, header)}.${text}`),
    ),
    refuse(
      `${name}_under_another_header_is_refused`,
      config,
      changed(good, "the header has lost its typ", ({ payload, signature: text }) => `${base64url(JSON.stringify({ alg }))}.${payload}.${text}`),
    ),
    refuse(`${name}_with_a_flipped_bit_is_refused`, config, withSignature(good, "a bit of the fourth byte is flipped", flipped)),
    refuse(`${name}_with_its_last_bit_flipped_is_refused`, config, withSignature(good, "the last bit is flipped", last)),
    refuse(`${name}_truncated_by_a_byte_is_refused`, config, withSignature(good, "the last byte is cut off", signature.subarray(0, -1))),
    refuse(`${name}_truncated_to_half_is_refused`, config, withSignature(good, "the second half is cut off", signature.subarray(0, signature.length / 2))),
    refuse(`${name}_of_a_single_byte_is_refused`, config, withSignature(good, "the first byte alone", signature.subarray(0, 1))),
    refuse(`${name}_extended_by_a_byte_is_refused`, config, withSignature(good, "a zero byte follows", Buffer.concat([signature, Buffer.alloc(1)]))),
    refuse(`${name}_of_zero_bytes_is_refused`, config, withSignature(good, "no byte at all", Buffer.alloc(0)), "token_malformed"),
    refuse(`${name}_of_nothing_but_zeros_is_refused`, config, withSignature(good, "zeros of the right length", Buffer.alloc(signature.length))),
  ];
  if (stranger !== undefined) cases.push(refuse(`${name}_by_a_stranger_is_refused`, config, token(alg, stranger)));
  return cases;
};

// RSASSA-PKCS1-v1_5 blocks padded by hand (RFC 8017 §9.2), for a modulus of 256 bytes.
const rs256 = token("RS256", "rsa");
const digest = createHash("sha256").update(inputOf(rs256)).digest();
const digestInfo = Buffer.concat([Buffer.from("3031300d060960864801650304020105000420", "hex"), digest]);
const block = (type, fill, separator, content, tail = Buffer.alloc(0)) => {
  const padding = Buffer.alloc(256 - 3 - content.length - tail.length, fill);
  return Buffer.concat([Buffer.from([0, type]), padding, Buffer.from([separator]), content, tail]);
};
const padded = (name, sentence, bytes) => refuse(name, "rsa", withSignature(rs256, sentence, rsaBlock("rsa", bytes)));

const shortPadding = Buffer.concat([
  Buffer.from([0, 1]),
  Buffer.alloc(8, 0xff),
  Buffer.from([0]),
  digestInfo,
  Buffer.alloc(256 - 11 - digestInfo.length),
]);

// ES256 by its numbers: r and s of 32 bytes each.
const es256 = token("ES256", "p256");
const r = signatureOf(es256).subarray(0, 32);
const s = signatureOf(es256).subarray(32);
const n = curveOrder["P-256"];
const zero = Buffer.alloc(32);
const order = bigEndian(n, 32);
const highOrLow = bigEndian(n - BigInt(`0x${s.toString("hex")}`), 32);
const numbers = (name, sentence, first, second) => refuse(name, "p256", withSignature(es256, sentence, Buffer.concat([first, second])));

// The same residue in a second spelling (RFC 8017 §5.2.2, step 1). It must still fit into 256 bytes.
const modulus = BigInt(`0x${Buffer.from(publicJwk("rsa").n, "base64url").toString("hex")}`);
const sum = (signed) => BigInt(`0x${signatureOf(signed).toString("hex")}`) + modulus;
const plusModulus = (signed) => bigEndian(sum(signed), 256);
const fitting = Array.from({ length: 32 }, (_, index) => jwt({ alg: "PS256", typ: "JWT" }, claims({ jti: `try ${index}` }), "rsa")).find((signed) => sum(signed) < 1n << 2048n);

// Ed25519.
const ed = token("EdDSA", "ed25519");
const edSignature = signatureOf(ed);
const nonCanonicalNeutral = Buffer.from("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "hex");
const orderTwo = Buffer.from("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "hex");
export const cases = [
  ...common("HS256", "hs256", "hs256", "stranger_hs256"),
  ...common("HS384", "hs384", "hs384"),
  ...common("HS512", "hs512", "hs512"),
  refuse(
    "hs256_truncated_to_128_bits_is_refused",
    "hs256",
    withSignature(token("HS256", "hs256"), "the first 16 bytes", signatureOf(token("HS256", "hs256")).subarray(0, 16)),
  ),
  refuse(
    "hs256_by_a_secret_that_lacks_its_last_byte_is_refused",
    "hs256",
    jwt({ alg: "HS256" }, claims(), Buffer.from(secret("hs256").base64url, "base64url").subarray(0, -1), { keyNote: "hs256 without its last byte" }),
  ),
  refuse("hs256_by_an_empty_secret_is_refused", "hs256", jwt({ alg: "HS256" }, claims(), Buffer.alloc(0), { keyNote: "empty" })),
  refuse(
    "hs256_by_the_text_of_the_base64url_is_refused",
    "hs256",
    jwt({ alg: "HS256" }, claims(), Buffer.from(secret("hs256").base64url), { keyNote: "the base64url text of hs256" }),
  ),
  pass(
    "a_secret_that_is_text_is_its_utf8_bytes",
    "hs256_text",
    jwt({ alg: "HS256" }, claims(), Buffer.from("TEST ONLY: ein Geheimnis für die Vektoren", "utf8"), { keyNote: "the text as UTF-8" }),
  ),
  refuse(
    "a_secret_that_is_text_is_not_its_latin1_bytes",
    "hs256_text",
    jwt({ alg: "HS256" }, claims(), Buffer.from("TEST ONLY: ein Geheimnis für die Vektoren", "latin1"), { keyNote: "the text as Latin-1" }),
  ),
  refuse(
    "hs512_s_tag_cut_to_hs384_s_length_is_refused",
    "hs512",
    withSignature(token("HS512", "hs512"), "cut to 48 bytes", signatureOf(token("HS512", "hs512")).subarray(0, 48)),
  ),

  ...common("RS256", "rsa", "rsa", "stranger_rsa"),
  ...common("RS384", "rsa", "rsa"),
  ...common("RS512", "rsa", "rsa"),
  pass("rs256_with_3072_bits_is_taken", "rsa_3072", token("RS256", "rsa_3072")),
  refuse("rs256_of_a_longer_key_is_refused", "rsa", token("RS256", "rsa_3072")),
  refuse("rs256_of_a_shorter_key_is_refused", "rsa_3072", token("RS256", "rsa")),
  refuse("rs256_signed_as_ps256_is_refused", "rsa", jwt({ alg: "RS256" }, claims(), "rsa", { algorithm: "PS256" })),
  refuse("rs256_signed_as_rs512_is_refused", "rsa", jwt({ alg: "RS256" }, claims(), "rsa", { algorithm: "RS512" })),
  pass("a_block_padded_by_hand_is_taken", "rsa", withSignature(rs256, "padded by hand, rightly", rsaBlock("rsa", block(1, 0xff, 0, digestInfo)))),
  padded("a_block_of_type_2_is_refused", "block type 2", block(2, 0xff, 0, digestInfo)),
  padded("a_block_of_type_0_is_refused", "block type 0", block(0, 0xff, 0, digestInfo)),
  padded("a_padding_of_zeros_is_refused", "the padding is zeros", block(1, 0x00, 0, digestInfo)),
  padded("a_padding_with_one_other_byte_is_refused", "the padding's last byte is 0xfe", (() => {
    const bytes = block(1, 0xff, 0, digestInfo);
    bytes[256 - digestInfo.length - 2] = 0xfe;
    return bytes;
  })()),
  padded("a_separator_other_than_zero_is_refused", "the separator is 0xff", block(1, 0xff, 0xff, digestInfo)),
  padded("a_short_padding_with_garbage_behind_is_refused", "eight bytes of padding, zeros behind the digest", shortPadding),
  padded("a_byte_behind_the_digest_is_refused", "a zero byte behind the digest", block(1, 0xff, 0, digestInfo, Buffer.alloc(1))),
  padded("a_digest_without_its_algorithm_is_refused", "the bare digest", block(1, 0xff, 0, digest)),
  padded(
    "a_digest_info_without_null_is_refused",
    "the parameters NULL are left out",
    block(1, 0xff, 0, Buffer.concat([Buffer.from("302f300b0609608648016503040201", "hex"), Buffer.from("0420", "hex"), digest])),
  ),
  padded(
    "a_digest_info_that_names_sha1_is_refused",
    "the algorithm is SHA-1",
    block(1, 0xff, 0, Buffer.concat([Buffer.from("3021300906052b0e03021a05000414", "hex"), createHash("sha1").update(inputOf(rs256)).digest()])),
  ),
  padded(
    "a_digest_info_in_ber_is_refused",
    "the outer length in its long form",
    block(1, 0xff, 0, Buffer.concat([Buffer.from("308131300d060960864801650304020105000420", "hex"), digest])),
  ),

  ...common("PS256", "rsa", "rsa", "stranger_rsa"),
  ...common("PS384", "rsa", "rsa"),
  ...common("PS512", "rsa", "rsa"),
  refuse("ps256_with_the_modulus_added_is_refused", "rsa", withSignature(fitting, "the signature and the modulus, which is the same number to it", plusModulus(fitting))),
  refuse("ps256_without_a_salt_is_refused", "rsa", token("PS256", "rsa", { saltLength: 0 })),
  refuse("ps256_with_a_salt_of_20_bytes_is_refused", "rsa", token("PS256", "rsa", { saltLength: 20 })),
  refuse("ps256_with_the_longest_salt_is_refused", "rsa", token("PS256", "rsa", { saltLength: 222 })),
  refuse("ps512_with_a_salt_of_32_bytes_is_refused", "rsa", token("PS512", "rsa", { saltLength: 32 })),
  refuse("ps256_signed_as_rs256_is_refused", "rsa", jwt({ alg: "PS256" }, claims(), "rsa", { algorithm: "RS256" })),
  refuse("ps256_signed_as_ps384_is_refused", "rsa", jwt({ alg: "PS256" }, claims(), "rsa", { algorithm: "PS384" })),

  ...common("ES256", "p256", "p256", "stranger_p256"),
  ...common("ES384", "p384", "p384"),
  ...common("ES512", "p521", "p521"),
  refuse("es256_in_der_is_refused", "p256", token("ES256", "p256", { encoding: "der" })),
  refuse("es384_in_der_is_refused", "p384", token("ES384", "p384", { encoding: "der" })),
  refuse("es512_in_der_is_refused", "p521", token("ES512", "p521", { encoding: "der" })),
  pass("the_other_s_of_es256_is_taken", "p256", withSignature(es256, "n - s in place of s", Buffer.concat([r, highOrLow]))),
  numbers("es256_with_r_0_is_refused", "r = 0", zero, s),
  numbers("es256_with_s_0_is_refused", "s = 0", r, zero),
  numbers("es256_with_r_n_is_refused", "r = n", order, s),
  numbers("es256_with_s_n_is_refused", "s = n", r, order),
  numbers("es256_with_both_n_is_refused", "r = s = n", order, order),
  numbers("es256_with_r_and_s_exchanged_is_refused", "r and s exchanged", s, r),
  numbers("es256_with_r_1_and_s_1_is_refused", "r = s = 1", bigEndian(1n, 32), bigEndian(1n, 32)),
  numbers("es256_with_the_largest_numbers_is_refused", "r = s = 2^256 - 1", Buffer.alloc(32, 0xff), Buffer.alloc(32, 0xff)),
  numbers("es256_with_a_zero_byte_before_each_number_is_refused", "33 bytes each", Buffer.concat([Buffer.alloc(1), r]), Buffer.concat([Buffer.alloc(1), s])),

  ...common("EdDSA", "ed25519", "ed25519", "stranger_ed25519"),
  pass("ed25519_is_taken", "ed25519", token("Ed25519", "ed25519")),
  refuse("ed25519_by_a_stranger_is_refused", "ed25519", token("Ed25519", "stranger_ed25519")),
  refuse("eddsa_with_s_beyond_the_order_is_refused", "ed25519", withSignature(ed, "S + L in place of S", ed25519PlusOrder(edSignature))),
  refuse("eddsa_with_s_0_is_refused", "ed25519", withSignature(ed, "S = 0", Buffer.concat([edSignature.subarray(0, 32), Buffer.alloc(32)]))),
  refuse("eddsa_with_the_neutral_point_for_r_is_refused", "ed25519", withSignature(ed, "R is the neutral point, and S fits it", ed25519WithR("ed25519", neutral, inputOf(ed)))),
  refuse(
    "eddsa_with_the_neutral_point_for_r_written_another_way_is_refused",
    "ed25519",
    withSignature(ed, "R is p + 1, which is the neutral point, and S fits it", ed25519WithR("ed25519", nonCanonicalNeutral, inputOf(ed))),
  ),
  refuse("eddsa_with_a_point_of_order_two_for_r_is_refused", "ed25519", withSignature(ed, "R has order 2", ed25519WithR("ed25519", orderTwo, inputOf(ed)))),
  refuse(
    "eddsa_over_the_digest_in_place_of_the_text_is_refused",
    "ed25519",
    withSignature(ed, "signed over the SHA-512 of the signing input", sign("Ed25519", "ed25519", createHash("sha512").update(inputOf(ed)).digest())),
  ),
];
