// Byte-pair encoding of the reader's own line, one merge at a time.
import { countPairs, pieces, train } from "../core/tokens.mjs";
import { isBroken, tokenWords } from "../kit/bars.mjs";
import { integer, text } from "../kit/fields.mjs";
import { GLIDE, isCalm } from "../kit/motion.mjs";
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

/** Where the pair that is merged next begins, from left to right; a token belongs to one of them. */
export function nextPairs(tokens, [first, second]) {
  const found = [];
  for (let i = 0; i + 1 < tokens.length; i++) {
    if (tokens[i] !== first || tokens[i + 1] !== second) continue;
    found.push(i);
    i++;
  }
  return found;
}

function boxes({ tokens, pieces: bytes, pairs, merges }) {
  const starts = pairs.length ? nextPairs(tokens, pairs[0][0]) : [];
  const marked = new Set(starts.flatMap((i) => [i, i + 1]));
  const newest = merges.length ? 255 + merges.length : null;
  const spans = tokens.map((token, i) => {
    const kind = isBroken(bytes[token]) ? "ws-bpe-bytes" : i % 2 ? "ws-bpe-odd" : "ws-bpe-even";
    const more = `${marked.has(i) ? " ws-bpe-next" : ""}${token === newest ? " ws-bpe-new" : ""}`;
    return html("span", { class: kind + more }, tokenWords(bytes[token]));
  });
  return html("p", { class: "ws-bpe-line" }, spans);
}

/** Let each token of a line grow out of where its first byte stood before. */
function animate(line, before) {
  const now = [...line.children];
  now.forEach((node, i) => {
    const old = before[i];
    if (!old) return;
    const box = node.getBoundingClientRect();
    const [dx, dy] = [old.left - box.left, old.top - box.top];
    if (!dx && !dy) return;
    node.animate([{ transform: `translate(${dx}px, ${dy}px)` }, { transform: "none" }], { duration: GLIDE, easing: "ease-in-out" });
  });
}

// where each token is drawn, by the number of bytes before it
function boxesByByte(line, { tokens, pieces: bytes }) {
  const found = new Map();
  let at = 0;
  [...line.children].forEach((node, i) => {
    found.set(at, node.getBoundingClientRect());
    at += bytes[tokens[i]].length;
  });
  return found;
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

// for each token, where its first byte stood in the drawing before
function firstBytes({ tokens, pieces: bytes }, before) {
  let at = 0;
  return tokens.map((token) => {
    const box = before.get(at);
    at += bytes[token].length;
    return box;
  });
}

export default {
  title: "Byte-pair encoding, one merge at a time",
  fields: ({ start }) => ({
    text: text(start.text, { longest: 120 }),
    merges: integer(start.merges, { min: 0, max: MOST }),
  }),
  mount(frame, { presets }) {
    let [found, key] = [null, null];
    const finished = ({ merges }) => merges >= MOST || !found?.pairs.length;
    frame.presets(presets);
    frame.text("text", "a line of text", () => ({ merges: 0 }));
    frame.play({ field: "merges", finished, pace: 800 });
    frame.button("Back", () => frame.set({ merges: Math.min(frame.state.merges, found.merges.length) - 1 }), true, ({ merges }) => merges === 0);
    frame.onArrival([{ merges: 0 }, { merges: 0 }], 1600);
    frame.onDraw(({ text: line, merges }) => {
      const next = JSON.stringify([line, merges]);
      if (next === key && found.width === frame.width) return told(found, line); // a glide has nothing to move here
      const old = frame.stage.querySelector(".ws-bpe-line");
      const before = old && found?.line === line ? boxesByByte(old, found) : null;
      key = next;
      found = { ...stateOf(line, merges), line, width: frame.width };
      const drawn = boxes(found);
      frame.stage.replaceChildren(drawn, html("div", { class: "ws-bpe-below" }, pairTable(found), mergeList(found)));
      if (before && !isCalm()) animate(drawn, firstBytes(found, before));
      return told(found, line);
    });
  },
};
