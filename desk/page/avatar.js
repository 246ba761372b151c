// A person's initials on a colour of their own; the bot has its sign.
import { sign } from "./icons.js";
import { el } from "./lib.js";
import { names, state } from "./state.js";

const hue = (name) => [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7);
const initials = (name) => name.split(/\s+/).map((word) => word[0]).slice(0, 2).join("");

export function avatar(id) {
  if (id === state.bot.id) return el("span", { class: "avatar bot", "aria-hidden": "true" }, sign());
  const name = names(id);
  const node = el("span", { class: "avatar", "aria-hidden": "true" }, initials(name));
  node.style.setProperty("--hue", hue(name));
  return node;
}
