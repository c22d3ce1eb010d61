export * from "../issuer/api-keys.js";
export { IssuerError } from "../issuer/error.js";
export * from "../issuer/passwords.js";
