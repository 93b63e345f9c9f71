"use strict";
// The search page: what is typed, what `search.js` finds, and the address that keeps the query.
{
  const SHOWN = 30;
  const index = bookSearch.read(bookIndex);
  const [form, count, list, none] = ["form", "count", "results", "none"]
    .map((name) => document.getElementById(`search-${name}`));
  const field = form.elements.q;
  let settled = true; // whether the query in the address was finished
  let told; // the timer of what is told

  const node = (tag, properties, children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const marked = (pieces) => pieces.map(([text, found]) => (found ? node("mark", {}, [text]) : text));

  const row = (result) => {
    const { number, title, text, chapter, href, term } = result;
    const name = marked(bookSearch.excerpt(title, result, 0));
    const link = node("a", { href }, number ? [`${number} `, ...name] : name);
    const where = href.includes("#") ? [node("span", { className: "where" }, [chapter])] : [];
    const said = node("p", {}, marked(bookSearch.excerpt(text, result, bookSearch.TEXT, 40)));
    return node("li", { className: term ? "term" : "" }, [link, ...where, said]);
  };

  const tell = (query, { found, every }) => {
    if (!query) return "";
    if (!found.length) return `Nothing found for “${query}”.`;
    const all = every === 1 ? "1 place" : `${every || "No"} places`;
    if (every < found.length) return `${all} with all of these words, ${found.length - every} with some.`;
    return `${all} found${every > SHOWN ? `; the best ${SHOWN} are listed` : ""}.`;
  };

  const show = () => {
    const query = field.value.trim(), result = bookSearch.find(index, field.value);
    list.replaceChildren(...result.found.slice(0, SHOWN).map(row));
    none.hidden = result.found.length > 0 || !query;
    clearTimeout(told); // a screen reader hears the count when the typing pauses
    told = setTimeout(() => (count.textContent = tell(query, result)), 200);
  };

  const asked = () => new URLSearchParams(location.search).get("q") ?? "";
  const recall = () => {
    field.value = asked();
    settled = true;
    show();
  };

  field.addEventListener("input", () => {
    show();
    const address = field.value ? `?q=${encodeURIComponent(field.value)}` : location.pathname;
    history[settled && asked() ? "pushState" : "replaceState"](null, "", address);
    settled = false;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    settled = true;
  });
  window.addEventListener("popstate", recall);
  recall();
  if (!field.value) field.focus({ preventScroll: true });
}
