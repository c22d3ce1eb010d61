// A policy whose permissions ask of an item everything that a filter can say, and those who ask.

import { now } from "../tokens.mjs";
import { columns as attributes } from "./rows.mjs";

/** What a condition asks, by the action whose permission has it. */
export const conditions = {
  yes: "true",
  no: "false",
  status: "resource.status == 'open'",
  otherStatus: "resource.status != 'open'",
  unicode: "resource.title == 'żółć 🦊'",
  composed: "resource.title == 'é'",
  quoted: `resource.title == "O'Brien" || resource.title == 'say "x"' || resource.title == 'back\\\\slash'`,
  noText: "resource.title == ''",
  anyText: "resource.title != ''",
  sql: "resource.title == '\\'; DROP TABLE item; --'",
  before: "resource.title < 'm'",
  upTo: "resource.title <= 'm'",
  after: "resource.title > 'a'",
  from: "resource.title >= 'é'",
  beyondTheFirstPlane: "resource.title > '\\uffff'",
  private: "resource.title >= '\\ue000' && resource.title <= '\\uffff'",
  notBefore: "!(resource.title < 'm')",
  more: "resource.count > 5",
  less: "resource.count < 2",
  atMost: "resource.count <= -1",
  atLeast: "resource.count >= 9007199254740991",
  notZero: "resource.count != 0",
  three: "3 == resource.count",
  cheap: "resource.price < 0.1",
  tenth: "resource.price == 0.1",
  sum: "resource.price == 0.30000000000000004",
  tiny: "resource.price > 0.0 && resource.price <= 5e-324",
  huge: "resource.price >= 1e307 || resource.price < -1.5e300",
  prices: "resource.price in [0.1, 0.3, 1e22, 2.0]",
  noPrices: "!(resource.price in [0.1, 0.3, 1e22])",
  open: "resource.open",
  closed: "!resource.open",
  isOpen: "resource.open == true",
  isNotOpen: "resource.open != true",
  underTrue: "resource.open < true",
  underFalse: "resource.open < false",
  upToTrue: "resource.open <= true",
  bothOpen: "resource.open == resource.hidden",
  eitherOpen: "resource.open || resource.hidden",
  openAndMore: "resource.open && resource.count > 3",
  notOpenAndMore: "!(resource.open && resource.count > 3)",
  notOpenOrMore: "!(resource.open || !(resource.count > 3))",
  created: "resource.created <= now",
  due: "resource.due > now + duration('1h')",
  old: "resource.due < timestamp('2026-01-01T00:00:00Z')",
  onTheSecond: "resource.created == timestamp('2026-09-21T14:13:20Z')",
  notOnTheSecond: "!(resource.created == timestamp('2026-09-21T14:13:20Z'))",
  someMoments: "resource.created in [now, timestamp('2026-01-01T00:00:00Z')]",
  late: "resource.created > resource.due",
  notLate: "!(resource.created > resource.due)",
  tagged: "'x' in resource.tags",
  untagged: "!('x' in resource.tags)",
  taggedOddly: "'o\\'dd \"tag\"' in resource.tags || 'żółć 🦊' in resource.tags",
  shared: "resource.groups.exists(g, g in subject.groups)",
  sharing: "subject.groups.exists(g, g in resource.groups)",
  unshared: "!resource.groups.exists(g, g in subject.groups)",
  oneOf: "resource.status in ['open', 'new', 'żółć 🦊']",
  noneOf: "!(resource.status in ['open', 'new'])",
  ofTheGroups: "resource.status in subject.groups",
  ofNoGroup: "!(resource.status in subject.groups)",
  counts: "resource.count in [1, 2, 3, -5]",
  seven: "7 in resource.numbers",
  notSeven: "!(7 in resource.numbers)",
  weight: "0.1 in resource.weights || 1e22 in resource.weights",
  notWeight: "!(0.1 in resource.weights)",
  flagged: "true in resource.flags",
  titled: "has(resource.title)",
  untitled: "!has(resource.title)",
  listed: "has(resource.tags) && !('x' in resource.tags)",
  countedOrNot: "!has(resource.count) || resource.count > 2",
  choice: "resource.open ? resource.count > 3 : resource.status == 'open'",
  dueOrOpen: "has(resource.due) ? resource.due > now : resource.open",
  vip: "subject.vip ? true : resource.open",
  percent: "resource.title.startsWith('a%')",
  underscore: "resource.title.endsWith('_b')",
  apostrophe: "resource.title.contains(\"'\")",
  backslash: "resource.title.contains('\\\\')",
  upperCase: "resource.title.startsWith('A')",
  accent: "resource.title.contains('é')",
  fox: "resource.title.endsWith('🦊')",
  plain: "resource.title.startsWith('ax')",
  noPercent: "!resource.title.contains('%')",
  noStart: "!resource.title.startsWith('a')",
  noEnd: "!resource.title.endsWith('b')",
  prefix: "resource.title.startsWith(subject.prefix)",
  sameText: "resource.title == resource.other",
  otherText: "resource.title != resource.other",
  underOther: "resource.title < resource.other",
  enough: "resource.count >= resource.amount",
  notAmount: "!(resource.count == resource.amount)",
  dear: "resource.price > resource.ratio",
  mine: "resource.owner == subject.id && subject.level > 3",
  region: "resource.status == subject.region || resource.open",
  level: "subject.level > 3 || resource.open",
  division: "10 / subject.level > 1 || resource.open",
  word: "context.words.exists(w, w == resource.status)",
  named: "action.name == 'named' && resource.id != 'i7'",
  asEditor: "'editor' in subject.roles || resource.hidden",
  asAdmin: "'admin' in subject.roles || 'alpha' in subject.roles || resource.hidden",
};

