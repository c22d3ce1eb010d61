/**
 * The module whose bytes travel in the JavaScript, so that no bundler has to know what to do with a .wasm file. It is
 * compiled when it is first asked for.
 */
export function inlined(base64: string): () => WebAssembly.Module {
  let module: WebAssembly.Module | undefined;
  let failure: unknown;
  const compile = (): WebAssembly.Module | undefined => {
    try {
      return new WebAssembly.Module(bytes(base64));
    } catch (error) {
      failure = error;
      return undefined;
    }
  };
  // A bundle for Cloudflare made without the condition "workerd" lands here; workerd compiles only while it starts.
  if (globalThis.navigator?.userAgent === "Cloudflare-Workers") module = compile();
  return () => {
    module ??= compile();
    if (module === undefined) {
      throw new Error("WebAssembly is not available here (a Content-Security-Policy needs script-src 'wasm-unsafe-eval')", { cause: failure });
    }
    return module;
  };
}

function bytes(base64: string): Uint8Array<ArrayBuffer> {
  // Named through globalThis: at a bare `Buffer` some bundlers add a polyfill.
  const node = (globalThis as { readonly Buffer?: typeof Buffer }).Buffer;
  if (node !== undefined) return Uint8Array.from(node.from(base64, "base64"));
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}
