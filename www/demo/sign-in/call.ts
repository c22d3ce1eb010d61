// What a handler gets: a request that the guard let through, and who asks.
import type { Granted } from "portcullis/full";
import type { Press } from "./press.js";

export interface Call {
  readonly press: Press;
  readonly request: Request;
  readonly grant: Granted;
  readonly params: Readonly<Record<string, string | undefined>>;
}
