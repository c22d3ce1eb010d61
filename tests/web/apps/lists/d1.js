import { run } from "./statements.js";

export default {
  async fetch(request, env) {
    return Response.json(await run(env.DB, await request.json()));
  },
};
