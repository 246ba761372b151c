// The direct message with the bot: drawn once, then only what changed.
import { redraw } from "./blocks.js";
import { el } from "./lib.js";
import { Place } from "./place.js";
import { mrkdwn } from "./text.js";

const hue = (name) => [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7);
const initials = (name) => name.split(/\s+/).map((word) => word[0]).slice(0, 2).join("");

function avatar(name) {
  const node = el("span", { class: "avatar", "aria-hidden": "true" }, initials(name));
  node.style.setProperty("--hue", hue(name));
  return node;
}

export class Thread {
  constructor(log, report) {
    Object.assign(this, { log, report, nodes: new Map(), user: null, atEnd: true });
    log.addEventListener("scroll", () => { this.atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80; });
    // a narrower window or a taller composer must not hide the last message
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(log);
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
  }

  show(user, zone, messages, names, people) {
    if (this.user !== user) {
      this.user = user;
      this.nodes.clear();
      this.log.replaceChildren();
    }
    Object.assign(this, { zone, names, people });
    const { atEnd } = this;
    const before = this.nodes.size;
    const wanted = [];
    let day = null;
    for (const message of messages) {
      const date = this.format(message.at, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
      if (date !== day) wanted.push(this.divider(date));
      day = date;
      wanted.push(this.message(message));
    }
    const alive = new Set(messages.map((message) => message.ts));
    for (const ts of [...this.nodes.keys()]) if (!alive.has(ts)) this.nodes.delete(ts);
    for (const node of [...this.log.children]) if (!wanted.includes(node)) node.remove();
    wanted.forEach((node, index) => {
      if (this.log.children[index] !== node) this.log.insertBefore(node, this.log.children[index] ?? null);
    });
    if (!messages.length) this.log.replaceChildren(el("p", { class: "empty" }, "Nothing here yet. Type / below to see the commands."));
    // a message that grew at the end is followed like one that came
    if (before === 0 || atEnd) this.toEnd();
  }

  format(seconds, options) {
    return new Intl.DateTimeFormat("en-GB", { timeZone: this.zone, ...options }).format(seconds * 1000);
  }

  divider(date) {
    const key = `day ${date}`;
    const found = [...this.log.children].find((node) => node.day === key);
    if (found) return found;
    const node = el("p", { class: "day" }, el("span", {}, date));
    node.day = key;
    return node;
  }

  message(message) {
    let node = this.nodes.get(message.ts);
    if (!node) {
      node = this.frame(message);
      this.nodes.set(message.ts, node);
    }
    const json = JSON.stringify(message);
    if (node.json !== json) this.fill(node, message);
    node.json = json;
    return node;
  }

  frame(message) {
    const name = this.names(message.user);
    const node = el("article", { class: message.private ? "message private" : "message", testid: "message" }, avatar(name));
    node.place = new Place(this.user, { channel: message.channel, ts: message.ts }, this.people, this.report);
    node.body = el("div", { class: "blocks" });
    node.edited = el("small", { class: "edited" }, "(edited)");
    const time = this.format(message.at, { hour: "2-digit", minute: "2-digit" });
    node.append(el("div", { class: "content" },
      el("div", { class: "by" }, el("strong", {}, name), el("time", {}, time), message.private ? el("small", { class: "only" }, "Only visible to you") : null),
      node.body));
    node.dataset.ts = message.ts;
    return node;
  }

  fill(node, message) {
    node.place.blocks = message.blocks;
    if (message.blocks.length) redraw(node.body, message.blocks, node.place);
    else node.body.replaceChildren(el("div", { class: "text" }, ...mrkdwn(message.text)));
    if (message.edited) node.body.append(node.edited);
  }
}
