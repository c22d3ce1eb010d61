// Runs the suites of tests/vectors against an entry of the package, in whatever runtime this file is loaded.
//
// Each request of a case without steps is asked twice, of one guard: what the first answer left behind must not change
// the second. Where the guard is synchronous, `checkSync` is asked too. The steps of a case are asked once each.

/**
 * `full` says that the entry knows all that a document can say; the others refuse what is marked `full`.
 *
 * @returns {Promise<{ passed: number, failed: { suite: string, name: string, expected: string, actual: string }[] }>}
 */
export async function runVectors({ Guard, ConfigError, FilterError, toSql }, suites, { full = false } = {}) {
  let passed = 0;
  const failed = [];
  for (const { suite, configs, cases, documents } of suites) {
    // A question leaves nothing behind in a guard.
    const decisionPoints = new Map();
    for (const vector of cases ?? documents) {
      if (!isOfJavaScript(vector)) continue;
      for (const { expected, actual, at = "" } of await outcomes({ Guard, ConfigError, FilterError, toSql, full, decisionPoints }, configs, vector)) {
        if (expected === actual) passed += 1;
        else failed.push({ suite, name: vector.name + at, expected, actual });
      }
    }
  }
  return { passed, failed };
}

/** JavaScript has no number for a whole one beyond 2^53: reading the suite has made another of it. */
function isOfJavaScript(value) {
  if (typeof value === "number") return !Number.isInteger(value) || Number.isSafeInteger(value) || Math.abs(value) > 2 ** 64;
  return typeof value !== "object" || value === null || Object.values(value).every(isOfJavaScript);
}

async function outcomes(entry, configs, vector) {
  try {
    if (vector.error !== undefined) return [loaded(entry, vector)];
    const config = configs[vector.config];
    if (config.full === true && !entry.full) return [compared(leftOut(config), errorOf(entry, config)?.code)];
    if (vector.ask !== undefined || vector.explain !== undefined) return [answered(entry, config, vector)];
    if (vector.list !== undefined) return [listed(entry, config, vector)];
    const host = new Host();
    const guard = new entry.Guard({ ...documentsOf(config), ...host.options(config, true) });
    return vector.steps === undefined ? await twice(guard, host, vector) : await inOrder(guard, host, vector.steps);
  } catch (error) {
    return [compared(vector.expect ?? vector.error, `threw ${error.stack}`)];
  }
}

/** The answer of the decision point, or what it explains. */
function answered(entry, config, vector) {
  const guard = decisionPoint(entry, config, vector);
  if (vector.ask !== undefined) return compared(vector.expect, guard.evaluate(vector.ask));
  const { summary, ...explained } = guard.explain(vector.explain);
  // Where the vector says no sentence, any will do.
  return compared(vector.expect, vector.expect.summary === undefined ? explained : guard.explain(vector.explain));
}

/** The filter of a list with its SQL, or why there is none. */
function listed(entry, config, { list, elevated, sql = {}, expect, ...vector }) {
  const { subject, action, resource, context } = list;
  const permission = resource === undefined ? action.name : `${resource.type}:${action.name}`;
  const options = { ...(context === undefined ? {} : { context }), ...(elevated === undefined ? {} : { elevated }) };
  try {
    const filter = decisionPoint(entry, config, vector).filterFor(subject, permission, options);
    const written = (dialect) => ("error" in expect || dialect in expect ? { [dialect]: entry.toSql(filter, { dialect, ...sql }) } : {});
    return compared(expect, { filter, ...written("sqlite"), ...written("postgres") });
  } catch (error) {
    if (!entry.full && error instanceof TypeError) return compared("filterFor: this is in portcullis/full", error.message);
    if (!(error instanceof entry.FilterError)) throw error;
    const { code, path, expression } = error;
    return compared(expect, { error: { code, path, expression } });
  }
}

function decisionPoint(entry, config, vector) {
  let known = entry.decisionPoints.get(vector.config);
  if (known === undefined) {
    const host = new Host();
    known = { host, guard: new entry.Guard({ ...documentsOf(config), ...host.options(config, false) }) };
    entry.decisionPoints.set(vector.config, known);
  }
  known.host.step = vector;
  return known.guard;
}

