// From logits to probabilities and to a token, as `weighted_sums.sampling` does it.
import { ranking } from "./matrices.mjs";

/** Probabilities of logits at a temperature; at 0, its limit: all to the largest, in equal parts. */
export function probabilities(logits, temperature = 1) {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const exponentials = Array.from(logits, (z) => {
    const below = z - largest;
    return below === 0 ? 1 : temperature === 0 ? 0 : Math.exp(below / temperature);
  });
  return normalized(exponentials);
}

function normalized(values) {
  const sum = values.reduce((a, b) => a + b, 0);
  return values.map((v) => v / sum);
}

/** Keep the `k` largest probabilities and renormalise them. */
export function topK(p, k) {
  const kept = new Set(ranking(p).slice(0, k));
  return normalized(Array.from(p, (v, i) => (kept.has(i) ? v : 0)));
}

/** Keep the fewest probabilities, the largest first, whose sum reaches `mass`. */
export function topP(p, mass) {
  let before = 0;
  const kept = new Set();
  for (const i of ranking(p)) {
    if (before < mass) kept.add(i);
    before += p[i];
  }
  return normalized(Array.from(p, (v, i) => (kept.has(i) ? v : 0)));
}

/** Draw an index: the one in whose interval `u`, between 0 and 1, falls when all lie end to end. */
export function sample(p, u) {
  const total = p.reduce((a, b) => a + b, 0);
  let end = 0;
  for (let i = 0; i < p.length; i++) {
    end += p[i];
    if (u * total < end) return i;
  }
  return p.findLastIndex((v) => v > 0);
}

/**
 * Probabilities of the recorded logits, and as the last entry of all other tokens together. Of these
 * only the logarithm of the sum of their exponentials is known, `tail`: they are treated as if they
 * were as many as it takes with logits like the last one recorded.
 */
export function withTail(logits, tail, temperature) {
  if (temperature === 0) return [...probabilities(logits, 0), 0];
  const last = logits.at(-1);
  const known = logits.map((z) => z - logits[0]);
  const [first, ...rest] = known.map((z) => z / temperature);
  const all = [first, ...rest, tail - last + (last - logits[0]) / temperature];
  return probabilities(all.map((z) => (Number.isNaN(z) ? 0 : z)));
}
