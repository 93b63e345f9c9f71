// A block of code that can be edited and run where it stands, with what it prints and shows.
import { html } from "../kit/svg.mjs";
import { edit, replace } from "./editor.mjs";
import { faster } from "./plan.mjs";
import { Stopped } from "./session.mjs";

let count = 0;
const SLOW = 20_000; // milliseconds
const LATE = " A browser computes several times as slowly as your computer could. "; // where nobody knew before
const FIRST = "Loading Python: 9 MB, the first time …";

export class Cell {
  /**
   * `node` is the cell of the page, `ask` what a run sends along, `label` the editor's name, and
   * `whole` gets the text where the page folds a part of it away. `plan` knows what will take long.
   */
  constructor(node, plan, { label, ask, words, text, whole }) {
    this.node = node;
    this.plan = plan;
    this.session = plan.session;
    this.label = label;
    this.ask = ask;
    this.input = node.querySelector(".cell_input");
    this.original = this.input.querySelector("pre").textContent.replace(/\n$/, "");
    this.text = text ?? this.original;
    this.whole = whole;
    this.more = []; // buttons besides Run and Reset
    this.status = html("p", { class: "run-status", role: "status" });
    this.note = html("p", { class: "run-note", hidden: true });
    this.runs = 0;
    this.agreed = new Set(); // what the reader wants to run here, however long it takes
    this.keys = html("span", { class: "run-keys", id: `run-keys-${count++}` }, "Ctrl+Enter runs, Esc leaves the editor");
    this.begin = html("button", { type: "button", class: "run-button run-first", onclick: () => this.edit() }, words);
    this.bar = html("div", { class: "run-bar" }, this.begin, this.status);
    this.input.after(this.bar);
  }

  /** Replace the code by an editor; load Python meanwhile. */
  async edit() {
    this.begin.disabled = true;
    try {
      if (this.whole) this.original = this.text = await this.whole();
      const frame = html("div", { class: "run-editor" });
      this.editor = await edit(frame, {
        runtime: this.session.files.runtime,
        value: this.text,
        label: this.label,
        describedBy: this.keys.id,
        onChange: (text) => this.#changed(text),
        leave: () => this.run_.focus(),
      });
      frame.addEventListener("keydown", (event) => this.#pressed(event), true);
      this.input.replaceWith(frame);
      if (this.whole) this.node.querySelectorAll(":scope > .plumbing").forEach((fold) => fold.remove());
    } catch (problem) {
      this.begin.disabled = false;
      this.status.textContent = `The editor could not be loaded: ${problem.message}`;
      return;
    }
    const button = (words, act, more = "") =>
      html("button", { type: "button", class: `run-button ${more}`, onclick: act }, words);
    this.run_ = button("Run", () => (this.busy ? this.session.end() : this.run()), "run-first");
    this.reset_ = button("Reset", () => replace(this.editor, this.original));
    this.begin.replaceWith(this.run_, this.reset_, ...this.more);
    this.status.after(this.keys, this.note);
    this.editor.textarea.focus({ preventScroll: true });
    if (!this.session.begun) this.#prepare();
    this.#warn([this.ask.cell]);
  }

  async #prepare() {
    this.status.textContent = FIRST;
    await this.session.open().catch((problem) => (this.status.textContent = problem.message));
    if (this.status.textContent === FIRST) this.status.textContent = "";
  }

