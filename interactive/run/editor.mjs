// An editor instead of a block of code: Prism Code Editor, a text area over its text in colours.
import { html } from "../kit/svg.mjs";

let parts;

function load(runtime) {
  const from = (path) => import(new URL(`editor/${path}`, runtime));
  document.head.append(html("link", { rel: "stylesheet", href: new URL("editor/layout.css", runtime).href }));
  return Promise.all([
    from("index.js"), from("extensions/commands.js"), from("languages/python.js"), from("prism/languages/python.js"),
    from("utils/index.js"),
  ]);
}

/** Put an editor into `frame`; `onChange` hears the text, `leave` is called on Escape. */
export async function edit(frame, { runtime, value, label, describedBy, onChange, leave }) {
  parts ??= load(runtime);
  const [{ createEditor }, { defaultCommands, editHistory }] = await parts;
  const editor = createEditor(
    frame,
    { language: "python", value, tabSize: 4, lineNumbers: true, wordWrap: false, onUpdate: onChange },
    defaultCommands(),
    editHistory(),
  );
  editor.keyCommandMap.Escape = () => (leave(), true);
  editor.textarea.setAttribute("aria-label", label);
  editor.textarea.setAttribute("aria-describedby", describedBy);
  return editor;
}

/** Replace the whole text in a way that can be undone. */
export async function replace(editor, text) {
  const { insertText } = (await parts).at(-1);
  insertText(editor, text, 0, editor.value.length);
}
