export * from "../issuer/api-keys.js";
export * from "../issuer/attempts.js";
export { IssuerError } from "../issuer/error.js";
export * from "../issuer/otp.js";
export * from "../issuer/passwords.js";
export * from "../issuer/recovery.js";
