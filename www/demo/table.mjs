// The table of answers, for a terminal.

const columns = ["who", "request", "status", "code", "reason", "challenge"];

const longestRule = 120;

/** Rows as text. The challenge stands last, because it is long; it is folded where the terminal is narrow. */
export function table(rows, width) {
  const cells = rows.map((row) => columns.map((column) => String(row[column] ?? "–")));
  const widths = columns.map((column, index) => Math.max(column.length, ...cells.map((cell) => cell[index].length)));
  const before = widths.slice(0, -1).reduce((sum, size) => sum + size + 2, 2);
  const room = Math.max(24, width - before);
  const line = (mark, cell) => {
    const [first, ...more] = fold(cell.at(-1), room);
    const fixed = cell.slice(0, -1).map((text, index) => text.padEnd(widths[index]));
    return [`${mark} ${[...fixed, first].join("  ")}`, ...more.map((text) => " ".repeat(before) + text)].join("\n");
  };
  const rule = "─".repeat(Math.min(before + widths.at(-1), before + room, longestRule));
  const body = cells.map((cell, index) => line(rows[index].wrong.length > 0 ? "✗" : " ", cell));
  return [line(" ", columns), rule, ...body, rule].join("\n");
}

/** Breaks a challenge after its commas. */
function fold(text, room) {
  const lines = [""];
  for (const part of text.split(/(?<=,) /)) {
    const last = lines.at(-1);
    if (last === "") lines[lines.length - 1] = part;
    else if (last.length + 1 + part.length <= room) lines[lines.length - 1] = `${last} ${part}`;
    else lines.push(part);
  }
  return lines;
}
