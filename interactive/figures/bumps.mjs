// Bumps side by side follow a curve: the reader chooses how many, how steep, and how high.
import { interpolate } from "../core/interpolation.mjs";
import { evaluate, largestError, middles, staircase } from "../core/universality.mjs";
import { choice, integer, number, text } from "../kit/fields.mjs";
import { Plot } from "../kit/plot.mjs";
import { brief, shown } from "../kit/words.mjs";

const LEVELS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"; // heights in an address: A is 0, z is 1
const TOP = LEVELS.length - 1;
const MOST = 60;
const NUDGE = 2; // levels that a button moves a bump

/** The heights of the bumps: the curve's in their middles, but where the reader has set her own. */
export function heightsOf({ pieces, own }, points) {
  return middles(pieces).map((middle, i) => {
    const level = LEVELS.indexOf(own[i] ?? ".");
    return level >= 0 ? level / TOP : interpolate(points, middle);
  });
}

/** The text of own heights with the height of bump `i` set. */
export function withHeight({ own, pieces }, i, height) {
  const level = Math.max(0, Math.min(TOP, Math.round(height * TOP)));
  const letters = [...own.padEnd(pieces, ".")].slice(0, pieces);
  return letters.with(i, LEVELS[level]).join("");
}

function draw(plot, points, network, heights, chosen) {
  const width = 1 / heights.length;
  heights.forEach((height, i) => plot.bar((i + 0.5) * width, height, { colour: "activation", size: width, opacity: i === chosen ? 0.3 : 0.1 }));
  const outputs = Array.from({ length: 601 }, (_, i) => [i / 600, evaluate(i / 600, network)]);
  plot.area([...outputs, ...points.toReversed()], { colour: "ink", opacity: 0.22 });
  plot.line(points, { colour: "ink", width: 2, dash: "5 4" });
  plot.line(outputs, { colour: "activation", width: 2.5 });
  const corner = (row, words, more) => plot.label(0.99, 1, words, { anchor: "end", dy: 10 + 17 * row, ...more });
  corner(0, "target (dashed)");
  corner(1, "network", { colour: "activation", bold: true });
  corner(2, "error (grey)", { colour: "quiet" });
}

/** Let the reader drag the bumps of a drawing up and down, or press where one should end. */
function dragBumps(frame, plot) {
  const put = (event, glide) => {
    const at = plot()?.at(event);
    if (!at) return;
    const i = Math.min(frame.state.pieces - 1, Math.floor(at[0] * frame.state.pieces));
    frame.set({ bump: i + 1, own: withHeight(frame.state, i, at[1]) }, glide);
  };
  // a finger taps, since it must be able to scroll; a mouse may drag as well
  frame.stage.addEventListener("click", (event) => put(event, false));
  frame.stage.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch" && event.button === 0) frame.stage.setPointerCapture(event.pointerId);
  });
  frame.stage.addEventListener("pointermove", (event) => {
    if (frame.stage.hasPointerCapture(event.pointerId)) put(event, false);
  });
  frame.stage.classList.add("ws-drag");
}

function told({ pieces, steepness }, heights, network, points, chosen) {
  const n = network.hidden.length;
  const neurons = n === 0 ? "No neuron, only a bias" : n === 1 ? "One neuron" : `${n} neurons of steepness ${brief(steepness)} × ${pieces} = ${shown(steepness * pieces, 0)}`;
  return `${neurons}; the largest error is ${shown(largestError(points, network), 3)}. Bump ${chosen + 1} of ${pieces} is ${shown(heights[chosen])} high.`;
}

export default {
  title: "Build a curve from bumps of neurons",
  fields: ({ curves, names, start }) => ({
    curve: choice(start.curve, Object.fromEntries(Object.keys(curves).map((key) => [key, names[key]]))),
    pieces: integer(start.pieces, { min: 1, max: MOST }),
    steepness: number(start.steepness, { min: 0.01, max: 1e6, soft: [0.1, 200], digits: 1, log: true }),
    bump: integer(1, { min: 1, max: MOST }),
    own: text("", { longest: MOST }),
  }),
  mount(frame, { curves, presets }) {
    let plot;
    const chosen = () => Math.min(frame.state.bump, frame.state.pieces) - 1;
    const points = () => curves[frame.state.curve];
    const nudge = (levels) => () => {
      const height = heightsOf(frame.state, points())[chosen()] + levels / TOP;
      frame.set({ own: withHeight(frame.state, chosen(), height) });
    };
    dragBumps(frame, () => plot);
    const anew = () => ({ own: "" }); // heights that were set belong to other bumps
    frame.presets(presets);
    frame.choice("curve", "curve", anew);
    frame.slider("pieces", "bumps", anew);
    frame.slider("steepness", "sharpness of a step");
    frame.slider("bump", "selected bump");
    frame.button("Higher", nudge(NUDGE));
    frame.button("Lower", nudge(-NUDGE));
    frame.button("All as high as the curve", () => frame.set({ own: "" }), false, ({ own }) => own === "");
    frame.onArrival([{ pieces: 1 }, { pieces: 4 }, { pieces: 20 }], 900);
    frame.onDraw((state) => {
      const heights = frame.blend("heights", heightsOf(state, points()));
      const network = staircase(heights, state.steepness * state.pieces);
      plot = new Plot({ width: frame.width, height: Math.min(frame.height, 340), x: [0, 1], y: [-0.02, 1.02], xLabel: "input x", yLabel: "output", yTicks: [[0, "0"], [0.5, "½"], [1, "1"]] });
      draw(plot, points(), network, heights, chosen());
      frame.stage.replaceChildren(plot.node);
      return told(state, heights, network, points(), chosen());
    });
  },
};
