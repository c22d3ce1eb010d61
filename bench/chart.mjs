// The chart of a recorded run: for each row and contestant its ratio to ours in each runtime, on one logarithmic scale.

import { byContestant, byRow, runtimes } from "./results.mjs";
import { number } from "./report.mjs";

const [names, plot, gap, margin] = [206, 300, 24, 22];
const line = 15;
const column = names + plot;
const width = 2 * column + gap + 2 * margin;
const top = 98;

const style = `
text { font: 11px system-ui, sans-serif; fill: var(--text); stroke: var(--page); stroke-width: 3px; paint-order: stroke }
.quiet { fill: var(--quiet) } .head { font-weight: 600 } .title { font-size: 15px; font-weight: 600 }
.page { fill: var(--page) } .grid { stroke: var(--grid) } .ours { stroke: var(--ours); stroke-width: 1.5 } text.ours { fill: var(--ours); stroke: none; font-weight: 600 } tspan { font-weight: 400; fill: var(--quiet) }
.floor { stroke: var(--quiet); stroke-width: 1 } .goal { stroke: var(--text); stroke-width: 2 }
.plain, .met, .missed { stroke: var(--page); stroke-width: 0.7 } .plain { fill: var(--plain) } .met { fill: var(--met) } .missed { fill: var(--missed) }
svg { --page: #fff; --text: #1f2328; --quiet: #59636e; --grid: #e4e8ec; --ours: #0969da; --plain: #818b98; --met: #1a7f37; --missed: #d1242f }
@media (prefers-color-scheme: dark) {
  svg { --page: #0d1117; --text: #f0f6fc; --quiet: #9198a1; --grid: #262c36; --ours: #4493f8; --plain: #7d8590; --met: #3fb950; --missed: #f85149 }
}`;

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
const at = (value) => String(Math.round(value * 10) / 10);
const text = (x, y, content, name = "", anchor = "start") => `<text x="${at(x)}" y="${at(y)}" class="${name}" text-anchor="${anchor}">${escaped(content)}</text>`;
const upright = (x, y1, y2, name) => `<path d="M${at(x)} ${at(y1)}V${at(y2)}" class="${name}"/>`;

/** One shape for each runtime, so that colour is free to say whether a goal is met. */
const shapes = {
  node: (x, y, name, title) => `<circle cx="${at(x)}" cy="${at(y)}" r="3.5" class="${name}">${title}</circle>`,
  workerd: (x, y, name, title) => `<rect x="${at(x - 3.2)}" y="${at(y - 3.2)}" width="6.4" height="6.4" class="${name}">${title}</rect>`,
  chromium: (x, y, name, title) => `<path d="M${at(x - 4)} ${at(y + 3.4)}h8l-4 -7.4z" class="${name}">${title}</path>`,
};

