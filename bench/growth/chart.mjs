// The curves as one SVG: small multiples, both axes logarithmic and a decade as long on all of them, so that the same
// slope is the same growth everywhere. No script, no font of its own; dark where the reader's system is.

import { labelled, panel, roomFor, STYLE, WIDTH } from "./panel.mjs";

const COLUMNS = 3;
const GAP = 18;
const HEAD = 52;

/** `curves` as in target/bench/growth.json; its text. */
export function chart({ version, curves }) {
  const panels = [];
  let top = HEAD;
  for (let first = 0; first < curves.length; first += COLUMNS) {
    const row = curves.slice(first, first + COLUMNS);
    const room = roomFor(row);
    row.forEach((curve, place) => panels.push(`<g transform="translate(${GAP + place * (room.width + GAP)} ${top})">${panel(curve, room)}</g>`));
    top += room.height + GAP;
  }
  const width = COLUMNS * (WIDTH + GAP) + GAP;
  const title = `How cost grows: portcullis ${version}`;
  const under = "Medians, most : least behind each name; shaded from quartile to quartile. The grey slope is growth in proportion.";
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top}" width="${width}" height="${top}" role="img" aria-labelledby="title">`,
    `<title id="title">${labelled(title)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="ground" width="${width}" height="${top}"/>`,
    `<text class="heading" x="${GAP}" y="24">${labelled(title)}</text>`,
    `<text x="${GAP}" y="41">${labelled(under)}</text>`,
    ...panels,
    "</svg>\n",
  ].join("\n");
}
