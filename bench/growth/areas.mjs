// From the name of a compiled function to where it was written. Names come demangled in two forms: what was compiled for
// this file ends in `::h` and a hash, what the standard library brought along has its hash behind the crate's name.

/** In this order: the first that fits. A group of the pattern is the module's name. */
const AREAS = [
  [/^$/, "functions without a name"],
  [/^core::ptr::drop_in_place</, "freeing of values"],
  [/^[<&]*(?:mut )?portcullis::(\w+)/, "portcullis::"],
  [/ as portcullis::(\w+)/, "portcullis::"],
  [/^__wbindgen|\b(?:wasm_bindgen|js_sys)::|externref| multivalue shim$/, "wasm-bindgen, js-sys"],
  [/^rlsf::|^__rustc::__rust_(?:alloc|dealloc|realloc)/, "the allocator"],
  [/^[<&]*(?:[\w[\]]+ as )?(?:sha2|hmac|digest|hybrid_array|cmov|subtle|ctutils|signature|jsonwebtoken|curve25519_dalek|ed25519)/, "sha2, hmac, subtle and what they stand on"],
  [/\b(?:core|alloc|std|compiler_builtins|__rustc)\[/, "std, as it comes", "hashed"],
  [/^<(?:u64|u32|str|char)>::/, "std, as it comes"],
  [/\b(?:core|alloc|std)::|\[V\]/, "std, compiled for types that are used here"],
  [/^\w+$/, "exported functions, memory operations"],
];

const withoutHashes = (name) => name.replace(/::h[0-9a-f]{16}\b/g, "").replace(/\[[0-9a-f]{16}\]/g, "");

/** Without its hashes. */
export const plainName = withoutHashes;

export function areaOf(name) {
  const plain = withoutHashes(name);
  for (const [pattern, area, form] of AREAS) {
    const found = pattern.exec(form === "hashed" ? name : plain);
    if (found !== null) return `${area}${found[1] ?? ""}`;
  }
  return "all else";
}
