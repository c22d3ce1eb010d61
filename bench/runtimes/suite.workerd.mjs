// The suite as a Worker: one request runs it all, because an engine that waits for something may not be used by another.

import { env } from "cloudflare:workers";
import { suite } from "../suite.mjs";

const tell = async (told) => (await env.HOST.fetch("http://host/tell", { method: "POST", body: JSON.stringify(told) })).text();

export default {
  async fetch() {
    try {
      await suite(tell);
      return new Response("");
    } catch (error) {
      return new Response(String(error?.stack ?? error), { status: 500 });
    }
  },
};
