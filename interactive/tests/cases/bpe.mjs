import { countPairs, countWords, decode, encode, pieces, splitWords, train } from "../../core/tokens.mjs";
import { nextPairs } from "../../figures/bpe.mjs";

export default {
  splitWords,
  train: ({ text, count }) => train(text, count).merges,
  // the most frequent pair, which the next merge takes
  first: (text) => countPairs(countWords(text))[0] ?? null,
  nextPairs: ({ tokens, pair }) => nextPairs(tokens, pair),
  pieces: (merges) => pieces(merges),
  thereAndBack: ({ text, count }) => {
    const { merges } = train(text, count);
    return decode(encode(text, merges), pieces(merges));
  },
};
