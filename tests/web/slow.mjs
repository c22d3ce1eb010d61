import { setImmediate } from "node:timers/promises";

/** A store that answers later, by default so that all who ask at once have read before one writes. */
export function slow(store, wait = setImmediate) {
  const later = async (work) => {
    await wait();
    return work();
  };
  return {
    read: (name) => later(() => store.read(name)),
    swap: (...words) => later(() => store.swap(...words)),
    remove: (name) => later(() => store.remove(name)),
  };
}