  #pressed(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    if (!this.busy) this.run();
  }

  #changed(text) {
    if (text === this.text) return;
    this.text = text;
    this.onEdit?.(text);
  }

  /** Take another text in place of the reader's. */
  take(text) {
    if (text === undefined || text === this.text) return;
    if (this.editor) return replace(this.editor, text);
    this.text = text;
    this.begin.textContent = "Go on with your answer";
  }

  /** Show how long cells will take; whether that is long. */
  async #warn(numbers) {
    const words = this.plan.warning(await this.plan.seconds(numbers));
    this.note.replaceChildren(...(words ? [words] : []));
    this.note.hidden = !words;
    return Boolean(words);
  }

  /** Whether to run cells: what takes long is run when it is asked for twice. */
  async wanted(numbers, button) {
    if (!(await this.#warn(numbers)) || this.agreed.has(button)) return true;
    this.agreed.add(button);
    this.status.textContent = `Press ${button.textContent} once more to run it here.`;
    return false;
  }

  /** Run the text as it is now, and show what comes of it. */
  async run() {
    if (!(await this.wanted([this.ask.cell], this.run_))) return;
    const source = this.text;
    const output = this.#clear();
    const begun = performance.now();
    const result = await this.runAs({ ...this.ask, source }, "Running …", output);
    if (!result) return;
    await this.plan.ran(this.ask.cell, this.ask.scope === "answer");
    this.#warn([this.ask.cell]);
    this.status.textContent = `Run ${++this.runs}: ${outcome(result)} ${((performance.now() - begun) / 1000).toFixed(1)} s`;
    output.append(...result.parts.map(shown));
    this.onResult?.(source, result);
  }

  /** Run something and say meanwhile `told`; the result, or nothing where Python was ended. */
  async runAs(request, told, output = this.#clear()) {
    this.busy = true;
    this.run_.textContent = "Stop";
    this.status.textContent = this.session.begun ? told : FIRST;
    const late = setTimeout(() => this.note.hidden && this.status.append(LATE, ...faster()), SLOW);
    try {
      return await this.session.run(request, (event) => this.#hear(event, told, output));
    } catch (problem) {
      this.status.textContent =
        problem instanceof Stopped ? "Stopped. Python begins anew with the next run." : `Python ended: ${problem.message}`;
    } finally {
      clearTimeout(late);
      if (this.printed) this.#print(output);
      this.busy = false;
      this.run_.textContent = "Run";
    }
  }

  #clear() {
    this.node.querySelectorAll(":scope > .cell_output").forEach((old) => old.remove());
    const output = html("div", { class: "cell_output run-output" });
    this.bar.after(output);
    return output;
  }

  #hear({ kind, text }, told, output) {
    if (kind === "running") this.status.textContent = told;
    if (kind === "status") this.status.textContent = text;
    if (kind !== "out") return;
    if (!this.printed) requestAnimationFrame(() => this.#print(output)); // a print takes less time than to draw it
    this.printed = (this.printed ?? "") + text;
  }

  #print(output) {
    const text = this.printed ?? "";
    this.printed = undefined;
    const printed = output.querySelector(".run-printed pre") ?? output.appendChild(block(["run-printed"], "")).querySelector("pre");
    printed.append(text);
    printed.scrollTop = printed.scrollHeight;
  }
}

/** What came of a run, for the line beside the buttons, which screen readers speak. */
function outcome({ parts }) {
  if (parts.some(({ kind }) => kind === "error")) return "stopped by an error after";
  const verdict = parts.findLast(({ kind }) => kind === "verdict");
  return verdict ? `${verdict.passed ? "passed" : "not right yet"},` : "done in";
}

/** What Python shows, as the page shows results: text, pictures, verdicts, errors. */
function shown(part) {
  if (part.kind === "picture") {
    const data = part.type === "image/png" ? `;base64,${part.data}` : `,${encodeURIComponent(part.data)}`;
    return html("img", { class: "run-picture", src: `data:${part.type}${data}`, alt: "The picture that this code draws" });
  }
  if (part.kind !== "verdict") return block([part.kind === "error" ? "run-error" : "text_plain"], part.text);
  const sign = part.passed ? "✓" : "✗";
  return block(["text_plain", part.passed ? "verdict-yes" : "verdict-no"], `${sign} ${part.name}: ${part.message}`);
}

const block = (classes, text) =>
  html("div", { class: ["output", ...classes].join(" ") }, html("div", { class: "highlight" }, html("pre", { tabindex: 0 }, text)));
