// A channel that the bot may write to; who is not in it sees that it is there, and by whom it can be read.
import { avatar } from "./avatar.js";
import { Conversation } from "./conversation.js";
import { icon } from "./icons.js";
import { el } from "./lib.js";
import { byId, many, me, names, state } from "./state.js";

const EMPTY = {
  hr: ["Nothing has been posted here yet", [
    "This is where Rapport will tell HR how the week went, once its digests are there: how many were asked, how many answered, what could not be delivered.",
    "Figures and names of people who wait, never the text of an answer.",
  ]],
};

function empty(room) {
  const [title, lines] = EMPTY[room.name] ?? ["Nothing has been posted here yet", []];
  return el("div", { class: "empty big" }, icon("lock"), el("h3", {}, title), ...lines.map((line) => el("p", {}, line)));
}

function closed(room, become) {
  return el("div", { class: "empty big" }, icon("lock"),
    el("h3", {}, `${me().name} is not in #${room.name}`),
    el("p", {}, `It is a private channel of ${many(room.members.length, "person", "people")}. Be one of them to read it:`),
    el("div", { class: "elements" }, ...room.members.map((id) =>
      el("button", { type: "button", class: "face", onclick: () => become(id) }, avatar(id), names(id)))));
}

export function roomView(report, become) {
  let room = null;
  const log = byId("room");
  const view = new Conversation(log, { report, empty: () => empty(room) });
  return function draw(seen) {
    room = state.rooms.find((each) => each.id === state.place);
    if (!room) return;
    const messages = seen.rooms[room.id];
    if (messages) {
      view.show(`${state.me} ${room.id}`, { user: state.me, zone: me().zone, people: state.people, messages });
      return;
    }
    view.key = null;
    log.replaceChildren(closed(room, become));
  };
}
