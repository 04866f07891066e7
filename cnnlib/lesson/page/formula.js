// Typed formulas, read and never evaluated: an index is a sum of letters and whole numbers, a line is a sum over one
// letter of a product.  Both come out in a form in which equal formulas are equal texts.
const tidy = (text) => text.replaceAll("−", "-").replaceAll("–", "-").replaceAll("·", "*").replaceAll("×", "*")
  .replaceAll("δ", "delta").replaceAll("\\delta", "delta").replaceAll("Σ", "sum").replaceAll("∑", "sum")
  .replaceAll("\\sum", "sum").replaceAll("∂", "d");

// "h - 1 - a" as { h: 1, 1: -1, a: -1 }; null for what is no such sum.
function linear(text) {
  const tokens = tidy(text).match(/\d+|[A-Za-z]|[-+*()]|\S/g) ?? [];
  let at = 0;
  const add = (one, other, sign) => {
    for (const [name, count] of Object.entries(other)) one[name] = (one[name] ?? 0) + sign * count;
    return one;
  };
  function atom() {
    const token = tokens[at++] ?? "";
    if (token === "-" || token === "+") return add({}, atom(), token === "-" ? -1 : 1); // a sign
    if (token === "(") {
      const inside = sum();
      if (tokens[at++] !== ")") throw new Error("bracket");
      return inside;
    }
    if (/^\d+$/.test(token)) {
      const times = tokens[at] === "*" || /^[A-Za-z(]$/.test(tokens[at] ?? "");
      if (tokens[at] === "*") at++;
      return times ? add({}, atom(), Number(token)) : { 1: Number(token) };
    }
    if (/^[A-Za-z]$/.test(token)) return { [token]: 1 };
    throw new Error("token");
  }
  function sum() {
    const made = add({}, atom(), 1);
    while (tokens[at] === "+" || tokens[at] === "-") add(made, atom(), 1); // the sign belongs to what follows
    return made;
  }
  try {
    const made = sum();
    return at === tokens.length ? made : null;
  } catch {
    return null;
  }
}

// A linear form as text; `bound` is a letter whose name does not matter.
function canonical(form, bound) {
  const parts = Object.entries(form).filter(([, count]) => count).map(([name, count]) => `${name === bound ? "#" : name}:${count}`);
  return parts.sort().join(" ");
}

const INDEX = String.raw`(?:_?\{([^{}]*)\}|\[([^\[\]]*)\]|_?\(([^()]*)\)|_?([A-Za-z0-9]))`;
const PARTIAL = new RegExp(String.raw`d\s*z\s*${INDEX}\s*/\s*d\s*x\s*${INDEX}`, "g");
const FACTOR = new RegExp(String.raw`(delta|x|k)\s*${INDEX}`, "g");
const SUM = /sum\s*(?:_|over\s*)?\s*[{([]?\s*([a-z])\s*[})\]]?/g;

const RANGE = [/sum\s*_?\s*[{([]\s*([a-z])\s*=[^{}()[\]]*[})\]](?:\s*\^\s*(?:\{[^{}]*\}|[a-z0-9]+))?/g, // sum_{a=0}^{h-1}
  /sum\s*_?\s*([a-z])\s*=\s*\w+\s*(?:\.\.+|…|to\b)\s*[a-z0-9+-]+/g]; // sum_a=0..h-1

// "sum_t f[t] g[n - t]" as { text, sums, factors }; null for what is no such line.  What stands before = is left out,
// a range of the sum as well, and dL/dz[i] is delta[i].
function lineOf(typed) {
  const plain = RANGE.reduce((text, range) => text.replace(range, "sum_$1 "), tidy(typed)).replace(/d\s*L\s*\/\s*d\s*z/g, "delta");
  let rest = plain.replace(/,.*$|\b(with|put)\b.*$/, "").replace(/^[^=]*=/, "");
  const sums = [], factors = [];
  rest = rest.replace(SUM, (_, letter) => (sums.push(letter), " "));
  const index = (groups) => groups.find((each) => each !== undefined);
  const read = (name, ...texts) => {
    const forms = texts.map(linear);
    if (forms.some((form) => form === null)) return false;
    factors.push({ name, forms });
    return true;
  };
  let readable = true;
  rest = rest.replace(PARTIAL, (...found) => ((readable &&= read("dz/dx", index(found.slice(1, 5)), index(found.slice(5, 9)))), " "));
  rest = rest.replace(FACTOR, (...found) => ((readable &&= read(found[1], index(found.slice(2, 6)))), " "));
  if (!readable || !factors.length || rest.replace(/[\s*]/g, "")) return null;
  const bound = sums.length === 1 ? sums[0] : null;
  const texts = factors.map(({ name, forms }) => `${name}[${forms.map((form) => canonical(form, bound)).join(";")}]`);
  return { text: `${sums.length}|${texts.sort().join(" ")}`, sums, factors };
}

// Are two typed texts the same index, or the same line?
function sameIndex(typed, wanted) {
  const form = linear(typed);
  return form !== null && canonical(form) === canonical(linear(wanted));
}
const sameLine = (typed, wanted) => lineOf(typed)?.text === lineOf(wanted).text;
