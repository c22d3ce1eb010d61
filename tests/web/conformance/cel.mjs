// One of CEL's conformance tests, as @bufbuild/cel-spec has it (a SimpleTest in protobuf's JSON), asked of the door
// `cel` and judged.

/** The words of a condition that does not load. */
const refusals = new Set([
  "syntax", "too_long", "too_deep", "too_many_nodes", "number", "string_escape", "unknown_name", "unknown_attribute", "unknown_function",
  "argument_count", "type_mismatch", "mixed_types", "not_bool", "unsupported", "pattern", "time_zone", "value",
]);

/** The words of an evaluation that fails. Those of a limit, `budget` and `too_long`, are no answer to any test. */
const failures = new Set(["attribute_missing", "attribute_type", "overflow", "division_by_zero", "index_out_of_range", "value"]);

const primitives = { BOOL: "bool", INT64: "int", DOUBLE: "double", STRING: "string" };
const messages = { "google.protobuf.Timestamp": "timestamp", "google.protobuf.Duration": "duration" };
const scalars = { boolValue: "bool", int64Value: "int", doubleValue: "double", stringValue: "string" };

/** Stands for a variable that the door cannot declare. */
class Undeclarable extends Error {}

/**
 * A test passes with the value that it expects, or with an error where it expects one. The refusal `value` is such an
 * error, that of a constant; every other refusal is counted by its word, and is never a pass.
 *
 * @returns {{ passed: true } | { refused: string } | { wrong: string }} `refused`: the word, or `harness:` and the kind of
 *   variable with which the door cannot be asked.
 */
export function judgeCel(cel, test) {
  let declared;
  try {
    declared = variables(test);
  } catch (error) {
    if (error instanceof Undeclarable) return { refused: `harness:${error.message}` };
    throw error;
  }
  const wanted = expected(test);
  let answer;
  try {
    answer = exact(cel(test.expr, declared));
  } catch (error) {
    return { wrong: `threw ${error}` };
  }
  const wrong = { wrong: `expected ${JSON.stringify(wanted)}, got ${JSON.stringify(answer)}` };

  const [kind] = Object.keys(answer);
  if (kind === "refused" && refusals.has(answer.refused) && Number(answer.at) <= bytes(test.expr)) {
    if (answer.refused !== "value") return { refused: answer.refused };
    return wanted.error === undefined ? wrong : { passed: true };
  }
  const agrees =
    (kind === "error" && wanted.error !== undefined && failures.has(answer.error)) ||
    (kind === "value" &&
      wanted.error === undefined &&
      (wanted.type === undefined || typeName(wanted.type) === answer.value.type) &&
      (wanted.value === undefined || same(wanted.value, answer.value)));
  return agrees ? { passed: true } : wrong;
}

/** `{ error }`, or what of `{ type, value }` the test tells; where it tells nothing it expects true. */
function expected({ value, typedResult, evalError, checkOnly }) {
  if (evalError !== undefined) return { error: evalError };
  if (typedResult === undefined) return { value: value ?? { boolValue: true } };
  return { type: typedResult.deducedType, ...(checkOnly ? {} : { value: typedResult.result }) };
}

/** The variables as the door takes them. */
function variables({ typeEnv = [], bindings = {} }) {
  const declared = new Map(typeEnv.map(({ name, ident }) => [name, ident === undefined ? undeclarable("function") : declarable(ident.type)]));
  for (const [name, { value }] of Object.entries(bindings)) {
    if (!declared.has(name)) declared.set(name, scalars[kindOf(value)] ?? undeclarable(kindOf(value).replace("Value", "")));
  }
  const members = [...declared].map(([name, type]) => {
    if (name.includes(".")) undeclarable("qualified_name");
    const value = bindings[name]?.value;
    return `${JSON.stringify(name)}: { "type": "${type}"${value === undefined ? "" : `, "value": ${json(value)}`} }`;
  });
  return `{ ${members.join(", ")} }`;
}

/** The name of a cel.expr.Type; of one that the subset does not have, none. Of an element that no list has it is `any`. */
function typeName(type) {
  const element = type.listType && typeName(type.listType.elemType);
  return primitives[type.primitive] ?? messages[type.messageType] ?? (element && `list(${element})`) ?? (type.dyn && "any");
}

function declarable(type) {
  const name = typeName(type) ?? undeclarable(type.primitive?.toLowerCase() ?? Object.keys(type)[0].replace("Type", ""));
  return name.includes("any") ? undeclarable("dyn") : name;
}

function undeclarable(kind) {
  throw new Undeclarable(kind);
}

/** A cel.expr.Value as JSON. Integers are texts in protobuf's JSON and stay exact. */
function json(value) {
  const [[kind, content]] = Object.entries(value);
  if (kind === "listValue") return `[${(content.values ?? []).map(json).join(", ")}]`;
  if (kind === "int64Value") return content;
  return JSON.stringify(kind === "objectValue" ? content.value : content);
}

/** Every number as its text: an int is not rounded to a double. */
function exact(answer) {
  return JSON.parse(answer.replace(/"(?:[^"\\]|\\.)*"|-?\d[-+.\deE]*/g, (token) => (token.startsWith('"') ? token : `"${token}"`)));
}

/** Is the door's `{ type, value }` that cel.expr.Value? Of what the subset does not have, none is. */
function same(wanted, { type, value }) {
  const [[kind, content]] = Object.entries(wanted);
  const element = /^list\((.+)\)$/.exec(type)?.[1];
  if (kind === "listValue") {
    const values = content.values ?? [];
    return element !== undefined && values.length === value.length && values.every((one, place) => same(one, { type: element, value: value[place] }));
  }
  if (type !== scalars[kind]) return false;
  if (kind === "int64Value") return BigInt(content) === BigInt(value);
  // Of doubles, a NaN is a NaN, and the sign of a zero counts.
  return kind === "doubleValue" ? Object.is(Number(content), Number(value)) : content === value;
}

function bytes(text) {
  return new TextEncoder().encode(text).length;
}

function kindOf(value) {
  return Object.keys(value)[0];
}
