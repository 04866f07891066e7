// A view takes over the classes that its widget is given later: anywidget sets those of the first moment only.
function followClasses(model, el) {
  let before = model.get("_dom_classes") ?? [];
  const follow = () => {
    el.classList.remove(...before);
    before = model.get("_dom_classes") ?? [];
    el.classList.add(...before);
  };
  model.on("change:_dom_classes", follow);
  return () => model.off("change:_dom_classes", follow);
}

