/* The row in motion: nine products as a table, read along its rows on the way forward, down its columns on the way back. */
"use strict";
const X = [100, 10, 1, 0, 0], K = [1, 2, 3], D = [100, 10, 1], DIGIT = ["first", "second", "third"];
const box = document.getElementById("row"), part = name => box.querySelector(name);
const tap = (i, p) => K[p - i];                                  // undefined where output i does not use input p
const Z = D.map((_, i) => K.reduce((sum, k, u) => sum + X[i + u] * k, 0));
const G = X.map((_, p) => D.reduce((sum, d, i) => sum + d * (tap(i, p) ?? 0), 0));
const ORDER = [0, 1, 2, 3, 4];                                   // the inputs, as the way back visits them
const FORWARD = D.length, STEPS = FORWARD + 1 + ORDER.length;    // three outputs, the question, five inputs
let step = 0, answer = null, timer = null;

const cell = (text, name, kind = "td") => {
  const made = document.createElement(kind);
  made.textContent = text;
  made.className = name;
  return made;
};
const line = (place, head, cells) => {
  const row = document.createElement("tr");
  row.append(cell(head, "", "th"), ...cells);
  part(place).append(row);
  return row;
};

const inputs = X.map((x, p) => cell(x, "x"));
const taps = D.map((_, i) => X.map((_, p) => cell(tap(i, p) ?? "·", tap(i, p) === undefined ? "empty" : p === i ? "k first" : "k")));
const outputs = Z.map(z => cell(z, "z")), deltas = D.map(d => cell(d, "d")), gathered = G.map(g => cell(g, "g"));
line("thead", "input x", [...inputs, cell("output z", "aside"), cell("delta δ", "aside")]);
D.forEach((_, i) => line("tbody", `output ${i}`, [...taps[i], outputs[i], deltas[i]]));
line("tfoot", "input collects", [...gathered, cell("", ""), cell("", "")]);

const sum = terms => terms.map(([a, b]) => `${a}·${b}`).join(" + ");
const forward = i => `Output ${i} takes inputs ${i}, ${i + 1} and ${i + 2} with the taps in order: `
  + `${sum(K.map((k, u) => [X[i + u], k]))} = ${Z[i]}.` + (i === 0 ? " The digits spell the kernel: 1, 2, 3." : "");
function backward(p) {
  const used = D.map((d, i) => [d, tap(i, p), i]).filter(([, k]) => k !== undefined);
  const words = `Input ${p} collects δ times tap from every output that used it, column ${p} from top to bottom: `
    + `${sum(used)} = ${G[p]}.`;
  return p === 2 ? `${words} The digits spell the kernel backwards: 3, 2, 1. That is the turn.` : words;
}

function draw() {
  const asks = step === FORWARD, back = step > FORWARD, p = back ? ORDER[step - FORWARD - 1] : -1, i = step < FORWARD ? step : -1;
  inputs.forEach((c, q) => { c.className = "x" + (i >= 0 && tap(i, q) !== undefined ? " lit" : ""); });
  taps.forEach((row, r) => row.forEach((c, q) => {
    const there = tap(r, q) !== undefined, lit = there && (r === i || q === p);
    c.className = (there ? (q === r ? "k first" : "k") : "empty") + (lit ? " lit" : there && (i >= 0 || back) ? " faint" : "");
  }));
  outputs.forEach((c, r) => { c.className = r <= i || step >= FORWARD ? "z" + (r === i ? " lit" : "") : "z empty"; });
  deltas.forEach((c, r) => {
    c.className = step < FORWARD ? "d empty" : "d" + (back && tap(r, p) !== undefined ? " lit" : "");
  });
  gathered.forEach((c, q) => { c.className = back && q <= p ? "g" + (q === p ? " lit" : "") : "g empty"; });
  part(".ask").hidden = !asks;
  part(".says").hidden = asks;
  part(".says").textContent = i >= 0 ? forward(i) : back ? told() + backward(p) : "";
  part(".back").disabled = step === 0;
  part(".on").disabled = step === STEPS - 1;
  part(".place").textContent = asks ? "a question" : `${back ? "back" : "forward"}, step ${step < FORWARD ? step + 1 : step}`;
}
function told() {
  if (answer === null || step !== FORWARD + 1) return "";
  return answer === "321" ? "You said 321; see whether the columns agree. " : `You said ${answer}; compare when column 2 is read. `;
}
function go(to) {
  step = Math.max(0, Math.min(STEPS - 1, to));
  draw();
}
function stop() {
  clearInterval(timer);
  timer = null;
  part(".play").textContent = "Play";
  part(".play").setAttribute("aria-pressed", "false");
}
function play() {
  if (timer) return stop();
  if (step === STEPS - 1) go(0);
  part(".play").textContent = "Pause";
  part(".play").setAttribute("aria-pressed", "true");
  timer = setInterval(() => {
    go(step + 1);
    if (step === FORWARD || step === STEPS - 1) stop();          // the question waits for an answer
  }, 2200);
}

part(".back").onclick = () => { stop(); go(step - 1); };
part(".on").onclick = () => { stop(); go(step + 1); };
part(".play").onclick = play;
box.querySelectorAll("[data-answer]").forEach(button => {
  button.onclick = () => { answer = button.dataset.answer; go(step + 1); part(".on").focus(); };
});
draw();
if (!matchMedia("(prefers-reduced-motion: reduce)").matches) play();
