// One of the small multiples.

/** Pixels of a decade, on both axes. */
const DECADE = 52;
/** From 10 to 100,000. */
const ACROSS = 4;
const [LEFT, RIGHT, LINE] = [46, 10, 14];
export const WIDTH = LEFT + ACROSS * DECADE + RIGHT;

const fixed = (value) => Number(value.toFixed(1));

/** Told apart by their marks and dashes too, not by colour alone. */
const LOOKS = [
  { dash: "none", mark: (x, y) => `<circle cx="${x}" cy="${y}" r="2.6"/>` },
  { dash: "5 3", mark: (x, y) => `<rect x="${fixed(x - 2.4)}" y="${fixed(y - 2.4)}" width="4.8" height="4.8"/>` },
  { dash: "1.5 2.5", mark: (x, y) => `<path d="M${x} ${fixed(y - 3.2)}l3 5.4h-6z"/>` },
  { dash: "7 2 1.5 2", mark: (x, y) => `<path d="M${x} ${fixed(y - 3.4)}l3.4 3.4l-3.4 3.4l-3.4 -3.4z"/>` },
];

const colours = (list) => list.map((colour, index) => `.s${index}{stroke:${colour};fill:${colour}}`).join("");
export const STYLE = `text{font-family:system-ui,sans-serif;font-size:10.5px;fill:#57606a}.heading{font-size:16px;font-weight:600;fill:#1f2328}.name{font-size:12.5px;font-weight:600;fill:#1f2328}.ground{fill:#fff}.grid{stroke:#d8dee4;stroke-width:1}.one{stroke:#afb8c1;stroke-width:1}.limit{stroke:#57606a;stroke-width:1;stroke-dasharray:2 2}.line{fill:none;stroke-width:1.8}.shade{stroke:none;fill-opacity:.16}.label{stroke:none}${colours(["#0969da", "#bc4c00", "#1a7f37", "#8250df"])}@media(prefers-color-scheme:dark){text{fill:#9198a1}.heading,.name{fill:#f0f6fc}.ground{fill:#0d1117}.grid{stroke:#2b323b}.one{stroke:#59636e}.limit{stroke:#9198a1}${colours(["#58a6ff", "#f0883e", "#3fb950", "#bc8cff"])}}`;

export const labelled = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/** What the panels of a row want at most: decades from top to bottom, and lines above and below. */
export function roomFor(curves) {
  const most = (of) => Math.max(...curves.map(of));
  const decades = most(({ series }) => {
    const all = series.flatMap(({ points }) => points.flatMap(({ lower, upper }) => [lower, upper]));
    return Math.ceil(Math.log10(Math.max(...all))) - Math.floor(Math.log10(Math.min(...all)));
  });
  const top = LINE * (most(({ series }) => series.length) + 2);
  const under = LINE * (2 + most(({ limits }) => limits.length));
  return { decades, top, width: WIDTH, height: top + decades * DECADE + under };
}

const short = (value) => (value >= 1_000 ? `${value / 1_000}k` : `${value}`);
const time = (microseconds) => (microseconds >= 1e6 ? `${microseconds / 1e6} s` : microseconds >= 1_000 ? `${microseconds / 1_000} ms` : `${microseconds} µs`);

export function panel({ name, axis, of, series, limits }, { decades, top }) {
  const all = series.flatMap(({ points }) => points.map(({ lower }) => lower));
  const lowest = Math.floor(Math.log10(Math.min(...all)));
  const [bottom, right] = [top + decades * DECADE, LEFT + ACROSS * DECADE];
  const atX = (x) => fixed(LEFT + (Math.log10(x) - 1) * DECADE);
  const atY = (y) => fixed(bottom - (Math.log10(y) - lowest) * DECADE);

  const parts = [`<text class="name" x="0" y="12">${labelled(name)}</text>`];
  series.forEach((one, index) => {
    const y = 28 + index * LINE;
    const ratio = one.ratio >= 10 ? one.ratio.toFixed(0) : one.ratio.toFixed(1);
    parts.push(`<g class="s${index}"><path class="line" stroke-dasharray="${LOOKS[index].dash}" d="M0 ${y - 4}h22"/>${LOOKS[index].mark(11, y - 4)}</g>`);
    parts.push(`<text x="28" y="${y}">${labelled(`${one.name}: ${ratio}×`)}</text>`);
  });
  for (let decade = 0; decade <= ACROSS; decade += 1) {
    const x = LEFT + decade * DECADE;
    parts.push(`<path class="grid" d="M${x} ${top}V${bottom}"/><text x="${x}" y="${bottom + 13}" text-anchor="middle">${short(10 ** (decade + 1))}</text>`);
  }
  for (let decade = 0; decade <= decades; decade += 1) {
    const y = bottom - decade * DECADE;
    parts.push(`<path class="grid" d="M${LEFT} ${y}H${right}"/><text x="${LEFT - 5}" y="${y + 3.5}" text-anchor="end">${time(Number((10 ** (lowest + decade)).toPrecision(1)))}</text>`);
  }
  const side = Math.min(ACROSS, decades) * DECADE;
  parts.push(`<path class="one" d="M${LEFT} ${bottom}l${side} ${-side}"/>`);
  for (const { at } of limits) parts.push(`<path class="limit" d="M${atX(at)} ${top}V${bottom}"/>`);
  series.forEach(({ points }, index) => {
    const around = [...points.map(({ x, upper }) => `${atX(x)} ${atY(upper)}`), ...points.toReversed().map(({ x, lower }) => `${atX(x)} ${atY(lower)}`)];
    const line = points.map(({ x, median }) => `${atX(x)} ${atY(median)}`).join("L");
    const marks = points.map(({ x, median }) => LOOKS[index].mark(atX(x), atY(median))).join("");
    parts.push(`<g class="s${index}"><path class="shade" d="M${around.join("L")}z"/><path class="line" stroke-dasharray="${LOOKS[index].dash}" d="M${line}"/>${marks}</g>`);
  });
  const under = [axis, ...limits.map((one) => `┆ ${one.name}`)];
  under.forEach((text, index) => parts.push(`<text x="${LEFT}" y="${bottom + 2 * LINE - 1 + index * LINE}">${labelled(text)}</text>`));
  parts.push(`<text x="${right}" y="12" text-anchor="end">${labelled(of)}</text>`);
  return parts.join("");
}
