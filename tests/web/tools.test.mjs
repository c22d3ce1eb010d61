// `portcullis/tools`: a policy in YAML, and its names in TypeScript and Rust.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { home, suites, tools as installed } from "./home.mjs";
import { full, tools } from "./package.mjs";

const { fromYaml, rustOf, toJson, typesOf } = tools.imported;
const { Guard } = full.imported;
const folder = join(home, "tools");
mkdirSync(folder, { recursive: true });

const policy = {
  policy: "blog",
  revision: 7,
  resources: { article: { actions: ["read", "update"] }, "x.y": { actions: ["photos/add"] } },
  permissions: ["read_users", "exportAll", "2fa"],
  roles: { admin: { permits: ["*"] }, "senior-editor": {}, __proto__X: {} },
  routes: [
    { route: "GET /", allow: "everyone" },
    { route: "GET /articles/{id}", permission: "article:read" },
    { route: "* /public/**", allow: "everyone" },
    { route: 'GET /q"\u202e`', allow: "everyone" },
  ],
};

const yaml = `
# Who may do what.
policy: blog
revision: 0x7
resources:
  article: { actions: [read, update] }
  x.y:
    actions:
      - photos/add
permissions: [read_users, exportAll, "2fa"]
roles:
  admin:
    permits: ["*"]
  senior-editor: {}
  __proto__X: {}
routes:
  - { route: GET /, allow: everyone }
  - route: GET /articles/{id}
    permission: article:read
  - route: >-
      *
      /public/**
    allow: everyone
  - route: "GET /q\\"\\u202E\`"
    allow: everyone
`;

/** The hash of a policy, as its events tell it. */
function hashOf(document) {
  const guard = new Guard({ policy: document });
  let hash;
  guard.onDecision((event) => {
    hash = event.policy.hash;
  });
  guard.checkSync({ method: "GET", url: "/", headers: {} });
  return hash;
}

describe("fromYaml", () => {
  test("means_the_same_policy_as_JSON", () => {
    assert.deepEqual(fromYaml(yaml), policy);
    assert.match(hashOf(policy), /^sha256:[\w-]{43}$/);
    assert.equal(hashOf(fromYaml(yaml)), hashOf(policy));
    assert.equal(hashOf(toJson(yaml)), hashOf(policy));
    assert.notEqual(hashOf(fromYaml(yaml.replace("0x7", "8"))), hashOf(policy));
  });

  test("takes_JSON", () => {
    const configs = suites().flatMap(({ configs = {} }) => Object.values(configs));
    const documents = configs.flatMap(({ policy, trust }) => [policy, trust]).filter((document) => typeof document === "object");
    assert.ok(documents.length > 300, String(documents.length));
    for (const document of [policy, ...documents]) {
      for (const indent of [0, 2]) assert.deepEqual(fromYaml(JSON.stringify(document, null, indent)), document);
    }
    assert.deepEqual(fromYaml('{"__proto__": {"a": 1}}'), JSON.parse('{"__proto__": {"a": 1}}'));
  });

  test("reads_the_words_of_YAML_1_2_alone", () => {
    const { read } = fromYaml("read: [yes, no, on, off, true, null, ~, 12, -0x10, 0o17, 017, 12:30, 2026-01-01, 1_000, '5', =]");
    const wanted = ["yes", "no", "on", "off", true, null, null, 12, "-0x10", 15, 17, "12:30", "2026-01-01", "1_000", "5", "="];
    assert.deepEqual(read, wanted);
  });

  test("keeps_whole_numbers_as_they_are", () => {
    assert.deepEqual(fromYaml("a: 9007199254740992\nb: -9007199254740992\nc: 9007199254740991"), { a: 2 ** 53, b: -(2 ** 53), c: 2 ** 53 - 1 });
  });

  const refused = {
    "a member twice": ["a: 1\nb: 2\na: 3", /line 3, column 1: duplicate key$/],
    "a member twice, once quoted": ['a: 1\n"a": 3', /duplicate key$/],
    "an alias": ["a: &x 1\nb: *x", /an anchor/],
    "an anchor without alias": ["a: &x { b: 1 }", /line 1, column \d+: an anchor/],
    "an alias to nothing": ["a: *x", /alias/],
    "aliases of aliases": ["a: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]", /an anchor/],
    "a merge key": ["a: { <<: { b: 1 } }", /a merge key/],
    "a tag of one's own": ["a: !secret x", /tag/],
    "a tag for what it is": ["a: !!str 5", /a tag/],
    "a tag on a map": ["a: !!map {}", /a tag/],
    "a set": ["a: !!set { b }", /tag/],
    "the tag of no tag": ["a: ! 5", /a tag/],
    "a fraction": ["a: 1.5", /not whole/],
    "a fraction that is none": ["a: 1.0", /not whole/],
    "an exponent": ["a: 1e3", /not whole/],
    "no number": ["a: .nan", /not whole/],
    "infinity": ["a: -.inf", /not whole/],
    "more than 2^53": ["a: 9007199254740993", /beyond 2\^53/],
    "a key that is a number": ["roles: { 1: {} }", /no text/],
    "a key that is true": ["roles: { true: {} }", /no text/],
    "a key that is nothing": ["roles: { ~: {} }", /no text/],
    "a key that is a list": ["roles: { [a]: {} }", /no text/],
    "a version of before": ["%YAML 1.1\n---\na: yes", /only YAML 1\.2/],
    "a version to come": ["%YAML 1.3\n---\na: yes", /./],
    "two documents": ["a: 1\n---\nb: 2", /multiple docs/],
    "a list": ["- a", /is a map/],
    "a word": ["a", /is a map/],
    "nothing": ["", /is a map/],
    "a tab to indent": ["a:\n\tb: 1", /./],
    "an open quote": ['a: "b', /./],
    "what is too deep": [`a: ${"[".repeat(32)}${"]".repeat(32)}`, /deeper than 32/],
    "what is far too deep": [`a: ${"[".repeat(100_000)}`, /./],
    "too long a text": [`a: "${"x".repeat(4 << 20)}"`, /too long/],
  };
  for (const [what, [text, message]] of Object.entries(refused)) {
    test(`refuses: ${what}`, () => {
      for (const read of [fromYaml, toJson]) assert.throws(() => read(text), { name: "SyntaxError", message });
    });
  }

  test("is_as_deep_as_a_guard_reads", () => {
    const deep = `a: ${"[".repeat(31)}${"]".repeat(31)}`;
    assert.throws(() => new Guard({ policy: toJson(deep) }), { code: "unknown_member" });
  });

  test("tells_no_value", () => {
    for (const text of ["secret: *hidden", 'secret: "hidden', "secret: !hidden hidden", "secret: hidden\nsecret: hidden", "hidden: {", "? [hidden]\n: hidden"]) {
      assert.throws(() => fromYaml(text), (error) => {
        assert.ok(error instanceof SyntaxError);
        assert.doesNotMatch(`${error.message} ${error.cause}`, /hidden/);
        return true;
      });
    }
  });

  test("wants_text", () => {
    assert.throws(() => fromYaml(5), { name: "TypeError" });
  });
});

