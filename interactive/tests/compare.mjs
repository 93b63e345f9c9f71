// Holds what the modules compute against what Python computed, in Node and in browsers alike.

/** The first difference between two values of numbers, texts, lists and objects; null if none. */
export function difference(found, wanted, tolerance, path = "") {
  if (typeof wanted === "number") {
    const near = Math.abs(found - wanted) <= tolerance * Math.max(1, Math.abs(wanted));
    return near ? null : `${path}: ${found} instead of ${wanted}`;
  }
  if (wanted === null || typeof wanted !== "object") {
    return found === wanted ? null : `${path}: ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`;
  }
  if (found === null || typeof found !== "object") return `${path}: ${found} instead of a list or an object`;
  const keys = Object.keys(wanted);
  const given = ArrayBuffer.isView(found) ? [...found] : found;
  if (Object.keys(given).length !== keys.length) return `${path}: ${Object.keys(given).length} entries instead of ${keys.length}`;
  for (const key of keys) {
    const problem = difference(given[key], wanted[key], tolerance, `${path}[${key}]`);
    if (problem) return problem;
  }
  return null;
}

/** Every golden case of one figure as `[what, problem or null]`. */
export async function compare(figure, golden) {
  const { default: cases } = await import(`./cases/${figure}.mjs`);
  const names = new Set([...Object.keys(cases), ...Object.keys(golden)]);
  const results = [];
  for (const name of names) {
    if (!cases[name] || !golden[name]?.length) results.push([name, "is not on both sides"]);
    for (const [i, { input, output, tolerance }] of (golden[name] ?? []).entries()) {
      const found = cases[name] ? await cases[name](input) : undefined;
      results.push([`${name} ${i}`, difference(found, output, tolerance)]);
    }
  }
  return results;
}
