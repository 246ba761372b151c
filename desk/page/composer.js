// The line in which one writes, with the commands and people that fit what was typed.
import { el, newId } from "./lib.js";

// offers() answers [{key, label, note, name}] for a command or a person; `name` is what is written when it is chosen.
export function composer({ form, input, list, offers, send }) {
  let offered = [];
  let active = 0;

  function fit() {
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, 180)}px`;
  }
  function close() {
    list.hidden = true;
    offered = [];
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
  const begun = () => /(?:^\/\w*|(?:^|\s)@[\p{L}.]*(?: \p{L}*)?)$/u.exec(input.value.slice(0, input.selectionStart))?.[0].trimStart() ?? "";
  function complete(offer) {
    const before = input.value.slice(0, input.selectionStart);
    const start = before.slice(0, before.length - begun().length) + offer.name + " ";
    input.value = start + input.value.slice(input.selectionStart);
    input.setSelectionRange(start.length, start.length);
    close();
    input.focus();
  }
  function offer() {
    fit();
    const word = begun().toLowerCase();
    offered = word ? offers().filter((each) => each.name.toLowerCase().startsWith(word)).slice(0, 8) : [];
    active = 0;
    if (!offered.length) return close();
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    return draw();
  }
  function draw() {
    const nodes = offered.map((each, index) =>
      el("li", {
        id: newId("offer"), role: "option", "aria-selected": String(index === active), testid: each.testid,
        onmousedown: (event) => { event.preventDefault(); complete(each); },
      }, el("strong", {}, each.name), each.hint ? ` ${each.hint}` : null, el("small", {}, each.about)));
    list.replaceChildren(...nodes);
    if (nodes[active]) input.setAttribute("aria-activedescendant", nodes[active].id);
  }
  async function submit() {
    const text = input.value.trim();
    if (!text) return;
    input.value = "";
    close();
    fit();
    if (!(await send(text)) && !input.value) input.value = text;
  }

  input.addEventListener("input", offer);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const exact = offered.some((each) => each.name === input.value);
    if (offered.length && event.key === "ArrowDown") active = (active + 1) % offered.length;
    else if (offered.length && event.key === "ArrowUp") active = (active + offered.length - 1) % offered.length;
    else if (offered.length && event.key === "Escape") close();
    else if (offered.length && ((event.key === "Tab" && !event.shiftKey) || (event.key === "Enter" && !exact))) complete(offered[active]);
    else if (event.key === "Enter" && !event.shiftKey) submit();
    else return;
    event.preventDefault();
    event.stopPropagation();
    draw();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
}
