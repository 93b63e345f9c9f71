// Where the parameters of a transformer are: every kind of matrix, its shape, and the sum.
import { byGroup, howMany, leftOut, matrices, total } from "../core/counting.mjs";
import { flag, integer } from "../kit/fields.mjs";
import { ink } from "../kit/plot.mjs";
import { html, svg } from "../kit/svg.mjs";
import { counted, percent, shown } from "../kit/words.mjs";

const BANDS = { embeddings: "line-4", attention: "line-1", MLP: "line-2", "the rest": "quiet" };
const HEIGHT = 26;

const whole = (n) => shown(n, 0);

/** The share of embeddings, attention, MLPs and all the rest in the parts. */
export function bands(parts) {
  const groups = byGroup(parts);
  const embeddings = groups.embedding + groups.unembedding + (groups.tied ?? 0);
  const found = { embeddings, attention: groups.attention, MLP: groups.MLP };
  const sum = total(parts);
  found["the rest"] = sum - embeddings - groups.attention - groups.MLP;
  return Object.fromEntries(Object.entries(found).map(([name, count]) => [name, count / sum]));
}

function bar(shares, width) {
  const node = svg("svg", { width, height: HEIGHT, "aria-hidden": "true" });
  let left = 0;
  for (const [name, share] of Object.entries(shares)) {
    node.append(svg("rect", { x: left * width, y: 0, width: share * width, height: HEIGHT, fill: ink(BANDS[name]) }));
    left += share;
  }
  return node;
}

function key(shares) {
  return html(
    "p",
    { class: "ws-counter-key" },
    Object.entries(shares).map(([name, share]) => {
      const patch = html("span", { class: "ws-counter-patch" });
      patch.style.background = ink(BANDS[name]);
      return html("span", {}, patch, ` ${name} ${percent(share, 1)}`);
    }),
  );
}

const shape = ({ copies, rows, columns }) => `${whole(copies)} × ${whole(rows)} × ${whole(columns)}`;

function table(parts) {
  const rows = parts
    .filter(({ copies }) => copies)
    .map((p) => html("tr", {}, html("th", { scope: "row" }, `${p.group === p.name ? p.name : `${p.group}: ${p.name}`}`), html("td", {}, shape(p)), html("td", {}, whole(p.parameters))));
  const head = html("tr", {}, ["matrices", "copies × rows × columns", "parameters"].map((words) => html("th", { scope: "col" }, words)));
  return html("table", { class: "ws-counter-table" }, html("thead", {}, head), html("tbody", {}, rows));
}

function told(state, famous, parts) {
  const sizes = `${counted(state.layers, "layer")} of ${counted(state.heads, "head")}, width ${whole(state.heads * state.dim)}: `;
  if (state.all) return `${sizes}${whole(total(parts))} parameters, all that is in it. The famous way of counting gives ${whole(total(famous))}.`;
  return `${sizes}${whole(total(famous))} parameters in ${whole(howMany(famous))} matrices.`;
}

export default {
  title: "Count the parameters of a transformer from its sizes",
  fields: ({ start }) => {
    const size = (name, max) => ({ ...integer(start[name], { min: 1, max }), log: true });
    return {
      layers: size("layers", 500), heads: size("heads", 1000), dim: size("dim", 1000),
      vocabulary: size("vocabulary", 1000000), context: size("context", 1000000),
      all: flag(start.all), biases: flag(start.biases), tied: flag(start.tied),
    };
  },
  mount(frame, { presets }) {
    frame.slider("layers", "layers");
    frame.slider("heads", "heads a layer");
    frame.slider("dim", "dimensions a head");
    frame.slider("vocabulary", "vocabulary");
    frame.slider("context", "context length");
    frame.flag("all", "count vectors, positions and tied matrices too");
    const everything = () => ({ all: true }); // these two matter to nothing else
    frame.flag("biases", "attention has biases", everything);
    frame.flag("tied", "embedding and unembedding are one matrix", everything);
    frame.presets(presets);
    frame.onDraw((state) => {
      const famous = matrices(state);
      const parts = state.all ? [...famous, ...leftOut(state)] : famous;
      const shares = bands(parts);
      frame.stage.replaceChildren(bar(shares, frame.width), key(shares), table(parts));
      return told(state, famous, parts);
    });
  },
};
