// Every contestant by the name of its package. Each is loaded where it runs; the one that does not says why.

const all = {
  portcullis: () => import("./portcullis.mjs"),
  "fast-jwt": () => import("./fast-jwt.mjs"),
  jose: () => import("./jose.mjs"),
  hono: () => import("./hono.mjs"),
  "aws-jwt-verify": () => import("./aws-jwt-verify.mjs"),
  "@casl/ability": () => import("./casl.mjs"),
  accesscontrol: () => import("./accesscontrol.mjs"),
  "@marcbachmann/cel-js": () => import("./cel-js.mjs"),
  casbin: () => import("./casbin.mjs"),
  "@cedar-policy/cedar-wasm": () => import("./cedar-wasm.mjs"),
  "@janssenproject/cedarling_wasm": () => import("./cedarling-wasm.mjs"),
};

/** Their modules, and of those that do not load the reasons. Ours must load. */
export async function loaded() {
  const peers = new Map();
  const absent = {};
  for (const [name, load] of Object.entries(all)) {
    try {
      peers.set(name, await load());
    } catch (error) {
      if (name === "portcullis") throw error;
      absent[name] = String(error?.message ?? error);
    }
  }
  return { peers, absent };
}

/** Of `made`, by the contestant's name (the package's, and behind a comma which of its ways), those whose peer is here. */
export async function contestants(peers, made) {
  const here = [];
  for (const [name, make] of Object.entries(made)) {
    const peer = peers.get(name.split(",")[0]);
    if (peer !== undefined) here.push({ name, run: await make(peer) });
  }
  return here;
}
