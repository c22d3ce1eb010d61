import { verify } from "hono/jwt";
import { audience, issuer } from "../scenario.mjs";

const imported = {
  HS256: { name: "HMAC", hash: "SHA-256" },
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  ES256: { name: "ECDSA", namedCurve: "P-256" },
  EdDSA: { name: "Ed25519" },
};

/** The key is imported once. */
export async function verifier({ algorithm, secret, jwk }) {
  const [form, material] = jwk === undefined ? ["raw", new TextEncoder().encode(secret)] : ["jwk", jwk];
  const key = await crypto.subtle.importKey(form, material, imported[algorithm], false, ["verify"]);
  const options = { alg: algorithm, iss: issuer, aud: audience };
  return async (authorization) => {
    try {
      return (await verify(authorization.slice(7), key, options)).sub !== "";
    } catch {
      return false;
    }
  };
}
