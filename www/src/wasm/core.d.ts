/**
 * The free functions of guard.wasm, as wasm-bindgen's glue exports them. Guards, keys, principals, routes,
 * subjects and permissions are positive integers that are never used twice within one instance.
 */

/** Instantiates the module anew. Appended to the glue by the build, because the glue itself starts only once. */
export function boot(module: WebAssembly.Module): { readonly memory: WebAssembly.Memory };

// Cold: strings, copied by the glue.
export function create(policy: string, trust: string | undefined, loaders: string): string;
export function outcome(guard: number, part: number): string;
export function event(guard: number, id: string, requestId: string): string;
export function need(guard: number): string;
export function jwk(guard: number, key: number): string;
export function evaluate(guard: number, request: string, now: number): string;
export function explain(guard: number, request: string, now: number): string;

// Hot: numbers, and bytes in the input buffer.
export function input(capacity: number): number;
export function check(guard: number, length: number, now: number): number;
export function check_known(guard: number, principal: number, route: number, now: number): number;
export function outcome_handle(guard: number, part: number): number;
export function outcome_flags(guard: number): number;
export function signature_need(guard: number): number;
export function resume(guard: number, pending: number, answer: number, length: number): number;
export function subject(guard: number, length: number): number;
export function permission(guard: number, length: number): number;
export function can(guard: number, subject: number, permission: number, length: number, now: number): number;

// What the host tells a guard and asks of it beside requests: bytes in the input buffer, a string back.
export function upkeep(guard: number, what: number, length: number, now: number): string;
