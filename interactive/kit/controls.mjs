// Native controls, each with a name that can be read aloud, bound to one field of a frame's state.
// Every maker returns the node and a function that follows the state.
import { html } from "./svg.mjs";
import { shown } from "./words.mjs";

const FINE = 1000; // positions of a slider that moves by factors

let count = 0;
const unique = () => `ws-control-${count++}`;

export const button = (label, act, attributes = {}) =>
  html("button", { type: "button", class: "ws-button", onclick: act, ...attributes }, label);

/** `also()` gives what else changes with the value, here and in the other makers. */
export function slider(frame, key, label, also = () => ({})) {
  const field = frame.fields[key];
  const { forth, back } = field.log ? byFactors(field) : { forth: (v) => v, back: (v) => v };
  const id = unique();
  const range = field.log
    ? { min: 0, max: FINE, step: 1 }
    : { min: field.low, max: field.high, step: field.step };
  // one of a thousand positions may be less than one layer: a key goes on until the value changes
  const onkeydown = (event) => {
    const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!field.log || !way) return;
    event.preventDefault();
    let position = Number(bar.value);
    do position += way;
    while (position > 0 && position < FINE && field.read(back(position)) === frame.state[key]);
    frame.set({ [key]: back(position), ...also() }, false);
  };
  const bar = html("input", {
    type: "range", id, ...range, onkeydown,
    oninput: () => frame.set({ [key]: back(Number(bar.value)), ...also() }, false),
  });
  const box = html("input", {
    type: "number", min: field.min, max: field.max, step: "any", "aria-label": `${label}, exactly`,
    onchange: () => frame.set({ [key]: box.value, ...also() }),
  });
  const node = html("div", { class: "ws-slider" }, html("label", { for: id }, label), bar, box);
  const follow = (state) => {
    bar.value = forth(state[key]);
    bar.setAttribute("aria-valuetext", shown(state[key], field.digits));
    if (document.activeElement !== box || box.value === "" || Number(box.value) !== state[key]) {
      box.value = String(Number(state[key].toPrecision(6)));
    }
  };
  return { node, follow };
}

function byFactors({ low, high }) {
  const span = Math.log(high / low);
  return {
    forth: (value) => Math.round((FINE * Math.log(Math.max(value, low) / low)) / span),
    back: (position) => Number((low * Math.exp((span * position) / FINE)).toPrecision(3)),
  };
}

export function choice(frame, key, label, also = () => ({})) {
  const options = Object.entries(frame.fields[key].options);
  const choose = (value) => frame.set({ [key]: value, ...also() });
  return options.length > 5 ? list(key, label, options, choose) : radios(key, label, options, choose);
}

function list(key, label, options, choose) {
  const id = unique();
  const select = html(
    "select",
    { id, onchange: () => choose(select.value) },
    options.map(([value, words]) => html("option", { value }, words)),
  );
  const node = html("div", { class: "ws-choice" }, html("label", { for: id }, label), select);
  return { node, follow: (state) => (select.value = state[key]) };
}

function radios(key, label, options, choose) {
  const group = unique();
  const made = options.map(([value, words]) => {
    const input = html("input", { type: "radio", name: group, value, onchange: () => choose(value) });
    return { input, node: html("label", {}, input, words) };
  });
  const node = html("fieldset", { class: "ws-choice" }, html("legend", {}, label), made.map((m) => m.node));
  const follow = (state) => made.forEach(({ input }) => (input.checked = input.value === state[key]));
  return { node, follow };
}

export function flag(frame, key, label, also = () => ({})) {
  const input = html("input", { type: "checkbox", onchange: () => frame.set({ [key]: input.checked, ...also() }) });
  return { node: html("label", { class: "ws-flag" }, input, label), follow: (state) => (input.checked = state[key]) };
}

export function text(frame, key, label, also = () => ({})) {
  const id = unique();
  const field = frame.fields[key];
  const input = html("input", {
    type: "text", id, maxlength: field.longest, autocomplete: "off", spellcheck: "false",
    oninput: () => frame.set({ [key]: input.value, ...also() }, false),
  });
  const node = html("div", { class: "ws-text" }, html("label", { for: id }, label), input);
  const follow = (state) => {
    if (input.value !== state[key]) input.value = state[key];
  };
  return { node, follow };
}
