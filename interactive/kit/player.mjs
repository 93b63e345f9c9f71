// Step and Play: a figure's steps, one at a time or as a film.
import { button } from "./controls.mjs";
import { icon } from "./icons.mjs";
import { isCalm, Motion } from "./motion.mjs";

const LABELS = { play: "Play", pause: "Pause", again: "Again" };

export class Player {
  /**
   * `field` counts the steps, a step takes `pace` ms, `finished(state)` says that there is none left.
   * `label` names the single step. With `auto: false`, presets do not play. `again()` gives what
   * changes when the film is played again; while not `ready(state)`, there is no step.
   */
  constructor(frame, { field, finished, pace = 250, label = "Step", auto = true, again = () => ({}), ready = () => true }) {
    Object.assign(this, { frame, field, finished, pace, auto, again, ready, motion: new Motion() });
    this.one = button(label, () => this.step());
    this.button = button("Play", () => this.#press(), { class: "ws-button ws-primary" });
    frame.end.append(this.button, this.one);
    frame.followers.push(() => this.#follow());
  }

  moving = false; // whether a film draws the figure right now
  waiting = null; // the film that begins when the figure has reached its first state

  get playing() {
    return this.moving || this.waiting !== null;
  }

  /** One step. */
  step() {
    this.stop();
    const { state } = this.frame;
    if (!this.finished(state) && this.ready(state)) this.#advance(true);
  }

  /** Go on until there is no step left, or until `last`. */
  run(last = Infinity) {
    this.waiting = null;
    const ended = () => this.frame.state[this.field] >= last || this.finished(this.frame.state);
    if (isCalm()) {
      while (!ended()) this.#advance(false); // no motion: straight to the end
      return;
    }
    const next = () => {
      this.#advance(false);
      if (ended()) this.stop();
      else leg();
    };
    // between two steps the drawing moves on, the state and its sentence do not
    const between = (t) => this.frame.pass({ ...this.frame.state, [this.field]: this.#at + t });
    const smooth = this.frame.fields[this.field].smooth;
    const leg = () => {
      this.#at = this.frame.state[this.field];
      this.motion.run(this.pace, smooth ? between : () => {}, next, (t) => t);
    };
    if (ended()) return this.stop();
    this.moving = true;
    leg();
    this.#follow();
  }

  /** Begin with a state, and play up to its own step, or as far as there are steps. */
  film(state) {
    this.stop();
    const begin = () => this.waiting === begin && this.run(state[this.field] || Infinity);
    this.waiting = begin;
    this.frame.set({ ...state, [this.field]: 0 }, true, begin);
  }

  stop() {
    this.waiting = null;
    this.moving = false;
    this.motion.stop();
    this.frame.tell();
    this.#follow();
  }

  #at = 0;

  #press() {
    if (this.playing) return this.stop();
    if (this.finished(this.frame.state)) return this.film({ ...this.again(), [this.field]: 0 });
    this.run();
  }

  #advance(glide) {
    this.frame.set({ [this.field]: this.frame.state[this.field] + 1 }, glide);
  }

  #follow() {
    const ended = this.finished(this.frame.state);
    const name = this.playing ? "pause" : ended ? "again" : "play";
    if (name !== this.shown) this.button.replaceChildren(icon(name), LABELS[name]);
    this.shown = name;
    // not `disabled`, which would drop the focus of whoever just pressed it
    this.one.setAttribute("aria-disabled", ended);
  }
}
