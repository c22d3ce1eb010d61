// What a token is before anybody believes it: structure, encoding, strict JSON, header, algorithm, key.

import { createPublicKey } from "node:crypto";
import { allowed, invalidToken, malformed, principal, unavailable } from "../forge/expect.mjs";
import { withToken } from "../forge/request.mjs";
import { privateJwk, publicJwk, secret } from "../forge/sign.mjs";
import { audience, base64url, changed, claims, issuer, jwt, raw, signingInput, usual } from "../forge/token.mjs";

export const about = "A token's structure, encoding, JSON, header, algorithm and key, up to the signature.";

const policy = { policy: "token", revision: 1, routes: [{ route: "GET /me", allow: "authenticated" }] };

const site = (keys, members = {}) => ({ policy, trust: { issuers: [{ issuer, audience, ...keys, ...members }] } });
const set = (...keys) => ({ jwks: { keys } });

const ed = publicJwk("ed25519", { kid: "ed" });
const rsa = publicJwk("rsa", { kid: "rsa" });
const p256 = publicJwk("p256", { kid: "p256" });
const p384 = publicJwk("p384", { kid: "p384" });
const otherIssuer = "https://other.example";

export const configs = {
  ed: site(set(ed)),
  hs256: site({ secret: secret("hs256") }),
  hs512: site({ secret: secret("hs512") }, { algorithms: ["HS512"] }),
  hs_both: site({ secret: secret("hs512") }, { algorithms: ["HS256", "HS512"] }),
  rsa: site(set(rsa)),
  rsa_ps256: site(set(publicJwk("rsa", { kid: "rsa", alg: "PS256" }))),
  rsa_ps256_and_list: site(set(publicJwk("rsa", { kid: "rsa", alg: "PS256" })), { algorithms: ["RS256", "PS256"] }),
  rsa_list: site(set(rsa), { algorithms: ["RS256", "PS384"] }),
  rsa_only_rs512: site(set(rsa), { algorithms: ["RS512"] }),
  p384: site(set(p384)),
  p256: site(set(p256)),
  ed_alg_eddsa: site(set(publicJwk("ed25519", { kid: "ed", alg: "EdDSA" }))),
  ed_alg_ed25519: site(set(publicJwk("ed25519", { kid: "ed", alg: "Ed25519" }))),
  ed_list: site(set(ed), { algorithms: ["EdDSA"] }),
  several: site(set(ed, rsa, p256, publicJwk("stranger_ed25519", { kid: "stranger" }))),
  nameless: site(set(publicJwk("ed25519"))),
  one_of_each: site(set(ed, rsa, p256)),
  same_kid: site(set(publicJwk("ed25519", { kid: "k" }), publicJwk("stranger_ed25519", { kid: "k" }))),
  same_kid_other_type: site(set(publicJwk("ed25519", { kid: "k" }), publicJwk("rsa", { kid: "k" }))),
  odd_kids: site(set(publicJwk("ed25519", { kid: "__proto__" }), publicJwk("stranger_ed25519", { kid: "constructor" }))),
  two_issuers: {
    policy,
    trust: {
      issuers: [
        { issuer, audience, jwks: { keys: [publicJwk("ed25519", { kid: "shared" })] } },
        { issuer: otherIssuer, audience, jwks: { keys: [publicJwk("stranger_ed25519", { kid: "shared" })] } },
      ],
    },
  },
  fetched_rs256: site({ jwksUri: "https://id.example/jwks" }, { algorithms: ["RS256"] }),
};

const route = "GET /me";
const pass = (name, config, token, members = {}) => ({ name, config, ...withToken(token), expect: allowed(principal(members), route) });
const refuse = (name, config, token, reason) => ({ name, config, ...withToken(token), expect: invalidToken(reason) });

const header = (members = {}) => ({ alg: "EdDSA", typ: "JWT", kid: "ed", ...members });
const signed = (changes, headerChanges) => usual(changes, headerChanges);
/** Signed by the usual key over a header or payload that is raw text or bytes. */
const edRaw = (head, payload) => jwt(head, payload, "ed25519", { algorithm: "Ed25519" });
const rawClaims = (text) => edRaw(header(), text);
const claimsText = JSON.stringify(claims());
/** The claims with more text before the closing brace. */
const claimsWith = (text) => rawClaims(`${claimsText.slice(0, -1)},${text}}`);
const headerWith = (text) => edRaw(`{"alg":"EdDSA","typ":"JWT","kid":"ed",${text}}`, claims());

const good = signed();
const [goodHeader, goodPayload, goodSignature] = good.text.split(".");

const nested = (depth) => `"deep":${"[".repeat(depth)}${"]".repeat(depth)}`;

/** A token of exactly so many bytes: a claim fills it up, and a header member where base64 cannot. */
const ofSize = (size) => {
  for (let extra = 0; extra < 4; extra += 1) {
    for (let pad = size; pad > 0; pad -= 1) {
      const head = header(extra === 0 ? {} : { pad: "x".repeat(extra) });
      const payload = claims({ pad: "x".repeat(pad) });
      const length = Math.ceil((JSON.stringify(head).length * 4) / 3) + Math.ceil((JSON.stringify(payload).length * 4) / 3) + 2 + 86;
      if (length === size) {
        const token = jwt(head, payload, "ed25519");
        return { text: token.text, note: `the usual token, filled up to ${size} bytes` };
      }
      if (length < size - 8) break;
    }
  }
  throw new Error(`no token has ${size} bytes`);
};