/** Actions that say more than one condition. */
const others = ["own", "ruled", "required", "unlessMine", "admin", "two", "fielded", "both", "exclusive"];

const actions = [...Object.keys(conditions), ...others];

export const policy = {
  policy: "desk",
  revision: 1,
  resources: {
    item: { actions, owner: "owner", tenant: "tenant", attributes },
    note: { actions: ["read", "write"], owner: { resource: "other", subject: "email" }, attributes },
  },
  permissions: ["report", "audit"],
  subject: { attributes: { groups: "list(string)", level: "int", region: "string", prefix: "string", vip: "bool", email: "string" } },
  context: { attributes: { words: "list(string)" } },
  roles: {
    reader: {
      permits: [
        ...Object.entries(conditions).map(([action, when]) => ({ permission: `item:${action}`, when })),
        { permission: "item:own", owner: true },
        "item:ruled",
        "item:required",
        { permission: "item:unlessMine", when: "resource.count > 0" },
        { permission: "item:two", when: "resource.open" },
        { permission: "item:two", owner: true, when: "resource.count > 3" },
        { permission: "item:fielded", fields: ["title"] },
        { permission: "item:both", fields: ["title"] },
        { permission: "item:both", when: "resource.open" },
        { permission: "note:read", owner: true },
        { permission: "note:write", owner: true, when: "!resource.hidden" },
        "report",
      ],
    },
    editor: { inherits: ["reader"], permits: [{ permission: "item:two", when: "resource.hidden" }] },
    requester: { permits: ["item:exclusive"] },
    approver: { permits: [{ permission: "item:exclusive", when: "resource.open" }, "item:own"] },
    super: { permits: ["item:*", "audit"] },
    admin: { permits: ["item:admin", { permission: "item:status", when: "has(resource.status)" }], elevated: { acr: ["mfa"], maxAuthAge: 900 } },
    alpha: { permits: ["item:admin", { permission: "item:own", when: "resource.count > 0" }, "item:asAdmin"], elevated: { acr: ["hardware"] } },
    beta: { permits: [{ permission: "item:own", when: "resource.open" }, "item:asAdmin"], elevated: { justification: true } },
  },
  exclusive: [["requester", "approver"]],
  rules: [
    { id: "archived", effect: "deny", permissions: ["item:ruled", "item:admin"], when: "resource.status == 'archived'", unless: "'admin' in subject.roles" },
    { id: "hidden", effect: "deny", permissions: ["item:ruled"], when: "resource.hidden && resource.count > 2" },
    { id: "counted", effect: "require", permissions: ["item:required"], when: "resource.count > 0 && resource.created <= now", unless: "subject.vip" },
    { id: "mine", effect: "deny", permissions: ["item:unlessMine"], when: "resource.owner != subject.id", unless: "resource.open" },
    { id: "tagged", effect: "deny", permissions: ["item:unlessMine"], when: "'frozen' in resource.tags" },
  ],
};

const about = { groups: ["x", "y"], level: 5, region: "open", prefix: "a", vip: true, email: "ann" };

