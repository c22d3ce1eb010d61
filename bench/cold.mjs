// One cold start: `node cold.mjs <peer> <function> [<header> <what is trusted>]` prints the milliseconds from before the
// peer is loaded to its first answer, which must be yes. Without a peer: an empty file.

const [peer, work, header, told] = process.argv.slice(2);
const start = performance.now();
if (peer === undefined) await import("data:text/javascript,");
else {
  const answer = (await import(`./peers/${peer}.mjs`))[work];
  if ((await answer(header, told && JSON.parse(told))) !== true) throw new Error(`${peer}: the first answer is wrong`);
}
console.log(performance.now() - start);
