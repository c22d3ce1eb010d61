// The table of answers, for a terminal.

const columns = ["who", "request", "status", "code", "reason", "challenge"];
const leastChallenge = 28;
const longestRule = 120;

/**
 * Rows as text. The challenge stands last, because it is long; it is folded where it does not fit. In a terminal
 * that is too narrow for the columns before it, code, reason and challenge stand below.
 */
export function table(rows, width) {
  const cells = rows.map((row) => columns.map((column) => String(row[column] ?? "–")));
  const widths = columns.map((column, index) => Math.max(column.length, ...cells.map((cell) => cell[index].length)));
  const before = widths.slice(0, -1).reduce((sum, size) => sum + size + 2, 2);
  const isNarrow = width < before + leastChallenge;
  const line = isNarrow ? stacked(widths, width) : sideBySide(widths, before, width - before);
  const body = cells.map((cell, index) => line(rows[index].wrong.length > 0 ? "✗" : " ", cell));
  const rule = "─".repeat(Math.min(isNarrow ? width : before + widths.at(-1), width, longestRule));
  return [line(" ", columns), rule, ...body, rule].join("\n");
}

function sideBySide(widths, before, room) {
  return (mark, cell) => {
    const [first, ...more] = fold(cell.at(-1), room);
    return [`${mark} ${padded(cell.slice(0, -1), widths)}${first}`, ...more.map((text) => " ".repeat(before) + text)].join("\n");
  };
}

function stacked(widths, width) {
  const indent = " ".repeat(6);
  return (mark, cell) => {
    const [code, reason, challenge] = cell.slice(3);
    const below = [`${code}  ${reason}`, ...fold(challenge, width - indent.length)].filter((text) => text !== "–");
    return [`${mark} ${padded(cell.slice(0, 3), widths)}`, ...below.map((text) => indent + text)].join("\n");
  };
}

function padded(cell, widths) {
  return cell.map((text, index) => `${text.padEnd(widths[index])}  `).join("");
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
