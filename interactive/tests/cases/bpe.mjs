import { countPairs, countWords, decode, encode, learn, pieces, wordsOf } from "../../core/pairs.mjs";

export default {
  wordsOf,
  learn: ({ text, count }) => learn(text, count).merges,
  // the most frequent pair, which the next merge takes
  first: (text) => countPairs(countWords(text))[0] ?? null,
  pieces: (merges) => pieces(merges),
  thereAndBack: ({ text, count }) => {
    const { merges } = learn(text, count);
    return decode(encode(text, merges), pieces(merges));
  },
};
