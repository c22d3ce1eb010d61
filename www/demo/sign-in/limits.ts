// How much may be made that costs a place or work, and nothing to who makes it: so many a minute from one network. The platform counts (Cloudflare's
// rate limiting); guesses at passwords and codes are counted by `Attempts`.
import { networkOf } from "portcullis/issuer";
import type { Call } from "./call.js";
import { Refusal } from "./refusals.js";

/** Seconds, as in wrangler.json. */
const period = 60;

export async function limited({ press, request }: Call, what: "account" | "guest" | "article" | "security"): Promise<void> {
  const address = addressOf(request);
  const network = address === undefined ? "unknown" : networkOf(address);
  const { success } = await press.limiter.limit({ key: `${what} from ${network}` });
  if (!success) throw new Refusal("too_many_requests", period);
}

/** The address that the platform tells. */
export function addressOf(request: Request): string | undefined {
  return request.headers.get("cf-connecting-ip") ?? undefined;
}
