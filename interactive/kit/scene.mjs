// What a figure draws, and how it moves: from one state to the next, and when it is first seen.
import { blended, mixed } from "../core/tween.mjs";
import { GLIDE, isCalm, Motion } from "./motion.mjs";

const SEEN = 0.6; // of the stage, before a figure moves by itself

/** The drawing of a figure. Its `state` is what is true; `shown` is what is drawn, also between two states. */
export class Scene {
  constructor(fields) {
    this.fields = fields;
    this.draw = () => {};
    this.painters = []; // told of every drawing
    this.motion = new Motion();
    [this.t, this.origin, this.displayed] = [1, new Map(), new Map()];
  }

  /**
   * Call `draw(state, frame)` for every state; it fills the stage and returns the sentence, or what
   * finds the sentence where that takes long: on the way from state to state nobody reads it.
   */
  onDraw(draw) {
    this.draw = draw;
  }

  /** When the figure is first seen, move it through these states, `ms` each, to its own. */
  onArrival(patches, ms) {
    this.arrival = { patches, ms };
  }

  /** Numbers of the drawing on their way from what was drawn last, under the same key, to `values`. */
  blend(key, values) {
    const now = blended(this.origin.get(key), values, this.t);
    this.displayed.set(key, now);
    return now;
  }

  /** Draw a state in passing, such as one between two steps; the figure's own state stays. */
  paint(state, t = 1) {
    [this.shown, this.t] = [state, t];
    const told = this.draw(state, this);
    for (const paint of this.painters) paint(state);
    return told;
  }

  /** Draw a state on the way; a figure that cannot draw it gives up. */
  pass(state, t = 1) {
    try {
      this.paint(state, t);
    } catch (problem) {
      this.giveUp(problem);
    }
  }

  /** Stop where the drawing is, and keep it as what the next glide begins with. */
  halt() {
    if (this.arriving) this.arrived(); // a link in the text was quicker
    this.motion.stop();
    this.origin = new Map(this.displayed);
    return this.shown;
  }

  /** Move from a state that was drawn to the figure's own. */
  glide(from, ms = GLIDE, then = () => {}) {
    const to = this.state;
    const draw = (t) => this.pass(mixed(this.fields, from, to, t), t);
    draw(0);
    this.motion.run(ms, draw, then);
  }

  /** Let the figure move by itself as soon as it is seen, unless the reader was quicker. */
  watchForArrival() {
    if (!this.arrival || !this.fresh || isCalm()) return;
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      if (!this.touched) this.#arrive();
    }, { threshold: SEEN });
    seen.observe(this.stage);
  }

  #arrive() {
    const { patches, ms } = this.arrival;
    const states = [...patches.map((patch) => ({ ...this.state, ...patch })), this.state];
    const leg = (i) => {
      if (i + 1 >= states.length) return this.arrived();
      const draw = (t) => this.pass(mixed(this.fields, states[i], states[i + 1], t));
      this.motion.run(ms, draw, () => leg(i + 1), (t) => t);
    };
    this.arriving = true;
    this.root.classList.add("ws-arriving"); // its sentence tells where it ends
    leg(0);
  }

  /** Whoever touches the figure while it moves by itself has it at once as it is. */
  settle() {
    if (!this.arriving) return;
    this.arrived();
    if (!this.motion.running) return;
    this.motion.stop();
    this.paint(this.state);
  }

  arrived() {
    this.arriving = false;
    this.root.classList.remove("ws-arriving");
  }
}
