// The instances of WebAssembly that the package makes, which it shows to nobody. To be imported before the package.

let latest;

WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(target, words) {
    latest = Reflect.construct(target, words);
    return latest;
  },
});

/** What the newest instance exports. */
export const exportsOf = () => latest.exports;
/** Its memory, as it is now. */
export const memoryOf = () => latest.exports.memory.buffer;
