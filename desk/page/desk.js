// The page: who one is, what they see, and the clock.
import { redraw } from "./blocks.js";
import { composer } from "./composer.js";
import { el, get, oneAtATime, post } from "./lib.js";
import { Modal } from "./modal.js";
import { Place } from "./place.js";
import { setNames } from "./text.js";
import { Thread } from "./thread.js";

const byId = (id) => document.getElementById(id);
const state = { people: [], bot: {}, commands: [], me: null, tab: "messages", clock: { now: 0, seen: 0 } };
const names = (id) => (id === state.bot.id ? state.bot.name : id === "USLACKBOT" ? "Desk" : state.people.find((each) => each.id === id)?.name ?? id);
setNames(names);

let statusTimer = 0;
async function report(answer) {
  const problem = answer.error ?? answer.problem;
  if (problem) {
    byId("status").textContent = answer.error ? problem : `The bot did not do its part: ${problem}`;
    // shown again, it stands above a modal that was opened meanwhile
    byId("status").hidePopover();
    byId("status").showPopover();
    clearTimeout(statusTimer);
    statusTimer = setTimeout(() => byId("status").hidePopover(), 8000);
  }
  await refresh();
  return !answer.error;
}

const modal = new Modal(report);
const thread = new Thread(byId("log"), report);
const homes = new Map();
const me = () => state.people.find((each) => each.id === state.me);

const refresh = oneAtATime(async () => {
  const user = state.me;
  const seen = await get(`/desk/people/${user}`);
  if (user !== state.me) return;
  thread.show(user, me().zone, seen.messages, names, state.people);
  showHome(user, seen.home);
  modal.show(user, seen.views, state.people);
  if (me().unread && state.tab === "messages" && !document.hidden) await post(`/desk/people/${user}/read`);
});

const refreshPeople = oneAtATime(async () => {
  const found = await get("/desk/people");
  Object.assign(state, { people: found.people, bot: found.bot, commands: found.commands });
  byId("workspace").textContent = found.workspace;
  drawPeople();
});

function showHome(user, view) {
  const panel = byId("home");
  if (!view) {
    panel.replaceChildren(el("p", { class: "empty" }, "The bot has not drawn this Home yet."));
    return;
  }
  if (panel.firstElementChild?.dataset.view !== view.id) {
    const box = el("div", { class: "blocks" });
    box.dataset.view = view.id;
    panel.replaceChildren(box);
    homes.set(view.id, new Place(user, { view: view.id }, state.people, report));
  }
  const place = homes.get(view.id);
  place.server = view.values;
  place.blocks = view.content.blocks;
  redraw(panel.firstElementChild, view.content.blocks, place);
}

// People

const clockOf = (zone) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, weekday: "short", hour: "2-digit", minute: "2-digit" }).format(businessNow());

function drawPeople() {
  const wanted = byId("find").value.trim().toLowerCase();
  const focused = document.activeElement?.dataset?.testid;
  const groups = new Map();
  for (const each of state.people) {
    if (wanted && !`${each.name} ${each.title}`.toLowerCase().includes(wanted)) continue;
    if (!groups.has(each.title)) groups.set(each.title, []);
    groups.get(each.title).push(el("li", {}, el("button", {
      type: "button", testid: `person-${each.id}`, class: each.unread ? "unread" : "", "aria-current": each.id === state.me ? "true" : null,
      onclick: () => become(each.id),
    }, el("span", { class: "name" }, each.name), el("time", { "data-zone": each.zone }, clockOf(each.zone)),
    each.unread ? el("span", { class: "badge", testid: `unread-${each.id}`, "aria-label": `${each.unread} unread` }, String(each.unread)) : null)));
  }
  byId("people-list").replaceChildren(...[...groups].flatMap(([title, rows]) => [el("h3", {}, title), el("ul", {}, ...rows)]));
  if (focused?.startsWith("person-")) document.querySelector(`[data-testid="${focused}"]`)?.focus();
}

