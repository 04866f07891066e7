// The book's search, without a server: texts are found by their words as cnnlib/lookup/search.py finds them.
//
//   score(text) = (Σ_w idf(w) · f(w) + Σ_vw min(idf(v), idf(w))) · √share · (1 + told) · ABSENT^a
//                 / (1 − B + B · length/mean length)
//   idf(w) = ln(1 + n/n_w) · (NUMBER if w has digits only, else 1)
//
// On search.html it answers ?q=…; on every other page it marks the words of ?found=… below the place of the address.
const ENDINGS = ["ally", "ations", "ation", "ating", "ated", "ates", "ate", "ions", "ion", "ings", "ing",
  "ies", "ed", "es", "ly", "al", "s", "e"];
const SPELLINGS = [["iz", "is"], ["lour", "lor"], ["bour", "bor"], ["viour", "vior"], ["centre", "center"]];
const WORD = /\d+(?:\.\d+)+|[a-z0-9_']+|[\u3400-\u9fff]/g;
const TIMES = /(?<![\p{L}\p{N}_.])(\d+) ?[x×*·] ?(?=\d)/gu; // 5×5, 5 x 5 and 5*5 are one word, 5x5
const NAME = /[a-z0-9]+(?:_[a-z0-9]+)+/g; // in code: avg_pool2d says avg and pool as well
const THOUSANDS = /(?<![\d,.])\d{1,3}(?:,\d{3})+(?![\d,\])])/g; // 2,416 but not the shape (1,256,13)
const GROUPS = { question: ["Questions people ask", 5], term: ["Glossary", 3], chapter: ["Chapters", 10],
  solution: ["Solutions", 3], page: ["Other pages", 4], code: ["The code", 6] };
const B = 0.2; // how much the length of a text counts
const OTHERS = 0.3; // how much a word counts in the fields of a text that are not the best one
const ASKED = 0.4; // the weight of a wording in which people asked for an entry: a further title
const NUMBER = 0.5; // how much a number counts, against a word
const ABSENT = 0.75; // how much a text counts whose title has a subject that the query lacks
const AROUND = 110; // letters of an excerpt before and behind the first word that was found

const sum = (numbers) => [...numbers].reduce((so, far) => so + far, 0);
const pairwise = (words) => words.slice(1).map((word, n) => [words[n], word]);

function stem(word) {
  for (const [other, one] of SPELLINGS) word = word.replaceAll(other, one);
  for (const ending of ENDINGS) {
    if (!word.endsWith(ending) || word.length - ending.length < 3 || word.endsWith("ss")) continue;
    const cut = word.slice(0, -ending.length), last = cut.at(-1);
    return last === cut.at(-2) && !"ls".includes(last) ? cut.slice(0, -1) : cut;
  }
  return word;
}

