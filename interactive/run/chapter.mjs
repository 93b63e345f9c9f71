// The chapter's own cells: each can be edited and run, alone or after all cells above it. A cell that
// is run alone runs first what it needs of those above.
import { html } from "../kit/svg.mjs";
import { Cell } from "./cell.mjs";

const APART = ["starter", "solution", "raises-exception"];

export function chapter(plan) {
  const cells = new Map();
  for (const node of document.querySelectorAll(".bd-article div.cell:not(.tag_starter, .tag_solution)")) {
    const shown = node.querySelector(":scope > .cell_input pre");
    if (!shown || !NUMBER.test(node.className)) continue;
    const refusal = plan.refusal(numberOf(node));
    if (refusal) node.querySelector(":scope > .cell_input").after(refusal);
    else cells.set(numberOf(node), awake(node));
  }

  function awake(node) {
    const number = numberOf(node);
    const cell = new Cell(node, plan, {
      label: "The code of this cell",
      words: "Edit and run",
      ask: { scope: "cell", cell: number },
      whole: async () => (await plan.cells())[number].source,
    });
    cell.begin.classList.replace("run-first", "run-quiet");
    cell.more = [
      html("button", { type: "button", class: "run-button", onclick: (press) => above(cell, number, press.target) }, "Run all above"),
      html("button", { type: "button", class: "run-button", onclick: () => restart(cell) }, "Restart Python"),
    ];
    return cell;
  }

  async function above(cell, number, button) {
    const all = (await plan.cells()).slice(0, number).map((one, index) => ({ ...one, index }));
    const wanted = all.filter(({ source, tags, lacks }) => source && !lacks && !tags.some((tag) => APART.includes(tag)));
    if (!(await cell.wanted([...wanted.map(({ index }) => index), number], button))) return;
    for (const [done, { index, source }] of wanted.entries()) {
      const edited = cells.get(index)?.editor ? cells.get(index).text : source;
      const told = `Running cell ${done + 1} of the ${wanted.length} above …`;
      const result = await cell.runAs({ scope: "cell", cell: index, source: edited }, told);
      const problem = result?.parts.find((part) => part.kind === "error");
      if (problem) cell.status.textContent = `Cell ${done + 1} above stopped: ${problem.text.split("\n").at(-1)}`;
      if (!result || problem) return;
      await plan.ran(index);
    }
    cell.agreed.add(cell.run_);
    await cell.run();
  }

  function restart(cell) {
    plan.session.end();
    cell.status.textContent = "Python begins anew with the next run; nothing has run yet.";
  }
}

const NUMBER = /\bcell-(\d+)/;
const numberOf = (node) => Number(NUMBER.exec(node.className)[1]);
