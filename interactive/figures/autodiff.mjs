// The backward pass through a computation graph: predict each gradient, then see it.
import { backward, forward, usersOf } from "../core/autodiff.mjs";
import { choice, integer, number, text } from "../kit/fields.mjs";
import { graphDrawing, short } from "./autodiff-graph.mjs";

const NEAR = 0.005; // a prediction that rounds to the gradient is right

/** What has been revealed after `step` steps: the gradients that are known, and the node that comes next. */
export function revealed({ graph, step, ...given }, graphs) {
  const nodes = forward(graphs[graph].recipe, given);
  const gradients = [...backward(nodes)];
  const shown = Math.min(step + 1, gradients.length); // that of the last node is known from the start
  return { nodes, known: new Map(gradients.slice(0, shown)), next: gradients[shown]?.[0] ?? null, last: gradients[shown - 1] };
}

function sumOf(name, nodes, known) {
  const terms = usersOf(name, nodes).map(([user, derivative]) => `${short(known.get(user))} × ${short(derivative)}`);
  return terms.join(" + ");
}

/** The number that a prediction is; null for an empty one, NaN for other text. */
export const numberOf = (text) => (text.trim() === "" ? null : Number(text.replace(",", ".").replace("−", "-")));

function verdict({ prediction, predicted_at, step }, gradient) {
  const number = numberOf(prediction);
  if (predicted_at !== step - 1 || !Number.isFinite(number)) return "";
  return Math.abs(number - gradient) <= NEAR ? " Your prediction was correct." : ` You predicted ${short(number)}.`;
}

function told(state, { nodes, known, next, last }) {
  const [name, gradient] = last;
  const sum = sumOf(name, nodes, known);
  const seen = sum ? `∂C/∂${name} = ${sum} = ${short(gradient)}.${verdict(state, gradient)}` : "∂C/∂C = 1.";
  if (!next) return `${seen} All gradients are known.`;
  const users = usersOf(next, nodes).map(([user]) => user);
  const from = users.length > 1 ? `${users.join(" and ")} use it` : `only ${users[0]} uses it`;
  const unreadable = state.predicted_at === state.step && Number.isNaN(numberOf(state.prediction)) ? " Your prediction is not a number." : "";
  return `${seen} Next, the marked node ${next}: ${from}. What is ∂C/∂${next}?${unreadable}`;
}

export default {
  title: "The backward pass through a computation graph, one gradient at a time",
  fields: ({ start, graphs }) => {
    const value = (name) => number(start[name], { min: -100, max: 100, soft: [-5, 5], step: 0.5 });
    const steps = Math.max(...Object.values(graphs).map(({ recipe }) => recipe.length)) - 1;
    return {
      graph: choice(start.graph, Object.fromEntries(Object.entries(graphs).map(([key, { name }]) => [key, name]))),
      w: value("w"), x: value("x"), b: value("b"),
      step: integer(0, { min: 0, max: steps }),
      prediction: text("", { longest: 12 }),
      predicted_at: integer(0, { min: 0, max: steps }),
    };
  },
  mount(frame, { graphs, presets }) {
    const finished = ({ graph, step }) => step >= graphs[graph].recipe.length - 1;
    // a prediction that is no number is not judged: the gradient stays hidden
    const ready = ({ step, predicted_at, prediction }) => predicted_at !== step || !Number.isNaN(numberOf(prediction));
    frame.presets(presets);
    const line = frame.text("prediction", "your prediction (Enter reveals)", () => ({ predicted_at: frame.state.step }));
    frame.play({ field: "step", finished, ready, pace: 1200, label: "Reveal", auto: false });
    line.addEventListener("keydown", (event) => {
      if (event.key === "Enter") frame.player.step();
    });
    frame.button("Back", () => frame.set({ step: frame.state.step - 1 }), true, ({ step }) => step === 0);
    frame.choice("graph", "graph", () => ({ step: 0, prediction: "", predicted_at: 0 }));
    for (const name of "wxb") frame.slider(name, name);
    frame.onArrival([{ w: 0.5, x: 1 }, { w: 3, x: 2 }], 1200);
    frame.onDraw((state) => {
      const found = revealed(state, graphs);
      frame.stage.replaceChildren(graphDrawing(found.nodes, graphs[state.graph], found.known, found.next, frame.width, frame.height));
      return told(state, found);
    });
  },
};
