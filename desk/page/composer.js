// The line in which one writes, with the commands that fit what was typed.
import { el } from "./lib.js";

export function composer({ form, input, list, commands, send }) {
  let offered = [];
  let active = 0;

  function fit() {
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, 180)}px`;
  }
  function close() {
    list.hidden = true;
    offered = [];
  }
  function complete(command) {
    input.value = `${command.name} `;
    close();
    input.focus();
  }
  function offer() {
    fit();
    const word = input.value;
    offered = /^\/\w*$/.test(word) ? commands().filter((each) => each.name.startsWith(word)) : [];
    active = 0;
    list.hidden = offered.length === 0;
    draw();
  }
  function draw() {
    list.replaceChildren(...offered.map((command, index) =>
      el("li", {
        role: "option", "aria-selected": String(index === active), testid: `command-${command.name.slice(1)}`,
        onmousedown: (event) => { event.preventDefault(); complete(command); },
      }, el("strong", {}, command.name), ` ${command.hint} `, el("small", {}, command.about))));
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
    else if (offered.length && event.key === "Escape") return close();
    else if (offered.length && (event.key === "Tab" || (event.key === "Enter" && !exact))) complete(offered[active]);
    else if (event.key === "Enter" && !event.shiftKey) submit();
    else return;
    event.preventDefault();
    draw();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
}