// Any of the words, the longest first; Latin letters want a word's boundary, Chinese has none; 0.57 has no 0.
// The boundary in front stands once before all that begin with a letter, and not once for each.
function anyOf(words, flags) {
  const latin = /^[a-z0-9_]/, never = "(?!)";
  const one = (word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") + (latin.test(word.at(-1)) ? "(?![a-z0-9_]|\\.\\d)" : "");
  const longest = [...words].sort((one, other) => other.length - one.length);
  const [bounded, rest] = [true, false].map((wanted) => longest.filter((word) => latin.test(word) === wanted).map(one));
  return new RegExp(`(?<![a-z0-9_])(?<!\\d\\.)(?:${bounded.join("|") || never})|${rest.join("|") || never}`, flags);
}

class Words {
  // main: {a synonym: what its group counts as}; stop: the words that say nothing.
  constructor(main, stop) {
    this.stop = new Set(stop);
    this.main = new Map(Object.entries(main));
    this.pattern = anyOf(this.main.keys(), "g");
  }
  // The words of a text in order, each with what stands for it there: [["=turn", "rotated"], …].
  of(text) {
    const found = [], plain = (number) => number.replaceAll(",", "");
    const whole = text.toLowerCase().replaceAll("’", "'").replace(THOUSANDS, plain).replace(TIMES, "$1x");
    const low = [whole, ...(whole.match(NAME) ?? []).map((name) => name.replace(/_|\dd\b/g, " "))].join(" ; ");
    const rest = (piece) => {
      for (const word of piece.match(WORD) ?? []) if (!this.stop.has(word)) found.push([stem(word), word]);
    };
    let place = 0;
    for (const match of low.matchAll(this.pattern)) {
      rest(low.slice(place, match.index));
      found.push([this.main.get(match[0]), match[0]]);
      place = match.index + match[0].length;
    }
    rest(low.slice(place));
    return found;
  }
}

// {word: f(w)} of the fields {weight: its words} of one text: the best field's weight, and a part of the others'.
function weightsOf(fields) {
  const weights = new Map();
  for (const [weight, found] of [...fields].sort(([one], [other]) => other - one))
    for (const word of new Set(found)) weights.set(word, weights.has(word) ? weights.get(word) + OTHERS * weight : weight);
  return weights;
}

class Finder {
  // entries: each with pieces [[place, weight, text], …]; subjects: each a list of the words that say it
  constructor(entries, words, subjects) {
    this.words = words;
    this.entries = entries;
    const said = subjects.map((members) => members.map((member) => words.of(member)[0][0]));
    const spread = new Map();
    this.pairs = entries.map(() => new Set());
    this.titles = entries.map(() => []);
    this.weights = entries.map(({ pieces }, n) => {
      const fields = new Map(); // pieces of one weight count as one field
      pieces.forEach(([, weight, text], place) => {
        const found = words.of(text).map(([word]) => word);
        fields.set(weight, [...(fields.get(weight) ?? []), ...found]);
        for (const pair of pairwise(found)) this.pairs[n].add(pair.join(" "));
        if (found.length && (place === 0 || weight === ASKED)) this.titles[n].push([...new Set(found)]);
      });
      const weights = weightsOf(fields);
      for (const word of weights.keys()) spread.set(word, (spread.get(word) ?? 0) + 1);
      return weights;
    });
    this.about = this.titles.map(([title = []]) => said.filter((subject) => subject.some((word) => title.includes(word))));
    const worth = (word) => (/^\d+$/.test(word) ? NUMBER : 1);
    this.idf = new Map([...spread].map(([word, count]) => [word, worth(word) * Math.log(1 + entries.length / count)]));
    this.lengths = this.weights.map((weights) => sum(weights.values()));
    this.mean = sum(this.lengths) / entries.length;
  }
  // The words of a query that some entry has.
  wanted(query) {
    return new Set(this.words.of(query).map(([word]) => this.known(word)).filter(Boolean));
  }
  // {entry, score}, the best first.
  find(query) {
    const known = this.words.of(query).map(([word]) => this.known(word)).filter(Boolean), wanted = new Set(known);
    const idf = (word) => this.idf.get(word), total = sum([...wanted].map(idf));
    const pairs = new Map(pairwise(known).filter(([one, other]) => one !== other).map((pair) => [pair.join(" "), pair]));
    const found = this.entries.map((entry, n) => {
      const shared = [...wanted].filter((word) => this.weights[n].has(word));
      const beside = [...pairs].filter(([written]) => this.pairs[n].has(written)).map(([, pair]) => pair);
      const own = sum(shared.map((word) => idf(word) * this.weights[n].get(word)))
        + sum(beside.map(([one, other]) => Math.min(idf(one), idf(other))));
      const told = Math.max(0, ...this.titles[n].map((title) =>
        sum(title.filter((word) => wanted.has(word)).map(idf)) / sum(title.map(idf))));
      const absent = this.about[n].filter((subject) => !subject.some((word) => wanted.has(word))).length;
      return { entry, score: own * Math.sqrt(sum(shared.map(idf)) / total) * (1 + told) * ABSENT ** absent
        / (1 - B + B * this.lengths[n] / this.mean) };
    });
    return found.filter(({ score }) => score > 0).sort((one, other) => other.score - one.score);
  }
  // The word itself, or the one it was meant to be; undefined for a word that says nothing here.
  known(word) {
    if (this.idf.has(word)) return word;
    if (word.length < 5 || /^\d/.test(word)) return undefined;
    const choices = [...[...this.idf.keys()].filter((each) => each[0] !== "="),
      ...[...this.words.main].filter(([, group]) => this.idf.has(group)).map(([member]) => member)];
    let best, least = Math.floor(word.length / 5) + 1;
    for (const each of choices) {
      if (Math.abs(each.length - word.length) >= least) continue;
      const far = distance(word, each);
      if (far < least) [best, least] = [each, far];
    }
    return best && (this.words.main.get(best) ?? best);
  }
}

// How many letters were added, lost, changed, or swapped with their neighbour.
function distance(one, other) {
  let [before, now] = [[], [...Array(other.length + 1).keys()]];
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1];
      next[j] = Math.min(now[j] + 1, next[j - 1] + 1, now[j - 1] + !same);
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (swapped) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    [before, now] = [now, next];
  }
  return now[other.length];
}

