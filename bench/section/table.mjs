// Tables in Markdown.

export const row = (cells) => `| ${cells.join(" | ")} |`;
export const head = (cells) => [row(cells), `|${cells.map(() => "---").join("|")}|`];

/** A line in bold above the lines that belong to it, in a table with so many columns. */
export const above = (title, more, columns) => row([`**${title}**${more}`, ...Array.from({ length: columns - 1 }, () => "")]);