function compared(expected, actual, at) {
  return { expected: JSON.stringify(expected), actual: JSON.stringify(actual), at };
}

function loaded(entry, vector) {
  const error = errorOf(entry, vector, vector.loaders ?? []);
  return vector.full === true && !entry.full ? compared(leftOut(vector), error?.code) : compared(vector.error, error);
}

/** The error of a pair of documents, without its message; null where they load. */
function errorOf({ Guard, ConfigError }, config, loaders = Object.keys(parsed(config.policy).resources ?? {})) {
  try {
    const resources = Object.fromEntries(loaders.map((type) => [type, () => null]));
    new Guard({ ...documentsOf(config), resources, ...(asksStore(config) ? { revocations: { lookup: () => [] } } : {}), ...(asksKeys(config) ? { apiKeys: { lookup: () => null } } : {}) });
    return null;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { document: error.document, path: error.path, code: error.code };
  }
}

function documentsOf({ policy, trust }) {
  return { policy, ...(trust === undefined ? {} : { trust }) };
}

function parsed(document) {
  if (typeof document !== "string") return document ?? {};
  try {
    return JSON.parse(document) ?? {};
  } catch {
    return {};
  }
}

/** How the smaller core says that it leaves something out: of `apiKeyStore` it has not even the name. */
function leftOut({ trust }) {
  return parsed(trust).apiKeyStore === undefined ? "unsupported" : "unknown_member";
}

/** Whether the guard wants a store of API keys; it takes none where it would not ask. */
function asksKeys({ trust }) {
  return parsed(trust).apiKeyStore !== undefined;
}

/** Whether the guard wants a store of revocations; it takes none where it would not ask. */
function asksStore({ trust }) {
  return parsed(trust).revocation?.source === "store";
}

function own(object, name) {
  return object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
}

/** What the guard of a case asks of its host, answered as the step that is asked says. */
class Host {
  step;
  asked = [];
  works = [];
  #proofs = new Map();
  #lastFetch;
  #answered;
  #tellAnswered;

