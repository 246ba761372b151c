// The panel at the side: a thread, the inspector, or what shall go wrong. One at a time.
import { byId } from "./state.js";

const narrow = matchMedia("(max-width: 1080px)");
const drawers = {};
let open = null;
let opener = null;

export const shownPanel = () => open;

function cover() {
  byId("main").inert = Boolean(open) && narrow.matches;
}

function mark() {
  for (const [kind, { button }] of Object.entries(drawers)) {
    byId(`panel-${kind}`).hidden = kind !== open;
    button?.setAttribute("aria-expanded", String(kind === open));
  }
  byId("panel").hidden = !open;
  document.body.classList.toggle("panel-open", Boolean(open));
  cover();
}

export function openPanel(kind, from = document.activeElement) {
  if (!open) opener = from;
  open = kind;
  byId("panel-title").textContent = drawers[kind].title;
  mark();
  drawers[kind].draw();
  byId("panel-title").focus();
}

export function closePanel() {
  if (!open) return;
  const inside = byId("panel").contains(document.activeElement);
  open = null;
  mark();
  if (inside) (opener?.isConnected ? opener : byId("composer")).focus();
}

export function addPanel(kind, { title, draw, button = null }) {
  drawers[kind] = { title, draw, button };
  button?.addEventListener("click", () => (open === kind ? closePanel() : openPanel(kind, button)));
}

byId("panel-close").addEventListener("click", closePanel);
byId("panel").addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  event.preventDefault();
  closePanel();
});
narrow.addEventListener("change", cover);
