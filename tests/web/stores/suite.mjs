// What every store must do, one suite for all engines. It runs in Node and inside workerd, so it brings its own assertions.
//
// An engine is { store(clock), down() }: a store, and one whose engine does not answer or `undefined` where there is none
// such. Names are fresh for each case, so that all may run on one engine.

/** The clocks of the engines are the real one, so the suite's begins there. */
const start = Math.floor(Date.now() / 1000);

const fresh = () => `suite.${crypto.randomUUID()}`;

/** What is at hand in a case: a store, a clock that is set by hand, and a name that nobody has used. */
function setting(engine) {
  const clock = { now: start };
  return { store: engine.store(() => clock.now), clock, name: fresh() };
}

const cases = {
  async a_name_that_was_never_written_reads_null({ store, name }) {
    equal(await store.read(name), null);
  },

  async what_was_written_is_read() {
    const values = ["", " ", "a", "1 2 3", "a\nb\r\n", `"'\`;--\\`, "\u00e9\u20ac\u{1f600}\ufeff\u2028\uffff", '{"a":[1,null]}', "a".repeat(65_536), "\u20ac".repeat(21_845)];
    for (const value of values) {
      const { store, name } = setting(this.engine);
      equal(await store.swap(name, null, value, start + 60), true);
      equal((await store.read(name)).value, value);
    }
  },

  async where_something_is_nothing_is_no_longer_expected({ store, name }) {
    equal(await store.swap(name, null, "first", start + 60), true);
    const { version } = await store.read(name);
    equal(await store.swap(name, null, "second", start + 60), false);
    equal(await store.read(name), { value: "first", version });
  },

  async a_stale_version_writes_nothing({ store, name }) {
    await store.swap(name, null, "first", start + 60);
    const { version: first } = await store.read(name);
    equal(await store.swap(name, first, "second", start + 60), true);
    equal(await store.swap(name, first, "third", start + 60), false);
    const { value, version: second } = await store.read(name);
    equal(value, "second");
    equal(await store.swap(name, second, "fourth", start + 60), true);
    equal((await store.read(name)).value, "fourth");
  },

  async a_version_where_nothing_is_writes_nothing({ store, name }) {
    await store.swap(name, null, "first", start + 60);
    const { version } = await store.read(name);
    const other = fresh();
    equal(await store.swap(other, version, "second", start + 60), false);
    equal(await store.read(other), null);
  },

  async a_version_never_comes_back({ store, clock, name }) {
    const seen = [];
    const written = async (expected) => {
      equal(await store.swap(name, expected, "same", clock.now + 60), true);
      const { version } = await store.read(name);
      for (const before of seen) equal(await store.swap(name, before, "other", clock.now + 60), false);
      equal(seen.includes(version), false);
      seen.push(version);
      return version;
    };
    await written(await written(await written(null)));
    await store.remove(name);
    await written(null);
    clock.now += 60;
    await written(await written(null));
  },

  async a_version_that_nobody_gave_is_not_there({ store, name }) {
    const given = ["", "-", "=", "00", "null", "' OR 1=1 --", "a".repeat(1000), "\u00e9"];
    for (const version of given) equal(await store.swap(name, version, "value", start + 60), false);
    equal(await store.read(name), null);
    await store.swap(name, null, "first", start + 60);
    for (const version of given) equal(await store.swap(name, version, "second", start + 60), false);
    equal((await store.read(name)).value, "first");
  },

  async an_entry_ends_at_its_until_and_not_before({ store, clock, name }) {
    await store.swap(name, null, "first", start + 10);
    const { version } = await store.read(name);
    for (const now of [start + 9, start + 9.999]) {
      clock.now = now;
      equal((await store.read(name)).value, "first");
      equal(await store.swap(name, null, "second", start + 60), false);
    }
    clock.now = start + 10;
    equal(await store.read(name), null);
    equal(await store.swap(name, version, "second", start + 60), false);
    equal(await store.swap(name, null, "third", start + 60), true);
    equal((await store.read(name)).value, "third");
  },

  async a_fraction_of_the_end_is_rounded_up({ store, clock, name }) {
    await store.swap(name, null, "first", start + 9.1);
    clock.now = start + 9.9;
    equal((await store.read(name)).value, "first");
    clock.now = start + 10;
    equal(await store.read(name), null);
  },

  async the_end_is_that_of_the_last_write({ store, clock, name }) {
    await store.swap(name, null, "first", start + 10);
    await store.swap(name, (await store.read(name)).version, "second", start + 20);
    clock.now = start + 19;
    const { value, version } = await store.read(name);
    equal(value, "second");
    clock.now = start;
    equal(await store.swap(name, version, "third", start + 5), true);
    clock.now = start + 5;
    equal(await store.read(name), null);
  },

  async what_ends_in_the_past_is_not_there({ store, name }) {
    for (const until of [0, 1, start - 1, start]) {
      equal(await store.swap(name, null, "first", until), true);
      equal(await store.read(name), null);
    }
    await store.swap(name, null, "second", start + 60);
    equal(await store.swap(name, (await store.read(name)).version, "third", start), true);
    equal(await store.read(name), null);
  },

  async an_end_may_be_as_far_as_a_number_goes({ store, clock, name }) {
    equal(await store.swap(name, null, "first", Number.MAX_SAFE_INTEGER), true);
    clock.now = Number.MAX_SAFE_INTEGER - 1;
    equal((await store.read(name)).value, "first");
  },

  async what_is_removed_is_gone({ store, name }) {
    await store.remove(name);
    await store.swap(name, null, "first", start + 60);
    const { version } = await store.read(name);
    await store.remove(name);
    equal(await store.read(name), null);
    equal(await store.swap(name, version, "second", start + 60), false);
    equal(await store.swap(name, null, "third", start + 60), true);
    equal((await store.read(name)).value, "third");
  },

  async odd_names_are_names({ store, name }) {
    const odd = ["!", "~", "__proto__", "constructor", "toString", "'", '"', "`", "\\", "%", "_", "*", "?1", "{a}", "$1", ":", "';--", "A", "a"];
    const names = [...odd.map((text) => `${name}${text}`), "__proto__", "constructor", name.padEnd(512, "x"), name.padEnd(511, "x")];
    for (const one of names) await store.remove(one);
    for (const one of names) equal(await store.swap(one, null, one, start + 60), true);
    for (const one of names) equal((await store.read(one)).value, one);
    for (const one of names) await store.remove(one);
    for (const one of names) equal(await store.read(one), null);
  },

  async a_name_has_its_limits({ store }) {
    for (const wrong of ["", " ", "a b", "a\n", "\na", "a\tb", "\u00e9", "a\0", "\x7f", "a".repeat(513)]) {
      for (const call of callsOf(store, wrong)) await refused(call, "name_malformed");
    }
    for (const wrong of [undefined, null, 1, {}, ["a"]]) {
      for (const call of callsOf(store, wrong)) equal((await thrown(call)) instanceof TypeError, true);
    }
  },

  async a_value_has_its_limits({ store, name }) {
    for (const wrong of ["a".repeat(65_537), "\u00e9".repeat(32_769), "\u{1f600}".repeat(16_385)]) await refused(() => store.swap(name, null, wrong, start + 60), "value_too_large");
    for (const wrong of ["\ud800", "a\udc00b", "\udc00\ud800", "\0", "a\0b"]) await refused(() => store.swap(name, null, wrong, start + 60), "value_malformed");
    for (const wrong of [undefined, null, 1, {}, ["a"]]) equal((await thrown(() => store.swap(name, null, wrong, start + 60))) instanceof TypeError, true);
    equal(await store.read(name), null);
  },

  async an_argument_of_another_type_is_refused({ store, name }) {
    for (const wrong of [undefined, 1, {}, true]) equal((await thrown(() => store.swap(name, wrong, "value", start + 60))) instanceof TypeError, true);
    for (const wrong of [undefined, null, "1", -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      equal((await thrown(() => store.swap(name, null, "value", wrong))) instanceof TypeError, true);
    }
    equal(await store.read(name), null);
  },

  async a_clock_that_says_nothing_ends_nothing({ store, clock, name }) {
    await store.swap(name, null, "first", start + 60);
    for (const wrong of [undefined, null, "1", Number.NaN, -1, Number.POSITIVE_INFINITY]) {
      clock.now = wrong;
      equal((await thrown(() => store.read(name))) instanceof TypeError, true);
      equal((await thrown(() => store.swap(name, null, "second", start + 60))) instanceof TypeError, true);
    }
    clock.now = start;
    equal((await store.read(name)).value, "first");
  },

  async an_engine_that_is_down_is_an_error() {
    const store = await this.engine.down?.();
    if (store === undefined) return;
    for (const call of callsOf(store, fresh())) await refused(call, "store_unavailable");
  },
};

/** Those that want many callers at once. */
const races = {
  async of_fifty_that_find_nothing_one_wins({ store, name }) {
    const won = await fifty((turn) => store.swap(name, null, String(turn), start + 60));
    equal(won.filter(Boolean).length, 1);
    equal((await store.read(name)).value, String(won.indexOf(true)));
  },

  async of_fifty_with_one_version_one_wins({ store, name }) {
    await store.swap(name, null, "first", start + 60);
    const { version } = await store.read(name);
    const won = await fifty((turn) => store.swap(name, version, String(turn), start + 60));
    equal(won.filter(Boolean).length, 1);
    equal((await store.read(name)).value, String(won.indexOf(true)));
  },

  async of_fifty_that_find_an_end_one_wins({ store, clock, name }) {
    await store.swap(name, null, "first", start + 10);
    clock.now = start + 10;
    const won = await fifty((turn) => store.swap(name, null, String(turn), start + 60));
    equal(won.filter(Boolean).length, 1);
  },

  async fifty_increments_end_at_fifty({ store, name }) {
    await fifty(async () => {
      for (let tries = 0; tries < 1000; tries += 1) {
        const held = await store.read(name);
        if (await store.swap(name, held?.version ?? null, String(Number(held?.value ?? 0) + 1), start + 60)) return;
      }
      throw new Error("never won");
    });
    equal((await store.read(name)).value, "50");
  },

  async a_proof_is_new_once({ store, clock, name }) {
    const replays = new this.engine.AtomicReplays(store);
    equal((await fifty(() => replays.remember(name, start + 60))).filter(Boolean).length, 1);
    equal(await replays.remember(name, start + 60), false);
    equal(await replays.remember(fresh(), start + 60), true);
    clock.now = start + 60;
    equal(await replays.remember(name, start + 120), true);
    for (const wrong of [undefined, "", "a b"]) equal((await thrown(() => replays.remember(wrong, start + 60))) instanceof Error, true);
    const down = await this.engine.down?.();
    if (down !== undefined) await refused(() => new this.engine.AtomicReplays(down).remember(name, start + 60), "store_unavailable");
  },
};

/** What every store of revocations must do. An engine is { facts(clock), down() }. */
const revocations = {
  async answers_come_in_the_order_of_the_names({ facts, name }) {
    const odd = [`${name}'`, `${name}"`, `${name}_`, "__proto__", "constructor"];
    await facts.revoke(`${name}a`, start, start + 10);
    await facts.revoke(`${name}b`, start - 9.5, start + 10);
    equal(await facts.lookup([`${name}b`, ...odd, `${name}a`]), [start - 9, ...odd.map(() => null), start]);
    equal(await facts.lookup([`${name}a`, `${name}a`]), [start, start]);
    equal(await facts.lookup([]), []);
  },

  async of_two_facts_the_later_moments_count({ facts, clock, name }) {
    await facts.revoke(name, start, start + 10);
    await facts.revoke(name, start - 50, start + 20);
    await facts.revoke(name, start - 60, start + 5);
    equal(await facts.lookup([name]), [start]);
    clock.now = start + 19;
    equal(await facts.lookup([name]), [start]);
    clock.now = start + 20;
    equal(await facts.lookup([name]), [null]);
    await facts.revoke(name, start - 60, start + 30);
    equal(await facts.lookup([name]), [start - 60]);
  },

  async a_fact_ends_at_its_until({ facts, clock, name }) {
    await facts.revoke(name, 0, start + 10);
    clock.now = start + 9.9;
    equal(await facts.lookup([name]), [0]);
    clock.now = start + 10;
    equal(await facts.lookup([name]), [null]);
    await facts.revoke(name, start, start);
    equal(await facts.lookup([name]), [null]);
  },

  async moments_may_be_as_far_as_a_number_goes({ facts, name }) {
    await facts.revoke(name, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    equal(await facts.lookup([name]), [Number.MAX_SAFE_INTEGER]);
  },

  async of_fifty_at_once_none_is_lost({ facts, clock, name }) {
    await fifty((turn) => facts.revoke(name, start + ((turn * 7) % 50), start + 100 + ((turn * 11) % 50)));
    equal(await facts.lookup([name]), [start + 49]);
    clock.now = start + 148;
    equal(await facts.lookup([name]), [start + 49]);
    clock.now = start + 149;
    equal(await facts.lookup([name]), [null]);
  },

  async moments_alone_are_taken({ facts, name }) {
    for (const wrong of [undefined, Number.NaN, "1", -1, Number.POSITIVE_INFINITY]) {
      equal((await thrown(() => facts.revoke(name, wrong, start + 60))) instanceof TypeError, true);
      equal((await thrown(() => facts.revoke(name, start, wrong))) instanceof TypeError, true);
    }
    equal(await facts.lookup([name]), [null]);
  },

  async an_engine_that_is_down_is_an_error({ name }) {
    const facts = await this.engine.down?.();
    if (facts === undefined) return;
    await refused(() => facts.lookup([name]), "store_unavailable");
    await refused(() => facts.revoke(name, start, start + 60), "store_unavailable");
  },
};

/** The names of the cases, by suite. */
export const suites = { cases: Object.keys(cases), races: Object.keys(races), revocations: Object.keys(revocations) };

/** Runs one case on an engine; rejects where it fails. */
export async function run(suite, name, engine) {
  if (suite === "revocations") {
    const clock = { now: start };
    return revocations[name].call({ engine }, { facts: engine.facts(() => clock.now), clock, name: fresh() });
  }
  return { cases, races }[suite][name].call({ engine }, setting(engine));
}

/** Every call of a store, with that name. */
function callsOf(store, name) {
  return [() => store.read(name), () => store.swap(name, null, "value", start + 60), () => store.swap(name, "a", "value", start + 60), () => store.remove(name)];
}

function fifty(work) {
  return Promise.all(Array.from({ length: 50 }, (_, turn) => work(turn)));
}

async function thrown(call) {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

async function refused(call, code) {
  const error = await thrown(call);
  equal([error.name, error.code], ["StoreError", code]);
}

function equal(actual, expected) {
  const [left, right] = [actual, expected].map((value) => JSON.stringify(value, (_, member) => (isObject(member) ? Object.fromEntries(Object.entries(member).sort()) : member)));
  if (left !== right) throw new Error(`${left?.slice(0, 200)} is not ${right?.slice(0, 200)}`);
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
