// Every exchange in both directions, newest on top; what was refused can be picked out.
import { drawExchange } from "./exchange.js";
import { icon } from "./icons.js";
import { el, get, oneAtATime } from "./lib.js";
import { addPanel, shownPanel } from "./panel.js";
import { byId, format, isMe, names } from "./state.js";

const FILTERS = {
  all: ["All", () => true],
  refused: ["Refused", (each) => each.refused],
  to_bot: ["To the bot", (each) => each.direction === "to_bot"],
  from_bot: ["From the bot", (each) => each.direction === "from_bot"],
};
const EMPTY = { refused: "Nothing has been refused.", all: "Nothing has been said yet. Press or type something." };
const KINDS = {
  block_actions: "Button or choice", view_submission: "Form sent", view_closed: "Form closed", block_suggestion: "Search in a field",
  "task/fetch": "Dialog asked for", "task/submit": "Dialog sent", "application/search": "Search in a field",
  "fileConsent/invoke": "File accepted or declined", installationUpdate: "App added or removed", conversationUpdate: "Chat begun",
  command: "Command", message: "Message", app_home_opened: "Home opened", response_url: "Response URL",
};

function verdict(each) {
  if (each.refused && each.direction === "from_bot") return ["refused", each.problem];
  if (each.refused) return ["refused", each.status ? String(each.status) : "no answer"];
  return each.fault ? ["asked", "on demand"] : ["fine", String(each.status)];
}

export function inspector(report) {
  let filter = "all";
  let mine = false;
  let open = null;
  let found = [];
  const rows = new Map();
  const list = byId("exchanges");

  const fits = (each) => FILTERS[filter][1](each) && (!mine || !each.user || isMe(each.user));

  async function toggle(node, each) {
    const opening = open !== each.number;
    open = opening ? each.number : null;
    for (const row of rows.values()) row.fold(row.number === open);
    if (opening) node.scrollIntoView({ block: "nearest" });
  }

  function row(each) {
    const [tone, words] = verdict(each);
    const toBot = each.direction === "to_bot";
    const whole = el("div", { class: "fold", hidden: true });
    const button = el("button", { type: "button", class: "line", "aria-expanded": "false", testid: "exchange", onclick: () => toggle(node, each) },
      el("span", { class: toBot ? "way to" : "way from", title: toBot ? "To the bot" : "From the bot" }, icon(toBot ? "tobot" : "toslack"),
        el("span", { class: "hidden" }, toBot ? "To the bot: " : "From the bot: ")),
      el("span", { class: "what" }, el("strong", {}, KINDS[each.kind] ?? each.kind),
        el("small", {}, [each.user ? names(each.user) : null, format(each.at * 1000, undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" }), `${each.milliseconds} ms`].filter(Boolean).join(" · ")),
        each.refused && each.why ? el("small", { class: "reason" }, each.why) : null),
      el("span", { class: `verdict ${tone}` }, words));
    const node = el("li", { class: tone }, button, whole);
    node.number = each.number;
    node.fold = async (shown) => {
      button.setAttribute("aria-expanded", String(shown));
      whole.hidden = !shown;
      if (shown && !whole.firstChild) whole.replaceChildren(drawExchange(await get(`/desk/exchanges/${each.number}`), report));
    };
    node.json = JSON.stringify(each);
    return node;
  }

  function draw() {
    const shown = found.filter(fits).reverse();
    const nodes = shown.map((each) => {
      const old = rows.get(each.number);
      if (old && old.json === JSON.stringify(each)) return old;
      const node = row(each);
      rows.set(each.number, node);
      if (each.number === open) node.fold(true);
      return node;
    });
    for (const node of [...list.children]) if (!nodes.includes(node)) node.remove();
    nodes.forEach((node, index) => { if (list.children[index] !== node) list.insertBefore(node, list.children[index] ?? null); });
    byId("no-exchanges").textContent = shown.length ? "" : EMPTY[filter] ?? "Nothing of this kind yet.";
    const refused = found.filter((each) => each.refused).length;
    byId("refused-count").textContent = refused ? String(refused) : "";
    for (const button of byId("filters").querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.filter === filter));
  }

  const refresh = oneAtATime(async () => {
    if (shownPanel() !== "inspector" && shownPanel() !== "trouble") return;
    found = (await get("/desk/exchanges")).exchanges;
    draw();
  });

  byId("filters").replaceChildren(...Object.entries(FILTERS).map(([key, [words]]) =>
    el("button", { type: "button", class: "pick", "data-filter": key, testid: `filter-${key}`, onclick: () => { filter = key; draw(); } }, words,
      key === "refused" ? el("span", { id: "refused-count", class: "count" }) : null)));
  byId("only-mine").addEventListener("change", (event) => { mine = event.target.checked; draw(); });
  addPanel("inspector", { title: "Inspector", draw: refresh, button: byId("inspector-toggle") });
  return { refresh, draw };
}
