// The Home that the bot has drawn for this person.
import { redraw } from "./blocks.js";
import { sign } from "./icons.js";
import { el, focusFirst } from "./lib.js";
import { Place } from "./place.js";
import { byId, state } from "./state.js";

function empty() {
  return el("div", { class: "empty big" }, sign(), el("h3", {}, "Nothing on this Home yet"),
    el("p", {}, `${state.bot.name} draws it when it is opened, and again when something changes.`));
}

export function homeView(report) {
  const homes = new Map();
  return function draw(user, view) {
    const panel = byId("home");
    if (!view) {
      panel.replaceChildren(empty());
      return;
    }
    if (panel.firstElementChild?.dataset.view !== view.id) {
      const box = el("div", { class: "blocks" });
      box.dataset.view = view.id;
      panel.replaceChildren(box);
      homes.set(view.id, new Place(user, { view: view.id }, state.people, report));
    }
    const place = homes.get(view.id);
    place.server = view.values;
    place.blocks = view.content.blocks;
    const focused = panel.contains(document.activeElement);
    redraw(panel.firstElementChild, view.content.blocks, place);
    if (focused && !panel.contains(document.activeElement)) focusFirst(panel.querySelector("button"), panel);
  };
}
