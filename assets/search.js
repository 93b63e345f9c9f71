"use strict";
// Finds sections and terms in an index of the book; `search-page.js` shows them. A classic script,
// not a module: browsers refuse modules in a folder without a server.

const bookSearch = (() => {
  const ENTRY = 2 ** 20; // places between the beginnings of two entries
  const TEXT = 1000; // the place where an entry's text begins; its title stands before
  const FEW = 3; // fewer entries that hold all words, and those that hold some come after them
  const HAN = "\\p{Script=Han}"; // a Chinese character is a word, and so is a number with its commas
  const WORD = new RegExp(`${HAN}|\\d{1,3}(?:[,\\u00a0\\u202f]\\d{3})+(?!\\d)|\\d+(?:\\.\\d+)*`
    + `|(?:(?!${HAN})[\\p{L}\\p{M}\\p{N}])+`, "gu");
  const FORMS = { use: "us", uses: "us", loss: "loss", losses: "loss", note: "note", notes: "note",
    bias: "bias", embed: "embed", axes: "axis", matrices: "matrix", indices: "index",
    minima: "minimum", maxima: "maximum", learnt: "learn" };
  const COMMON = new Set(("a an and are as at be by can do does for from how i if in is it its of on or that "
    + "the this to was we what when where which who why with").split(" "));

  /** A word without case, accents, the commas of a number, and American spelling. */
  const fold = (word) => word.normalize("NFKD").replace(/[\p{M},\s]/gu, "").toLowerCase()
    .replace(/(?<=[iy])z(?=[aei])/g, "s").replace(/(?<=[a-z]{3})our(?=$|s|e|i)/, "or");

  /** What a folded word has in common with its plural and with the other forms of its verb. */
  const stem = (word) => {
    if (FORMS[word] || word.length < 4 || /\d/.test(word)) return FORMS[word] ?? word;
    return word.replace(/ies$/, "y").replace(/(?<=ss|x|sh|ch)es$/, "").replace(/(?<![sui])s$/, "")
      .replace(/(?<=[aeiouy].*[^e])(?:ed|ing)$/, "").replace(/([^aeiou])\1$/, "$1")
      .replace(/(?<=...)e$/, "");
  };

  const folded = new Map(); // a book says its words again and again
  const words = (text) => Array.from(text.matchAll(WORD), ({ 0: found, index }) => {
    if (!folded.has(found)) folded.set(found, fold(found));
    return { word: folded.get(found), from: index, to: index + found.length };
  });
  const stems = (text) => words(text).map(({ word }) => stem(word)).join(" ");

  /** The sections and terms of all pages, and the places of each word in them. */
  const read = (pages) => {
    const entries = [], places = new Map();
    const note = (text, begin) => words(text).forEach(({ word }, i) => {
      if (!places.has(word)) places.set(word, { root: stem(word), at: [] });
      places.get(word).at.push(begin + i);
    });
    const add = (entry) => {
      const begin = (entries.push(entry) - 1) * ENTRY;
      note(entry.title, begin);
      note(entry.text, begin + TEXT);
    };
    for (const { page, sections, terms } of pages) {
      const [, chapter, name] = sections[0];
      const worth = page.includes("/appendix/") ? 0.4 : 1;
      const within = { chapter: chapter ? `${chapter}. ${name}` : name, worth };
      for (const [anchor, number, title, text, bold] of sections) {
        add({ ...within, href: anchor ? `${page}#${anchor}` : page, number, title, text,
          named: [stems(title)], defines: bold.map(stems) });
      }
      for (const [anchor, term, definition] of terms) {
        const [, other, text] = definition.match(/^(?:([^·]*) · )?(.*)/);
        add({ ...within, href: `${page}#${anchor}`, number: "", title: other ? `${term} · ${other}` : term,
          text, term: true, named: [stems(term), stems(other ?? "")], defines: [] });
      }
    }
    return { entries, places };
  };

  /** The parts of a query: words that stand together, in quotes to the letter; the last may go on. */
  const parse = (query) => {
    const text = query.replace(/[“”„«»]/g, '"').replace(/(?<=\d) (?=\d{3}(?!\d))/g, ",");
    let count = 0;
    const parts = Array.from(text.matchAll(/"([^"]*)"?|[^\s"]+/g), ({ 0: all, 1: quoted, index }) => {
      const asked = words(quoted ?? all).map(({ word }) => word), exact = quoted !== undefined;
      count += asked.length;
      const open = !exact && index + all.length === text.length;
      return { words: asked, exact, open, after: count - asked.length };
    }).filter((part) => part.words.length);
    const telling = parts.filter((part) => part.exact || part.open || !COMMON.has(part.words[0]));
    return telling.length ? telling : parts;
  };

  // where a word stands, and how well each place fits: itself, another form of it, a longer word
  const standing = (places, asked, exact, open) => {
    const found = new Map(), form = stem(asked);
    for (const [word, { root, at }] of places) {
      const longer = open && asked.length > 1 && word.startsWith(asked) ? asked.length / word.length / 2 : 0;
      const fit = word === asked ? 1 : exact ? 0 : root === form ? 0.9 : longer;
      if (fit) for (const place of at) found.set(place, fit);
    }
    return found;
  };

  // where the words of a part stand one after the other
  const together = (places, { words: asked, exact, open }) => asked
    .map((word, i) => standing(places, word, exact, open && i === asked.length - 1))
    .reduce((found, next, i) => new Map([...found].flatMap(([place, fit]) =>
      next.has(place + i) ? [[place, Math.min(fit, next.get(place + i))]] : [])));

  // what a part found in an entry is worth: in its title, in its text, and how often there
  const weight = (hits, { text }) => {
    const best = (titled) =>
      Math.max(0, ...hits.map(({ place, fit }) => (place < TEXT === titled ? fit : 0)));
    const often = hits.reduce((sum, { fit }) => sum + fit, 0);
    return 2 * best(true) + best(false) + often / (often + 2 + text.length / 1000);
  };

  // the places where all parts of a query stand as they do in it
  const runs = (hits, parts) => {
    if (parts.length < 2) return [];
    const at = parts.map(({ after }, i) =>
      new Set(hits.filter(({ part }) => part === i).map(({ place }) => place - after)));
    return [...at[0]].filter((begin) => at.every((begins) => begins.has(begin)));
  };

  // what an entry gains by its name, and by what it defines
  const nameWorth = ({ named, defines, term, worth }, asked) => {
    if (term && named.includes(asked)) return 100;
    const asks = (name) => name && ` ${asked} `.includes(` ${name} `);
    if (named.some(asks) || defines.includes(asked)) return 6 * worth;
    return term && named.some((name) => name.startsWith(asked)) ? 3 * worth : 0;
  };

  /** The entries that hold all parts of a query, or else some of them, the best first. */
  const find = ({ entries, places }, query) => {
    const parts = parse(query), results = new Map();
    parts.forEach((part, i) => {
      const found = new Map();
      for (const [at, fit] of together(places, part)) {
        const entry = Math.floor(at / ENTRY);
        if (!found.has(entry)) found.set(entry, []);
        found.get(entry).push({ place: at % ENTRY, fit, part: i, size: part.words.length });
      }
      for (const [entry, hits] of found) {
        const result = results.get(entry) ?? { ...entries[entry], score: 0, hits: [], parts: 0 };
        result.score += Math.log(1 + entries.length / found.size) * weight(hits, result) * result.worth;
        result.hits.push(...hits);
        result.parts += 1;
        results.set(entry, result);
      }
    });
    const asked = parts.flatMap((part) => part.words.map(stem)).join(" ");
    for (const result of results.values()) {
      result.runs = runs(result.hits, parts);
      result.score += nameWorth(result, asked);
      if (result.runs.length) result.score += (result.runs[0] < TEXT ? 6 : 3) * result.worth;
    }
    const best = [...results.values()].sort((a, b) => b.score - a.score);
    const every = best.filter((result) => result.parts === parts.length);
    const some = every.length < FEW ? best.filter((result) => result.parts < parts.length) : [];
    return { found: [...every, ...some], every: every.length };
  };

  /** A text about what was found in it, from `begin` on: pieces [text, whether it was found]. */
  const excerpt = (text, { hits, runs: together }, begin, length = Infinity) => {
    const spans = words(text), size = Math.min(length, spans.length);
    const found = new Set(hits.flatMap((hit) =>
      Array.from({ length: hit.size }, (_, k) => hit.place + k - begin)));
    const value = (first) => {
      const near = hits.map((hit) => ({ ...hit, from: hit.place - begin - first }))
        .filter(({ from }) => from >= 0 && from < size / 2);
      const run = together.includes(first + begin) ? 30 : 0;
      return run + 20 * new Set(near.map(({ part }) => part)).size + near.length;
    };
    const best = [...found].filter((i) => i in spans).reduce((a, b) => (value(b) > value(a) ? b : a), 0);
    const first = spans.length > size ? opening(text, spans, Math.min(best, spans.length - (size >> 1))) : 0;
    const last = Math.min(spans.length, first + size) - 1;
    const end = last === spans.length - 1 ? text.length : spans[last].to;
    const pieces = first ? [["… ", false]] : [];
    let at = first ? spans[first].from : 0;
    for (let i = first; i <= last; i += 1) {
      if (!found.has(i)) continue;
      const { from } = spans[i];
      const joined = () => i < last && /^[ -]?$/.test(text.slice(spans[i].to, spans[i + 1].from));
      while (found.has(i + 1) && joined()) i += 1;
      pieces.push([text.slice(at, from), false], [text.slice(from, spans[i].to), true]);
      at = spans[i].to;
    }
    pieces.push([text.slice(at, end) + (end < text.length ? " …" : ""), false]);
    return pieces;
  };

  // an excerpt opens with the sentence, where that begins not far before; else a few words before
  const opening = (text, spans, best) => {
    for (let i = best; i > Math.max(0, best - 14); i -= 1) {
      if (/[.?!…][”’")]*\s/.test(text.slice(spans[i - 1]?.to ?? 0, spans[i].from))) return i;
    }
    return best < 14 ? 0 : best - 6;
  };

  return { TEXT, fold, stem, read, parse, find, excerpt };
})();