async function become(user) {
  state.me = user;
  history.replaceState(null, "", `#${user}`);
  byId("me").textContent = me().name;
  togglePeople(false);
  modal.hide();
  byId("home").replaceChildren();
  drawPeople();
  drawClock();
  await refresh();
  if (state.tab === "home") post(`/desk/people/${user}/home`);
  if (!modal.dialog && matchMedia("(min-width: 701px)").matches) byId("composer").focus();
}

function togglePeople(open) {
  document.body.classList.toggle("people-open", open);
  byId("people-toggle").setAttribute("aria-expanded", String(open));
}

// Tabs

function choose(tab) {
  state.tab = tab;
  for (const each of ["messages", "home"]) {
    byId(each).hidden = each !== tab;
    byId(`tab-${each}`).setAttribute("aria-selected", String(each === tab));
    byId(`tab-${each}`).tabIndex = each === tab ? 0 : -1;
  }
  if (tab === "home") post(`/desk/people/${state.me}/home`);
  else byId("log").scrollTop = byId("log").scrollHeight;
  refresh();
}

for (const tab of ["messages", "home"]) {
  byId(`tab-${tab}`).addEventListener("click", () => choose(tab));
  byId(`tab-${tab}`).addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = tab === "home" ? "messages" : "home";
    choose(other);
    byId(`tab-${other}`).focus();
  });
}

// Clock

const businessNow = () => state.clock.now * 1000 + (performance.now() - state.clock.seen);

function setClock(clock) {
  state.clock = { now: clock.now, seen: performance.now() };
  drawClock();
}

function drawClock() {
  const zone = me()?.zone ?? "UTC";
  const at = (timeZone) => new Intl.DateTimeFormat("en-GB", {
    timeZone, weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
  }).format(businessNow());
  const utc = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", weekday: "short", hour: "2-digit", minute: "2-digit" });
  byId("clock-here").textContent = at(zone);
  byId("clock-zone").textContent = zone.replace("_", " ");
  byId("clock-utc").textContent = `${utc.format(businessNow())} UTC`;
  for (const node of document.querySelectorAll("time[data-zone]")) node.textContent = clockOf(node.dataset.zone);
}

document.querySelector(".moves").addEventListener("click", async (event) => {
  const { hours, days, weekday, at } = event.target.closest("button")?.dataset ?? {};
  if (!hours && !days && !weekday) return;
  const body = weekday ? { weekday, at, zone: me().zone } : { hours: hours ?? 0, days: days ?? 0 };
  const answer = await post("/desk/clock", body);
  if (answer.error) report(answer);
  else setClock(answer);
});

// Start

composer({
  form: byId("composer-form"), input: byId("composer"), list: byId("commands"), commands: () => state.commands,
  send: async (text) => report(await post(`/desk/people/${state.me}/text`, { text })),
});
byId("find").addEventListener("input", drawPeople);
byId("people-toggle").addEventListener("click", () => togglePeople(!document.body.classList.contains("people-open")));
byId("people").addEventListener("keydown", (event) => event.key === "Escape" && togglePeople(false));
document.addEventListener("visibilitychange", () => refresh());

function listen() {
  const source = new EventSource("/desk/events");
  source.onopen = async () => {
    // whatever happened while nobody listened
    await refreshPeople();
    setClock(await get("/desk/clock"));
    await refresh();
  };
  source.onmessage = async (event) => {
    const notice = JSON.parse(event.data);
    if (notice.kind === "clock") return setClock(await get("/desk/clock"));
    if (["posted", "read", "deleted"].includes(notice.kind)) await refreshPeople();
    if (notice.user === state.me) await refresh();
  };
}

await refreshPeople();
setClock(await get("/desk/clock"));
setInterval(drawClock, 1000);
const wantedPerson = decodeURIComponent(location.hash.slice(1));
await become(state.people.find((each) => each.id === wantedPerson)?.id ?? state.people.find((each) => each.name === "Ada Byron")?.id ?? state.people[0].id);
listen();
