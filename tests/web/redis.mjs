// Debian's redis-server on a free port of loopback, for as long as a test wants it. It keeps nothing on disk.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createClient } from "@redis/client";

/** Starts one; `connect()` gives a client of its own, and `stop()` ends all. */
export async function serveRedis() {
  const program = process.env.REDIS_SERVER;
  if (!program) throw new Error("REDIS_SERVER names no redis-server; scripts/setup.sh redis installs one, and scripts/env.sh names it");
  const port = await freePort();
  const server = spawn(program, ["--bind", "127.0.0.1", "--port", String(port), "--save", "", "--appendonly", "no"], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(server, "exit");
  const clients = [];
  const stop = async () => {
    for (const client of clients) client.destroy();
    server.kill();
    await ended;
  };
  try {
    await Promise.race([ready(server), ended.then(() => Promise.reject(new Error("redis-server ended at once")))]);
  } catch (error) {
    await stop();
    throw error;
  }
  const connect = async () => {
    const client = createClient({ socket: { host: "127.0.0.1", port, reconnectStrategy: false }, disableOfflineQueue: true });
    // Each call is told of it too.
    client.on("error", () => {});
    await client.connect();
    clients.push(client);
    return client;
  };
  return { connect, stop };
}

async function ready(server) {
  let said = "";
  for await (const part of server.stdout.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    said += part;
    if (said.includes("Ready to accept connections")) break;
  }
  server.stdout.resume();
}

async function freePort() {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address();
  listener.close();
  await once(listener, "close");
  return port;
}
