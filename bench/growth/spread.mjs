/** The median, the quartiles and the ends. */
export function spread(figures) {
  const sorted = [...figures].sort((left, right) => left - right);
  const at = (part) => sorted[Math.round((sorted.length - 1) * part)];
  return { median: at(0.5), lower: at(0.25), upper: at(0.75), least: at(0), most: at(1) };
}