export const subjects = {
  nobody: { id: "ann" },
  ann: { id: "ann", roles: ["reader"], attributes: about },
  bob: { id: "bob", roles: ["reader"], attributes: { groups: [], level: 0, prefix: "", vip: false, email: "" } },
  unknown: { id: "ann", roles: ["reader"] },
  attacker: {
    id: "'; DROP TABLE item; --",
    roles: ["reader"],
    attributes: { groups: ["'", '"', "x') OR 1=1; --", "?", "$1", "\\", "open"], level: 4, region: "' OR '1'='1", prefix: "%", vip: false, email: "O'Brien" },
  },
  crowded: { id: "cat", roles: ["reader"], attributes: { ...about, vip: false, groups: Array.from({ length: 300 }, (_, index) => (index === 7 ? "x" : `g${index}`)) } },
  editor: { id: "bob", roles: ["editor"], attributes: { ...about, vip: false, prefix: "O'" } },
  tenant: { id: "ann", assignments: [{ role: "reader", tenant: "acme" }], attributes: about },
  tenants: {
    id: "ann",
    roles: ["requester"],
    assignments: [
      { role: "reader", tenant: "acme" },
      { role: "editor", tenant: "o'dd \"tenant\"" },
      { role: "super", tenant: "globex", notAfter: now },
      { role: "super", tenant: "globex", notBefore: now + 1 },
      { role: "approver", tenant: "globex" },
      { role: "super", tenant: "", notBefore: now, notAfter: now + 1 },
    ],
    attributes: { ...about, vip: false },
  },
  exclusive: { id: "ann", roles: ["requester", "approver", "reader"], attributes: about },
  approver: { id: "ann", roles: ["approver"], attributes: about },
  ownPermissions: { id: "ann", permissions: ["item:status", "item:ruled", "item:required", "note:write", "report"] },
  superuser: { id: "root", roles: ["super"] },
  strong: { id: "ann", roles: ["reader", "admin"], acr: "mfa", authTime: now - 10, attributes: { ...about, vip: false } },
  weak: { id: "ann", roles: ["reader", "admin"], acr: "pwd", authTime: now - 10, attributes: about },
  stale: { id: "ann", roles: ["admin"], acr: "mfa", authTime: now - 901 },
  adminOnly: { id: "bob", roles: ["admin"], acr: "mfa", authTime: now },
  twoElevated: { id: "bob", roles: ["alpha", "beta", "requester"], acr: "mfa" },
  tenantAdmin: { id: "ann", roles: ["requester"], assignments: [{ role: "admin", tenant: "acme" }], acr: "mfa", authTime: now },
  service: { id: "ann", kind: "service", roles: ["reader"], attributes: about },
};

export const permissions = [
  ...actions.map((action) => `item:${action}`),
  "note:read",
  "note:write",
  "report",
  "audit",
  "item:unknown",
  "unknown:read",
  "unknown",
];

const elevatedRoles = ["admin", "alpha", "beta"];

const isElevated = ({ roles = [], assignments = [] }) => [...roles, ...assignments.map(({ role }) => role)].some((role) => elevatedRoles.includes(role));

/** Those of whom everything is asked; of the others what their roles and permissions decide. */
const asked = ["ann", "bob", "unknown", "attacker", "crowded", "editor", "tenants", "strong"];
const decided = [...others, "status", "open", "tagged", "asEditor", "asAdmin", "level"].map((action) => `item:${action}`);

/** No filter says which items have no group at all, and no other is free of those that the subject has not. */
const unsaid = ["unknown item:unshared"];

export const questions = Object.entries(subjects).flatMap(([name, subject]) =>
  permissions
    .filter((permission) => asked.includes(name) || decided.includes(permission) || !permission.startsWith("item:"))
    .filter((permission) => !unsaid.includes(`${name} ${permission}`))
    .flatMap((permission) =>
      (isElevated(subject) ? [false, true] : [false]).map((elevated) => ({
        name: `${name} ${permission}${elevated ? " elevated" : ""}`,
        subject,
        permission,
        elevated,
        // What elevated roles allow is not to be selected.
        isBounded: isElevated(subject) && !elevated,
        context: { words: ["open", "żółć 🦊", "'"], ...(name === "twoElevated" ? { justification: "because" } : {}) },
      })),
    ),
);

/** What an emitter is asked whose SQL is another's. */
export const fewer = questions.filter(({ name }) => /^(ann|attacker|tenants|strong|tenantAdmin) /.test(name));

/** Conditions that no filter says, by the comparison that it is about. */
export const unlisted = Object.fromEntries(
  [
    "resource.title.matches('^a')",
    "size(resource.title) > 3",
    "resource.count + 1 > 3",
    "resource.due - duration('1h') > now",
    "resource.title in resource.tags",
    "resource.created.getFullYear() == 2026",
    "resource.tags.all(t, t in subject.groups)",
    "resource.tags[0] == 'x'",
    "resource.tags == resource.groups",
    "resource.title + 'x' == 'ax'",
    "resource.title.startsWith(resource.other)",
    "[resource.title] == ['a']",
    "(resource.open ? resource.count : resource.amount) > 3",
  ].flatMap((comparison) => [[comparison, comparison], [`resource.open && !(${comparison} || resource.hidden)`, comparison]]),
);
