// What the cells of this page take and lack, as the build foresaw it.
import { html } from "../kit/svg.mjs";

const SLOW = 20; // seconds that nobody need be asked about

export class Plan {
  #cells;

  /** `lacking` names the library that a cell needs and no page has, by the cell's number. */
  constructor(session, lacking) {
    this.session = session;
    this.lacking = lacking;
  }

  /** All cells of the chapter, hidden ones too. */
  async cells() {
    return (this.#cells ??= await (await fetch(this.session.files.cells)).json());
  }

  /** The seconds that cells will take in turn, with what they need and what has not run yet. */
  async seconds(numbers) {
    const cells = await this.cells().catch(() => []);
    const done = new Set(this.session.done);
    let sum = 0;
    for (const number of numbers) {
      for (const one of [...(cells[number]?.needs ?? []).filter((need) => !done.has(need)), number]) {
        sum += cells[one]?.seconds ?? 0;
        done.add(one);
      }
    }
    return sum;
  }

  /** Note that a cell has run, and what it needs with it. */
  async ran(number, alone) {
    const cells = await this.cells().catch(() => []);
    for (const one of [...(cells[number]?.needs ?? []), ...(alone ? [] : [number])]) this.session.done.add(one);
  }

  /** What to say before something that takes this long; nothing where it is short. */
  warning(seconds) {
    return seconds < SLOW ? undefined : html("span", {}, `Takes ${about(seconds)} in this page. `, ...faster());
  }

  /** What stands in place of a button where a cell cannot run. */
  refusal(number) {
    const name = this.lacking[number];
    if (!name) return undefined;
    const said = `This needs ${name}, which Python in a page does not have. `;
    return html("div", { class: "run-bar" }, html("p", { class: "run-lacks" }, said, ...faster("can run it")));
  }
}

/** A sentence that leads to the notebook, if the page has one. */
export function faster(can = "is several times as fast") {
  const notebook = document.querySelector("a.btn-download-ipynb-button")?.href;
  return notebook ? [html("a", { href: notebook }, "The chapter’s notebook"), ` ${can}.`] : [];
}

function about(seconds) {
  if (seconds < 90) return `some ${10 * Math.round(seconds / 10)} seconds`;
  return `some ${Math.round(seconds / 60)} minutes`;
}
