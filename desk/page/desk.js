// The page: who one is, where one looks, and what comes in.
import { appearance } from "./appearance.js";
import { attach } from "./attach.js";
import { avatar } from "./avatar.js";
import { beside } from "./beside.js";
import { cardsReady } from "./cards.js";
import { Chat } from "./chat.js";
import { clock, drawClock, readClock } from "./clock.js";
import { company } from "./company.js";
import { composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { homeView } from "./home.js";
import { drawIcons, icon } from "./icons.js";
import { inspector } from "./inspector.js";
import { el, get, oneAtATime, post, postFile, together } from "./lib.js";
import { Modal } from "./modal.js";
import { closePanel, shownPanel } from "./panel.js";
import { drawPeople, people, toggleDrawer } from "./people.js";
import { roomView } from "./room.js";
import { platforms } from "./platforms.js";
import { byId, isMe, many, me, names, platform, state } from "./state.js";
import { Task } from "./task.js";
import { setNames } from "./text.js";
import { threads } from "./thread.js";
import { trouble } from "./trouble.js";
import { FIRST_DAY, firstDay, welcome } from "./welcome.js";

setNames(names);
drawIcons(document);

// What is heard but not seen, and what is seen for a while.

function say(words) {
  byId("said").textContent = words;
}

let statusTimer = 0;
async function report(answer) {
  const problem = answer.error ?? answer.problem;
  if (problem) {
    byId("status").textContent = answer.error ? problem : answer.why || `The bot did not do its part: ${problem}`;
    clearTimeout(statusTimer);
    statusTimer = setTimeout(() => { byId("status").textContent = ""; }, 8000);
  }
  await refresh();
  return !answer.error;
}

// The person's screen

let seen = null;
let unread = 0;
const modal = new Modal(report);
const thread = threads(report, () => seen);
const main = new Conversation(byId("log"), {
  report, openThread: thread.open,
  empty: () => el("div", { class: "empty big" }, icon("reply"), el("h3", {}, "Nothing here yet"),
    el("p", {}, state.firstDay ? FIRST_DAY : "Move the clock to next Thursday 10:00, or type / below to see what the bot understands.")),
});
const task = new Task(report);
const chat = new Chat(byId("log"), {
  report,
  empty: () => el("div", { class: "empty big" }, icon("reply"), el("h3", {}, "Nothing here yet"),
    el("p", {}, "Move the clock to next Thursday 10:00, or type “help”.")),
});
const drawHome = homeView(report);
const drawRoom = roomView(report, (user) => become(user));

const looksAtChat = () => state.place === "bot" && state.tab === "messages" && !document.hidden;

const refresh = oneAtATime(async () => {
  const user = state.me;
  if (platform() === "teams") return refreshTeams(user);
  task.hide();
  chat.key = null;
  const found = await get(`/desk/people/${user}`);
  if (user !== state.me || platform() === "teams") return;
  seen = found;
  const messages = found.messages.filter((each) => !each.thread || each.broadcast);
  const replies = found.messages.filter((each) => each.thread);
  main.show(user, { user, zone: me().zone, people: state.people, messages, replies, unread });
  drawHome(user, found.home);
  if (state.place !== "bot") drawRoom(found);
  if (shownPanel() === "thread") thread.draw();
  modal.show(user, found.views, state.people);
  if (me().new.slack && looksAtChat()) await post(`/desk/people/${user}/read`);
});

async function refreshTeams(user) {
  modal.hide();
  main.key = null;
  const [found] = await Promise.all([get(`/desk/teams/${me().teams}`), cardsReady()]);
  if (user !== state.me || platform() !== "teams") return;
  seen = { rooms: {} };
  chat.display(found, unread);
  if (state.place !== "bot") drawRoom(me().slack ? await get(`/desk/people/${user}`) : seen);
  task.show(me().teams, found.dialog);
  if (me().new.teams && looksAtChat()) await post(`/desk/teams/${me().teams}/read`);
}

const refreshPeople = oneAtATime(async () => {
  const found = await get("/desk/people");
  Object.assign(state, { people: found.people, rooms: found.rooms, bot: found.bot, commands: found.commands, firstDay: found.first_day });
  if (found.first_day) firstDay();
  byId("workspace").textContent = found.workspace;
  drawPeople();
  drawPlaces();
});

async function become(user) {
  state.me = user;
  history.replaceState(null, "", `#${user}`);
  unread = me().new[platform()];
  toggleDrawer(false);
  if (shownPanel() === "thread") closePanel();
  modal.hide();
  task.hide();
  byId("home").replaceChildren();
  drawPeople();
  if (platform() === "teams") choose("messages", false);
  drawPlaces();
  if (shownPanel() === "company") refreshCompany();
  drawClock();
  inspect.draw();
  await Promise.all([refresh(), refreshTrouble()]);
  say(`You are ${me().name}`);
  if (state.place === "bot" && state.tab === "home") post(`/desk/people/${user}/home`);
  const roomy = matchMedia("(min-width: 761px)").matches;
  if (!modal.dialog && !task.dialog && roomy && state.place === "bot" && state.tab === "messages") byId("composer").focus();
}

// Places and tabs

function drawPlaces() {
  const place = (key, sign, words, count) => el("li", {}, el("button", {
    type: "button", class: count ? "row unread" : "row", testid: `place-${key}`, "aria-current": state.place === key ? "page" : null,
    onclick: () => go(key),
  }, sign, el("span", { class: "name" }, words), count ? el("span", { class: "badge" }, String(count), el("span", { class: "hidden" }, " unread")) : null));
  byId("places").replaceChildren(
    place("bot", avatar(state.bot.id), state.bot.name, me()?.unread),
    ...state.rooms.map((room) => place(room.id, el("span", { class: "mark" }, icon(room.private ? "lock" : "hash")), `#${room.name}`)));
  const room = state.rooms.find((each) => each.id === state.place);
  byId("place-mark").replaceChildren(room ? icon(room.private ? "lock" : "hash") : avatar(state.bot.id));
  byId("place-name").textContent = room ? `#${room.name}` : state.bot.name;
  byId("place-about").textContent = room ? `${many(room.members.length, "person", "people")} · ${room.purpose}` : `Direct message of ${me()?.name ?? ""}`;
  byId("app-mark").hidden = Boolean(room);
  byId("tabs").hidden = Boolean(room) || platform() === "teams";
  drawPlatforms(Boolean(room));
}

function go(place) {
  state.place = place;
  toggleDrawer(false);
  drawPlaces();
  choose(state.tab, false);
}

function choose(tab, told = true) {
  state.tab = tab;
  const inBot = state.place === "bot";
  for (const each of ["messages", "home"]) {
    byId(each).hidden = !inBot || each !== tab;
    byId(`tab-${each}`).setAttribute("aria-selected", String(each === tab));
    byId(`tab-${each}`).tabIndex = each === tab ? 0 : -1;
  }
  byId("room").hidden = inBot;
  if (inBot && tab === "home" && told) post(`/desk/people/${state.me}/home`);
  if (inBot && tab === "messages") main.toEnd();
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

// Start

const inspect = inspector(report);
const refreshTrouble = trouble(report, say);
const refreshBot = beside(report);
const refreshCompany = company(report, say, () => refreshPeople());
people(become);
clock(report, say);
appearance(byId("appearance"), say);
welcome();

const drawPlatforms = platforms(async () => {
  unread = me().new[platform()];
  if (shownPanel() === "thread") closePanel();
  choose("messages", false);
  drawPlaces();
  await refresh();
  say(`${me().name} on ${platform() === "teams" ? "Teams" : "Slack"}`);
});

function offers() {
  const commands = state.commands.map((each) => ({ name: each.name, hint: each.hint, about: each.about, testid: `command-${each.name.slice(1)}` }));
  if (platform() === "teams") {
    const there = state.people.filter((each) => each.teams).map((each) => ({ name: `@${each.name}`, about: each.title }));
    return [...commands, { name: `@${state.bot.name}`, about: "App" }, ...there];
  }
  return [...commands, ...state.people.map((each) => ({ name: `@${each.name}`, about: each.title }))];
}
const myPlace = () => (platform() === "teams" ? `/desk/teams/${me().teams}` : `/desk/people/${state.me}`);
composer({
  form: byId("composer-form"), input: byId("composer"), list: byId("commands"), offers,
  send: async (text) => report(await post(`${myPlace()}/text`, { text })),
});
attach({ button: byId("attach"), input: byId("attached"), report, send: (file) => postFile(`${myPlace()}/file`, file) });
document.addEventListener("visibilitychange", () => refresh());

// Who there is comes before what is written to them.
const due = together(refreshPeople);

function listen() {
  const source = new EventSource("/desk/events");
  source.onopen = async () => {
    byId("away").hidden = true;
    // whatever happened while nobody listened
    await Promise.all([refreshPeople(), readClock(), refreshBot(), refreshTrouble()]);
    await Promise.all([refresh(), inspect.refresh()]);
  };
  source.onerror = () => { byId("away").hidden = false; };
  source.onmessage = (event) => due(meant(JSON.parse(event.data)));
}

function meant({ kind, user }) {
  if (kind === "clock") return [readClock];
  if (kind === "bot") return [refreshBot];
  if (kind === "exchange" || kind === "faults") return [inspect.refresh, refreshTrouble];
  const others = ["posted", "read", "deleted", "member"].includes(kind) ? [refreshPeople] : [];
  return !user || isMe(user) ? [...others, refresh] : others;
}

await refreshPeople();
await readClock();
await Promise.all([refreshBot(), refreshTrouble()]);
const wantedPerson = decodeURIComponent(location.hash.slice(1));
await become(state.people.find((each) => each.id === wantedPerson)?.id ?? state.people.find((each) => each.name === "Ada Byron")?.id ?? state.people[0].id);
listen();
