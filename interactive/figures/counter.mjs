// Where the parameters of a transformer are: every kind of matrix, its shape, and the sum.
import { byGroup, matrices, matrixCount, total, uncounted } from "../core/counting.mjs";
import { flag, integer } from "../kit/fields.mjs";
import { ink } from "../kit/plot.mjs";
import { html, svg } from "../kit/svg.mjs";
import { counted, percent, shown } from "../kit/words.mjs";

const BANDS = { embeddings: "line-4", attention: "line-1", MLP: "line-2", "the rest": "quiet" };
const HEIGHT = 26;

const whole = (n) => shown(n, 0);

/** The fractions of embeddings, attention, MLPs and all the rest in the parts. */
export function bands(parts) {
  const groups = byGroup(parts);
  const embeddings = groups.embedding + groups.unembedding + (groups.tied ?? 0);
  const found = { embeddings, attention: groups.attention, MLP: groups.MLP };
  const sum = total(parts);
  found["the rest"] = sum - embeddings - groups.attention - groups.MLP;
  return Object.fromEntries(Object.entries(found).map(([name, count]) => [name, count / sum]));
}

function bar(fractions, width) {
  const node = svg("svg", { width, height: HEIGHT, "aria-hidden": "true" });
  let left = 0;
  for (const [name, fraction] of Object.entries(fractions)) {
    node.append(svg("rect", { x: left * width, y: 0, width: fraction * width, height: HEIGHT, fill: ink(BANDS[name]) }));
    left += fraction;
  }
  return node;
}

function key(fractions) {
  return html(
    "p",
    { class: "ws-counter-key" },
    Object.entries(fractions).map(([name, fraction]) => {
      const patch = html("span", { class: "ws-counter-patch" });
      patch.style.background = ink(BANDS[name]);
      return html("span", {}, patch, ` ${name} ${percent(fraction, 1)}`);
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

function told(state, published, parts) {
  const sizes = `${counted(state.n_layers, "layer")} of ${counted(state.n_heads, "head")}, d_model = ${whole(state.n_heads * state.d_head)}: `;
  if (state.all) return `${sizes}${whole(total(parts))} parameters, everything counted. The published way of counting gives ${whole(total(published))}.`;
  return `${sizes}${whole(total(published))} parameters in ${whole(matrixCount(published))} matrices.`;
}

export default {
  title: "Count the parameters of a transformer from its sizes",
  fields: ({ start }) => {
    const size = (name, max) => ({ ...integer(start[name], { min: 1, max }), log: true });
    return {
      n_layers: size("n_layers", 500), n_heads: size("n_heads", 1000), d_head: size("d_head", 1000),
      vocab_size: size("vocab_size", 1000000), context: size("context", 1000000),
      all: flag(start.all), biases: flag(start.biases), tied: flag(start.tied),
    };
  },
  mount(frame, { presets }) {
    frame.slider("n_layers", "layers");
    frame.slider("n_heads", "heads per layer");
    frame.slider("d_head", "dimensions per head");
    frame.slider("vocab_size", "vocabulary size");
    frame.slider("context", "context length");
    frame.flag("all", "count positions, biases and layer norms too");
    const everything = () => ({ all: true }); // these two change no other total
    frame.flag("biases", "attention has biases", everything);
    frame.flag("tied", "embedding and unembedding are one matrix", everything);
    frame.presets(presets);
    frame.onDraw((state) => {
      const published = matrices(state);
      const parts = state.all ? [...published, ...uncounted(state)] : published;
      const fractions = bands(parts);
      frame.stage.replaceChildren(bar(fractions, frame.width), key(fractions), table(parts));
      return told(state, published, parts);
    });
  },
};
