// Byte-pair encoding, as `weighted_sums.tokens` does it: token 256 + i is merge number i.

const BYTES = 256;

// what Python takes for a word, a run of punctuation, and white space
const SPACE = "\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const WORD = "\\p{L}\\p{N}_";
const WORDS = new RegExp(` ?[${WORD}]+| ?[^${WORD}${SPACE}]+|[${SPACE}]+(?![^${SPACE}])|[${SPACE}]+`, "gu");

/** Replace each `pair` of neighbours by the new token `made`, from left to right. */
export function merge(tokens, [first, second], made) {
  const found = [];
  for (let i = 0; i < tokens.length; i++) {
    const joined = tokens[i] === first && tokens[i + 1] === second;
    found.push(joined ? made : tokens[i]);
    if (joined) i++;
  }
  return found;
}

/** How often each pair of neighbours occurs in the words, `[pair, count]`, the next merge first. */
export function countPairs(words) {
  const counts = new Map();
  for (const { tokens, times } of words) {
    for (let i = 0; i + 1 < tokens.length; i++) {
      const key = `${tokens[i]},${tokens[i + 1]}`;
      counts.set(key, (counts.get(key) ?? 0) + times);
    }
  }
  const pairs = [...counts].map(([key, count]) => [key.split(",").map(Number), count]);
  return pairs.sort(([p, m], [q, n]) => n - m || p[0] - q[0] || p[1] - q[1]);
}

/** A text cut into words, each with the space before it. */
export const splitWords = (text) => text.match(WORDS) ?? [];

/** The different words of a text as bytes, and how often each occurs. */
export function countWords(text) {
  const times = new Map();
  for (const word of splitWords(text)) times.set(word, (times.get(word) ?? 0) + 1);
  return [...times].map(([word, n]) => ({ word, tokens: [...new TextEncoder().encode(word)], times: n }));
}

/** The merges learned from a text, at most `count`; its different words after them, and their order. */
export function train(text, count) {
  let words = countWords(text);
  const merges = [];
  while (merges.length < count) {
    const [best] = countPairs(words);
    if (!best) break;
    words = words.map((word) => ({ ...word, tokens: merge(word.tokens, best[0], BYTES + merges.length) }));
    merges.push(best[0]);
  }
  return { merges, words, order: splitWords(text) };
}

/** The bytes that each token stands for. */
export function pieces(merges) {
  const found = Array.from({ length: BYTES }, (_, byte) => [byte]);
  for (const [first, second] of merges) found.push([...found[first], ...found[second]]);
  return found;
}

/** The tokens of a text: in every word, the merges in the order they were learned. */
export function encode(text, merges) {
  const ranks = new Map(merges.map(([a, b], i) => [`${a},${b}`, i]));
  return splitWords(text).flatMap((word) => {
    let tokens = [...new TextEncoder().encode(word)];
    for (;;) {
      const known = tokens.slice(1).map((t, i) => ranks.get(`${tokens[i]},${t}`) ?? Infinity);
      const rank = Math.min(...known, Infinity);
      if (rank === Infinity) return tokens;
      tokens = merge(tokens, merges[rank], BYTES + rank);
    }
  });
}

/** The text of bytes; incomplete characters become a replacement mark. */
export const textOf = (bytes) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes));

/** The text of tokens. */
export const decode = (tokens, tokenPieces) => textOf(tokens.flatMap((t) => tokenPieces[t]));
