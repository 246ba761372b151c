// "Are you sure?", as a button's `confirm` object asks it.
import { el, newId } from "./lib.js";
import { shown } from "./text.js";

export function confirmed(ask) {
  return new Promise((answer) => {
    const titleId = newId("confirm");
    const asked = document.activeElement;
    const finish = (value) => {
      dialog.close();
      dialog.remove();
      asked?.focus();
      answer(value);
    };
    const dialog = el("dialog", {
      class: "confirm", "aria-labelledby": titleId, testid: "confirm",
      oncancel: (event) => { event.preventDefault(); finish(false); },
    },
    el("h2", { id: titleId }, ...shown(ask.title)),
    el("div", { class: "text" }, ...shown(ask.text)),
    el("div", { class: "foot" },
      el("button", { type: "button", testid: "confirm-deny", onclick: () => finish(false) }, ...shown(ask.deny)),
      el("button", {
        type: "button", class: ask.style ?? "primary", testid: "confirm-yes", onclick: () => finish(true),
      }, ...shown(ask.confirm))));
    document.body.append(dialog);
    dialog.showModal();
  });
}
