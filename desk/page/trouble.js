// What shall go wrong, at the press of a button; what is armed stands at the top, and in the middle of the page.
import { icon } from "./icons.js";
import { el, get, oneAtATime, post } from "./lib.js";
import { addPanel, openPanel } from "./panel.js";
import { byId, many, names } from "./state.js";

const CALLS = {
  "chat.postMessage": "the next message", "chat.update": "the next edit of a message", "views.open": "the next form",
  "files.getUploadURLExternal": "the next upload", "files.completeUploadExternal": "the next file that is shown", "*": "the next call",
};
const capital = (text) => text[0].toUpperCase() + text.slice(1);
const called = (fault) => CALLS[fault.method] ?? `the next ${fault.method}`;

function told(fault) {
  const call = capital(called(fault));
  const more = fault.times > 1 ? ` (${many(fault.times, "time", "times")})` : "";
  if (fault.kind === "rate_limited") return `${call} is answered 429, retry after ${fault.seconds} s${more}`;
  if (fault.kind === "delay") return `${call} is answered ${fault.seconds} s late${more}`;
  if (fault.kind === "lost") return `${call} happens, but its answer is lost${more}`;
  if (fault.kind === "refused") return `${call} is refused: the workspace takes no files${more}`;
  return `${call} is answered 500 and does not happen${more}`;
}

function choice(id, words, options, seen = "") {
  return el("label", { class: "choice" }, el("span", { class: seen }, words),
    el("select", { id }, ...options.map(([value, label]) => el("option", { value }, label))));
}

function card(title, words, ...controls) {
  return el("section", { class: "card" }, el("h4", {}, title), el("div", { class: "elements" }, ...controls), el("p", {}, ...[words].flat()));
}

const armButton = (kind, arm) => el("button", { type: "button", testid: `arm-${kind}`, onclick: arm }, icon("bolt"), "Arm");

export function trouble(report, say) {
  let armed = { faults: [], double_click: false };
  const method = choice("fault-method", "Which call of the bot", Object.entries(CALLS).map(([key, words]) => [key, capital(words)]));
  const wait = choice("fault-wait", "Retry-After", [["2", "for 2 s"], ["10", "for 10 s"], ["30", "for 30 s"]], "hidden");
  const late = choice("fault-late", "Late by", [["2", "by 2 s"], ["5", "by 5 s"], ["15", "by 15 s"]], "hidden");
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
    return found;
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
    el("h3", {}, "To the bot's calls"), method,
    card("Too many calls", "Answered 429 with Retry-After: the bot must wait as long as it is told, and lose nothing.", wait, armButton("429", () => arm("rate_limited", wait.querySelector("select").value))),
    card("Slow answer", [
      "Held back that long, then carried out and answered. A message comes late; after 10 s the bot stops waiting, and looks before it sends again. ",
      "A form opens after 2 s; later its trigger has expired, and Slack refuses to open it.",
    ], late, armButton("delay", () => arm("delay", late.querySelector("select").value))),
    card("Lost answer", "The call is carried out, but the bot never hears of it. It must look before it sends again.", armButton("lost", () => arm("lost"))),
    card("Server error", "Answered 500, and nothing was done.", armButton("error", () => arm("error"))),
    card("Refused file", "The workspace takes no uploads: the message must stand, and say so.", armButton("refused", () => arm("refused", 1, "files.getUploadURLExternal"))));

  byId("armed-open").addEventListener("click", () => openPanel("trouble"));
  byId("armed-clear").addEventListener("click", () => set({ clear: true }));
  const refresh = oneAtATime(async () => {
    armed = await get("/desk/faults");
    draw();
    if (!byId("panel-trouble").hidden) await drawLast();
  });
  addPanel("trouble", { title: "Trouble on demand", draw: refresh, button: byId("trouble-toggle") });
  return refresh;
}
