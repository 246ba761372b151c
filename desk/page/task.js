// The dialog that a person has open on Teams: one card, and a cross to leave it.
import { drawCard, lookUp } from "./cards.js";
import { icon, sign } from "./icons.js";
import { el, newId, post } from "./lib.js";
import { Modal } from "./modal.js";
import { byId } from "./state.js";

export class Task extends Modal {
  // `user` is the person's id on Teams.
  show(user, shown) {
    if (!shown) return this.hide();
    if (this.user !== user) this.hide();
    this.user = user;
    if (!this.dialog) this.build();
    const json = JSON.stringify([shown.id, shown.card]);
    this.title.textContent = shown.title;
    this.notice.textContent = shown.notice;
    this.notice.hidden = !shown.notice;
    const before = this.view;
    this.view = shown;
    if (this.json !== json) this.fill(shown, !before);
    this.json = json;
    return undefined;
  }

  build() {
    const node = document.activeElement;
    this.opener = node && node !== document.body ? { node, ts: node.closest(".message")?.dataset.ts } : null;
    const titleId = newId("task-title");
    this.json = "";
    this.title = el("h2", { id: titleId });
    this.body = el("div", { class: "blocks" });
    this.notice = el("p", { class: "notice", role: "alert", hidden: true });
    const cross = el("button", { type: "button", class: "plain", "aria-label": "Close", testid: "task-cross", onclick: () => this.close() }, icon("close"));
    this.dialog = el("dialog", {
      class: "modal task", testid: "task", "aria-labelledby": titleId,
      oncancel: (event) => { event.preventDefault(); this.close(); },
    }, el("div", { class: "frame" }, el("header", {}, sign(), el("div", {}, this.title), cross), byId("notices"), this.notice, this.body));
    document.body.append(this.dialog);
    this.dialog.showModal();
  }

  fill(shown) {
    const { user } = this;
    this.body.replaceChildren(drawCard(shown.card, {
      errors: shown.errors,
      act: (data, button) => this.send(shown, data, button),
      suggest: lookUp(user, this.report),
    }));
    this.body.scrollTop = 0;
    const first = this.body.querySelector("[aria-invalid]") ?? this.body.querySelector("input, textarea, select") ?? this.body.querySelector("button");
    first?.focus();
  }

  async send(shown, data, button) {
    if (this.dialog?.getAttribute("aria-busy")) return;
    this.dialog?.setAttribute("aria-busy", "true");
    button?.setAttribute("aria-busy", "true");
    const answer = await post(`/desk/teams/${this.user}/submit`, { dialog: shown.id, data });
    this.dialog?.removeAttribute("aria-busy");
    button?.removeAttribute("aria-busy");
    await this.report(answer);
  }

  async close() {
    if (!this.view || this.closing) return;
    this.closing = true;
    const answer = await post(`/desk/teams/${this.user}/close`);
    this.closing = false;
    await this.report(answer);
  }
}
