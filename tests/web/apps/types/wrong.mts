// Each line is wrong, and TypeScript says so: a line that it took would be an error of its own.

import { Guard, type DecisionEvent, type Outcome, type Principal } from "portcullis";
import { Guard as Full } from "portcullis/full";

// @ts-expect-error a policy is required
new Guard({});
// @ts-expect-error there is no such option
new Guard({ policy: {}, trusted: {} });
// @ts-expect-error a loader is a function
new Guard({ policy: {}, resources: { article: {} } });

const guard = new Guard({ policy: {} });

// @ts-expect-error a request has headers
guard.checkSync({ method: "GET", url: "/" });
// @ts-expect-error a subject has an id
guard.can({}, "read_users");
// @ts-expect-error a permission is text
guard.can({ id: "u1" }, 5);
// @ts-expect-error a resource is an object
guard.can({ id: "u1" }, "article:read", "1");
// @ts-expect-error an action is text or has a name
guard.evaluate({ subject: { id: "u1" }, action: {} });

export function careless(outcome: Outcome): Principal {
  // @ts-expect-error a refusal has no principal
  return outcome.principal;
}

export async function forgetful(): Promise<boolean> {
  const outcome = await guard.check(new Request("https://blog.example/"));
  // @ts-expect-error an outcome is frozen
  outcome.allowed = true;
  if (outcome.allowed) {
    // @ts-expect-error so is a principal
    outcome.principal.roles.push("admin");
    // @ts-expect-error an allowed request has no response
    outcome.response();
  }
  return outcome.allowed;
}

const full = new Full({ policy: {} });

// @ts-expect-error an object is filtered, and not its id
full.filter({ id: "u1" }, "article:read", "1");
// @ts-expect-error what is filtered may lack a member
full.filter({ id: "u1" }, "article:read", { title: "T" }).title.length;
// @ts-expect-error a fact is about something
full.revoke({ issuer: "https://id.example" });
// @ts-expect-error an API key has no issuer
full.revoke({ apiKey: "ci", issuer: "https://id.example" });
// @ts-expect-error a moment is a number
full.revoke({ subject: "u1", until: new Date() });
// @ts-expect-error a store looks up
new Full({ policy: {}, revocations: { get: () => null } });
// @ts-expect-error a store says whether the name is new
new Full({ policy: {}, replays: { remember: () => undefined } });
// @ts-expect-error there is no detail where nothing failed
full.trace({} as DecisionEvent)[0]?.detail;
