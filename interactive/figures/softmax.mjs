// Real logits of a real model, turned into probabilities at a temperature of the reader's choice.
import { randomNumbers } from "../core/random.mjs";
import { sample, withTail } from "../core/sampling.mjs";
import { bars, visible } from "../kit/bars.mjs";
import { choice, integer, number } from "../kit/fields.mjs";
import { brief, counted, percent, shown } from "../kit/words.mjs";

const TOKENS = 8;
const MOST = 1000; // draws
const SEED = 1;

/** The rows that are drawn: the most probable tokens, and all others together. */
export function rowsOf({ tokens, logits, tail }, temperature) {
  const all = withTail(logits, tail, temperature);
  const rest = all.slice(TOKENS).reduce((a, b) => a + b, 0);
  return { named: tokens.slice(0, TOKENS).map((token, i) => [visible(token), all[i]]), rest };
}

/** Which rows some draws give, in order, by the same random numbers each time. */
export function drawn(p, count) {
  const next = randomNumbers(SEED);
  return Array.from({ length: count }, () => sample(p, next()));
}

function told({ prompt, logits }, { named, rest }, temperature) {
  const [[first, most], [second]] = named;
  const gap = logits[0] - logits[1];
  const times = temperature === 0 ? Infinity : Math.exp(gap / temperature);
  const ahead = Number.isFinite(times) ? `${shown(times, times < 100 ? 1 : 0)} times as probable as` : "certain, against";
  const factor = Number.isFinite(times) ? `, e to the power ${shown(gap)}/${brief(temperature)}` : "";
  return `After “${prompt}” at T = ${brief(temperature)}: “${first}” has ${percent(most, 1)} and is ${ahead} “${second}”${factor}. All other tokens have ${percent(rest, 1)} together.`;
}

function toldDraws(rows, draws, rest) {
  if (!draws.length) return "";
  const last = rows[draws.at(-1)][0];
  return ` Drawn ${counted(draws.length, "time")}, last ${last === rest ? "one of the others" : `“${last}”`}.`;
}

export default {
  title: "The next token's probabilities at a temperature",
  fields: ({ prompts, start }) => ({
    prompt: choice(start.prompt, Object.fromEntries(Object.entries(prompts).map(([key, p]) => [key, `${p.prompt} …`]))),
    temperature: number(start.temperature, { min: 0, max: 1000, soft: [0, 3], step: 0.05 }),
    draws: integer(0, { min: 0, max: MOST }),
  }),
  mount(frame, { prompts, presets, rest }) {
    const anew = () => ({ draws: 0 });
    frame.presets(presets);
    frame.choice("prompt", "prompt", anew);
    frame.slider("temperature", "temperature T", anew);
    frame.button("Draw a token", () => frame.set({ draws: frame.state.draws + 1 }), true);
    frame.button("Draw a hundred", () => frame.set({ draws: frame.state.draws + 100 }), true);
    frame.onArrival([{ temperature: 0.1 }, { temperature: 3 }], 1200);
    frame.onDraw(({ prompt, temperature, draws }) => {
      const found = rowsOf(prompts[prompt], temperature);
      const rows = [...found.named, [rest, found.rest, true]];
      const made = drawn(rows.map(([, p]) => p), draws);
      const counts = rows.map((_, i) => made.filter((row) => row === i).length);
      const labelled = rows.map(([name, p, quiet], i) => [draws && counts[i] ? `${counts[i]}× ${name}` : name, p, quiet]);
      frame.stage.replaceChildren(bars(frame, labelled));
      return told(prompts[prompt], found, temperature) + toldDraws(rows, made, rest);
    });
  },
};
