import { JwtVerifier } from "aws-jwt-verify";
import { runtime } from "#host";
import { audience, issuer } from "../scenario.mjs";

/** It knows no secrets, only key sets. Outside Node its cryptography is WebCrypto, and it answers later. */
export function verifier({ jwk }) {
  const verify = JwtVerifier.create({ issuer, audience, jwksUri: `${issuer}/jwks` });
  verify.cacheJwks({ keys: [jwk] });
  if (runtime === "node") {
    return (authorization) => {
      try {
        return verify.verifySync(authorization.slice(7)).sub !== "";
      } catch {
        return false;
      }
    };
  }
  return async (authorization) => {
    try {
      return (await verify.verify(authorization.slice(7))).sub !== "";
    } catch {
      return false;
    }
  };
}
