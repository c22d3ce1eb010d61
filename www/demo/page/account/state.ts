// Who is signed in, and what the page's own guard says that they may: the same policy as the server's, and no secret.
import { Guard } from "portcullis";
import type { ResourceObject, Subject } from "portcullis";
import policy from "../../sign-in/policy.json";
import { once, renew } from "./api.js";

export interface Session {
  readonly signedIn: boolean;
  readonly guest: boolean;
  readonly id: string;
  readonly name?: string;
  readonly roles: readonly string[];
  readonly acr?: string | null;
  readonly authTime?: number | null;
  readonly secondFactor?: boolean;
  readonly refreshes: boolean;
}

const guard = new Guard({ policy });

let session: Session = { signedIn: false, guest: false, id: "guest", roles: ["visitor"], refreshes: false };

export function current(): Session {
  return session;
}

/** Asks the server who this is; an access token that has ended is renewed. */
export async function look(): Promise<Session> {
  session = await once<Session>("GET", "session");
  if (!session.signedIn && session.refreshes && (await renew())) session = await once<Session>("GET", "session");
  return session;
}

/** What the server will say, as far as it hangs on roles and on who wrote the article. The server decides again. */
export function may(permission: string, resource?: ResourceObject): boolean {
  const { id, roles, acr, authTime, signedIn } = session;
  const subject: Subject = { id, kind: signedIn ? "user" : "guest", roles, ...(acr && { acr }), ...(authTime && { authTime }) };
  return guard.can(subject, permission, resource);
}
