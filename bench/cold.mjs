// One cold start in Node: `node cold.mjs <file> <input>` prints the milliseconds from before the file is loaded to its
// first answer, which must be yes.

const [file, input] = process.argv.slice(2);
const start = performance.now();
const { default: first } = await import(file);
if ((await first(JSON.parse(input))) !== true) throw new Error(`${file}: the first answer is wrong`);
const spent = performance.now() - start;
// Cedarling's timers would keep the process.
process.stdout.write(`${spent}\n`, () => process.exit());
