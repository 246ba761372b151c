// What shall go wrong, at the press of a button; what is armed stands at the top, and in the middle of the page.
import { icon } from "./icons.js";
import { el, get, oneAtATime, post } from "./lib.js";
import { addPanel, openPanel } from "./panel.js";
import { byId, many, me, names, state } from "./state.js";

const CALLS = {
  "chat.postMessage": "the next message", "chat.update": "the next edit of a message", "views.open": "the next form",
  "files.getUploadURLExternal": "the next upload", "files.completeUploadExternal": "the next file that is shown", "*": "the next call",
};
const TEAMS_CALLS = {
  "teams.post": "the next message on Teams", "teams.update": "the next edit on Teams", "teams.create": "the next new chat on Teams",
  "teams.token": "the next token for Teams", "teams.upload": "the next upload on Teams",
};
const TOKENS = {
  expired: "has expired", audience: "is for another bot", forged: "is forged", rolled: "is by a new key",
};
const capital = (text) => text[0].toUpperCase() + text.slice(1);
const called = (fault) => CALLS[fault.method] ?? TEAMS_CALLS[fault.method] ?? `the next ${fault.method}`;

function told(fault) {
  const call = capital(called(fault));
  const more = fault.times > 1 ? ` (${many(fault.times, "time", "times")})` : "";
  if (fault.kind === "rate_limited") return `${call} is answered 429, retry after ${fault.seconds} s${more}`;
  if (fault.kind === "delay") return `${call} is answered ${fault.seconds} s late${more}`;
  if (fault.kind === "lost") return `${call} happens, but its answer is lost${more}`;
  if (fault.kind === "refused" && fault.method in TEAMS_CALLS) return `${call} is refused: somebody has blocked the bot${more}`;
  if (fault.kind === "refused") return `${call} is refused: the workspace takes no files${more}`;
  return `${call} is answered ${fault.method in TEAMS_CALLS ? 502 : 500} and does not happen${more}`;
}

function choice(id, words, options, seen = "") {
  return el("label", { class: "choice" }, el("span", { class: seen }, words),
    el("select", { id }, ...options.map(([value, label]) => el("option", { value }, label))));
}

export function card(title, words, ...controls) {
  return el("section", { class: "card" }, el("h4", {}, title), el("div", { class: "elements" }, ...controls), el("p", {}, ...[words].flat()));
}

const armButton = (kind, arm) => el("button", { type: "button", testid: `arm-${kind}`, onclick: arm }, icon("bolt"), "Arm");