  begin(step) {
    this.step = step;
    this.asked = [];
    this.works = [];
    this.#answered = new Promise((resolve) => {
      this.#tellAnswered = resolve;
    });
  }

  /** Lets go on what stands behind the answer: else it would be chance whether it comes before. */
  async end() {
    this.#tellAnswered();
    await Promise.all(this.works);
  }

  forgetProofs() {
    this.#proofs.clear();
  }

  options(config, isRequest) {
    const types = Object.keys(parsed(config.policy).resources ?? {});
    const issuers = parsed(config.trust).issuers ?? [];
    return {
      clock: () => this.step?.now ?? 0,
      resources: Object.fromEntries(types.map((type) => [type, (id) => this.#load(type, id)])),
      fetch: async (url, init) => (init.method === "POST" ? this.#introspect(issuers, url, init) : this.#keys(url)),
      ...(asksKeys(config) ? { apiKeys: { lookup: (hash) => this.#apiKey(hash) } } : {}),
      ...(asksStore(config) ? { revocations: { lookup: (names) => this.#lookup(names) } } : {}),
      ...(isRequest && parsed(config.trust).dpop !== undefined ? { replays: { remember: (name, until) => this.#remember(name, until) } } : {}),
    };
  }

  settings() {
    const { context, nonce, accessToken, later } = this.step;
    return {
      ...(context === undefined ? {} : { context }),
      ...(nonce === undefined ? {} : { nonce }),
      ...(accessToken === undefined ? {} : { accessToken }),
      ...(later === true ? { waitUntil: (work) => this.#behind(work) } : {}),
    };
  }

  /** What was fetched last is what the work waits for. */
  #behind(work) {
    this.works.push(work);
    this.#lastFetch.isBehind = true;
  }

  async #keys(url) {
    this.asked.push(`keys ${url}`);
    const fetching = { isBehind: false };
    this.#lastFetch = fetching;
    await undefined;
    if (fetching.isBehind) await this.#answered;
    const cacheControl = own(this.step.cacheControl, url);
    return answer(own(this.step.keys, url), cacheControl === undefined ? {} : { "cache-control": cacheControl });
  }

  #introspect(issuers, url, { headers, body }) {
    this.asked.push(`introspection ${url}`);
    const { clientId, clientSecret } = issuers.find(({ introspection }) => introspection?.endpoint === url).introspection;
    const form = new URLSearchParams(body);
    const right =
      headers.authorization === `Basic ${btoa(`${encoded(clientId)}:${encoded(clientSecret)}`)}` &&
      headers["content-type"] === "application/x-www-form-urlencoded" &&
      [...form.keys()].join() === "token,token_type_hint" &&
      form.get("token_type_hint") === "access_token";
    const known = own(this.step.introspection, url);
    if (!right || known === undefined) return answer(undefined);
    return answer(own(known, form.get("token")) ?? { active: false });
  }

  #lookup(names) {
    this.asked.push("revocation");
    const { revocations } = this.step;
    if (revocations === "fails") throw new Error("the store fails");
    return names.map((name) => own(revocations, name) ?? null);
  }

  #remember(name, until) {
    this.asked.push("replay");
    if (this.step.replays === "fails") throw new Error("the store fails");
    const isNew = !(this.step.now < this.#proofs.get(name));
    if (isNew) this.#proofs.set(name, until);
    return isNew;
  }

  #apiKey(hash) {
    this.asked.push(`apiKey ${hash}`);
    if (this.step.apiKeys === "fails") throw new Error("the store fails");
    return own(this.step.apiKeys, hash) ?? null;
  }

  #load(type, id) {
    this.asked.push(`resource ${type}/${id}`);
    const resource = own(own(this.step.resources, type), id);
    if (resource === "fails") throw new Error("the loader fails");
    return resource ?? null;
  }
}

function encoded(text) {
  return new URLSearchParams([["", text]]).toString().slice(1);
}

function answer(body, headers = {}) {
  if (body === undefined) return new Response("not here", { status: 404 });
  return new Response(typeof body === "string" ? body : JSON.stringify(body), { headers });
}

async function twice(guard, host, vector) {
  const tell = listening(guard);
  const first = await step(guard, host, vector, tell);
  // A proof counts once.
  host.forgetProofs();
  const answers = [await shown(await guard.check(vector.request, host.settings()), tell)];
  if (guard.synchronous) answers.push(await shown(guard.checkSync(vector.request, host.settings()), tell));
  return [...first, ...answers.map((actual) => compared(vector.expect, actual))];
}

async function inOrder(guard, host, steps) {
  const tell = listening(guard);
  const found = [];
  for (const [index, one] of steps.entries()) found.push(...(await step(guard, host, one, tell, `[${index}]`)));
  return found;
}

/** Asks once, and lets the host end what it does behind the answer. */
async function step(guard, host, one, tell, at) {
  host.begin(one);
  const found = [];
  for (const { name, of, notBefore, until } of one.push ?? []) {
    found.push(compared(name, guard.revocationName(of), at));
    guard.revoke({ ...of, notBefore, until });
  }
  const actual = await shown(await guard.check(one.request, host.settings()), tell);
  await host.end();
  found.push(compared(one.expect, actual, at));
  if (one.asked !== undefined) found.push(compared(one.asked, host.asked, at));
  return found;
}

/** The event of the decision that was told last. */
function listening(guard) {
  let last;
  guard.onDecision((event) => {
    last = event;
  });
  return () => last;
}

/** An outcome in the form in which the vectors expect it. */
async function shown(outcome, tell) {
  const { reason, token, apiKey, breakGlass } = tell();
  if (outcome.allowed) return { ...outcome, reason, ...(token?.dropped ? { dropped: token.dropped } : {}), ...(apiKey === undefined ? {} : { apiKey }), ...(breakGlass === undefined ? {} : { breakGlass }) };
  const response = outcome.response();
  const body = await response.text();
  const sent = Object.fromEntries(Object.keys(outcome.headers).map((name) => [name, response.headers.get(name)]));
  const same = response.status === outcome.status && [...response.headers].length === Object.keys(sent).length;
  const { allowed, status, headers } = outcome;
  if (!same || JSON.stringify(sent) !== JSON.stringify(headers)) throw new Error("response() differs from the outcome");
  if (status !== outcome.problem.status || outcome.code !== outcome.problem.code) throw new Error("the problem differs from the outcome");
  return { allowed, status, headers, body, reason };
}
