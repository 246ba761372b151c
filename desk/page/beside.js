// Whether the bot runs, and the way to start it again.
import { el, focusFirst, get, oneAtATime, post } from "./lib.js";
import { byId } from "./state.js";

export function beside(report) {
  const banner = byId("bot-banner");

  async function start(event) {
    event.target.setAttribute("aria-busy", "true");
    const answer = await post("/desk/bot", { start: true });
    if (answer.error) report(answer);
  }

  function stopped(words) {
    const [first, ...log] = words.split("\n");
    return [
      el("div", { class: "say" }, el("strong", {}, "The bot has stopped."), " Everything here is kept, but nothing you press reaches it."),
      el("button", { type: "button", class: "primary", testid: "bot-start", onclick: start }, "Start the bot again"),
      el("details", {}, el("summary", {}, "What it said last"), el("p", {}, first), el("pre", { tabIndex: 0 }, log.join("\n"))),
    ];
  }

  return oneAtATime(async () => {
    const bot = await get("/desk/bot");
    const json = JSON.stringify(bot);
    if (banner.json === json) return;
    banner.json = json;
    const focused = banner.contains(document.activeElement);
    banner.hidden = bot.state === "apart" || bot.state === "running";
    banner.className = `banner ${bot.state}`;
    if (bot.state === "stopped") banner.replaceChildren(...stopped(bot.words));
    else if (bot.state === "starting") banner.replaceChildren(el("div", { class: "say" }, "The bot is starting…"));
    if (focused) focusFirst(banner, document.querySelector("dialog[open] [type=submit]"));
  });
}
