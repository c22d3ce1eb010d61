// The suite in workerd.

import { mkdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { root } from "../../tests/web/home.mjs";
import { bundled } from "./bundle.mjs";
import { asked, compatibilityDate, configure, started, version } from "./process.workerd.mjs";

const folder = join(root, "target/bench/workerd");

export const about = () => `workerd ${version}, compatibility date ${compatibilityDate}, nodejs_compat`;

export async function run(tell) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await bundled("workerd", join(import.meta.dirname, "suite.workerd.mjs"), folder);
  // The connection stays open however long a row takes: else one that ends as it is used again would end the run.
  const server = createServer({ keepAliveTimeout: 0 }, async (request, answer) => {
    if (request.url === "/now") return answer.end(String(process.hrtime.bigint()));
    let text = "";
    for await (const part of request.setEncoding("utf8")) text += part;
    tell(JSON.parse(text));
    return answer.end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  configure(folder, `127.0.0.1:${server.address().port}`);
  const workerd = await started(folder);
  try {
    await asked(workerd.port);
  } finally {
    await workerd.close();
    server.closeAllConnections();
    server.close();
  }
}
