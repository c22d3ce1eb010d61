// The curves as one SVG: small multiples, both axes logarithmic and a decade as long on all of them, so that the same
// slope is the same growth everywhere. No script, no font of its own; dark where the reader's system is.

import { labelled, measure, panel, STYLE } from "./panel.mjs";

const COLUMNS = 3;
const GAP = 18;
const HEAD = 52;

/** `curves` as in target/bench/growth.json; its text. */
export function chart({ machine, version, curves }) {
  const decades = Math.max(...curves.map(heightOf));
  const { width, height } = measure(decades);
  const rows = Math.ceil(curves.length / COLUMNS);
  const whole = { width: COLUMNS * (width + GAP) + GAP, height: HEAD + rows * (height + GAP) };
  const panels = curves.map((curve, place) => {
    const left = GAP + (place % COLUMNS) * (width + GAP);
    const top = HEAD + Math.floor(place / COLUMNS) * (height + GAP);
    return `<g transform="translate(${left} ${top})">${panel(curve, decades)}</g>`;
  });
  const title = `How cost grows: portcullis ${version}`;
  const under = `Node ${machine.node}, ${machine.processor}, ${machine.cores} cores, ${machine.architecture}. Medians; the shade is from quartile to quartile. Slope 1, the grey line, is growth in proportion.`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${whole.width} ${whole.height}" width="${whole.width}" height="${whole.height}" role="img" aria-labelledby="title">`,
    `<title id="title">${labelled(title)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="ground" width="${whole.width}" height="${whole.height}"/>`,
    `<text class="heading" x="${GAP}" y="24">${labelled(title)}</text>`,
    `<text class="note" x="${GAP}" y="41">${labelled(under)}</text>`,
    ...panels,
    "</svg>\n",
  ].join("\n");
}

/** How many decades its figures go through, the whole ones that they are in. */
function heightOf({ series }) {
  const all = series.flatMap(({ points }) => points.flatMap(({ lower, upper }) => [lower, upper]));
  return Math.ceil(Math.log10(Math.max(...all))) - Math.floor(Math.log10(Math.min(...all)));
}
