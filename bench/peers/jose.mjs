import { importJWK, jwtVerify } from "jose";
import { audience, issuer } from "../scenario.mjs";

/** The key is imported once; a secret too, because jose would import bytes for each token. */
export async function verifier({ algorithm, secret, jwk }) {
  const key =
    jwk === undefined
      ? await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), { name: "HMAC", hash: "SHA-256" }, false, ["verify"])
      : await importJWK(jwk, algorithm);
  const options = { issuer, audience, algorithms: [algorithm] };
  return async (authorization) => {
    try {
      return (await jwtVerify(authorization.slice(7), key, options)).payload.sub !== "";
    } catch {
      return false;
    }
  };
}

export const firstToken = async ({ authorization, trusted }) => (await verifier(trusted))(authorization);