const colour = ({ met }) => (met === undefined ? "plain" : met ? "met" : "missed");
/** Without the scope of a package where the rest says what it is. */
const short = (name) => name.replace(/^@(?!casl)[^/]+\//, "");

/** The rows as they are drawn: those that have somebody to stand beside us. */
function blocks(runs) {
  return byRow(runs, (row) => row).flatMap(({ name, cells }) => {
    const ours = new Map();
    const floors = [];
    const peers = [];
    for (const contestant of byContestant(cells)) {
      for (const [runtime, { name: who, median }] of contestant.figures) if (who === "portcullis") ours.set(runtime, median);
      if (contestant.name === "floor") floors.push(...contestant.figures);
      if ([...contestant.figures.values()].some(({ ratio }) => ratio !== undefined)) peers.push(contestant);
    }
    const [{ unit }] = cells.values();
    const figures = `ours ${[...ours.values()].map(number).join(", ")} ${unit}`;
    return peers.length === 0 ? [] : [{ name, figures, peers, floors: floors.map(([runtime, { median }]) => median / ours.get(runtime)) }];
  });
}

/** The powers of ten around everything that is drawn. */
function scale(all) {
  const ratios = all.flatMap(({ peers, floors }) => [...floors, ...peers.flatMap(({ figures }) => [...figures.values()].flatMap(({ ratio, wanted = ratio }) => [ratio, wanted]))]);
  const exponents = ratios.filter((ratio) => ratio > 0).map(Math.log10);
  const [least, most] = [Math.floor(Math.min(...exponents, -1)), Math.ceil(Math.max(...exponents, 1))];
  return { least, most, place: (ratio) => names + ((Math.max(Math.log10(Math.max(ratio, 1e-9)), least) - least) / (most - least)) * plot };
}

const height = ({ peers }) => (peers.length + 1) * line + 10;
const heightOf = (some) => some.reduce((sum, block) => sum + height(block), 0);

function drawn(block, x, y, place) {
  const lines = block.floors.map((floor) => upright(x + place(floor), y + 5, y + block.peers.length * line + 2, "floor"));
  lines.push(`<text x="${at(x)}" y="${at(y)}" class="head">${escaped(block.name)}<tspan dx="8">${escaped(block.figures)}</tspan></text>`);
  block.peers.forEach(({ name, figures }, index) => {
    const middle = y + (index + 1) * line;
    lines.push(text(x + names - 10, middle, short(name), "", "end"));
    for (const wanted of new Set([...figures.values()].map((figure) => figure.wanted))) {
      if (wanted !== undefined) lines.push(upright(x + place(wanted), middle - 10, middle + 2, "goal"));
    }
    for (const [runtime, figure] of figures) {
      if (figure.ratio === undefined) continue;
      const goal = figure.goal === undefined ? "" : `, goal ${figure.goal}`;
      const title = `<title>${escaped(`${runtimes[runtime]}: ${name}, ${number(figure.ratio)}×${goal}`)}</title>`;
      lines.push(shapes[runtime](x + place(figure.ratio), middle - 4, colour(figure), title));
    }
  });
  return lines;
}

function axis(x, bottom, { least, most, place }) {
  const lines = [];
  for (let exponent = least; exponent <= most; exponent += 1) {
    const left = x + place(10 ** exponent);
    lines.push(upright(left, top - 14, bottom, exponent === 0 ? "ours" : "grid"));
    const label = exponent === 0 ? "ours = 1" : `${exponent > 0 ? 10 ** exponent : (10 ** exponent).toFixed(-exponent)}×`;
    lines.push(text(left, top - 19, label, exponent === 0 ? "ours" : "quiet", "middle"));
  }
  return lines;
}

function legend(runs) {
  const lines = [text(margin, 22, "Time and size beside portcullis: to the right of the line the other takes more", "title")];
  let x = margin + 5;
  const put = (words, sign) => {
    lines.push(sign(x), text(x + 9, 47, words, "quiet"));
    x += words.length * 6.5 + 32;
  };
  for (const runtime of runs.keys()) put(runtimes[runtime], (left) => shapes[runtime](left, 43, "plain", ""));
  put("goal met", (left) => shapes.node(left, 43, "met", ""));
  put("goal missed", (left) => shapes.node(left, 43, "missed", ""));
  put("the goal", (left) => upright(left, 37, 49, "goal"));
  put("the floor: an empty call", (left) => upright(left, 38, 48, "floor"));
  return lines;
}

export function chart(runs) {
  const all = blocks(runs);
  const measure = scale(all);
  // Split where the longer column is shortest.
  const lengths = all.map((_, index) => Math.max(heightOf(all.slice(0, index + 1)), heightOf(all.slice(index + 1))));
  const split = lengths.indexOf(Math.min(...lengths)) + 1;
  const bottom = top + Math.min(...lengths);
  const lines = [];
  for (const [place, some] of [all.slice(0, split), all.slice(split)].entries()) {
    const x = margin + place * (column + gap);
    lines.push(...axis(x, bottom, measure));
    let y = top + 4;
    for (const block of some) {
      lines.push(...drawn(block, x, y, measure.place));
      y += height(block);
    }
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${at(bottom + margin)}" width="${width}" height="${at(bottom + margin)}" role="img">`,
    `<title>Time and size beside portcullis</title><style>${style}</style>`,
    '<rect width="100%" height="100%" class="page"/>',
    ...legend(runs),
    ...lines,
    "</svg>\n",
  ].join("\n");
}
