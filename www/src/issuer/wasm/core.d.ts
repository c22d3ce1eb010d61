import type { NewApiKey, RotatedApiKey } from "../api-keys.js";
import type { PasswordSettings, PasswordVerified } from "../passwords.js";

/**
 * The free functions of issuer.wasm, as wasm-bindgen's glue exports them. They throw `{ code, message }` where the core
 * refuses.
 */

/** Instantiates the module anew. Appended to the glue by the build, because the glue itself starts only once. */
export function boot(module: WebAssembly.Module): { readonly memory: WebAssembly.Memory };

// API keys.
export function new_api_key(prefix: string): NewApiKey;
export function rotate_api_key(rotation: { readonly prefix: string; readonly notAfter: number | undefined; readonly overlap: number; readonly now: number }): RotatedApiKey;
export function check_api_key(text: string, prefix: string): void;
export function hash_api_key(text: string): string;

// Passwords.
export function check_password_settings(settings: PasswordSettings): void;
export function hash_password(settings: PasswordSettings, password: string): string;
export function verify_password(settings: PasswordSettings, password: string, stored: string | undefined): PasswordVerified;
