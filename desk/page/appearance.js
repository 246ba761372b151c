// Light, dark, or as the system has it; remembered in this browser.
import { icon } from "./icons.js";

const NEXT = { system: "light", light: "dark", dark: "system" };
const NAMES = { system: "as your system", light: "light", dark: "dark" };
const ICONS = { system: "contrast", light: "sun", dark: "moon" };

function keep(theme) {
  try {
    if (theme === "system") localStorage.removeItem("desk-theme");
    else localStorage.setItem("desk-theme", theme);
  } catch {
    // it holds for this page at least
  }
}

export function appearance(button, say) {
  const root = document.documentElement;
  const current = () => root.dataset.theme ?? "system";
  function draw() {
    const words = `Appearance: ${NAMES[current()]}. Change it`;
    button.replaceChildren(icon(ICONS[current()]));
    button.setAttribute("aria-label", words);
    button.title = words;
  }
  button.addEventListener("click", () => {
    const theme = NEXT[current()];
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    keep(theme);
    draw();
    say(`Appearance: ${NAMES[theme]}`);
  });
  draw();
}
