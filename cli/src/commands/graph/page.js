// Moves, zooms and picks: no network, nothing kept.
const svg = document.querySelector("svg.graph"), field = document.querySelector("input");
const nodes = [...svg.querySelectorAll("g.node")], links = [...svg.querySelectorAll("path[data-from]")];
let [x, y, w, h] = svg.getAttribute("viewBox").split(" ").map(Number);
const show = () => svg.setAttribute("viewBox", [x, y, w, h].join(" "));
const pick = names => {
  const all = new Set(names);
  for (const it of links) {
    const near = all.has(it.dataset.from) || all.has(it.dataset.to);
    it.classList.toggle("near", near);
  }
  const near = new Set(all);
  for (const it of links) if (it.classList.contains("near")) { near.add(it.dataset.from); near.add(it.dataset.to); }
  for (const it of nodes) it.classList.toggle("near", near.has(it.dataset.node));
  svg.classList.toggle("some", all.size > 0);
};
svg.addEventListener("wheel", event => {
  event.preventDefault();
  const box = svg.getBoundingClientRect(), by = event.deltaY > 0 ? 1.15 : 1 / 1.15;
  const fx = (event.clientX - box.left) / box.width, fy = (event.clientY - box.top) / box.height;
  x += w * fx * (1 - by); y += h * fy * (1 - by); w *= by; h *= by; show();
}, { passive: false });
let from = null, moved = false;
svg.addEventListener("pointerdown", event => { from = [event.clientX, event.clientY]; moved = false; });
window.addEventListener("pointermove", event => {
  if (!from) return;
  const box = svg.getBoundingClientRect(), scale = Math.max(w / box.width, h / box.height);
  x -= (event.clientX - from[0]) * scale; y -= (event.clientY - from[1]) * scale;
  moved = moved || Math.abs(event.clientX - from[0]) + Math.abs(event.clientY - from[1]) > 3;
  from = [event.clientX, event.clientY]; show();
});
window.addEventListener("pointerup", event => {
  from = null;
  if (moved) return;
  const node = event.target.closest && event.target.closest("g.node");
  if (node) pick([node.dataset.node]); else if (event.target.closest && event.target.closest("main")) pick([]);
});
field.addEventListener("input", () => {
  const text = field.value.trim().toLowerCase();
  pick(text ? nodes.filter(it => it.dataset.name.toLowerCase().includes(text)).map(it => it.dataset.node) : []);
});
