// The chapter's own cells: each can be edited and run, alone or after all cells above it. A cell that
// is run alone runs first what it needs of those above.
import { html } from "../kit/svg.mjs";
import { Cell } from "./cell.mjs";

const APART = ["starter", "solution", "raises-exception"];

export function chapter(session) {
  let given; // all cells of the page, hidden ones too
  const cells = new Map();
  for (const node of document.querySelectorAll(".bd-article div.cell:not(.tag_starter, .tag_solution)")) {
    const shown = node.querySelector(":scope > .cell_input pre");
    if (shown && NUMBER.test(node.className)) cells.set(numberOf(node), awake(node));
  }

  function awake(node) {
    const number = numberOf(node);
    const cell = new Cell(node, session, {
      label: "The code of this cell",
      words: "Edit and run",
      ask: { scope: "cell", cell: number },
      whole: async () => (await load())[number].source,
    });
    cell.begin.classList.replace("run-first", "run-quiet");
    cell.more = [
      html("button", { type: "button", class: "run-button", onclick: () => above(cell, number) }, "Run all above"),
      html("button", { type: "button", class: "run-button", onclick: () => restart(cell) }, "Restart Python"),
    ];
    return cell;
  }

  const load = async () => (given ??= await (await fetch(session.files.cells)).json());

  async function above(cell, number) {
    const all = (await load()).slice(0, number).map((one, index) => ({ ...one, index }));
    const wanted = all.filter(({ source, tags }) => source && !tags.some((tag) => APART.includes(tag)));
    for (const [done, { index, source }] of wanted.entries()) {
      const edited = cells.get(index)?.editor ? cells.get(index).text : source;
      const told = `Running cell ${done + 1} of the ${wanted.length} above …`;
      const result = await cell.runAs({ scope: "cell", cell: index, source: edited }, told);
      const problem = result?.parts.find((part) => part.kind === "error");
      if (problem) cell.status.textContent = `Cell ${done + 1} above stopped: ${problem.text.split("\n").at(-1)}`;
      if (!result || problem) return;
    }
    await cell.run();
  }

  function restart(cell) {
    session.end();
    cell.status.textContent = "Python begins anew with the next run; nothing has run yet.";
  }
}

const NUMBER = /\bcell-(\d+)/;
const numberOf = (node) => Number(NUMBER.exec(node.className)[1]);
