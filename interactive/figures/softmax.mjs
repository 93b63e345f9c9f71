// Real logits of a real model, turned into shares at a temperature of the reader's choice.
import { withTheRest } from "../core/softmax.mjs";
import { shareRows, visible } from "../kit/bars.mjs";
import { choice, number } from "../kit/fields.mjs";
import { brief, percent, shown } from "../kit/words.mjs";

const TOKENS = 8;

/** The rows that are drawn: the likeliest tokens, and everything else together. */
export function rowsOf({ names, logits, others }, temperature) {
  const all = withTheRest(logits, others, temperature);
  const rest = all.slice(TOKENS).reduce((a, b) => a + b, 0);
  return { named: names.slice(0, TOKENS).map((name, i) => [visible(name), all[i]]), rest };
}

function told({ prompt, logits }, { named, rest }, temperature) {
  const [[first, most], [second]] = named;
  const gap = logits[0] - logits[1];
  const times = temperature === 0 ? Infinity : Math.exp(gap / temperature);
  const ahead = Number.isFinite(times) ? `${shown(times, times < 100 ? 1 : 0)} times as likely as` : "all there is, against";
  const factor = Number.isFinite(times) ? `, e to the power ${shown(gap)}/${brief(temperature)}` : "";
  return `After “${prompt}” at T = ${brief(temperature)}: “${first}” has ${percent(most, 1)} and is ${ahead} “${second}”${factor}. All tokens but the eight shown have ${percent(rest, 1)} together.`;
}

export default {
  title: "The next token's shares at a temperature",
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
      frame.stage.replaceChildren(shareRows([...rows.named, [restName, rows.rest, true]]));
      return told(prompts[prompt], rows, temperature);
    });
  },
};
