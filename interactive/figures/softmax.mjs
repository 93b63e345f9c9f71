// Real logits of a real model, turned into probabilities at a temperature of the reader's choice.
import { withTail } from "../core/sampling.mjs";
import { bars, visible } from "../kit/bars.mjs";
import { choice, number } from "../kit/fields.mjs";
import { brief, percent, shown } from "../kit/words.mjs";

const TOKENS = 8;

/** The rows that are drawn: the most probable tokens, and all others together. */
export function rowsOf({ tokens, logits, tail }, temperature) {
  const all = withTail(logits, tail, temperature);
  const rest = all.slice(TOKENS).reduce((a, b) => a + b, 0);
  return { named: tokens.slice(0, TOKENS).map((token, i) => [visible(token), all[i]]), rest };
}

function told({ prompt, logits }, { named, rest }, temperature) {
  const [[first, most], [second]] = named;
  const gap = logits[0] - logits[1];
  const times = temperature === 0 ? Infinity : Math.exp(gap / temperature);
  const ahead = Number.isFinite(times) ? `${shown(times, times < 100 ? 1 : 0)} times as probable as` : "certain, against";
  const factor = Number.isFinite(times) ? `, e to the power ${shown(gap)}/${brief(temperature)}` : "";
  return `After “${prompt}” at T = ${brief(temperature)}: “${first}” has ${percent(most, 1)} and is ${ahead} “${second}”${factor}. All other tokens have ${percent(rest, 1)} together.`;
}

export default {
  title: "The next token's probabilities at a temperature",
  fields: ({ prompts, start }) => ({
    prompt: choice(start.prompt, Object.fromEntries(Object.entries(prompts).map(([key, p]) => [key, `${p.prompt} …`]))),
    temperature: number(start.temperature, { min: 0, max: 1000, soft: [0, 3], step: 0.05 }),
  }),
  mount(frame, { prompts, presets, rest: restName }) {
    frame.choice("prompt", "prompt");
    frame.slider("temperature", "temperature T");
    frame.presets(presets);
    frame.onDraw(({ prompt, temperature }) => {
      const rows = rowsOf(prompts[prompt], temperature);
      frame.stage.replaceChildren(bars([...rows.named, [restName, rows.rest, true]]));
      return told(prompts[prompt], rows, temperature);
    });
  },
};
