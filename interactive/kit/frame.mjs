// The frame of one figure: its state, its controls, the sentence that tells the state, and the
// picture it falls back to. A view fills the stage; whatever changes the state has it drawn again.
import { readAddress, writeAddress } from "./address.mjs";
import * as controls from "./controls.mjs";
import { handle } from "./handle.mjs";
import { copyButton } from "./links.mjs";
import { GLIDE, isCalm } from "./motion.mjs";
import { Player } from "./player.mjs";
import { presets } from "./presets.mjs";
import { Scene } from "./scene.mjs";
import { html } from "./svg.mjs";

const QUIET = 600; // ms without a change before a screen reader is told
const WIDE = 600; // pixels from which the controls stand beside the plot

export class Frame extends Scene {
  /** `view` is what a module in `figures/` exports: `{ title, fields(payload), mount(frame, payload) }`. */
  constructor(script, view, payload) {
    super(view.fields(payload));
    this.script = script;
    this.name = script.dataset.interactive;
    this.figure = script.closest("figure");
    this.picture = this.figure.querySelector("img");
    this.#build(view.title);
    this.start = Object.fromEntries(Object.entries(this.fields).map(([key, f]) => [key, f.start]));
    const asked = readAddress(this.name, this.fields);
    this.state = this.shown = { ...this.start, ...asked };
    this.fresh = Object.keys(asked).length === 0; // nobody has asked for a state of it yet
    this.followers = []; // told of every state
  }

  /** Replace the picture by the live figure. The first drawing decides whether it stays. */
  show() {
    this.end.append(controls.button("Reset", () => this.reset()), copyButton(this));
    this.picture.before(this.root);
    this.root.hidden = false;
    this.figure.classList.add("ws-awake");
    this.#resized();
    new ResizeObserver(() => this.#resized()).observe(this.root);
    this.spoken.textContent = ""; // nothing is announced before the reader does something
    for (const kind of ["pointerdown", "keydown"]) this.root.addEventListener(kind, () => this.settle(), { capture: true });
    this.watchForArrival();
  }

  /** Change some of the state, in one glide, and then go on. A value that its field does not know leaves the old one. */
  set(patch, glide = true, then = () => {}) {
    const next = { ...this.state };
    for (const [key, value] of Object.entries(patch)) {
      const read = this.fields[key].read(value);
      if (read !== undefined) next[key] = read;
    }
    this.#change(next, glide, then);
  }

  /** The state that a link in the text asks for: brought into view, and played where there is a player. */
  goTo(patch) {
    const state = { ...this.start, ...patch };
    if (this.player?.auto) this.player.film(state);
    else this.set(state);
    this.root.scrollIntoView({ block: "nearest", behavior: isCalm() ? "instant" : "smooth" });
  }

  reset() {
    this.player?.stop();
    this.onReset?.();
    this.#change({ ...this.start }, true, () => {});
  }

  /** The width that the stage may fill, in pixels. It is kept, since asking lays the whole page out. */
  get width() {
    return (this.room ??= Math.max(240, Math.floor(this.stage.clientWidth || this.root.clientWidth || 300)));
  }

  /** The bytes that belong to the figure, fetched when they are asked for. */
  async bytes() {
    const answer = await fetch(new URL(this.script.dataset.src, document.baseURI));
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    return answer.arrayBuffer();
  }

  /** A slider with a box for the exact number; `also()` gives what else changes with it. */
  slider(key, label, also) {
    return this.#add(controls.slider(this, key, label, also));
  }

  /** One of a few: radio buttons, or a list to pick from when they are many. */
  choice(key, label, also) {
    return this.#add(controls.choice(this, key, label, also));
  }

  /** A box to tick. */
  flag(key, label, also) {
    return this.#add(controls.flag(this, key, label, also));
  }

  /** A line of text to type; `also()` gives what else changes with it. */
  text(key, label, also) {
    return this.#add(controls.text(this, key, label, also));
  }

  /** A button among the controls, or with `last` in the row below; `act` may change the state, but would not where it `isIdle(state)`. */
  button(label, act, last = false, isIdle = () => false) {
    const made = controls.button(label, act);
    this.followers.push((state) => made.setAttribute("aria-disabled", isIdle(state))); // a disabled one would lose the focus
    if (!last && !this.controls.lastElementChild?.matches(".ws-buttons")) this.controls.append(html("div", { class: "ws-buttons" }));
    (last ? this.end : this.controls.lastElementChild).append(made);
    return made;
  }

  /** Buttons that set several values at once: `{ "a step": { w: 20 }, … }`. Where there is a player, they play. */
  presets(patches) {
    this.#add(presets(this, patches));
  }

  /** Step and Play: see `Player`. */
  play(options) {
    this.player = new Player(this, options);
  }

  /** A point of the drawing that is dragged: see `handle`. */
  handle(options) {
    handle(this, options);
  }

  #build(title) {
    this.stage = html("div", { class: "ws-stage" });
    this.controls = html("div", { class: "ws-controls" });
    this.words = html("p", { class: "ws-words" });
    this.spoken = html("p", { class: "ws-spoken", role: "status", "aria-live": "polite" });
    this.end = html("div", { class: "ws-end" });
    this.box = html("div", { class: "ws-picture" }, this.stage); // handles lie over the stage
    const parts = [html("div", { class: "ws-grid" }, this.box, this.words, this.controls), this.end, this.spoken];
    this.root = html("div", { class: "ws-live", role: "group", "aria-label": title, hidden: true }, parts);
    this.root.dataset.fields = Object.entries(this.fields).map(([key, { kind }]) => `${key}:${kind}`).join(" ");
  }

