// From scores to shares and to a choice, as `weighted_sums.sampling` does it.

/** Shares of scores at a temperature; at 0, its limit: all to the largest, in equal parts. */
export function shares(scores, temperature = 1) {
  const largest = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  const raised = Array.from(scores, (s) => {
    const below = s - largest;
    return below === 0 ? 1 : temperature === 0 ? 0 : Math.exp(below / temperature);
  });
  const sum = raised.reduce((a, b) => a + b, 0);
  return raised.map((e) => e / sum);
}

/** Places by falling share; among equals the earlier first. */
export const ranking = (p) => Array.from(p, (_, i) => i).sort((i, j) => p[j] - p[i] || i - j);

const stretched = (p) => {
  const sum = p.reduce((a, b) => a + b, 0);
  return p.map((v) => v / sum);
};

/** Keep the `k` largest shares and stretch them to a sum of 1. */
export function topK(p, k) {
  const kept = new Set(ranking(p).slice(0, k));
  return stretched(Array.from(p, (v, i) => (kept.has(i) ? v : 0)));
}

/** Keep the fewest shares that hold `share` of the whole, the largest first. */
export function topP(p, share) {
  let before = 0;
  const kept = new Set();
  for (const i of ranking(p)) {
    if (before < share) kept.add(i);
    before += p[i];
  }
  return stretched(Array.from(p, (v, i) => (kept.has(i) ? v : 0)));
}

/** The entry into whose stretch `chance`, between 0 and 1, falls when all lie end to end. */
export function pick(p, chance) {
  const total = p.reduce((a, b) => a + b, 0);
  let end = 0;
  for (let i = 0; i < p.length; i++) {
    end += p[i];
    if (chance * total < end) return i;
  }
  return p.findLastIndex((v) => v > 0);
}

/**
 * Shares of the recorded scores, and as the last entry of all others together. Of these only the
 * logarithm of the sum of their exponentials is known, `others`: they are treated as if they were
 * as many as it takes with scores like the last one recorded.
 */
export function withTheRest(scores, others, temperature) {
  if (temperature === 0) return [...shares(scores, 0), 0];
  const last = scores.at(-1);
  const known = scores.map((s) => s - scores[0]);
  const [first, ...rest] = known.map((s) => s / temperature);
  const all = [first, ...rest, others - last + (last - scores[0]) / temperature];
  return shares(all.map((s) => (Number.isNaN(s) ? 0 : s)));
}
