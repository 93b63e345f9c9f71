// Byte-pair encoding of the reader's own line, one merge at a time.
import { countPairs, pieces, train } from "../core/tokens.mjs";
import { isBroken, tokenWords } from "../kit/bars.mjs";
import { integer, text } from "../kit/fields.mjs";
import { html } from "../kit/svg.mjs";
import { counted } from "../kit/words.mjs";

const MOST = 60; // merges that can be stepped through
const PAIRS = 5; // of the most frequent ones are listed

/** All that is shown after `count` merges learned from a text: the tokenised line, the pairs, the merges. */
export function stateOf(line, count) {
  const { merges, words, order } = train(line, count);
  const byWord = new Map(words.map(({ word, tokens }) => [word, tokens]));
  return { merges, tokens: order.flatMap((word) => byWord.get(word)), pairs: countPairs(words), pieces: pieces(merges) };
}

function told(found, line) {
  const bytes = new TextEncoder().encode(line).length;
  const name = (token) => `“${tokenWords(found.pieces[token])}”`;
  if (line === "") return "Type a line of text, and it will be split into tokens.";
  const cut = `After ${counted(found.merges.length, "merge")}: ${counted(found.tokens.length, "token")} for ${counted(bytes, "byte")}.`;
  const [next] = found.pairs;
  if (!next) return `${cut} No pair is left: every word is one token.`;
  const [[first, second], times] = next;
  return `${cut} Next, ${name(first)} and ${name(second)} are merged: the pair occurs ${counted(times, "time")}.`;
}

function boxes({ tokens, pieces: bytes }) {
  const spans = tokens.map((token, i) => {
    const kind = isBroken(bytes[token]) ? "ws-bpe-bytes" : i % 2 ? "ws-bpe-odd" : "ws-bpe-even";
    return html("span", { class: kind }, tokenWords(bytes[token]));
  });
  return html("p", { class: "ws-bpe-line" }, spans);
}

function pairTable({ pairs, pieces: bytes }) {
  const rows = pairs.slice(0, PAIRS).map(([[first, second], times]) =>
    html("tr", {}, html("td", {}, tokenWords(bytes[first])), html("td", {}, tokenWords(bytes[second])), html("td", {}, String(times))),
  );
  const head = html("tr", {}, ["first", "second", "times"].map((words) => html("th", { scope: "col" }, words)));
  return html("table", { class: "ws-bpe-pairs" }, html("caption", {}, "most frequent pairs"), html("thead", {}, head), html("tbody", {}, rows));
}

function mergeList({ merges, pieces: bytes }) {
  const made = merges.map((_, i) => html("span", { class: "ws-bpe-even" }, tokenWords(bytes[256 + i])));
  return html("p", { class: "ws-bpe-line" }, "learned: ", made.length ? made : "nothing yet");
}

export default {
  title: "Byte-pair encoding, one merge at a time",
  fields: ({ start }) => ({
    text: text(start.text, { longest: 120 }),
    merges: integer(start.merges, { min: 0, max: MOST }),
  }),
  mount(frame, { presets }) {
    let found;
    const finished = () => frame.state.merges >= MOST || !found?.pairs.length;
    frame.player({ advance: () => frame.set({ merges: frame.state.merges + 1 }), finished, pause: 700, label: "Step" });
    frame.button("Back", () => frame.set({ merges: Math.min(frame.state.merges, found.merges.length) - 1 }));
    frame.text("text", "a line of text");
    frame.presets(presets);
    frame.onDraw(({ text: line, merges }) => {
      found = stateOf(line, merges);
      frame.stage.replaceChildren(boxes(found), html("div", { class: "ws-bpe-below" }, pairTable(found), mergeList(found)));
      return told(found, line);
    });
  },
};
