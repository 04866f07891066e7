/* Loads Python into the browser's cache with a bar, then opens the notebook that ?path= names. */
"use strict";
const at = id => document.getElementById(id);
const path = new URLSearchParams(location.search).get("path") || "notebooks/00_start_here.ipynb";
const name = path.replace(/^.*\//, "").replace(/\.ipynb$/, "");
const lab = `lab/index.html?path=${encodeURIComponent(path)}`;
const inMB = bytes => (bytes / 1e6).toFixed(0);

document.title = `Opening ${name.slice(0, 2)}`;
at("chapter").href = `../book/${path.replace(/\.ipynb$/, ".html")}`;
at("anyway").onclick = () => { at("phone").hidden = true; start(); };
if (Math.min(screen.width, screen.height) < 600 && matchMedia("(pointer: coarse)").matches) {
  at("phone").hidden = false;
  at("bar").hidden = at("words").hidden = true;
  at("title").textContent = "A notebook needs a larger screen";
} else start();

async function start() {
  at("bar").hidden = at("words").hidden = false;
  try {
    await worker();
    await load((await (await fetch("files.json")).json()).files);
    location.replace(lab);
  } catch (error) {
    at("trouble").hidden = false;
    at("trouble").textContent = `Loading stopped: ${error.message}. Check the connection, then reload this page; `
      + "what has been loaded is kept.";
  }
}

async function worker() {
  if (!("serviceWorker" in navigator)) return;  // a private window: all works, but nothing is kept
  await navigator.serviceWorker.register("service-worker.js?enableCache=true", { scope: "./" }).catch(() => undefined);
  const ready = new Promise(resolve => navigator.serviceWorker.addEventListener("controllerchange", resolve));
  if (!navigator.serviceWorker.controller)
    await Promise.race([ready, new Promise(resolve => setTimeout(resolve, 3000))]);
}

async function load(files) {
  const total = files.reduce((sum, [, bytes]) => sum + bytes, 0), queue = [...files];
  let done = 0;
  const show = bytes => {
    done += bytes;
    at("bar").value = Math.min(done / total, 1);
    at("count").textContent = `${inMB(Math.min(done, total))} of ${inMB(total)} MB`;
  };
  const one = async () => {
    for (let next; (next = queue.shift());) {
      const [address, bytes] = next, answer = await fetch(address);
      if (!answer.ok) throw new Error(`${address.replace(/^.*\//, "")} is not there (${answer.status})`);
      let seen = 0;
      const reader = answer.body.getReader();
      for (let part; !(part = await reader.read()).done;) {
        const counted = Math.min(part.value.length, bytes - seen);
        seen += counted;
        show(counted);
      }
      show(bytes - seen);
    }
  };
  await Promise.all([one(), one(), one(), one()]);
}
