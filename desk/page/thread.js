// One thread in the panel at the side: the message at the top, the replies, and a line to answer in.
import { composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { el, post } from "./lib.js";
import { addPanel, openPanel } from "./panel.js";
import { byId, me, state } from "./state.js";

export function threads(report, seen) {
  let top = null;
  const view = new Conversation(byId("thread-log"), {
    report, thread: true, empty: () => el("p", { class: "empty" }, "The message of this thread has been deleted."),
  });

  function draw() {
    const found = seen();
    if (!top || !found) return;
    const messages = found.messages.filter((each) => each.ts === top || each.thread === top);
    view.show(`${state.me} ${top}`, { user: state.me, zone: me().zone, people: state.people, messages });
  }

  addPanel("thread", { title: "Thread", draw });
  composer({
    form: byId("thread-form"), input: byId("thread-composer"), list: byId("thread-offers"), offers: () => [],
    send: async (text) => report(await post(`/desk/people/${state.me}/text`, { text, thread: top })),
  });
  return { draw, open: (ts) => { top = ts; openPanel("thread"); } };
}
