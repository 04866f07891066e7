// Tells the kernel what changed, as long as the widget is open: a closed one has no way to the kernel, and ipywidgets
// raises an error.  A frame, a timer or a pointer may come later than the end of its widget.
function savingTo(model) {
  let open = true;
  model.on("destroy", () => { open = false; });
  return (changes) => {
    if (!open) return;
    for (const [name, value] of Object.entries(changes)) model.set(name, value);
    model.save_changes();
  };
}

