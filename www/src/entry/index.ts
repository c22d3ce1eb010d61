export { ConfigError } from "../config-error.js";
export * from "../define-policy.js";
export { Guard } from "../guard.js";
export { init } from "../init.js";
export type * from "../types.js";
