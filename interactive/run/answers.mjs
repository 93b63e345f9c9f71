// The reader's answers and their verdicts, kept by this browser if it keeps anything.
const PREFIX = "weighted-sums answer ";
const FORMAT = "Weighted Sums: answers";
const TRIED = `${PREFIX}?`;
const memory = new Map();
let kept = true;

function storage(use) {
  try {
    return use(localStorage);
  } catch {
    kept = false; // forbidden, or full
    return undefined;
  }
}

/** Whether answers outlive this visit. */
export function areKept() {
  // a page stands in for a store that is forbidden, and its stand-in takes everything and keeps nothing
  const found = storage((store) => {
    store.setItem(TRIED, "1");
    const there = store.getItem(TRIED) === "1";
    store.removeItem(TRIED);
    return there;
  });
  return kept && Boolean(found);
}

export function recall(name) {
  const text = memory.get(name) ?? storage((store) => store.getItem(PREFIX + name));
  try {
    return sound(JSON.parse(text ?? "null"));
  } catch {
    return undefined;
  }
}

export function keep(name, answer) {
  const text = JSON.stringify(answer);
  memory.set(name, text);
  storage((store) => store.setItem(PREFIX + name, text));
}

export function forget(name) {
  memory.delete(name);
  storage((store) => store.removeItem(PREFIX + name));
}

/** All answers of all chapters, as the text of a file. */
export function exported() {
  const stored = storage((store) => Object.keys(store).filter((key) => key.startsWith(PREFIX))) ?? [];
  const names = new Set([...stored.map((key) => key.slice(PREFIX.length)), ...memory.keys()]);
  const answers = [...names].sort().map((name) => ({ name, ...recall(name) })).filter((one) => one.source);
  return JSON.stringify({ format: FORMAT, version: 1, answers }, null, 1);
}

/** Take the answers of such a file in place of those kept; how many there were. */
export function imported(text) {
  const given = JSON.parse(text);
  if (given?.format !== FORMAT || !Array.isArray(given.answers)) throw new Error("these are no answers of this book");
  const found = given.answers.filter((one) => typeof one?.name === "string" && sound(one));
  for (const { name, ...answer } of found) keep(name, sound(answer));
  return found.length;
}

function sound(answer) {
  if (typeof answer?.source !== "string") return undefined;
  const { source, setup = "", passed = false, message = "", when = "" } = answer;
  return { source, setup: String(setup), passed: passed === true, message: String(message), when: String(when) };
}
