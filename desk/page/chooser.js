// A field in which one or several of many are found by typing and shown as chips.
import { el, newId } from "./lib.js";

// find(typed) answers [{key, label, value}]; chosen is a list of the same; changed(list) is told each choice.
export function chooser({ id, label, many, most, placeholder, chosen, find, changed }) {
  const listId = newId("choices");
  let picked = [...chosen];
  let offered = [];
  let active = -1;
  let asked = 0;

  const chips = el("span", { class: "chips" });
  const list = el("ul", { id: listId, role: "listbox", class: "choices", hidden: true, "aria-label": `Choices for ${label}` });
  const input = el("input", {
    id, type: "text", role: "combobox", autocomplete: "off", placeholder: placeholder ?? "Type to search",
    "aria-controls": listId, "aria-expanded": "false", "aria-autocomplete": "list",
  });
  if (!id) input.setAttribute("aria-label", label);

  const full = () => many && most && picked.length >= most;
  function tell() {
    drawChips();
    changed(picked.map((each) => each.value));
  }
  function drawChips() {
    chips.replaceChildren(
      ...picked.map((each) =>
        el("button", {
          type: "button", class: "chip", "aria-label": `Remove ${each.label}`,
          onclick: () => { picked = picked.filter((other) => other !== each); tell(); input.focus(); },
        }, each.label, el("span", { "aria-hidden": "true" }, " ×"))),
    );
  }
  function close() {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
  function pick(option) {
    if (!option || full()) return;
    picked = many ? [...picked.filter((each) => each.key !== option.key), option] : [option];
    input.value = "";
    close();
    tell();
  }
  function mark() {
    [...list.children].forEach((node, index) => {
      node.setAttribute("aria-selected", String(index === active));
      if (index === active) {
        input.setAttribute("aria-activedescendant", node.id);
        node.scrollIntoView({ block: "nearest" });
      }
    });
  }
  async function search() {
    const mine = ++asked;
    let found;
    try {
      found = await find(input.value.trim());
    } catch {
      found = [];
    }
    // an earlier, slower answer must not stand over a later one
    if (mine !== asked || document.activeElement !== input) return;
    offered = found.filter((option) => !picked.some((each) => each.key === option.key));
    const nothing = el("li", { class: "nothing" }, full() ? `At most ${most}` : "Nothing found");
    list.replaceChildren(
      ...(offered.length && !full()
        ? offered.map((option) => el("li", {
            id: newId("choice"), role: "option", "aria-selected": "false",
            onmousedown: (event) => { event.preventDefault(); pick(option); },
          }, option.label, option.note ? el("small", {}, ` ${option.note}`) : null))
        : [nothing]),
    );
    active = offered.length ? 0 : -1;
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark();
  }

  input.addEventListener("input", search);
  input.addEventListener("click", search);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const open = !list.hidden;
    if (event.key === "ArrowDown" && !open) search();
    else if (event.key === "ArrowDown") active = Math.min(active + 1, offered.length - 1);
    else if (event.key === "ArrowUp" && open) active = Math.max(active - 1, 0);
    else if (event.key === "Enter") { if (open) pick(offered[active]); }
    else if (event.key === "Escape" && open) close();
    else if (event.key === "Backspace" && !input.value && picked.length) { picked.pop(); tell(); return; }
    else return;
    event.preventDefault();
    event.stopPropagation();
    mark();
  });
  drawChips();
  return el("div", { class: "chooser" }, chips, input, list);
}
