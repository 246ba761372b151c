// The chat with the bot on Teams: what is said, cards, and files that are offered.
import { drawCard, lookUp } from "./cards.js";
import { Conversation } from "./conversation.js";
import { drawFile } from "./files.js";
import { icon } from "./icons.js";
import { el, post } from "./lib.js";
import { me, state } from "./state.js";

const CARD = "application/vnd.microsoft.card.adaptive";
const CONSENT = "application/vnd.microsoft.teams.card.file.consent";
const PICTURES = { png: "image/png", jpg: "image/jpeg", jpeg: "image/jpeg", gif: "image/gif" };

// As the conversation wants it.
const asMessage = (each) => ({ ...each, ts: each.id, channel: "teams", user: each.by_bot ? state.bot.id : state.me, private: false });

export class Chat extends Conversation {
  display(found, unread) {
    const messages = found.messages.map(asMessage);
    this.show(`teams ${state.me}`, { user: state.me, zone: me().zone, people: state.people, messages, unread });
  }

  fill(node, message) {
    const text = message.text ? [el("div", { class: "text" }, message.text)] : [];
    node.body.replaceChildren(...text, ...message.attachments.map((each) => this.attachment(message, each)));
    if (message.edited) node.body.append(node.edited);
  }

  attachment(message, each) {
    if (each.contentType === CARD) return this.card(message, each.content);
    if (each.contentType === CONSENT) return this.offer(message, each);
    return drawFile({
      name: each.name, title: each.name, url_private: new URL(each.contentUrl).pathname, alt_txt: each.name,
      mimetype: PICTURES[each.content.fileType] ?? "application/octet-stream",
    });
  }

  card(message, content) {
    const user = me().teams;
    return drawCard(content, {
      act: async (data, button) => {
        if (button?.getAttribute("aria-busy")) return;
        button?.setAttribute("aria-busy", "true");
        await this.report(await post(`/desk/teams/${user}/press`, { message: message.id, data }));
        button?.removeAttribute("aria-busy");
      },
      suggest: lookUp(user, this.report, { message: message.id }), errors: message.errors,
    });
  }

  offer(message, each) {
    const said = { accept: "You have accepted it.", decline: "You have declined it." }[message.settled];
    const answer = (accept) => async () => this.report(await post(`/desk/teams/${me().teams}/consent`, { message: message.id, accept }));
    return el("div", { class: "offered-file", testid: "offered-file" },
      el("p", {}, icon("download"), el("strong", {}, each.name)), el("p", {}, each.content.description ?? ""),
      said ? el("small", {}, said) : el("div", { class: "elements" },
        el("button", { type: "button", class: "primary", onclick: answer(true) }, "Accept"),
        el("button", { type: "button", onclick: answer(false) }, "Decline")));
  }
}