describe("typesOf", () => {
  const generated = typesOf(policy);

  test("is_the_same_text_for_the_same_policy", () => {
    assert.equal(typesOf(JSON.stringify(policy)), generated);
    assert.equal(typesOf({ ...policy, permissions: policy.permissions.toReversed?.() ?? [...policy.permissions].reverse() }), generated);
  });

  test("compiles_and_refuses_a_typo", () => {
    writeFileSync(join(folder, "policy.d.ts"), generated);
    writeFileSync(
      join(folder, "use.mts"),
      `import { Guard, type PermissionOf, type RoleOf } from "portcullis";
import type { Permission, Policy, ResourceType, Role, Route } from "./policy.js";
const guard = new Guard<Policy>({ policy: {} });
const names: [Permission, Role, ResourceType, Route] = ["x.y:photos/add", "senior-editor", "article", "GET /articles/{id}"];
const same: PermissionOf<Policy> = names[0];
const role: RoleOf<Policy> = names[1];
export const may: boolean = guard.can({ id: "u1", roles: [role] }, same) || guard.can({ id: "u1" }, "article:update");
// @ts-expect-error a typo
guard.can({ id: "u1" }, "articel:update");
// @ts-expect-error a typo
export const typo: Role = "admni";
`,
    );
    const options = { module: "nodenext", target: "es2022", types: [], strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: ["use.mts"] }));
    const { status, stdout } = spawnSync(process.execPath, [join(installed, "typescript/bin/tsc"), "--project", folder], { encoding: "utf8" });
    assert.equal(status, 0, stdout);
  });

  test("has_no_name_where_there_is_none", () => {
    assert.match(typesOf({ policy: "p", revision: 1 }), /export type Role = never;/);
  });

  test("wants_a_policy", () => {
    for (const wrong of [null, [], "[]", {}, { policy: "p", revision: 1, roles: [] }, { policy: "p", revision: 1, permissions: [5] }]) {
      assert.throws(() => typesOf(wrong), { name: "TypeError" });
      assert.throws(() => rustOf(wrong), { name: "TypeError" });
    }
  });
});