export function trouble(report, say) {
  let armed = { faults: [], double_click: false, token: "" };
  const method = choice("fault-method", "Which call of the bot", Object.entries(CALLS).map(([key, words]) => [key, capital(words)]));
  const wait = choice("fault-wait", "Retry-After", [["2", "for 2 s"], ["10", "for 10 s"], ["30", "for 30 s"]], "hidden");
  const late = choice("fault-late", "Late by", [["2", "by 2 s"], ["5", "by 5 s"], ["15", "by 15 s"]], "hidden");
  const token = choice("fault-token", "What is wrong with it", Object.entries(TOKENS), "hidden");
  const teams = el("div", { class: "teams-trouble", hidden: true });
  const last = el("span", { class: "last" });
  const result = el("span", { class: "result", role: "status", testid: "redelivered" });

  async function set(body) {
    const answer = await post("/desk/faults", body);
    if (answer.error) return report(answer);
    armed = answer;
    draw();
    return say(list().at(-1)?.words ?? "Nothing is armed");
  }
  const arm = (kind, seconds = 1, at = method.querySelector("select").value) => set({ kind, method: at, seconds: Number(seconds) });

  async function again() {
    const { exchanges } = await get("/desk/exchanges");
    const found = exchanges.findLast((each) => each.direction === "to_bot");
    if (!found) return void (result.textContent = "Nothing has been delivered yet.");
    const answer = await post(`/desk/exchanges/${found.number}/redeliver`);
    result.textContent = answer.problem ? `The bot did not take it: ${answer.problem}` : `Delivered again. The bot answered ${answer.status} in ${answer.milliseconds} ms.`;
    return report(answer);
  }

  async function drawLast() {
    const found = (await get("/desk/exchanges")).exchanges.findLast((each) => each.direction === "to_bot");
    last.textContent = found ? `The last one: ${found.kind}${found.user ? ` of ${names(found.user)}` : ""}.` : "";
  }

  function list() {
    const found = armed.faults.map((fault, index) => ({ words: told(fault), disarm: () => set({ disarm: index }) }));
    if (armed.double_click) found.push({ words: "The next press or Send goes out twice", disarm: () => set({ double_click: false }) });
    if (armed.token) found.push({ words: `The next token from Teams ${TOKENS[armed.token]}`, disarm: () => set({ token: "" }) });
    return found;
  }

  // What a person of Teams can do with the app itself.
  async function about(body) {
    report(await post(`/desk/teams/${me().teams}/about`, body));
    await drawTeams();
  }

  async function drawTeams() {
    const some = state.people.some((each) => each.teams);
    teams.hidden = !some;
    const options = Object.entries({ ...CALLS, ...(some ? TEAMS_CALLS : {}) });
    const select = method.querySelector("select");
    if (select.options.length !== options.length) select.replaceChildren(...options.map(([value, words]) => el("option", { value }, capital(words))));
    byId("teams-about").hidden = !me()?.teams;
    if (!me()?.teams) return;
    const { installed, blocked } = await get(`/desk/teams/${me().teams}`);
    byId("teams-about").replaceChildren(
      card("Blocked", blocked ? `${me().name} has blocked the bot: what it sends is answered 403.` : `${me().name} blocks the bot, which hears of it with its next message: 403.`,
        el("button", { type: "button", testid: "teams-blocked", "aria-pressed": String(blocked), onclick: () => about({ blocked: !blocked }) }, blocked ? "Unblock" : "Block")),
      card("App", installed ? "The app is removed, and the bot is told." : "The app is added again, and the bot is told.",
        el("button", { type: "button", testid: "teams-installed", "aria-pressed": String(!installed), onclick: () => about({ installed: !installed }) }, installed ? "Remove" : "Add")));
  }

  function draw() {
    const all = list();
    byId("armed").hidden = !all.length;
    byId("armed-words").textContent = all.length > 1 ? `${all.length} troubles are armed. First: ${all[0].words}` : all[0]?.words ?? "";
    byId("trouble-toggle").classList.toggle("on", all.length > 0);
    byId("armed-list").replaceChildren(...(all.length
      ? all.map((each) => el("li", {}, icon("bolt"), el("span", {}, each.words), el("button", { type: "button", class: "small", testid: "disarm", onclick: each.disarm }, "Disarm")))
      : [el("li", { class: "none" }, "Nothing is armed. Everything works as it should.")]));
    byId("arm-double").setAttribute("aria-pressed", String(armed.double_click));
    byId("arm-double").lastChild.textContent = armed.double_click ? "Armed" : "Arm";
  }

  byId("troubles").replaceChildren(
    el("h3", {}, "Armed"), el("ul", { id: "armed-list", testid: "armed-list" }),
    el("h3", {}, "From Slack's side"),
    card("Delivered again", ["The very same request once more, freshly signed, as Slack does when an answer came too late. ", last, result],
      el("button", { type: "button", testid: "redeliver-last", onclick: again }, icon("again"), "Again")),
    card("Double click", "The next button you press, or form you send, goes out twice at once.",
      el("button", { type: "button", id: "arm-double", testid: "arm-double", "aria-pressed": "false", onclick: () => set({ double_click: !armed.double_click }) }, icon("bolt"), "Arm")),
    teams,
    el("h3", {}, "To the bot's calls"), method,
    card("Too many calls", "Answered 429 with Retry-After: the bot must wait as long as it is told, and lose nothing.", wait, armButton("429", () => arm("rate_limited", wait.querySelector("select").value))),
    card("Slow answer", [
      "Held back that long, then carried out and answered. A message comes late; after 10 s the bot stops waiting, and looks before it sends again. ",
      "A form opens after 2 s; later its trigger has expired, and Slack refuses to open it.",
    ], late, armButton("delay", () => arm("delay", late.querySelector("select").value))),
    card("Lost answer", "The call is carried out, but the bot never hears of it. It must look before it sends again.", armButton("lost", () => arm("lost"))),
    card("Server error", "Answered 500, and nothing was done.", armButton("error", () => arm("error"))),
    card("Refused file", "The workspace takes no uploads: the message must stand, and say so.", armButton("refused", () => arm("refused", 1, "files.getUploadURLExternal"))));

  teams.append(
    el("h3", {}, "From the side of Teams"),
    card("Token", "What comes next from Teams is signed badly: the bot must answer 401 and do nothing. A new key it must fetch and accept.",
      token, el("button", { type: "button", testid: "arm-token", onclick: () => set({ token: token.querySelector("select").value }) }, icon("bolt"), "Arm")),
    el("div", { id: "teams-about", hidden: true }));

  byId("armed-open").addEventListener("click", () => openPanel("trouble"));
  byId("armed-clear").addEventListener("click", () => set({ clear: true }));
  const refresh = oneAtATime(async () => {
    armed = await get("/desk/faults");
    draw();
    if (!byId("panel-trouble").hidden) await Promise.all([drawLast(), drawTeams()]);
  });
  addPanel("trouble", { title: "Trouble on demand", draw: refresh, button: byId("trouble-toggle") });
  return refresh;
}
