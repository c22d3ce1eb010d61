// What a filter means, as types.d.ts says it: read once more, as plainly as it can be, to hold the emitters against it.

import { chance, columns, pick, rows } from "./rows.mjs";

const SIGNS = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
};

/** Whether the filter is true of the row. */
export const selects = (filter, row) => truth(filter, row) === true;

/** True, false, or null. */
function truth(filter, row) {
  const value = row[filter.attribute];
  switch (filter.op) {
    case "all":
      return true;
    case "none":
      return false;
    case "and":
      return every(filter.filters.map((part) => truth(part, row)));
    case "or":
      return not(every(filter.filters.map((part) => not(truth(part, row)))));
    case "not":
      return not(truth(filter.filter, row));
    case "present":
      return value !== null;
    case "same": {
      const [left, right] = filter.attributes.map((name) => row[name]);
      return left === null || right === null ? null : SIGNS[filter.compare](order(left, right));
    }
    case "in":
      return value === null ? null : filter.values.some((one) => order(value, one) === 0);
    case "startsWith":
    case "endsWith":
    case "contains":
      return value === null ? null : { startsWith: value.startsWith(filter.value), endsWith: value.endsWith(filter.value), contains: value.includes(filter.value) }[filter.op];
    case "hasSome":
      return value === null ? null : filter.values.some((one) => value.includes(one));
    default:
      return value === null ? null : SIGNS[filter.op](order(value, filter.value));
  }
}

const not = (value) => (value === null ? null : !value);
const every = (values) => (values.includes(false) ? false : values.includes(null) ? null : true);

function order(left, right) {
  if (typeof left !== "string") return Number(left) - Number(right);
  const [a, b] = [Array.from(left), Array.from(right)];
  for (const [place, letter] of a.entries()) {
    if (b[place] === undefined) return 1;
    if (letter !== b[place]) return letter.codePointAt(0) - b[place].codePointAt(0);
  }
  return a.length - b.length;
}

/** The ops of the filter and of all in it. */
export function ops(filter) {
  const inner = filter.op === "not" ? [filter.filter] : (filter.filters ?? []);
  return [filter.op, ...inner.flatMap(ops)];
}

const SCALARS = Object.entries(columns).filter(([, type]) => !type.startsWith("list"));
const TEXTS = SCALARS.filter(([, type]) => type === "string");
const LISTS = Object.entries(columns).filter(([, type]) => type.startsWith("list"));

/** Filters of every form, as no policy would make them. */
export function someFilters(count, seed = 7) {
  const next = chance(seed);
  const value = (name, type) => {
    const found = pick(next, rows.map((row) => row[name]).flat().filter((one) => one !== null && (type !== "timestamp" || Number.isInteger(one))));
    return type === "bool" ? Boolean(found) : found;
  };
  const leaves = [
    () => ({ op: pick(next, ["all", "none"]) }),
    () => ({ op: "present", attribute: pick(next, Object.keys(columns)) }),
    () => {
      const [attribute, type] = pick(next, SCALARS);
      return { op: pick(next, Object.keys(SIGNS)), attribute, type, value: value(attribute, type) };
    },
    () => {
      const [attribute, type] = pick(next, SCALARS);
      const values = Array.from({ length: Math.floor(next() * 4) }, () => value(attribute, type));
      return { op: "in", attribute, type, values };
    },
    () => {
      const [attributes, type] = pick(next, [
        [["title", "other"], "string"],
        [["count", "amount"], "int"],
        [["price", "ratio"], "double"],
        [["open", "hidden"], "bool"],
        [["created", "due"], "timestamp"],
      ]);
      return { op: "same", compare: pick(next, Object.keys(SIGNS)), attributes, type };
    },
    () => {
      const [attribute, type] = pick(next, TEXTS);
      const text = Array.from(value(attribute, type));
      const [start, end] = [Math.floor(next() * 3), text.length - Math.floor(next() * 3)];
      return { op: pick(next, ["startsWith", "endsWith", "contains"]), attribute, value: text.slice(start, end).join("") };
    },
    () => {
      const [attribute, list] = pick(next, LISTS);
      const type = list.slice(5, -1);
      return { op: "hasSome", attribute, type, values: Array.from({ length: Math.floor(next() * 3) }, () => value(attribute, type)) };
    },
  ];
  const some = (depth) => {
    const kind = depth === 0 ? 1 : next();
    if (kind < 0.3) return { op: "not", filter: some(depth - 1) };
    if (kind < 0.6) return { op: pick(next, ["and", "or"]), filters: Array.from({ length: Math.floor(next() * 4) }, () => some(depth - 1)) };
    return pick(next, leaves)();
  };
  return Array.from({ length: count }, () => some(4));
}
