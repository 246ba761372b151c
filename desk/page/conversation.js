// Messages in their order: drawn once, then only what changed. It serves the direct message, a room and a thread.
import { avatar } from "./avatar.js";
import { redraw } from "./blocks.js";
import { drawFile } from "./files.js";
import { icon } from "./icons.js";
import { el, focusFirst } from "./lib.js";
import { Place } from "./place.js";
import { format, many, names, state } from "./state.js";
import { mrkdwn } from "./text.js";

const TOGETHER = 5 * 60;

export class Conversation {
  // `empty` draws what stands where nothing was said; `openThread` is told the message at the top, or is null.
  constructor(log, { report, empty, openThread = null, thread = false }) {
    Object.assign(this, { log, report, empty, openThread, thread, nodes: new Map(), key: null, atEnd: true, newFrom: null });
    log.addEventListener("scroll", () => { this.atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80; });
    // a narrower window or a taller composer must not hide the last message
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(log);
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
  }

  // `key` says whose and which conversation this is; another one is drawn from nothing.
  show(key, { user, zone, people, messages, replies = [], unread = 0 }) {
    const fresh = this.key !== key;
    if (fresh) {
      this.nodes.clear();
      this.log.replaceChildren();
      const others = messages.filter((each) => each.user !== user);
      this.newFrom = unread ? others.at(-unread)?.ts ?? null : null;
    }
    // what is drawn at once is not read out; what comes later is
    this.log.setAttribute("aria-live", fresh ? "off" : "polite");
    Object.assign(this, { key, user, zone, people, replies });
    const { atEnd } = this;
    const focused = !fresh && this.log.contains(document.activeElement) && (document.activeElement.closest(".message") ?? this.log);
    this.place(this.wanted(messages), messages);
    // what had the focus is gone, such as the button of a prompt that has become a receipt
    if (focused && !this.log.contains(document.activeElement)) focusFirst(focused.querySelector("button"), this.log);
    if (fresh || atEnd) this.toEnd();
  }

  wanted(messages) {
    const wanted = [];
    let before = null;
    for (const message of messages) {
      const date = this.format(message.at, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
      if (date !== before?.date) wanted.push(this.divider(`day ${date}`, date));
      const divided = message.ts === this.newFrom;
      if (divided) wanted.push(this.divider("new", "New"));
      const node = this.message(message);
      const below = this.thread && before && !before.message.thread;
      if (below) wanted.push(this.divider("replies", many(messages.length - 1, "reply", "replies")));
      const follows = before && !divided && !below && before.date === date && before.message.user === message.user
        && message.at - before.message.at < TOGETHER && before.message.private === message.private;
      node.classList.toggle("follows", Boolean(follows));
      wanted.push(node);
      before = { date, message };
    }
    return wanted;
  }

  place(wanted, messages) {
    const alive = new Set(messages.map((message) => message.ts));
    for (const ts of [...this.nodes.keys()]) if (!alive.has(ts)) this.nodes.delete(ts);
    if (!messages.length) return void this.log.replaceChildren(this.empty());
    for (const node of [...this.log.children]) if (!wanted.includes(node)) node.remove();
    wanted.forEach((node, index) => {
      if (this.log.children[index] !== node) this.log.insertBefore(node, this.log.children[index] ?? null);
    });
    return undefined;
  }

  format(seconds, options) {
    return format(seconds * 1000, this.zone, options);
  }

  divider(key, words) {
    const found = [...this.log.children].find((node) => node.divider === key);
    if (found) {
      if (found.textContent !== words) found.firstChild.textContent = words;
      return found;
    }
    const node = el("p", { class: key === "new" ? "divider new" : "divider" }, el("span", {}, words));
    node.divider = key;
    return node;
  }

  message(message) {
    let node = this.nodes.get(message.ts);
    if (!node) {
      node = this.frame(message);
      this.nodes.set(message.ts, node);
    }
    const under = this.replies.filter((each) => each.thread === message.ts);
    const json = JSON.stringify([message, under.map((each) => each.ts)]);
    if (node.json !== json) this.fill(node, message, under);
    node.json = json;
    return node;
  }

  frame(message) {
    const name = names(message.user);
    const isBot = message.user === state.bot.id;
    const node = el("article", { class: message.private ? "message private" : "message" });
    node.place = new Place(this.user, { channel: message.channel, ts: message.ts }, this.people, this.report);
    node.body = el("div", { class: "blocks" });
    node.files = el("div", { class: "files" });
    node.foot = el("div", { class: "under" });
    node.edited = el("small", { class: "edited" }, "(edited)");
    const time = this.format(message.at, { hour: "2-digit", minute: "2-digit" });
    const whole = this.format(message.at, { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
    node.append(
      el("span", { class: "gutter" }, avatar(message.user), el("time", { "aria-hidden": "true" }, time)),
      el("div", { class: "content", testid: "message" },
        message.private ? el("p", { class: "only" }, icon("eye"), "Only visible to you") : null,
        el("div", { class: "by" }, el("strong", {}, name), isBot ? el("span", { class: "app" }, "APP") : null, el("time", { title: whole }, time)),
        node.body, node.files, node.foot));
    if (this.openThread && !message.private) node.append(this.replyTool(message));
    node.dataset.ts = message.ts;
    return node;
  }

  fill(node, message, under) {
    node.place.blocks = message.blocks;
    if (message.blocks.length) redraw(node.body, message.blocks, node.place);
    else node.body.replaceChildren(el("div", { class: "text" }, ...mrkdwn(message.text)));
    if (message.edited) (message.blocks.length ? node.body : node.body.lastElementChild).append(node.edited);
    node.files.replaceChildren(...(message.files ?? []).map(drawFile));
    const lines = this.under(node, message, under);
    if (lines.length !== node.foot.children.length || lines.some((each, index) => node.foot.children[index] !== each)) node.foot.replaceChildren(...lines);
  }

  under(node, message, replies) {
    const lines = [];
    if (message.broadcast) lines.push(el("small", {}, "Also answered in the thread"));
    if (!this.openThread || message.private) return lines;
    if (replies.length) {
      const last = this.format(replies.at(-1).at, { weekday: "short", hour: "2-digit", minute: "2-digit" });
      const faces = [...new Set(replies.map((each) => each.user))].slice(0, 3).map(avatar);
      // the same button stays, so that the focus can come back to it
      node.replies ??= el("button", { type: "button", class: "replies", testid: "replies", onclick: () => this.openThread(message.ts) });
      node.replies.replaceChildren(...faces, many(replies.length, "reply", "replies"), el("small", {}, `Last one ${last}`));
      lines.push(node.replies);
    }
    return lines;
  }

  // beside the message and not among its own buttons
  replyTool(message) {
    return el("button", {
      type: "button", class: "tool", "aria-label": "Reply in thread", title: "Reply in thread", testid: "reply",
      onclick: () => this.openThread(message.ts),
    }, icon("reply"));
  }
}
