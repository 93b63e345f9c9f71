// The frame of one figure: its state, its controls, the words that tell the state, and the picture
// it falls back to. A view fills the stage; whatever changes the state has it drawn again.
import * as controls from "./controls.mjs";
import { html } from "./svg.mjs";
import { readAddress, writeAddress } from "./address.mjs";

const SILENCE = 600; // ms without a change before a screen reader is told
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Frame {
  /** `view` is what a module in `figures/` exports: `{ title, fields(payload), mount(frame, payload) }`. */
  constructor(script, view) {
    this.script = script;
    this.name = script.dataset.interactive;
    this.figure = script.closest("figure");
    this.payload = JSON.parse(script.textContent);
    this.fields = view.fields(this.payload);
    this.picture = this.figure.querySelector("img");
    this.stage = html("div", { class: "ws-stage" });
    this.controls = html("div", { class: "ws-controls" });
    this.words = html("p", { class: "ws-words" });
    this.spoken = html("p", { class: "ws-spoken", role: "status", "aria-live": "polite" });
    const parts = [this.stage, this.words, this.controls, this.spoken];
    this.root = html("div", { class: "ws-live", role: "group", "aria-label": view.title, hidden: true }, parts);
    this.root.dataset.fields = Object.entries(this.fields).map(([key, { kind }]) => `${key}:${kind}`).join(" ");
    this.start = Object.fromEntries(Object.entries(this.fields).map(([key, f]) => [key, f.start]));
    this.state = { ...this.start, ...readAddress(this.name, this.fields) };
    this.followers = [];
    this.draw = () => {};
  }

  /** Put the figure in the place of its picture. The first drawing decides whether it stays. */
  show() {
    const last = this.controls.lastElementChild;
    const row = last?.matches(".ws-presets, .ws-buttons") ? last : this.#row("ws-buttons");
    row.append(controls.button("Reset", () => this.reset()));
    this.picture.before(this.root);
    this.root.hidden = false;
    this.figure.classList.add("ws-awake");
    this.#render();
    new ResizeObserver(() => this.#resized()).observe(this.root);
    this.spoken.textContent = ""; // nothing is announced before the reader does something
  }

  /** Call `draw(state, frame)` for every state; it fills the stage and returns the read-out. */
  onDraw(draw) {
    this.draw = draw;
  }

  /** Change some of the state. A value that its field does not know leaves the old one. */
  set(patch) {
    const next = { ...this.state };
    for (const [key, value] of Object.entries(patch)) {
      const read = this.fields[key].read(value);
      if (read !== undefined) next[key] = read;
    }
    this.state = next;
    this.#render();
    this.#remember();
  }

  reset() {
    this.pause?.();
    this.state = { ...this.start };
    this.onReset?.();
    this.#render();
    this.#remember();
  }

  /** The width that the stage may fill, in pixels. */
  get width() {
    return Math.max(240, Math.floor(this.stage.clientWidth || this.root.clientWidth || 320));
  }

  get calm() {
    return calm.matches;
  }

  /** The bytes that belong to the figure, fetched when they are asked for. */
  async bytes() {
    const answer = await fetch(new URL(this.script.dataset.src, document.baseURI));
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    return answer.arrayBuffer();
  }

  /** A slider with a box for the exact number; `also()` gives what else changes with it. */
  slider(key, label, also) {
    this.#add(controls.slider(this, key, label, also));
  }

  /** One of several, as a row of radio buttons or, with many, a list. */
  choice(key, label, also) {
    this.#add(controls.choice(this, key, label, also));
  }

  /** A box to tick. */
  flag(key, label, also) {
    this.#add(controls.flag(this, key, label, also));
  }

  /** A line of text to type; `also()` gives what else changes with it. */
  text(key, label, also) {
    this.#add(controls.text(this, key, label, also));
  }

  /** A button; `act` may change the state. Returns the button. */
  button(label, act) {
    const made = controls.button(label, act);
    this.#row("ws-buttons").append(made);
    return made;
  }

  /** Buttons that set several values at once: `{ "a step": { w: 20 }, … }`. */
  presets(patches) {
    const buttons = Object.entries(patches).map(([label, patch]) =>
      controls.button(label, () => {
        this.pause?.();
        this.set({ ...this.start, ...patch });
      }),
    );
    this.controls.append(html("div", { class: "ws-presets", role: "group", "aria-label": "Examples" }, html("span", {}, "Try:"), buttons));
  }

  /** Step and Play. `advance()` changes the state by one step, `finished()` says when to stop. */
  player({ advance, finished, pause = 250, label = "Step" }) {
    controls.player(this, this.#row("ws-buttons"), { advance, finished, pause, label });
  }

  #add({ node, follow }) {
    this.controls.append(node);
    this.followers.push(follow);
  }

  #row(name) {
    const last = this.controls.lastElementChild;
    if (last?.classList.contains(name)) return last;
    const row = html("div", { class: name });
    this.controls.append(row);
    return row;
  }

  #render() {
    let told;
    try {
      told = this.draw(this.state, this);
      for (const follow of this.followers) follow(this.state);
    } catch (problem) {
      this.#giveUp(problem);
      return;
    }
    this.words.textContent = told;
    clearTimeout(this.telling);
    this.telling = setTimeout(() => {
      if (this.touched) this.spoken.textContent = told;
    }, SILENCE);
  }

  // the picture takes its place again: a figure that cannot draw its state must not show half of it
  #giveUp(problem) {
    console.warn(`the figure ${this.name} is a picture again:`, problem);
    this.pause?.();
    this.root.remove();
    this.figure.classList.remove("ws-awake");
  }

  #remember() {
    this.touched = true;
    clearTimeout(this.writing);
    this.writing = setTimeout(() => writeAddress(this), 300);
  }

  #resized() {
    if (this.width === this.drawnAt) return;
    this.drawnAt = this.width;
    this.#render();
  }
}
