// Frames of a widget, drawn and stepped through without a kernel: see widget_frames.py for what they hold.
const MOVES = { ArrowLeft: "back", ArrowRight: "forward", Home: "first", End: "last" };
const PAUSE = 500; // ms between two frames while it plays
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
const onPaper = /print-pdf/.test(location.search);
const renderers = {};

function make(tag, className, parent, attributes = {}) {
  const made = document.createElement(tag);
  made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return parent.appendChild(made);
}

// As much of a widget's model as the drawing of a view asks for.
function modelOf(traits) {
  const listeners = [];
  return {
    get: (name) => traits[name],
    set: () => {},
    save_changes: () => {},
    on: (event, action) => listeners.push([event, action]),
    off: () => {},
    update(changed) {
      const names = Object.keys(changed).filter((name) => JSON.stringify(changed[name]) !== JSON.stringify(traits[name]));
      Object.assign(traits, changed);
      const told = new Set(names.map((name) => `change:${name}`).concat(names.length ? "change" : []));
      for (const [event, action] of listeners) if (told.has(event)) action();
    },
  };
}

function rendererOf(kind, { script, style }) {
  if (!renderers[kind]) {
    make("style", "", document.head).textContent = style;
    renderers[kind] = new Function(script)();
  }
  return renderers[kind];
}

// Every view as a function that shows a state.
function build(node, parent, scripts, views) {
  const made = make("div", "", parent);
  let model;
  views[node.view] = (state) => {
    made.className = ["cnn-view", `cnn-view-${node.kind}`, ...state.classes].join(" ");
    made.style.cssText = state.style;
    if (state.html !== undefined) made.innerHTML = state.html;
    if (!state.traits) return;
    if (model) model.update(state.traits);
    else rendererOf(node.kind, scripts[node.kind])({ model: (model = modelOf({ ...state.traits })), el: made });
  };
  for (const child of node.children) build(child, made, scripts, views);
}

// The states of every frame of every track, each complete: what did not change is shared with the frame before.
function unfold(tracks) {
  let now = {};
  return tracks.map(({ name, frames }) => ({
    name,
    frames: frames.map(({ words, changed }) => ({ words, states: (now = { ...now, ...changed }) })),
  }));
}

function controls(element, tracks, actions) {
  const bar = make("div", "cnn-stepper-bar", element, { role: "group", "aria-label": "step through the picture" });
  const menu = tracks.length > 1 && make("select", "", bar, { "aria-label": "which case" });
  for (const { name } of tracks) if (menu) make("option", "", menu).textContent = name;
  if (menu) menu.addEventListener("change", () => actions.track(menu.selectedIndex));
  const buttons = {};
  const faces = { first: ["|◀", "to the first (Home)"], back: ["◀", "one back (left arrow)"],
    play: ["Play", "play or pause"], forward: ["▶", "one on (right arrow)"], last: ["▶|", "to the last (End)"] };
  for (const [name, [face, label]] of Object.entries(faces)) {
    buttons[name] = make("button", `cnn-${name}`, bar, { type: "button", title: label });
    if (name !== "play") buttons[name].setAttribute("aria-label", label);
    buttons[name].textContent = face;
    buttons[name].addEventListener("click", () => actions[name]());
  }
  const slider = make("input", "", bar, { type: "range", min: 0, "aria-label": "frame" });
  slider.addEventListener("input", () => actions.go(Number(slider.value)));
  const words = make("span", "cnn-stepper-words", bar, { "aria-live": "polite" });
  return { bar, menu, buttons, slider, words };
}

function stepper(element) {
  const source = element.querySelector("script");
  const { tree, scripts, tracks: folded, paper } = JSON.parse(source.textContent);
  const tracks = unfold(folded), views = [];
  let [track, at] = onPaper ? paper : [0, 0], timer = null, shown = {};
  source.remove();
  build(tree, element, scripts, views);

  function draw() {
    const { words, states } = tracks[track].frames[at], last = tracks[track].frames.length - 1;
    for (const [number, state] of Object.entries(states)) if (shown[number] !== state) views[number](state);
    shown = states;
    if (!parts) return;
    parts.slider.max = last;
    parts.slider.value = at;
    parts.slider.setAttribute("aria-valuetext", words);
    parts.words.setAttribute("aria-live", timer ? "off" : "polite");
    parts.words.textContent = words;
    parts.buttons.play.textContent = timer ? "Pause" : "Play";
  }
  const end = () => tracks[track].frames.length - 1;
  const go = (to) => ((at = Math.min(Math.max(to, 0), end())), draw());
  const pause = () => (clearInterval(timer), (timer = null), draw());
  const play = () => {
    if (timer) return pause();
    if (at === end()) at = 0;
    timer = setInterval(() => (at < end() ? go(at + 1) : pause()), Math.min(PAUSE, 8000 / (end() + 1)));
    draw();
  };
  const stopped = (action) => (value) => (pause(), action(value));
  const actions = {
    play, go: stopped(go), first: stopped(() => go(0)), last: stopped(() => go(end())),
    back: stopped(() => go(at - 1)), forward: stopped(() => go(at + 1)),
    track: stopped((number) => ((track = number), go(Math.min(at, end())))),
  };
  const many = tracks.length > 1 || tracks[0].frames.length > 1;
  const parts = many ? controls(element, tracks, actions) : null;
  if (parts) {
    parts.buttons.play.hidden = calm.matches; // who wants little motion steps
    // The deck would turn the page at these keys.
    parts.bar.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.target.tagName === "SELECT") return;
      if (event.key in MOVES) {
        actions[MOVES[event.key]]();
        event.preventDefault();
      } else if (event.key !== " ") return;
      event.stopPropagation();
    });
  }
  // A printed page shows the frame that says most.
  let seen = null;
  const show = (place) => (pause(), ([track, at] = place), draw());
  window.addEventListener("beforeprint", () => ((seen ??= [track, at]), show(paper)));
  window.addEventListener("afterprint", () => seen && (show(seen), (seen = null)));
  const start = [track, at];
  element.stepper = { go: actions.go, reset: () => show(start), track: actions.track, tracks: tracks.map((each) => each.frames.length), pause };
  draw();
}

document.querySelectorAll(".cnn-stepper").forEach(stepper);
