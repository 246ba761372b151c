// The switch of a person who is on both platforms.
import { el } from "./lib.js";
import { byId, choosePlatform, me, platform } from "./state.js";

const NAMES = { slack: "Slack", teams: "Teams" };

export function platforms(chosen) {
  const buttons = Object.entries(NAMES).map(([key, name]) => {
    const badge = el("span", { class: "badge", hidden: true });
    const button = el("button", {
      type: "button", testid: `platform-${key}`,
      onclick: () => {
        if (platform() === key) return;
        choosePlatform(key);
        chosen();
      },
    }, name, badge);
    return { key, button, badge };
  });
  byId("platforms").replaceChildren(...buttons.map((each) => each.button));
  return function draw(elsewhere) {
    byId("platforms").hidden = elsewhere || !me()?.slack || !me()?.teams;
    for (const { key, button, badge } of buttons) {
      const count = me()?.new[key] ?? 0;
      button.setAttribute("aria-pressed", String(platform() === key));
      badge.textContent = String(count);
      badge.append(el("span", { class: "hidden" }, " unread"));
      badge.hidden = !count || platform() === key;
    }
  };
}
