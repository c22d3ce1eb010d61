import { JwtVerifier } from "aws-jwt-verify";
import { audience, issuer } from "../scenario.mjs";

/** It knows no secrets, only key sets. */
export function verifier({ jwk }) {
  const verify = JwtVerifier.create({ issuer, audience, jwksUri: `${issuer}/jwks` });
  verify.cacheJwks({ keys: [jwk] });
  return (authorization) => {
    try {
      return verify.verifySync(authorization.slice(7)).sub !== "";
    } catch {
      return false;
    }
  };
}
