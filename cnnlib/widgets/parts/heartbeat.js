// Answers a beat of the kernel once the frame before it is painted.
function render({ model }) {
  const save = savingTo(model), painted = () => save({ seen: model.get("sent") });
  const answer = () => (document.hidden ? setTimeout(painted) : requestAnimationFrame(painted));
  model.on("change:sent", answer);
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) save({ reduced: true });
  return () => model.off("change:sent", answer);
}

export default { render };
