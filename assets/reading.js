// Arrow keys that turn the page, and a tick at each chapter that was read to its end.
document.addEventListener("DOMContentLoaded", () => {
  const OWN = "input, textarea, select, button, summary, dialog, audio, video, [contenteditable], [tabindex], .ws-live";
  const LEADS = { ArrowLeft: "prev", ArrowRight: "next" };
  addEventListener("keydown", (event) => {
    const { key, target, defaultPrevented } = event;
    const others = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
    if (!(key in LEADS) || others || defaultPrevented || target.closest?.(OWN)) return;
    const link = document.querySelector(`link[rel="${LEADS[key]}"]`);
    if (link) location.assign(link.href);
  });

  // kept on this device alone; where the browser forbids its store, until the page is left
  const KEY = "chapters read";
  const { page } = document.body.dataset;
  const kept = () => {
    try {
      const found = JSON.parse(localStorage.getItem(KEY));
      return Array.isArray(found) ? found : [];
    } catch {
      return [];
    }
  };
  const tick = (name) => {
    const link = document.querySelector(`.chapters a[data-page="${CSS.escape(name)}"]`);
    if (!link || link.matches(".read")) return;
    const said = Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: " (read)" });
    link.classList.add("read");
    link.append(said);
  };
  kept().forEach((name) => tick(String(name)));
  const end = document.querySelector(".prev-next-footer");
  if (!end || !document.querySelector(`.chapters a[aria-current]`)) return;
  // a page that is seen whole at once has not been read yet
  const start = performance.now();
  const watch = new IntersectionObserver(([{ isIntersecting }]) => {
    if (!isIntersecting || performance.now() - start < 5000) return;
    watch.disconnect();
    tick(page);
    try {
      localStorage.setItem(KEY, JSON.stringify([...new Set([...kept(), page])]));
    } catch { /* then the tick lasts as long as the page */ }
  });
  watch.observe(end);
});