  #add({ node, follow }) {
    this.controls.append(node);
    this.followers.push(follow);
    return node;
  }

  #change(next, glide, then) {
    const from = this.halt();
    this.state = next;
    this.refresh();
    if (glide && !isCalm() && this.root.isConnected && !this.player?.moving) this.glide(from, GLIDE, then);
    else then();
    this.touched = true;
    this.root.classList.add("ws-touched");
    clearTimeout(this.writing);
    this.writing = setTimeout(() => writeAddress(this), 300);
  }

  /** Draw the state and tell it; also after bytes have arrived, when the reader has changed nothing. */
  refresh() {
    let told;
    try {
      const found = this.paint(this.state);
      told = typeof found === "function" ? found() : found;
      for (const follow of this.followers) follow(this.state);
    } catch (problem) {
      this.giveUp(problem);
      return;
    }
    this.words.textContent = told;
    this.tell();
  }

  /** Let a screen reader say the sentence: of a film, only where it stops. */
  tell() {
    const say = () => this.touched && !this.player?.playing && this.spoken.replaceChildren(this.words.textContent);
    clearTimeout(this.telling);
    this.telling = setTimeout(say, QUIET);
  }

  // the picture comes back: a figure that cannot draw its state must not show half of it
  giveUp(problem) {
    console.warn(`the figure ${this.name} is a picture again:`, problem);
    this.player?.stop();
    this.motion.stop();
    this.root.remove();
    this.figure.classList.remove("ws-awake");
  }

  // `height` is what the stage should not pass, so that the whole figure fits into the window
  #measure() {
    this.room = null;
    this.narrow = this.root.clientWidth < WIDE;
    this.height = Math.round(Math.max(220, Math.min(460, innerHeight * (this.narrow ? 0.42 : 0.55))));
  }

  #resized() {
    if (this.root.clientWidth === this.drawnAt) return;
    this.drawnAt = this.root.clientWidth;
    this.#measure();
    this.refresh();
    this.root.classList.toggle("ws-sticks", this.narrow && this.stage.offsetHeight < 0.55 * innerHeight);
  }
}
