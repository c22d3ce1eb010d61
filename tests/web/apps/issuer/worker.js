// Attempts, one-time codes, recovery codes and refresh tokens over the stores of Cloudflare: POST /<engine>/<what>, one use for each
// request, so that uses meet as they do in an isolate.

import { Attempts, newOtpSecret, RecoveryCodes, RefreshTokens, totpCode, TotpCodes } from "portcullis/issuer";
import { D1Store, schema } from "portcullis/stores/d1";
import { DurableStore, StoreObject } from "portcullis/stores/durable";

const stores = {
  d1: ({ DATABASE }) => new D1Store(DATABASE),
  durable: ({ OBJECTS }) => new DurableStore(OBJECTS),
};
const secrets = [{ id: "test", secret: "TEST-ONLY-0123456789-0123456789-0123456789" }];
const seconds = () => Math.floor(Date.now() / 1000);

const uses = {
  attempt: async (store, { account, address }) => {
    const { allowed, reason } = await new Attempts({ store }).begin({ account, address });
    return { allowed, reason };
  },
  "new-code": () => {
    const secret = newOtpSecret();
    return { secret, code: totpCode(secret, seconds()) };
  },
  code: (store, use) => new TotpCodes({ store }).use(use),
  "new-recovery": async (store, { account }) => ({ code: (await new RecoveryCodes({ store }).renew(account))[3] }),
  recovery: (store, { account, code }) => new RecoveryCodes({ store }).use(account, code),
  "new-refresh": (store, { grace }) => new RefreshTokens({ secrets, store, grace }).start({ subject: "ann", client: "web" }),
  refresh: (store, { grace, token }) => new RefreshTokens({ secrets, store, grace }).rotate(token, "web"),
};

const worker = {
  async fetch(request, bindings) {
    const [engine, what] = new URL(request.url).pathname.slice(1).split("/");
    if (engine === "schema") return Response.json(await bindings.DATABASE.exec(schema));
    try {
      return Response.json(await uses[what](stores[engine](bindings), await request.json()));
    } catch (error) {
      return Response.json({ failed: error.stack });
    }
  },
};

export { StoreObject, worker as default };
