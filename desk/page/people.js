// The list of people: who one is and can be, with unread marks, each one's time, search and arrow keys.
import { avatar } from "./avatar.js";
import { el } from "./lib.js";
import { businessNow, byId, city, format, many, me, state } from "./state.js";

const dayIn = (zone) => format(businessNow(), zone, { weekday: "short" });
const timeIn = (zone) => format(businessNow(), zone, { hour: "2-digit", minute: "2-digit" });
// The day only where it is another one than here: names need the room.
const clockOf = (zone) => (dayIn(zone) === dayIn(me()?.zone ?? zone) ? timeIn(zone) : `${dayIn(zone)} ${timeIn(zone)}`);
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const buttons = () => [...byId("people-list").querySelectorAll("button")];

let chosen = () => {};

// Most are on Slack; only who is elsewhere, or there too, is marked.
function where(each) {
  if (!each.teams) return null;
  return el("span", { class: "where" }, el("span", { class: "hidden" }, each.slack ? "on Slack and " : "on "), each.slack ? "+ Teams" : "Teams");
}

function row(each) {
  const mine = each.id === state.me;
  return el("li", {}, el("button", {
    type: "button", testid: `person-${each.id}`, class: each.unread ? "row unread" : "row", tabIndex: mine ? 0 : -1,
    "aria-current": mine ? "true" : null, onclick: () => chosen(each.id),
  },
  avatar(each.id), el("span", { class: "name" }, each.name), where(each),
  el("time", { "data-zone": each.zone, title: each.zone }, clockOf(each.zone)),
  each.unread ? el("span", { class: "badge", testid: `unread-${each.id}` }, String(each.unread), el("span", { class: "hidden" }, " unread")) : null));
}

export function drawPeople() {
  const wanted = plain(byId("find").value.trim());
  const focused = document.activeElement?.dataset?.testid;
  const groups = new Map();
  for (const each of state.people) {
    if (wanted && !plain(`${each.name} ${each.title}`).includes(wanted)) continue;
    if (!groups.has(each.title)) groups.set(each.title, []);
    groups.get(each.title).push(row(each));
  }
  const lists = [...groups].flatMap(([title, rows]) => [el("h3", {}, title, el("span", {}, String(rows.length))), el("ul", {}, ...rows)]);
  byId("people-list").replaceChildren(...(lists.length ? lists : [el("p", { class: "nobody" }, `Nobody here is called “${byId("find").value.trim()}”.`)]));
  if (!buttons().some((each) => each.tabIndex === 0) && buttons()[0]) buttons()[0].tabIndex = 0;
  if (focused?.startsWith("person-")) document.querySelector(`[data-testid="${focused}"]`)?.focus();
  drawMe();
}

function drawMe() {
  if (!me()) return;
  const others = state.people.filter((each) => each.unread && each.id !== state.me).length;
  byId("me").textContent = me().name;
  byId("me-about").textContent = [me().title, city(me().zone), me().teams ? (me().slack ? "Slack, Teams" : "Teams") : null].filter(Boolean).join(" · ");
  byId("me-avatar").replaceChildren(avatar(state.me));
  byId("me-short").replaceChildren(avatar(state.me), el("span", {}, me().name.split(" ")[0]));
  byId("waiting").textContent = others ? `${many(others, "other has", "others have")} something new` : "";
}

export function tickPeople() {
  for (const node of document.querySelectorAll("time[data-zone]")) {
    const now = clockOf(node.dataset.zone);
    if (node.textContent !== now) node.textContent = now;
  }
}

// The list as a drawer, where the window is narrow.

const drawn = () => matchMedia("(max-width: 760px)").matches;

export function toggleDrawer(open) {
  const was = document.body.classList.contains("people-open");
  document.body.classList.toggle("people-open", open);
  byId("people-toggle").setAttribute("aria-expanded", String(open));
  byId("main").inert = open && drawn();
  if (open && !was) byId("find").focus();
  if (!open && was && byId("people").contains(document.activeElement)) byId("people-toggle").focus();
}

function move(event) {
  if (event.key === "Escape") {
    if (byId("find").value) {
      byId("find").value = "";
      return drawPeople();
    }
    return toggleDrawer(false);
  }
  const all = buttons();
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  const typing = document.activeElement === byId("find");
  if (typing && event.key === "Enter" && all[0]) return all[0].click();
  if (to === undefined || (typing && event.key !== "ArrowDown")) return undefined;
  event.preventDefault();
  if (to < 0) return byId("find").focus();
  if (!all[to]) return undefined;
  for (const each of all) each.tabIndex = each === all[to] ? 0 : -1;
  return all[to].focus();
}

export function people(choose) {
  chosen = (user) => {
    byId("find").value = "";
    return choose(user);
  };
  byId("find").addEventListener("input", drawPeople);
  byId("people").addEventListener("keydown", move);
  byId("people-toggle").addEventListener("click", () => toggleDrawer(!document.body.classList.contains("people-open")));
  byId("shade").addEventListener("click", () => toggleDrawer(false));
  matchMedia("(max-width: 760px)").addEventListener("change", () => toggleDrawer(false));
}
