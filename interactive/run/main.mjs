// Python in the page: each exercise can be done where it stands. Until a reader presses a button, this
// file and those it names are all that is loaded.
import { html } from "../kit/svg.mjs";
import * as answers from "./answers.mjs";
import { Cell } from "./cell.mjs";
import { chapter } from "./chapter.mjs";
import { Plan } from "./plan.mjs";
import { Session } from "./session.mjs";

const { lacking, page, ...addresses } = document.querySelector("script[data-runtime]").dataset;
const plan = new Plan(Session.at(addresses), JSON.parse(lacking));
const CHECKED = /\bcheck\(\s*["']([\w.]+)["']/;

const exercises = [...document.querySelectorAll(".exercise .cell.tag_starter")].flatMap((node) => {
  const number = Number(/\bcell-(\d+)/.exec(node.className)[1]);
  const refusal = plan.refusal(number);
  if (refusal) return node.querySelector(".cell_input").after(refusal) ?? [];
  const name = CHECKED.exec(node.textContent)?.[1];
  const kept = answers.recall(name);
  const title = node.closest(".exercise").querySelector(".admonition-title");
  const cell = new Cell(node, plan, {
    label: `Your answer to ${title.textContent.trim()}`,
    words: kept ? "Go on with your answer" : "Do it here",
    text: kept?.source,
    ask: { scope: "answer", cell: number },
  });
  cell.onEdit = (source) => answers.keep(name, { ...answers.recall(name), source });
  cell.onResult = (source, result) => {
    const verdict = result.parts.find((part) => part.kind === "verdict" && part.name === name);
    const { passed = false, message = "the last line must call check" } = verdict ?? {};
    answers.keep(name, { source, setup: result.setup, passed, message, when: new Date().toISOString() });
    count();
  };
  const mark = title.appendChild(html("span", { class: "run-done", hidden: true }, "✓ done"));
  return { name, cell, mark };
});

chapter(plan);

const told = html("span", { role: "status" });
const file = html("input", { type: "file", accept: ".json,application/json", hidden: true, onchange: bringBack });
const progress = html(
  "div",
  { class: "run-progress" },
  told,
  html("button", { type: "button", class: "run-button", onclick: carryAway }, "Save your answers"),
  html("button", { type: "button", class: "run-button", onclick: () => file.click() }, "Bring them back"),
  file,
);

function count() {
  const done = exercises.filter(({ name }) => answers.recall(name)?.passed);
  told.textContent = `${done.length} of ${exercises.length} exercises with a check done`;
  if (!answers.areKept()) told.textContent += "; this browser keeps no answers: save them before you leave";
  for (const one of exercises) one.mark.hidden = !done.includes(one);
}

function carryAway() {
  const address = URL.createObjectURL(new Blob([answers.exported()], { type: "application/json" }));
  html("a", { href: address, download: `weighted-sums-answers-${page}.json` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

async function bringBack() {
  try {
    const number = answers.imported(await file.files[0].text());
    for (const { name, cell } of exercises) cell.take(answers.recall(name)?.source);
    count();
    told.textContent += `; ${number} answers brought back`;
  } catch (problem) {
    told.textContent = `The file could not be read: ${problem.message}`;
  }
  file.value = "";
}

if (exercises.length) {
  exercises[0].cell.node.closest(".exercise").before(progress);
  count();
}
