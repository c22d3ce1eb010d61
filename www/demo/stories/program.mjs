// A program that talks to the sign-in side as a browser would: it keeps cookies, and says that nobody else sent it.
import { codeAt } from "./code.mjs";

/** `address`: as the platform would tell it. */
export function programAt(house, address) {
  const cookies = new Map();
  let secret = "";
  const program = {
    async ask(method, path, body) {
      const headers = {
        "sec-fetch-site": "same-origin",
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        ...(address !== undefined && { "cf-connecting-ip": address }),
        ...(body !== undefined && { "content-type": "application/json" }),
      };
      const answer = await fetch(`${house.origin}${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
      for (const field of answer.headers.getSetCookie()) keep(field);
      return { status: answer.status, retryAfter: answer.headers.get("retry-after"), body: await answer.json() };
    },
    signIn: ({ name, password }) => program.ask("POST", "/api/sign-in", { name, password }),
    /** Guesses at an account until it waits for minutes. */
    async guessAt({ name }) {
      for (;;) {
        const { status, retryAfter } = await program.signIn({ name, password: "not the password" });
        if (status === 429 && Number(retryAfter) >= 120) return;
        if (status === 429) house.moveClock(Number(retryAfter));
      }
    },
    /** The code that the authenticator shows next: each works once. */
    code() {
      house.moveClock(31);
      return codeAt(secret, house.now());
    },
    /** Sets up an authenticator, and proves with it once more who it is. */
    async secure({ password }) {
      const { body } = await program.ask("POST", "/api/account/second-factor", {});
      secret = body.secret;
      await program.ask("PUT", "/api/account/second-factor", { proposal: body.proposal, code: program.code() });
      return program.ask("POST", "/api/step-up", { password, code: program.code() });
    },
    /** The name of the key that the access token was signed with. */
    signedWith: () => JSON.parse(Buffer.from(cookies.get("__Host-session").split(".")[0], "base64url")).kid,
    /** The same program before another door. */
    movedTo(other) {
      house = other;
    },
  };
  function keep(field) {
    const [, name, value, life] = /^([^=]+)=([^;]*);.*Max-Age=(\d+)/.exec(field);
    if (life === "0") cookies.delete(name);
    else cookies.set(name, value);
  }
  return program;
}
