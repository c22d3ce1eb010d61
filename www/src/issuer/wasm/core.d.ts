import type { NewApiKey, RotatedApiKey } from "../api-keys.js";
import type { AttemptBudget } from "../attempts.js";
import type { PasswordSettings } from "../passwords.js";
import type { NewRecoveryCodes } from "../recovery.js";
import type { ReadKey } from "../keys.js";
import type { KeptFamily, RefreshSettings } from "../refresh.js";
import type { SignIn, WrittenOrder } from "../tokens.js";

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

// Attempts.
type Limits = { readonly account: AttemptBudget | undefined; readonly address: AttemptBudget | undefined; readonly device: AttemptBudget | undefined };
export function check_attempt_limits(limits: Limits): void;
type Kept = { readonly state: unknown; readonly until: number };
export function begin_attempt(
  limits: Limits,
  states: { readonly account: unknown; readonly address: unknown; readonly device: unknown },
  device: string | undefined,
  isUnguessable: boolean,
  now: number,
):
  | { readonly allowed: false; readonly retryAfter: number }
  | {
      readonly allowed: true;
      readonly retryAfter: number;
      readonly exhausted: boolean;
      readonly taken: { readonly account?: unknown; readonly address?: unknown; readonly device?: unknown };
      readonly keep: { readonly account?: Kept; readonly address?: Kept; readonly device?: Kept };
    };
export function end_attempt(limits: Limits, counted: "account" | "address", state: unknown, taken: unknown, hasSucceeded: boolean, now: number): Kept | undefined;
export function end_attempt_of_device(devices: unknown, device: string, taken: unknown, hasSucceeded: boolean, now: number): Kept | undefined;
export function release_devices(devices: unknown, now: number): { readonly state: unknown; readonly until: number };
export function network_of(address: string): string;
export function new_device(): string;
export function is_device(text: string): boolean;
export function hash_of_name(text: string): string;

// One-time codes.
type Codes = { readonly algorithm: string; readonly digits: number; readonly period?: number; readonly window?: number; readonly lookAhead?: number };
export function new_otp_secret(algorithm: string): string;
export function check_totp(settings: Codes): void;
export function check_hotp(settings: Codes): void;
export function totp_uri(settings: Codes, secret: string, issuer: string, account: string): string;
export function hotp_uri(settings: Codes, secret: string, issuer: string, account: string, counter: number): string;
export function totp_code(settings: Codes, secret: string, now: number): string;
export function hotp_code(settings: Codes, secret: string, counter: number): string;
export function use_totp(
  settings: Codes,
  secret: string,
  code: string,
  now: number,
  state: unknown,
): { readonly accepted: true; readonly state: number; readonly until: number } | { readonly accepted: false; readonly reason: "wrong" | "used" };
export function use_hotp(
  settings: Codes,
  secret: string,
  code: string,
  state: unknown,
): { readonly accepted: true; readonly state: number } | { readonly accepted: false; readonly reason: "wrong" | "unknown" };

// Passwords.
export function check_password_settings(settings: PasswordSettings): void;
export function hash_password(settings: PasswordSettings, password: string): string;
export function verify_password(settings: PasswordSettings, password: string, stored: string | undefined): boolean;
export function password_needs_rehash(settings: PasswordSettings, stored: string): boolean;

// Recovery codes.
export function new_recovery_codes(): NewRecoveryCodes;
export function spend_recovery_code(code: string, hashes: readonly string[]): string[] | undefined;
// Keys that sign.
export function new_secret_key(algorithm: string): string;
export function read_signing_key(jwk: string): ReadKey;
export function new_key_ring(order: { readonly jwk: string; readonly now: number }): string;
export function rotate_key_ring(order: { readonly ring: string; readonly jwk: string; readonly now: number }): string;
export function replace_in_key_ring(order: { readonly ring: string; readonly kid: string; readonly jwk: string; readonly now: number }): string;
export function signing_key_of(order: { readonly ring: string; readonly now: number }): string;
export function published_keys_of(order: { readonly ring: string; readonly now: number }): string;
export function key_set_cache_control(): string;

// Refresh tokens.
export function check_refresh_settings(settings: RefreshSettings): void;
export function start_refresh(
  settings: RefreshSettings,
  grant: { readonly subject: string; readonly client: string; readonly scope: readonly string[]; readonly signIn: SignIn | undefined; readonly data: string },
  revocation: unknown,
): { readonly family: KeptFamily; readonly token: string };
export function refresh_family(settings: RefreshSettings, token: string): string | undefined;
export function is_refresh_family(id: string): boolean;
export function check_refresh_subject(subject: string): string;
export function refresh_subject(family: unknown): string | undefined;
export function known_refresh(family: unknown, revocation: unknown): KeptFamily | undefined;
export function decide_refresh(
  settings: RefreshSettings,
  token: string,
  client: string,
  family: unknown,
  revocation: unknown,
):
  | { readonly decision: "rotated" | "replayed"; readonly family: KeptFamily; readonly token: string; readonly keep: boolean }
  | { readonly decision: "reused" | "expired" | "revoked"; readonly family: KeptFamily; readonly token: undefined; readonly keep: boolean }
  | { readonly decision: "unknown"; readonly family: undefined; readonly token: undefined; readonly keep: false };
export function revoke_refresh(family: unknown, now: number): KeptFamily | undefined;
export function revoke_refresh_token(settings: RefreshSettings, token: string, client: string, family: unknown): KeptFamily | undefined;
export function revoke_refresh_subject(settings: RefreshSettings, revocation: unknown): Kept;

// Tokens.
export function write_access_token(order: WrittenOrder): { readonly input: string; readonly id: string; readonly expires: number };
export function write_id_token(order: WrittenOrder): { readonly input: string; readonly id: string; readonly expires: number };
export function write_guest_token(order: WrittenOrder): { readonly input: string; readonly id: string; readonly expires: number };
export function sign_token(jwk: string, input: string): string;
export function join_token(algorithm: string, input: string, signature: Uint8Array): string;
export function plain_permissions(policy: string, roles: readonly string[]): readonly string[];
