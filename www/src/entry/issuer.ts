export * from "../issuer/api-keys.js";
export * from "../issuer/attempts.js";
export { IssuerError } from "../issuer/error.js";
export * from "../issuer/otp.js";
export * from "../issuer/passwords.js";
export * from "../issuer/recovery.js";
export { KeyRing } from "../issuer/key-ring.js";
export { SigningKey } from "../issuer/keys.js";
export type { Jwk, SigningAlgorithm } from "../issuer/keys.js";
export { RefreshTokens } from "../issuer/refresh.js";
export type { Refreshed, RefreshFamily, RefreshGrant, RefreshOptions, RefreshSecret } from "../issuer/refresh.js";
export { TokenIssuer } from "../issuer/tokens.js";
export type {
  AccessTokenOrder,
  GuestTokenOrder,
  IdTokenOrder,
  IssuedToken,
  Levels,
  SignIn,
  SignInMethod,
  SigningKeys,
  TokenIssuerOptions,
} from "../issuer/tokens.js";
