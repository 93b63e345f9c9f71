// One Python for the page, begun when something is first run. What is asked of it waits in turn.
export class Stopped extends Error {}

export class Session {
  #worker;
  #open; // settles when Python is ready
  #queue = Promise.resolve();
  #settle; // of what is being asked, if anything is

  constructor(files) {
    this.files = files; // the addresses of the runtime, the package and the cells
    this.done = new Set(); // the numbers of the cells whose names are there
  }

  /** The session whose files lie where the page's script tag says, beside this module. */
  static at({ runtime, book, cells }) {
    const from = (path) => new URL(`../../${path}`, import.meta.url).href;
    return new Session({ runtime: from(runtime), book: from(book), cells: from(cells) });
  }

  get begun() {
    return Boolean(this.#worker);
  }

  /** Begin loading Python, before anything is run. */
  open(hear = () => {}) {
    this.#open ??= this.#ask({ kind: "open", ...this.files }, hear).catch((problem) => {
      this.end();
      throw problem;
    });
    return this.#open;
  }

  /** Run code when its turn comes; `hear` is told what it prints meanwhile. */
  run(request, hear) {
    const turn = this.#queue.then(async () => {
      await this.open(hear);
      hear({ kind: "running" });
      return this.#ask({ kind: "run", ...request }, hear);
    });
    this.#queue = turn.catch(() => {});
    return turn;
  }

  /** End Python at once, whatever it does; the next run begins a new one. */
  end(reason = new Stopped()) {
    this.#worker?.terminate();
    this.#worker = this.#open = undefined;
    this.done.clear();
    this.#settle?.reject(reason);
  }

  #ask(request, hear) {
    this.#worker ??= new Worker(new URL("./worker.mjs", import.meta.url), { type: "module" });
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#worker.onmessage = ({ data }) => {
        if (data.kind === "done") resolve(data.result);
        else if (data.kind === "failed") this.end(new Error(data.text));
        else hear(data);
      };
      this.#worker.onerror = (event) => this.end(new Error(event.message || "the worker did not start"));
      this.#worker.postMessage(request);
    }).finally(() => (this.#settle = undefined));
  }
}