// ---- the page of results

function make(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// The words of a text that were asked for, as they stand in it.
function hitsIn(finder, wanted, text) {
  return new Set(finder.words.of(text).filter(([word]) => wanted.has(word)).map(([, written]) => written));
}

const patternOf = (written) => anyOf(written, "gi");

// A text with the words in it marked.
function marked(text, pattern) {
  const parts = [];
  let place = 0;
  for (const match of text.matchAll(pattern)) {
    parts.push(text.slice(place, match.index), make("mark", {}, match[0]));
    place = match.index + match[0].length;
  }
  return [...parts, text.slice(place)];
}

function excerpt(text, pattern) {
  const first = Math.max(text.search(pattern), 0);
  const start = first > AROUND ? text.indexOf(" ", first - AROUND) + 1 : 0;
  const end = first + 2 * AROUND < text.length ? text.lastIndexOf(" ", first + 2 * AROUND) : text.length;
  const words = text.slice(start, end > start ? end : text.length);
  return [start ? "… " : "", ...marked(words, pattern), end < text.length ? " …" : ""];
}

// One result: the piece that has most of the query's weight is what is shown, and where the link leads.
function result(finder, wanted, { entry }) {
  const { page, title, heading, kind, pieces } = entry, own = { question: 0.5, term: 0.3 }[kind];
  const worth = ([, , text]) => {
    const found = new Set(finder.words.of(text).map(([word]) => word));
    return [...wanted].reduce((sum, word) => sum + (found.has(word) ? finder.idf.get(word) : 0), 0);
  };
  const shown = pieces.filter(([place, weight]) => (own ? weight === own : weight < 1));
  const best = shown.reduce((one, other) => (one && worth(one) >= worth(other) ? one : other), undefined) ?? pieces[0];
  const written = new Set(pieces.flatMap(([, , text]) => [...hitsIn(finder, wanted, text)]));
  const place = best[0] || pieces[0][0], pattern = patternOf(written);
  const told = [...written].filter((word) => word.length > 2 || word > "\u3400");
  const address = `${page}?found=${encodeURIComponent(told.join("|"))}${place ? `#${place}` : ""}`;
  const above = heading === title ? "" : title;
  const label = make("a", { href: address }, ...marked(heading, pattern));
  return make("li", {}, make("p", { class: "cnn-hit" }, label, above && kind !== "question" && kind !== "term"
    ? make("span", { class: "cnn-hit-page" }, ` · ${above}`) : ""), make("p", {}, ...excerpt(best[2], pattern)));
}

function answer(finder, query, results) {
  const wanted = finder.wanted(query), found = finder.find(query);
  results.replaceChildren();
  if (!query.trim()) return;
  if (!found.length) {
    results.append(make("p", { role: "status" }, "No page has any of these words. Say it in other words, such as turn, padding or delta."));
    return;
  }
  for (const [kind, [name, most]] of Object.entries(GROUPS)) {
    const all = found.filter(({ entry }) => entry.kind === kind), near = all.filter(({ score }) => score > all[0].score / 2);
    if (!near.length) continue;
    results.append(make("h2", {}, name), make("ul", { class: "cnn-hits" },
      ...near.slice(0, most).map((each) => result(finder, wanted, each))));
  }
}

function searchPage(results) {
  const field = document.querySelector(".bd-search-container input[type=search]"), data = window.cnnSearchData;
  const finder = new Finder(data.entries, new Words(data.main, data.stop), data.subjects);
  window.cnnFinder = finder;
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  let waiting;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => answer(finder, field.value, results), 150);
  });
  answer(finder, field.value, results);
}

// ---- any other page: the words that led here

function markFound(written) {
  const place = decodeURIComponent(location.hash.slice(1)), start = place && document.getElementById(place);
  const section = start?.closest("section") ?? document.querySelector("article");
  const walker = document.createTreeWalker(section, NodeFilter.SHOW_TEXT), texts = [], pattern = patternOf(written);
  const outside = "script, style, svg, mjx-container, .math, button, .cnn-stepper";
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest(outside)) texts.push(walker.currentNode);
  for (const text of texts) if (text.data.search(pattern) >= 0) text.replaceWith(...marked(text.data, pattern));
  const first = section.querySelector("mark");
  if (!place) first?.scrollIntoView({ block: "center" });
}

const results = document.getElementById("search-results"), led = new URLSearchParams(location.search).get("found");
if (results && window.cnnSearchData) searchPage(results);
else if (led) markFound(led.split("|").slice(0, 40));