describe("rustOf", () => {
  const generated = rustOf(policy);
  const constants = {
    "permissions::ARTICLE_READ": "article:read",
    "permissions::ARTICLE_UPDATE": "article:update",
    "permissions::X_Y_PHOTOS_ADD": "x.y:photos/add",
    "permissions::READ_USERS": "read_users",
    "permissions::EXPORT_ALL": "exportAll",
    "permissions::_2FA": "2fa",
    "roles::ADMIN": "admin",
    "roles::SENIOR_EDITOR": "senior-editor",
    "roles::PROTO_X": "__proto__X",
    "resource_types::ARTICLE": "article",
    "resource_types::X_Y": "x.y",
    "routes::GET": "GET /",
    "routes::GET_ARTICLES_BY_ID": "GET /articles/{id}",
    "routes::ANY_PUBLIC_REST": "* /public/**",
    "routes::GET_Q": 'GET /q"\u202e`',
  };

  test("compiles_without_a_warning_and_has_the_right_texts", () => {
    const asserted = Object.entries(constants).map(([name, text]) => `    assert_eq!(${name}.as_bytes(), [${[...Buffer.from(text)].join(", ")}]);`);
    const source = `#![deny(warnings, missing_docs)]\n//! Checks.\n${generated}\n/// Checks.\npub fn main() {\n${asserted.join("\n")}\n}\n`;
    writeFileSync(join(folder, "library.rs"), `//! Checks.\n#![deny(warnings, missing_docs)]\n${generated}`);
    writeFileSync(join(folder, "checks.rs"), source);
    const rustc = (name, ...words) => spawnSync("rustc", ["--edition", "2024", "--out-dir", folder, ...words, join(folder, name)], { encoding: "utf8" });
    for (const { status, stderr } of [rustc("library.rs", "--crate-type", "lib", "--emit", "metadata"), rustc("checks.rs", "-D", "warnings")]) assert.equal(status, 0, stderr);
    execFileSync(join(folder, "checks"));
    assert.equal(generated.match(/pub const /g).length, Object.keys(constants).length);
  });

  test("says_each_name_in_a_comment", () => {
    assert.ok(generated.includes("    /// `article:update`\n    pub const ARTICLE_UPDATE: &str = \"article:update\";\n"));
  });

  test("is_a_module_where_there_is_no_name", () => {
    assert.match(rustOf({ policy: "p", revision: 1 }), /pub mod roles \{\}/);
  });

  const refused = {
    "two names that differ in punctuation": { permissions: ["a-b", "a_b"] },
    "two names that differ in case": { roles: { Admin: {}, admin: {} } },
    "a typed permission and a bare one": { resources: { a: { actions: ["b"] } }, permissions: ["a_b"] },
    "a name of punctuation alone": { roles: { "-": {} } },
  };
  for (const [what, members] of Object.entries(refused)) {
    test(`refuses: ${what}`, () => {
      assert.throws(() => rustOf({ policy: "p", revision: 1, ...members }), { name: "RangeError" });
    });
  }
});

describe("portcullis/tools", () => {
  const require = createRequire(join(home, "index.cjs"));

  test("is_the_same_required", () => {
    assert.deepEqual(tools.required.fromYaml(yaml), policy);
    assert.equal(tools.required.typesOf(policy), typesOf(policy));
    assert.equal(tools.required.rustOf(policy), rustOf(policy));
  });

  test("needs_no_other_package_and_keeps_the_licence_of_what_is_in_it", async () => {
    const alone = mkdtempSync(join(tmpdir(), "portcullis-tools-"));
    try {
      for (const [name, copy] of Object.entries({ "tools.js": "tools.mjs", "cjs/tools.js": "tools.cjs" })) {
        const text = readFileSync(join(home, "node_modules/portcullis/dist", name), "utf8");
        assert.ok(/Copyright Eemeli Aro[^]*Permission to use, copy, modify, and\/or distribute/.test(text), name);
        writeFileSync(join(alone, copy), text);
        const loaded = copy.endsWith(".cjs") ? require(join(alone, copy)) : await import(pathToFileURL(join(alone, copy)).href);
        assert.deepEqual(loaded.fromYaml(yaml), policy);
      }
    } finally {
      rmSync(alone, { recursive: true });
    }
  });

  test("stands_beside_the_schemas", () => {
    for (const kind of ["policy", "trust"]) assert.equal(require(`portcullis/${kind}.schema.json`).$schema, "https://json-schema.org/draft/2020-12/schema");
  });
});
