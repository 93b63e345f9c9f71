// Step backwards through a computation graph: predict each slope, then see it.
import { compute, slopesBack, usersOf } from "../core/graph.mjs";
import { choice, integer, number, text } from "../kit/fields.mjs";
import { graphDrawing, short } from "./autodiff-graph.mjs";

const NEAR = 0.005; // a prediction that rounds to the slope is right

/** What has been revealed after `step` steps: the slopes that are known, and the box that comes next. */
export function revealed({ graph, step, ...given }, graphs) {
  const nodes = compute(graphs[graph].recipe, given);
  const slopes = [...slopesBack(nodes)];
  const shown = Math.min(step + 1, slopes.length); // the last box is known from the start
  return { nodes, known: new Map(slopes.slice(0, shown)), next: slopes[shown]?.[0] ?? null, last: slopes[shown - 1] };
}

function sumOf(name, nodes, known) {
  const terms = usersOf(name, nodes).map(([user, step]) => `${short(known.get(user))} × ${short(step)}`);
  return terms.join(" + ");
}

function verdict({ guess, asked, step }, slope) {
  const said = Number(guess.replace(",", ".").replace("−", "-"));
  if (asked !== step - 1 || guess.trim() === "") return "";
  if (!Number.isFinite(said)) return " Your prediction cannot be read.";
  return Math.abs(said - slope) <= NEAR ? " Your prediction was right." : ` You predicted ${short(said)}.`;
}

function told(state, { nodes, known, next, last }) {
  const [name, slope] = last;
  const sum = sumOf(name, nodes, known);
  const seen = sum ? `Slope of ${name}: ${sum} = ${short(slope)}.${verdict(state, slope)}` : "The slope of C by itself is 1.";
  if (!next) return `${seen} All slopes are known.`;
  const users = usersOf(next, nodes).map(([user]) => user);
  const from = users.length > 1 ? `${users.join(" and ")} use it` : `only ${users[0]} uses it`;
  return `${seen} Next, the marked box ${next}: ${from}. Which slope will it have?`;
}

export default {
  title: "Walk back through a computation graph, one slope at a time",
  fields: ({ start, graphs }) => {
    const value = (name) => number(start[name], { min: -100, max: 100, soft: [-5, 5], step: 0.5 });
    const steps = Math.max(...Object.values(graphs).map(({ recipe }) => recipe.length)) - 1;
    return {
      graph: choice(start.graph, Object.fromEntries(Object.entries(graphs).map(([key, { name }]) => [key, name]))),
      w: value("w"), x: value("x"), b: value("b"),
      step: integer(0, { min: 0, max: steps }),
      guess: text("", { longest: 12 }),
      asked: integer(0, { min: 0, max: steps }),
    };
  },
  mount(frame, { graphs, presets }) {
    const finished = () => frame.state.step >= graphs[frame.state.graph].recipe.length - 1;
    frame.text("guess", "your prediction", () => ({ asked: frame.state.step }));
    frame.player({ advance: () => frame.set({ step: frame.state.step + 1 }), finished, pause: 1200, label: "Reveal" });
    frame.button("Back", () => frame.set({ step: frame.state.step - 1 }));
    frame.choice("graph", "graph", () => ({ step: 0, guess: "", asked: 0 }));
    for (const name of "wxb") frame.slider(name, name);
    frame.presets(presets);
    frame.onDraw((state) => {
      const found = revealed(state, graphs);
      frame.stage.replaceChildren(graphDrawing(found.nodes, graphs[state.graph], found.known, found.next, frame.width));
      return told(state, found);
    });
  },
};