// Text of the public RSA key, as an attacker would use it for an HMAC secret.
const publicKey = createPublicKey({ key: privateJwk("rsa"), format: "jwk" });
const pem = publicKey.export({ type: "spki", format: "pem" });
const der = publicKey.export({ type: "spki", format: "der" });
const confused = (algorithm, key, keyNote, kid) => jwt({ alg: algorithm, typ: "JWT", ...(kid ? { kid } : {}) }, claims(), key, { keyNote });

const hs256 = (head = {}, key = "hs256") => jwt({ alg: "HS256", typ: "JWT", ...head }, claims(), key);
const unsigned = (alg, signature = "AAAA") => ({
  text: `${signingInput({ alg, typ: "JWT" }, claims())}.${signature}`,
  note: { header: { alg, typ: "JWT" }, claims: claims(), key: null },
});
const algorithmText = (alg) => ({
  text: `${signingInput(`{"alg":${alg},"typ":"JWT","kid":"ed"}`, claims())}.${goodSignature}`,
  note: { header: `{"alg":${alg},"typ":"JWT","kid":"ed"}`, claims: claims(), key: null },
});

export const cases = [
  // Structure
  pass("an_ordinary_token_is_taken", "ed", good),
  refuse("one_segment_is_malformed", "ed", raw(goodHeader, "the header alone"), "token_malformed"),
  refuse("two_segments_are_malformed", "ed", raw(`${goodHeader}.${goodPayload}`, "the signature cut off with its dot"), "token_malformed"),
  refuse("four_segments_are_malformed", "ed", raw(`${good.text}.AAAA`, "a fourth segment"), "token_malformed"),
  refuse("an_extra_empty_segment_is_malformed", "ed", raw(`${good.text}.`, "a dot at the end"), "token_malformed"),
  refuse("a_leading_dot_is_malformed", "ed", raw(`.${good.text}`, "a dot in front"), "token_malformed"),
  refuse("an_empty_header_is_malformed", "ed", raw(`.${goodPayload}.${goodSignature}`, "no header"), "token_malformed"),
  refuse("an_empty_payload_is_malformed", "ed", raw(`${goodHeader}..${goodSignature}`, "no payload"), "token_malformed"),
  refuse("an_empty_signature_is_malformed", "ed", raw(`${goodHeader}.${goodPayload}.`, "no signature"), "token_malformed"),
  refuse("two_dots_alone_are_malformed", "ed", raw("..", "nothing but dots"), "token_malformed"),
  refuse("one_dot_alone_is_malformed", "ed", raw(".", "one dot"), "token_malformed"),
  refuse("a_thousand_dots_are_malformed", "ed", raw(".".repeat(1000), "1,000 dots"), "token_malformed"),
  refuse("six_segments_are_malformed", "ed", raw("a.b.c.d.e.f", "six segments"), "token_malformed"),

  // Only the compact form: JSON has a header that nobody signed
  { name: "a_jws_in_flattened_json_is_refused", config: "ed", ...withToken(raw(JSON.stringify({ payload: goodPayload, protected: goodHeader, signature: goodSignature }), "the good token in flattened JSON")), expect: malformed("malformed_authorization") },
  { name: "a_jws_in_json_with_an_unprotected_header_is_refused", config: "ed", ...withToken(raw(JSON.stringify({ payload: goodPayload, header: { alg: "none" }, signature: "" }), "the algorithm in a header that is not signed")), expect: malformed("malformed_authorization") },
  { name: "a_jws_in_general_json_is_refused", config: "ed", ...withToken(raw(JSON.stringify({ payload: goodPayload, signatures: [{ protected: goodHeader, signature: goodSignature }] }), "the good token in general JSON")), expect: malformed("malformed_authorization") },

  // Encrypted
  refuse("five_segments_are_encrypted", "ed", raw(`${base64url('{"alg":"RSA-OAEP-256","enc":"A256GCM"}')}.AAAA.AAAA.AAAA.AAAA`, "a JWE"), "token_encrypted"),
  refuse("a_directly_encrypted_token_is_encrypted", "ed", raw(`${base64url('{"alg":"dir","enc":"A256GCM"}')}..AAAA.AAAA.AAAA`, "a JWE with an empty key"), "token_encrypted"),
  refuse(
    "a_compressed_encrypted_token_is_encrypted_and_nothing_is_inflated",
    "ed",
    raw(`${base64url('{"alg":"dir","enc":"A256GCM","zip":"DEF"}')}..AAAA.AAAA.AAAA`, "a JWE with zip"),
    "token_encrypted",
  ),
  refuse(
    "a_password_encrypted_token_is_encrypted_and_nothing_is_hashed",
    "ed",
    raw(`${base64url('{"alg":"PBES2-HS256+A128KW","enc":"A128CBC-HS256","p2c":2147483647,"p2s":"AAAA"}')}.AAAA.AAAA.AAAA.AAAA`, "a JWE with p2c 2147483647"),
    "token_encrypted",
  ),
  refuse("a_key_wrapping_algorithm_in_three_segments_is_unsupported", "ed", unsigned("RSA-OAEP-256"), "algorithm_unsupported"),

  // Size
  pass("a_token_of_16384_bytes_is_taken", "ed", ofSize(16384)),
  refuse("a_token_of_16385_bytes_is_too_large", "ed", ofSize(16385), "token_too_large"),
  refuse("a_token_of_40000_bytes_is_too_large", "ed", raw("a".repeat(40000), "40,000 times a"), "token_too_large"),
  refuse("20000_dots_are_too_large", "ed", raw(".".repeat(20000), "20,000 dots"), "token_too_large"),

  // Base64url
  refuse("padding_in_the_signature_is_refused", "ed", raw(`${good.text}==`, "== at the end"), "token_encoding"),
  refuse("a_plus_sign_is_no_base64url", "ed", raw(`${goodHeader}.${goodPayload}.+${goodSignature.slice(1)}`, "+ in the signature"), "token_encoding"),
  refuse("a_slash_is_no_base64url", "ed", raw(`${goodHeader}.${goodPayload}./${goodSignature.slice(1)}`, "/ in the signature"), "token_encoding"),
  refuse("a_plus_sign_in_the_header_is_refused", "ed", raw(`+${goodHeader.slice(1)}.${goodPayload}.${goodSignature}`, "+ in the header"), "token_encoding"),
  refuse("a_slash_in_the_payload_is_refused", "ed", raw(`${goodHeader}./${goodPayload.slice(1)}.${goodSignature}`, "/ in the payload"), "token_encoding"),
  refuse("a_tilde_in_the_payload_is_refused", "ed", raw(`${goodHeader}.~${goodPayload.slice(1)}.${goodSignature}`, "~ in the payload"), "token_encoding"),
  refuse(
    "trailing_bits_in_the_signature_are_refused",
    "ed",
    // 64 bytes end in a character of which only the first two bits count: A, Q, g, w.
    changed(good, "the unused bits of the last character are set", ({ text }) => text.slice(0, -1) + { A: "B", Q: "R", g: "h", w: "x" }[text.at(-1)]),
    "token_encoding",
  ),
  refuse(
    "trailing_bits_in_the_header_are_refused",
    "ed",
    // {"alg":"EdDSA"} is 15 bytes and ends evenly; with a space it is 16, and "}" is followed by four unused bits.
    raw(`${base64url('{"alg":"EdDSA" }').slice(0, -1)}R.${goodPayload}.${goodSignature}`, "the unused bits of the header's last character are set"),
    "token_encoding",
  ),
  refuse("a_length_of_one_more_than_four_is_refused", "ed", raw(`${goodHeader}.${goodPayload}.AAAAA`, "a signature of five characters"), "token_encoding"),
  refuse("a_payload_of_one_character_is_refused", "ed", raw(`${goodHeader}.A.${goodSignature}`, "a payload of one character"), "token_encoding"),

  // UTF-8
  refuse("invalid_utf8_in_the_payload_is_refused", "ed", rawClaims(Buffer.concat([Buffer.from(`${claimsText.slice(0, -1)},"name":"`), Buffer.from([0xff]), Buffer.from('"}')])), "token_json"),
  refuse("an_overlong_form_is_refused", "ed", rawClaims(Buffer.concat([Buffer.from(`${claimsText.slice(0, -1)},"name":"`), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')])), "token_json"),
  refuse("a_raw_surrogate_is_refused", "ed", rawClaims(Buffer.concat([Buffer.from(`${claimsText.slice(0, -1)},"name":"`), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')])), "token_json"),
  refuse("invalid_utf8_in_the_header_is_refused", "ed", edRaw(Buffer.concat([Buffer.from('{"alg":"EdDSA","x":"'), Buffer.from([0xff]), Buffer.from('"}')]), claims()), "token_json"),
  refuse("a_byte_order_mark_is_refused", "ed", rawClaims(`\ufeff${claimsText}`), "token_json"),
  refuse("utf16_little_endian_is_refused", "ed", rawClaims(Buffer.from(claimsText, "utf16le")), "token_json"),
  refuse("utf16_big_endian_is_refused", "ed", rawClaims(Buffer.from(claimsText, "utf16le").swap16()), "token_json"),
  refuse("utf32_is_refused", "ed", rawClaims(Buffer.from([...claimsText].flatMap((character) => [0, 0, 0, character.charCodeAt(0)]))), "token_json"),
  pass("characters_beyond_ascii_are_taken", "ed", signed({ sub: "Zoë 🦊" }), { id: "Zoë 🦊" }),

  // Strict JSON
  refuse("a_duplicate_claim_is_refused", "ed", claimsWith('"sub":"u2"'), "token_json"),
  refuse("a_duplicate_claim_with_the_same_value_is_refused", "ed", claimsWith('"sub":"u1"'), "token_json"),
  refuse("a_duplicate_claim_by_an_escape_is_refused", "ed", claimsWith('"\\u0073ub":"u2"'), "token_json"),
  refuse("a_nested_duplicate_is_refused", "ed", claimsWith('"cnf":{"jkt":"a","jkt":"b"}'), "token_json"),
  refuse("a_duplicate_in_a_list_is_refused", "ed", claimsWith('"list":[{"a":1,"a":2}]'), "token_json"),
  pass("the_same_name_at_two_depths_is_taken", "ed", claimsWith('"act":{"sub":"u2"}')),
  pass("a_name_by_an_escape_is_the_name", "ed", rawClaims(claimsText.replace('"sub"', '"\\u0073ub"'))),
  refuse("a_duplicate_header_member_is_refused", "ed", headerWith('"alg":"none"'), "token_json"),
  refuse("a_duplicate_header_member_by_an_escape_is_refused", "ed", headerWith('"\\u0061lg":"none"'), "token_json"),
  refuse("a_nested_duplicate_in_the_header_is_refused", "ed", headerWith('"jwk":{"kty":"OKP","kty":"RSA"}'), "token_json"),
  refuse("text_after_the_claims_is_refused", "ed", rawClaims(`${claimsText}x`), "token_json"),
  refuse("a_second_object_after_the_claims_is_refused", "ed", rawClaims(`${claimsText}{}`), "token_json"),
  refuse("a_nul_after_the_claims_is_refused", "ed", rawClaims(`${claimsText}\0`), "token_json"),
  refuse("text_after_the_header_is_refused", "ed", edRaw(`${JSON.stringify(header())}x`, claims()), "token_json"),
  pass("whitespace_around_the_claims_is_taken", "ed", rawClaims(` \t\r\n${claimsText}\n`)),
  refuse("a_form_feed_is_no_whitespace", "ed", rawClaims(`\f${claimsText}`), "token_json"),
  refuse("a_comment_is_refused", "ed", rawClaims(`${claimsText.slice(0, -1)}/* admin */}`), "token_json"),
  refuse("a_trailing_comma_is_refused", "ed", rawClaims(`${claimsText.slice(0, -1)},}`), "token_json"),
  refuse("a_single_quoted_name_is_refused", "ed", claimsWith("'a':1"), "token_json"),
  refuse("a_name_without_quotes_is_refused", "ed", claimsWith("a:1"), "token_json"),
  refuse("nan_is_refused", "ed", claimsWith('"n":NaN'), "token_json"),
  refuse("infinity_is_refused", "ed", claimsWith('"n":Infinity'), "token_json"),
  refuse("a_number_with_a_leading_zero_is_refused", "ed", claimsWith('"n":01'), "token_json"),
  refuse("a_number_with_a_plus_sign_is_refused", "ed", claimsWith('"n":+1'), "token_json"),
  refuse("a_number_without_digits_after_the_point_is_refused", "ed", claimsWith('"n":1.'), "token_json"),
  refuse("a_hexadecimal_number_is_refused", "ed", claimsWith('"n":0x10'), "token_json"),
  refuse("a_number_that_no_double_holds_is_refused", "ed", claimsWith('"n":1e400'), "token_json"),
  pass("minus_zero_is_a_number", "ed", claimsWith('"n":-0')),
  pass("an_integer_beyond_2_to_53_in_a_claim_nobody_reads_is_taken", "ed", claimsWith('"n":9007199254740993')),
  refuse("a_control_character_in_a_text_is_refused", "ed", claimsWith('"name":"a\nb"'), "token_json"),
  refuse("an_unknown_escape_is_refused", "ed", claimsWith('"name":"\\x41"'), "token_json"),
  refuse("a_lone_high_surrogate_escape_is_refused", "ed", claimsWith('"name":"\\ud800"'), "token_json"),
  refuse("a_lone_low_surrogate_escape_is_refused", "ed", claimsWith('"name":"\\udc00"'), "token_json"),
  refuse("a_high_surrogate_escape_before_another_letter_is_refused", "ed", claimsWith('"name":"\\ud800a"'), "token_json"),
  pass("a_surrogate_pair_escape_is_taken", "ed", claimsWith('"name":"\\ud83e\\udd8a"')),
  refuse("claims_that_are_a_list_are_refused", "ed", rawClaims("[]"), "token_json"),
  refuse("claims_that_are_text_are_refused", "ed", rawClaims('"sub"'), "token_json"),
  refuse("claims_that_are_a_number_are_refused", "ed", rawClaims("1"), "token_json"),
  refuse("claims_that_are_null_are_refused", "ed", rawClaims("null"), "token_json"),
  refuse("a_header_that_is_a_list_is_refused", "ed", edRaw('["EdDSA"]', claims()), "token_json"),
  refuse("a_header_that_is_text_is_refused", "ed", edRaw('"EdDSA"', claims()), "token_json"),
  refuse("a_payload_that_is_no_json_is_refused", "ed", rawClaims("sub=u1"), "token_json"),
  pass("a_depth_of_32_is_taken", "ed", claimsWith(nested(31))),
  refuse("a_depth_of_33_is_refused", "ed", claimsWith(nested(32)), "token_json"),
  refuse("a_depth_of_5000_is_refused", "ed", rawClaims(`${"[".repeat(5000)}${"]".repeat(5000)}`), "token_json"),
  refuse("a_depth_of_33_in_the_header_is_refused", "ed", headerWith(nested(32)), "token_json"),
  pass("a_claim_named_proto_is_a_claim_like_any_other", "ed", claimsWith('"__proto__":{"sub":"root","roles":["admin"]}')),
  pass("claims_named_constructor_and_to_string_are_claims_like_any_other", "ed", claimsWith('"constructor":{"prototype":{}},"toString":1')),

  // Header members
  refuse("an_alg_that_is_missing_is_refused", "ed", edRaw('{"typ":"JWT","kid":"ed"}', claims()), "header_member"),
  refuse("an_alg_that_is_a_number_is_refused", "ed", algorithmText("1"), "header_member"),
  refuse("an_alg_that_is_null_is_refused", "ed", algorithmText("null"), "header_member"),
  refuse("an_alg_that_is_a_list_is_refused", "ed", algorithmText('["EdDSA"]'), "header_member"),
  refuse("an_alg_that_is_true_is_refused", "ed", algorithmText("true"), "header_member"),
  refuse("a_kid_that_is_a_number_is_refused", "ed", signed({}, { kid: 1 }), "header_member"),
  refuse("a_kid_that_is_null_is_refused", "ed", signed({}, { kid: null }), "header_member"),
  refuse("a_kid_that_is_an_object_is_refused", "ed", signed({}, { kid: {} }), "header_member"),
  refuse("a_typ_that_is_a_number_is_refused", "ed", signed({}, { typ: 1 }), "header_member"),
  refuse("a_typ_that_is_null_is_refused", "ed", signed({}, { typ: null }), "header_member"),
  pass("a_header_member_that_nobody_knows_is_ignored", "ed", signed({}, { nonce: "n", extra: [1] })),
  pass("a_header_member_named_proto_is_ignored", "ed", headerWith('"__proto__":{"alg":"none"}')),

  // Algorithms
  refuse("alg_none_is_unsupported", "ed", unsigned("none"), "algorithm_unsupported"),
  refuse("alg_none_without_a_signature_is_refused", "ed", unsigned("none", ""), "token_malformed"),
  refuse("alg_none_with_a_capital_is_unsupported", "ed", unsigned("None"), "algorithm_unsupported"),
  refuse("alg_none_in_mixed_case_is_unsupported", "ed", unsigned("nOnE"), "algorithm_unsupported"),
  refuse("an_empty_alg_is_unsupported", "ed", unsigned(""), "algorithm_unsupported"),
  refuse("alg_none_is_unsupported_for_a_secret_too", "hs256", unsigned("none"), "algorithm_unsupported"),
  refuse("alg_hs256_in_lower_case_is_unsupported", "hs256", jwt({ alg: "hs256" }, claims(), "hs256", { algorithm: "HS256" }), "algorithm_unsupported"),
  refuse("alg_with_a_space_is_unsupported", "hs256", jwt({ alg: "HS256 " }, claims(), "hs256", { algorithm: "HS256" }), "algorithm_unsupported"),
  refuse("alg_eddsa_in_lower_case_is_unsupported", "ed", jwt({ alg: "eddsa", kid: "ed" }, claims(), "ed25519", { algorithm: "Ed25519" }), "algorithm_unsupported"),
  refuse("alg_es256k_is_unsupported", "p256", unsigned("ES256K"), "algorithm_unsupported"),
  refuse("alg_ed448_is_unsupported", "ed", unsigned("Ed448"), "algorithm_unsupported"),
  refuse("alg_rs1_is_unsupported", "rsa", unsigned("RS1"), "algorithm_unsupported"),
  refuse("alg_hs1_is_unsupported", "hs256", unsigned("HS1"), "algorithm_unsupported"),
  refuse("an_alg_that_nobody_knows_does_not_turn_verification_off", "hs256", unsigned("HS257"), "algorithm_unsupported"),
  refuse("an_alg_named_to_string_is_unsupported", "ed", unsigned("toString"), "algorithm_unsupported"),

  pass("eddsa_by_its_older_name_is_taken", "ed", signed({}, { alg: "EdDSA" })),
  pass("eddsa_by_its_newer_name_is_taken", "ed", signed({}, { alg: "Ed25519" })),
  pass("a_key_for_eddsa_takes_ed25519", "ed_alg_eddsa", signed({}, { alg: "Ed25519" })),
  pass("a_key_for_eddsa_takes_eddsa", "ed_alg_eddsa", signed({}, { alg: "EdDSA" })),
  pass("a_key_for_ed25519_takes_eddsa", "ed_alg_ed25519", signed({}, { alg: "EdDSA" })),
  pass("a_list_with_eddsa_takes_ed25519", "ed_list", signed({}, { alg: "Ed25519" })),

  refuse("hs256_with_the_public_key_s_pem_is_not_allowed", "rsa", confused("HS256", Buffer.from(pem), "the PEM of rsa", "rsa"), "algorithm_not_allowed"),
  refuse("hs256_with_the_public_key_s_pem_without_its_last_newline_is_not_allowed", "rsa", confused("HS256", Buffer.from(pem.trim()), "the PEM of rsa, trimmed", "rsa"), "algorithm_not_allowed"),
  refuse("hs256_with_the_public_key_s_pem_after_a_newline_is_not_allowed", "rsa", confused("HS256", Buffer.from(`\r\n${pem}`), "CRLF and the PEM of rsa", "rsa"), "algorithm_not_allowed"),
  refuse("hs256_with_the_public_key_s_der_is_not_allowed", "rsa", confused("HS256", der, "the DER of rsa", "rsa"), "algorithm_not_allowed"),
  refuse("hs256_with_the_public_key_s_jwk_is_not_allowed", "rsa", confused("HS256", Buffer.from(JSON.stringify(rsa)), "the JWK text of rsa", "rsa"), "algorithm_not_allowed"),
  refuse("hs256_with_the_modulus_is_not_allowed", "rsa", confused("HS256", Buffer.from(rsa.n, "base64url"), "the modulus of rsa", "rsa"), "algorithm_not_allowed"),
  refuse("hs256_with_the_public_key_and_no_kid_is_not_allowed", "rsa", confused("HS256", Buffer.from(pem), "the PEM of rsa"), "algorithm_not_allowed"),
  refuse("hs512_with_the_public_key_s_pem_is_not_allowed", "rsa", confused("HS512", Buffer.from(pem), "the PEM of rsa", "rsa"), "algorithm_not_allowed"),
  refuse("hs256_with_the_ed25519_key_s_bytes_is_not_allowed", "ed", confused("HS256", Buffer.from(ed.x, "base64url"), "the public key ed", "ed"), "algorithm_not_allowed"),
  refuse("hs256_with_an_empty_key_is_not_allowed", "rsa", confused("HS256", Buffer.alloc(0), "empty", "rsa"), "algorithm_not_allowed"),
  refuse("rs256_where_a_secret_is_configured_is_not_allowed", "hs256", jwt({ alg: "RS256" }, claims(), "rsa"), "algorithm_not_allowed"),

  pass("a_secret_means_hs256", "hs256", hs256()),
  refuse("a_secret_does_not_mean_hs384", "hs256", jwt({ alg: "HS384" }, claims(), "hs256"), "algorithm_not_allowed"),
  refuse("a_secret_does_not_mean_hs512", "hs256", jwt({ alg: "HS512" }, claims(), "hs256"), "algorithm_not_allowed"),
  pass("a_list_widens_a_secret", "hs_both", jwt({ alg: "HS512" }, claims(), "hs512")),
  pass("a_list_keeps_what_it_names", "hs_both", jwt({ alg: "HS256" }, claims(), "hs512")),
  refuse("a_list_leaves_out_what_it_does_not_name", "hs_both", jwt({ alg: "HS384" }, claims(), "hs512"), "algorithm_not_allowed"),
  refuse("a_list_without_hs256_refuses_it", "hs512", jwt({ alg: "HS256" }, claims(), "hs512"), "algorithm_not_allowed"),

  pass("an_rsa_key_without_alg_means_rs256", "rsa", jwt({ alg: "RS256", kid: "rsa" }, claims(), "rsa")),
  refuse("an_rsa_key_without_alg_does_not_mean_ps256", "rsa", jwt({ alg: "PS256", kid: "rsa" }, claims(), "rsa"), "algorithm_not_allowed"),
  refuse("an_rsa_key_without_alg_does_not_mean_rs512", "rsa", jwt({ alg: "RS512", kid: "rsa" }, claims(), "rsa"), "algorithm_not_allowed"),
  pass("an_rsa_key_for_ps256_takes_ps256", "rsa_ps256", jwt({ alg: "PS256", kid: "rsa" }, claims(), "rsa")),
  refuse("an_rsa_key_for_ps256_does_not_take_rs256", "rsa_ps256", jwt({ alg: "RS256", kid: "rsa" }, claims(), "rsa"), "algorithm_not_allowed"),
  refuse("a_list_never_overrides_a_key_s_alg", "rsa_ps256_and_list", jwt({ alg: "RS256", kid: "rsa" }, claims(), "rsa"), "algorithm_not_allowed"),
  pass("a_key_s_alg_that_is_listed_is_taken", "rsa_ps256_and_list", jwt({ alg: "PS256", kid: "rsa" }, claims(), "rsa")),
  pass("a_list_widens_an_rsa_key_without_alg", "rsa_list", jwt({ alg: "PS384", kid: "rsa" }, claims(), "rsa")),
  pass("a_list_keeps_the_rsa_algorithm_that_it_names", "rsa_list", jwt({ alg: "RS256", kid: "rsa" }, claims(), "rsa")),
  refuse("a_list_without_rs256_refuses_it", "rsa_only_rs512", jwt({ alg: "RS256", kid: "rsa" }, claims(), "rsa"), "algorithm_not_allowed"),
  pass("a_list_with_rs512_takes_it", "rsa_only_rs512", jwt({ alg: "RS512", kid: "rsa" }, claims(), "rsa")),
  refuse("es256_with_a_p384_key_is_not_allowed", "p384", jwt({ alg: "ES256", kid: "p384" }, claims(), "p256"), "algorithm_not_allowed"),
  refuse("es384_with_a_p256_key_is_not_allowed", "p256", jwt({ alg: "ES384", kid: "p256" }, claims(), "p384"), "algorithm_not_allowed"),
  refuse("es256_with_an_ed25519_key_is_not_allowed", "ed", jwt({ alg: "ES256", kid: "ed" }, claims(), "p256"), "algorithm_not_allowed"),
  refuse("an_algorithm_that_is_not_listed_is_refused_before_keys_are_fetched", "fetched_rs256", jwt({ alg: "HS256" }, claims(), "stranger_hs256"), "algorithm_not_allowed"),
  {
    name: "an_algorithm_that_is_listed_fetches_the_keys",
    config: "fetched_rs256",
    ...withToken(jwt({ alg: "RS256", kid: "rsa" }, claims(), "rsa")),
    keys: {},
    expect: unavailable("keys_unavailable"),
  },

  // crit (RFC 7515 §4.1.11)
  refuse("crit_with_an_unknown_member_is_refused", "ed", signed({}, { crit: ["policy"], policy: 1 }), "critical_header"),
  refuse("crit_that_is_empty_is_refused", "ed", signed({}, { crit: [] }), "critical_header"),
  refuse("crit_that_is_no_list_is_refused", "ed", signed({}, { crit: "exp" }), "critical_header"),
  refuse("crit_that_is_null_is_refused", "ed", signed({}, { crit: null }), "critical_header"),
  refuse("crit_with_a_registered_name_is_refused", "ed", signed({}, { crit: ["alg"] }), "critical_header"),
  refuse("crit_with_a_member_that_is_absent_is_refused", "ed", signed({}, { crit: ["exp"] }), "critical_header"),
  refuse("crit_with_a_member_twice_is_refused", "ed", signed({}, { crit: ["a", "a"], a: 1 }), "critical_header"),
  refuse("crit_with_b64_is_refused", "ed", signed({}, { crit: ["b64"], b64: false }), "critical_header"),
  refuse("crit_with_b64_true_is_refused", "ed", signed({}, { crit: ["b64"], b64: true }), "critical_header"),

  // The issuer
  refuse("a_token_without_iss_is_refused", "ed", signed({ iss: undefined }), "issuer_missing"),
  refuse("a_token_of_an_unknown_issuer_is_refused", "ed", signed({ iss: "https://evil.example" }), "issuer_unknown"),
  refuse("an_issuer_that_is_a_prefix_is_unknown", "ed", signed({ iss: "https://id.exampl" }), "issuer_unknown"),
  refuse("an_issuer_with_a_slash_more_is_unknown", "ed", signed({ iss: "https://id.example/" }), "issuer_unknown"),
  refuse("an_issuer_in_another_case_is_unknown", "ed", signed({ iss: "https://ID.example" }), "issuer_unknown"),
  refuse("an_empty_issuer_is_unknown", "ed", signed({ iss: "" }), "issuer_unknown"),
  refuse("an_issuer_with_a_space_more_is_unknown", "ed", signed({ iss: " https://id.example" }), "issuer_unknown"),
  refuse("an_issuer_in_a_list_is_of_the_wrong_type", "ed", signed({ iss: [issuer] }), "claim_type"),
  refuse("an_issuer_that_is_a_number_is_of_the_wrong_type", "ed", signed({ iss: 5 }), "claim_type"),
  refuse("an_issuer_that_is_null_is_of_the_wrong_type", "ed", signed({ iss: null }), "claim_type"),
  pass("the_first_of_two_issuers_signs_with_its_key", "two_issuers", jwt({ alg: "EdDSA", kid: "shared" }, claims(), "ed25519")),
  pass("the_second_of_two_issuers_signs_with_its_key", "two_issuers", jwt({ alg: "EdDSA", kid: "shared" }, claims({ iss: otherIssuer }), "stranger_ed25519"), { issuer: otherIssuer }),
  refuse("an_issuer_cannot_sign_for_another_with_the_same_kid", "two_issuers", jwt({ alg: "EdDSA", kid: "shared" }, claims(), "stranger_ed25519"), "signature_invalid"),
  refuse("an_issuer_cannot_sign_for_another_without_a_kid", "two_issuers", jwt({ alg: "EdDSA" }, claims({ iss: otherIssuer }), "ed25519"), "signature_invalid"),

  // typ, where the profile is `any`
  pass("a_typ_of_jwt_is_taken", "ed", signed({}, { typ: "JWT" })),
  pass("a_typ_in_lower_case_is_taken", "ed", signed({}, { typ: "jwt" })),
  pass("a_typ_with_application_is_taken", "ed", signed({}, { typ: "application/jwt" })),
  pass("no_typ_is_taken", "ed", signed({}, { typ: undefined })),
  pass("a_typ_of_an_access_token_is_taken", "ed", signed({}, { typ: "at+jwt" })),
  refuse("a_typ_of_a_logout_token_is_refused", "ed", signed({}, { typ: "logout+jwt" }), "typ_mismatch"),
  refuse("a_typ_of_a_dpop_proof_is_refused", "ed", signed({}, { typ: "dpop+jwt" }), "typ_mismatch"),
  refuse("a_typ_of_a_security_event_is_refused", "ed", signed({}, { typ: "secevent+jwt" }), "typ_mismatch"),
  refuse("a_typ_of_a_client_s_assertion_is_refused", "ed", signed({}, { typ: "client-authentication+jwt" }), "typ_mismatch"),
  refuse("a_typ_of_a_refresh_token_is_refused", "ed", signed({}, { typ: "rt+jwt" }), "typ_mismatch"),
  refuse("an_empty_typ_is_refused", "ed", signed({}, { typ: "" }), "typ_mismatch"),
  refuse("a_typ_with_a_space_more_is_refused", "ed", signed({}, { typ: "JWT " }), "typ_mismatch"),
  refuse("a_typ_of_another_tree_is_refused", "ed", signed({}, { typ: "text/jwt" }), "typ_mismatch"),

  // kid
  pass("a_kid_chooses_the_key", "several", signed()),
  pass("a_kid_chooses_the_rsa_key", "several", jwt({ alg: "RS256", kid: "rsa" }, claims(), "rsa")),
  pass("a_kid_chooses_the_second_ed25519_key", "several", jwt({ alg: "EdDSA", kid: "stranger" }, claims(), "stranger_ed25519")),
  refuse("a_kid_that_names_another_key_does_not_fall_back", "several", signed({}, { kid: "stranger" }), "signature_invalid"),
  refuse("a_kid_that_names_no_key_does_not_fall_back", "ed", signed({}, { kid: "gone" }), "key_unknown"),
  refuse("an_empty_kid_names_no_key", "ed", signed({}, { kid: "" }), "key_unknown"),
  refuse("a_kid_is_compared_to_the_letter", "ed", signed({}, { kid: "ED" }), "key_unknown"),
  refuse("a_kid_that_is_a_path_names_no_key", "ed", signed({}, { kid: "../../../../dev/null" }), "key_unknown"),
  refuse("a_kid_that_is_a_query_names_no_key", "ed", signed({}, { kid: "ed' OR '1'='1" }), "key_unknown"),
  refuse("a_kid_with_a_nul_names_no_key", "ed", signed({}, { kid: "ed\0" }), "key_unknown"),
  refuse("a_kid_that_is_a_url_is_not_fetched", "ed", signed({}, { kid: "https://evil.example/jwks" }), "key_unknown"),
  refuse("a_very_long_kid_names_no_key", "ed", signed({}, { kid: "k".repeat(4000) }), "key_unknown"),
  refuse("a_kid_named_proto_names_no_key", "ed", signed({}, { kid: "__proto__" }), "key_unknown"),
  refuse("a_kid_named_constructor_names_no_key", "ed", signed({}, { kid: "constructor" }), "key_unknown"),
  pass("a_key_named_proto_is_a_key_like_any_other", "odd_kids", signed({}, { kid: "__proto__" })),
  pass("a_key_named_constructor_is_a_key_like_any_other", "odd_kids", jwt({ alg: "EdDSA", kid: "constructor" }, claims(), "stranger_ed25519")),
  refuse("a_kid_names_no_key_that_has_no_kid", "nameless", signed(), "key_unknown"),
  pass("a_token_without_kid_takes_the_only_key", "ed", signed({}, { kid: undefined })),
  pass("a_token_without_kid_takes_the_only_key_that_has_no_kid_either", "nameless", signed({}, { kid: undefined })),
  pass("a_token_without_kid_takes_the_only_key_for_its_algorithm", "one_of_each", jwt({ alg: "ES256" }, claims(), "p256")),
  refuse("a_token_without_kid_between_two_keys_is_refused", "several", signed({}, { kid: undefined }), "key_required"),
  refuse("a_token_without_kid_does_not_try_the_other_key", "several", jwt({ alg: "EdDSA" }, claims(), "stranger_ed25519"), "key_required"),
  refuse("a_kid_of_a_key_for_another_algorithm_is_not_allowed", "several", jwt({ alg: "EdDSA", kid: "rsa" }, claims(), "ed25519"), "algorithm_not_allowed"),
  refuse("two_keys_with_one_kid_and_one_algorithm_are_ambiguous", "same_kid", signed({}, { kid: "k" }), "key_ambiguous"),
  pass("two_keys_with_one_kid_and_two_algorithms_are_told_apart", "same_kid_other_type", signed({}, { kid: "k" })),
  pass("two_keys_with_one_kid_and_two_algorithms_are_told_apart_for_rsa_too", "same_kid_other_type", jwt({ alg: "RS256", kid: "k" }, claims(), "rsa")),
  pass("a_secret_has_no_name_that_a_kid_could_miss", "hs256", hs256({ kid: "any" })),

  // Keys that the token brings along
  refuse("an_embedded_key_is_not_trusted", "ed", jwt({ alg: "EdDSA", kid: "ed", jwk: publicJwk("stranger_ed25519") }, claims(), "stranger_ed25519"), "signature_invalid"),
  refuse("an_embedded_key_without_kid_is_not_trusted", "ed", jwt({ alg: "EdDSA", jwk: publicJwk("stranger_ed25519") }, claims(), "stranger_ed25519"), "signature_invalid"),
  refuse("a_key_set_url_of_the_token_is_not_fetched", "ed", jwt({ alg: "EdDSA", kid: "ed", jku: "https://evil.example/jwks" }, claims(), "stranger_ed25519"), "signature_invalid"),
  refuse("a_certificate_url_of_the_token_is_not_fetched", "ed", jwt({ alg: "EdDSA", kid: "ed", x5u: "https://evil.example/cert" }, claims(), "stranger_ed25519"), "signature_invalid"),
  refuse("a_certificate_of_the_token_is_not_trusted", "rsa", jwt({ alg: "RS256", kid: "rsa", x5c: ["MIIB"] }, claims(), "stranger_rsa"), "signature_invalid"),
  pass("an_embedded_key_is_ignored_where_the_configured_one_signed", "ed", signed({}, { jwk: publicJwk("stranger_ed25519"), jku: "https://evil.example/jwks" })),
];
