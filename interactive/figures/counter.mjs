// Where the parameters of a transformer are: an area for every kind of matrix, and the sum.
import { byGroup, matrices, matrixCount, total, uncounted } from "../core/counting.mjs";
import { flag, integer } from "../kit/fields.mjs";
import { ink } from "../kit/plot.mjs";
import { html, svg } from "../kit/svg.mjs";
import { counted, percent, shown } from "../kit/words.mjs";

const COLUMNS = { embeddings: "series-2", attention: "attention", MLP: "activation", "the rest": "quiet" };
const COLUMN_OF = { embedding: "embeddings", unembedding: "embeddings", tied: "embeddings", attention: "attention", MLP: "MLP" };
const TEXT = 15; // pixels that a line of words needs
const LETTER = 7;

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

/** The parts of each column with their fractions of all parameters; what is tied away leaves its matrix. */
export function columns(parts) {
  const sum = total(parts);
  const found = Object.fromEntries(Object.keys(COLUMNS).map((name) => [name, new Map()]));
  for (const { group, name, parameters } of parts) {
    const column = found[COLUMN_OF[group] ?? "the rest"];
    const key = column === found["the rest"] ? group : name;
    column.set(key, (column.get(key) ?? 0) + parameters / sum);
  }
  return found;
}

// a column for each group, as wide as its fraction; in it an area for each kind of matrix
function areas(frame, parts, width, height) {
  const node = svg("svg", { width, height, "aria-hidden": "true" });
  const found = columns(parts);
  const names = Object.entries(found).flatMap(([column, kinds]) => [...kinds.keys()].map((kind) => [column, kind]));
  const fractions = frame.blend("areas", names.map(([column, kind]) => found[column].get(kind)));
  let left = 0;
  for (const column of Object.keys(COLUMNS)) {
    const own = names.map(([c, kind], i) => ({ c, kind, fraction: fractions[i] })).filter(({ c, fraction }) => c === column && fraction > 0);
    const sum = own.reduce((s, { fraction }) => s + fraction, 0);
    let top = 0;
    for (const { kind, fraction } of own) {
      const box = { x: left, y: top, width: sum * width, height: (fraction / sum) * height };
      node.append(svg("rect", { ...box, fill: ink(COLUMNS[column]), "fill-opacity": 0.3, stroke: "var(--card)", "stroke-width": 2 }));
      if (box.height > TEXT && box.width > LETTER * kind.length + 12) node.append(svg("text", { x: left + 8, y: top + box.height / 2 + 4, "font-size": 13, fill: ink("ink") }, kind));
      top += box.height;
    }
    left += sum * width;
  }
  return node;
}

function key(fractions) {
  const entries = Object.entries(fractions).map(([name, fraction]) => {
    const patch = html("span", { class: "ws-patch" });
    patch.style.background = `color-mix(in srgb, ${ink(COLUMNS[name])} 30%, var(--card))`;
    return html("span", {}, patch, ` ${name} ${percent(fraction, 1)}`);
  });
  return html("p", { class: "ws-counter-key" }, entries);
}

const shape = ({ copies, rows, columns: width }) => `${whole(copies)} × ${whole(rows)} × ${whole(width)}`;

function table(parts) {
  const rows = parts
    .filter(({ copies }) => copies)
    .map((p) => html("tr", {}, html("th", { scope: "row" }, p.group === p.name ? p.name : `${p.group}: ${p.name}`), html("td", {}, shape(p)), html("td", {}, whole(p.parameters))));
  const head = html("tr", {}, ["matrices", "copies × rows × columns", "parameters"].map((words) => html("th", { scope: "col" }, words)));
  return html("table", { class: "ws-counter-table" }, html("thead", {}, head), html("tbody", {}, rows));
}

/** The matrices of the published total, and what each ticked box adds or, for tied embeddings, takes away. */
export function partsOf(state) {
  const isTicked = ({ group, name }) => state.all || group === "tied" || (group === "biases" && name === "attention");
  return [...matrices(state), ...uncounted(state).filter(isTicked)];
}

function told(state, published, parts) {
  const sizes = `${counted(state.n_layers, "layer")} of ${counted(state.n_heads, "head")}, d_model = ${whole(state.n_heads * state.d_head)}: `;
  const more = [state.all && "positions, layer norms and the biases of the MLPs", state.biases && "the biases of attention"].filter(Boolean);
  const rule = [more.length && `with ${more.join(" and ")}`, state.tied && "with one matrix as embedding and unembedding"].filter(Boolean);
  const sum = `${sizes}${whole(total(parts))} parameters`;
  if (!rule.length) return `${sum} in ${whole(matrixCount(published))} weight matrices, as they are counted in the published total.`;
  return `${sum}, ${rule.join(", and ")}. The published way of counting, weight matrices only, gives ${whole(total(published))}.`;
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
    const details = html("details", { class: "ws-details" }, html("summary", {}, "All matrices, with their shapes"));
    frame.end.before(details);
    frame.presets(presets);
    frame.slider("n_layers", "layers");
    frame.slider("n_heads", "heads per layer");
    frame.slider("d_head", "dimensions per head");
    frame.slider("vocab_size", "vocabulary size");
    frame.slider("context", "context length");
    frame.flag("all", "positions, norms, biases of MLPs");
    frame.flag("biases", "biases of attention");
    frame.flag("tied", "tied embeddings");
    frame.onArrival([{ n_layers: 2, n_heads: 4 }], 2400);
    frame.onDraw((state) => {
      const published = matrices(state);
      const parts = partsOf(state);
      const height = Math.min(frame.height - 40, Math.round(0.7 * frame.width));
      frame.stage.replaceChildren(areas(frame, parts, frame.width, height), key(bands(parts)));
      details.replaceChildren(details.firstElementChild, table(parts));
      return told(state, published, parts);
    });
  },
};
