// A moment, as people say it.
import { make } from "../dom.js";

const format = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

/** From seconds since 1970. */
export function when(seconds: number): HTMLTimeElement {
  const date = new Date(seconds * 1000);
  return make("time", { datetime: date.toISOString() }, format.format(date));
}
