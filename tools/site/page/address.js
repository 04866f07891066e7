/* Keeps the notebook in front in the address, so that a reload and a copied link open it again.

   JupyterLite reads ?path= once and takes it away. The tab in front says which file it shows. */
"use strict";
{
  const keep = () => {
    const tab = document.querySelector("#jp-main-dock-panel .lm-TabBar-tab.jp-mod-current");
    const path = /^Path: (.+)$/m.exec(tab ? tab.title || tab.querySelector("[title]")?.title || "" : "")?.[1];
    if (!path) return;
    const address = new URL(location.href);
    if (address.searchParams.get("path") === path) return;
    address.searchParams.set("path", path);
    history.replaceState(history.state, "", address);
  };
  setInterval(keep, 500);
}
