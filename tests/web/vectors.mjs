// Runs the suites of tests/vectors against the package, in whatever runtime this file is loaded.
//
// Each request is asked twice, of one guard: what the first answer left behind must not change the second.
// Where the guard is synchronous, `checkSync` is asked too.

/** @returns {Promise<{ passed: number, failed: { suite: string, name: string, expected: string, actual: string }[] }>} */
export async function runVectors({ Guard, ConfigError }, suites) {
  let passed = 0;
  const failed = [];
  for (const { suite, configs, cases, documents } of suites) {
    for (const vector of cases ?? documents) {
      for (const { expected, actual } of await outcomes(Guard, ConfigError, configs, vector)) {
        if (expected === actual) passed += 1;
        else failed.push({ suite, name: vector.name, expected, actual });
      }
    }
  }
  return { passed, failed };
}

async function outcomes(Guard, ConfigError, configs, vector) {
  try {
    if (vector.error !== undefined) return [compared(vector.error, loading(Guard, ConfigError, vector))];
    const { policy, trust } = configs[vector.config];
    const guard = new Guard(options(policy, trust, vector));
    if (vector.ask !== undefined) return [compared(vector.expect, guard.evaluate(vector.ask))];
    return await asked(guard, vector);
  } catch (error) {
    return [compared(vector.expect ?? vector.error, `threw ${error.stack}`)];
  }
}

function compared(expected, actual) {
  return { expected: JSON.stringify(expected), actual: JSON.stringify(actual) };
}

function loading(Guard, ConfigError, { policy, trust, loaders = [] }) {
  try {
    const resources = Object.fromEntries(loaders.map((type) => [type, () => null]));
    new Guard({ policy, resources, ...(trust === undefined ? {} : { trust }) });
    return null;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { document: error.document, path: error.path, code: error.code };
  }
}

function options(policy, trust, { now, keys = {}, resources = {} }) {
  const types = Object.keys((typeof policy === "string" ? JSON.parse(policy) : policy).resources ?? {});
  return {
    policy,
    ...(trust === undefined ? {} : { trust }),
    clock: () => now,
    resources: Object.fromEntries(types.map((type) => [type, loader(Object.hasOwn(resources, type) ? resources[type] : {})])),
    async fetch(url) {
      const body = Object.hasOwn(keys, url) ? keys[url] : undefined;
      if (body === undefined) return new Response("not here", { status: 404 });
      return new Response(typeof body === "string" ? body : JSON.stringify(body));
    },
  };
}

function loader(found) {
  return (id) => {
    const resource = Object.hasOwn(found, id) ? found[id] : null;
    if (resource === "fails") throw new Error("the loader fails");
    return resource;
  };
}

async function asked(guard, { request, context, expect }) {
  let reason;
  guard.onDecision((event) => {
    reason = event.reason;
  });
  const settings = context === undefined ? {} : { context };
  const actual = [
    await shown(await guard.check(request, settings), () => reason),
    await shown(await guard.check(request, settings), () => reason),
  ];
  if (guard.synchronous) actual.push(await shown(guard.checkSync(request, settings), () => reason));
  return actual.map((answer) => compared(expect, answer));
}

/** An outcome in the form in which the vectors expect it. */
async function shown(outcome, reasonNow) {
  const reason = reasonNow();
  if (outcome.allowed) return { ...outcome, reason };
  const response = outcome.response();
  const body = await response.text();
  const sent = Object.fromEntries(Object.keys(outcome.headers).map((name) => [name, response.headers.get(name)]));
  const same = response.status === outcome.status && [...response.headers].length === Object.keys(sent).length;
  const { allowed, status, headers } = outcome;
  if (!same || JSON.stringify(sent) !== JSON.stringify(headers)) throw new Error("response() differs from the outcome");
  if (status !== outcome.problem.status || outcome.code !== outcome.problem.code) throw new Error("the problem differs from the outcome");
  return { allowed, status, headers, body, reason };
}
