// The modal on top of a person's stack; redrawn in place when the bot updates it, with a way back when it pushed one.
import { redraw, showError } from "./blocks.js";
import { icon, sign } from "./icons.js";
import { el, focusFirst, newId, post } from "./lib.js";
import { Place } from "./place.js";
import { byId } from "./state.js";

export class Modal {
  constructor(report) {
    Object.assign(this, { report, places: new Map(), dialog: null, view: null, opener: null });
  }

  show(user, views, people) {
    const ids = new Set(views.map((view) => view.id));
    for (const id of [...this.places.keys()]) if (!ids.has(id)) this.places.delete(id);
    const view = views.at(-1);
    if (!view) return this.hide();
    if (this.user !== user) this.hide();
    this.user = user;
    if (!this.dialog) this.build();
    if (this.view?.id !== view.id) this.turn(view, people);
    return this.fill(view, views);
  }

  hide() {
    if (!this.dialog) return;
    byId("main").prepend(byId("notices"));
    this.dialog.close();
    this.dialog.remove();
    this.dialog = this.view = null;
    this.giveBack();
  }

  // The button that opened it may have been drawn anew meanwhile; then its message takes the focus, or the composer.
  giveBack() {
    const { opener } = this;
    const message = opener?.ts && document.querySelector(`.message[data-ts="${opener.ts}"] button`);
    focusFirst(opener?.node, message);
  }

  build() {
    const node = document.activeElement;
    this.opener = node && node !== document.body ? { node, ts: node.closest(".message")?.dataset.ts } : null;
    const titleId = newId("modal-title");
    this.title = el("h2", { id: titleId });
    this.trail = el("p", { class: "trail" });
    this.body = el("div", { class: "blocks" });
    this.notice = el("p", { class: "notice", role: "alert", hidden: true });
    this.submitButton = el("button", { type: "submit", class: "primary", testid: "modal-submit" });
    this.closeButton = el("button", { type: "button", testid: "modal-close", onclick: () => this.close() });
    this.backButton = el("button", { type: "button", class: "plain", testid: "modal-back", "aria-label": "Back", onclick: () => this.close() }, icon("back"));
    const cross = el("button", { type: "button", class: "plain", "aria-label": "Close", testid: "modal-cross", onclick: () => this.close(true) }, icon("close"));
    const form = el("form", { method: "dialog", noValidate: true, onsubmit: (event) => { event.preventDefault(); this.submit(); } },
      el("header", {}, this.backButton, sign(), el("div", {}, this.trail, this.title), cross), byId("notices"), this.notice, this.body,
      el("footer", { class: "foot" }, this.closeButton, this.submitButton));
    this.dialog = el("dialog", {
      class: "modal", testid: "modal", "aria-labelledby": titleId,
      oncancel: (event) => { event.preventDefault(); this.close(); },
    }, form);
    document.body.append(this.dialog);
    this.dialog.showModal();
  }

  // Another view of the stack: its own blocks, from nothing.
  turn(view, people) {
    if (!this.places.has(view.id)) this.places.set(view.id, new Place(this.user, { view: view.id }, people, this.report));
    this.place = this.places.get(view.id);
    this.place.modal = true;
    this.body.replaceChildren();
    this.fields = [];
    this.fresh = true;
  }

  fill(view, views) {
    const content = view.content;
    this.view = view;
    this.place.server = view.values;
    this.place.blocks = content.blocks;
    this.place.forget(content.blocks);
    this.title.textContent = content.title.text;
    this.trail.textContent = views.slice(0, -1).map((each) => each.content.title.text).join(" › ");
    this.trail.hidden = this.backButton.hidden = views.length === 1;
    this.submitButton.textContent = content.submit?.text ?? "Submit";
    this.submitButton.hidden = !content.submit;
    this.submitButton.disabled = Boolean(content.submit_disabled);
    this.closeButton.textContent = content.close?.text ?? (views.length > 1 ? "Back" : content.submit ? "Cancel" : "Close");
    this.fresh = this.paged(content.blocks) || this.fresh;
    redraw(this.body, content.blocks, this.place);
    this.notice.textContent = view.notice;
    this.notice.hidden = !view.notice;
    for (const block of this.body.children) showError(block, view.errors[block.blockId]);
    if (this.fresh) {
      this.body.scrollTop = 0;
      (this.body.querySelector("input, textarea, select") ?? (content.submit ? this.submitButton : this.closeButton)).focus();
    }
    this.fresh = false;
  }

  // The same view with none of the fields it had: the next page of a form, or a form in place of what was read. It
  // begins at its top.
  paged(blocks) {
    const fields = blocks.filter((block) => block.type === "input").map((block) => block.block_id);
    const before = this.fields ?? [];
    this.fields = fields;
    return fields.length ? !fields.some((id) => before.includes(id)) : before.length > 0;
  }

  async submit() {
    // the view may be another one by the time the answer is here
    const { view, place, submitButton } = this;
    if (submitButton.getAttribute("aria-busy")) return;
    submitButton.setAttribute("aria-busy", "true");
    const { fields } = this;
    const top = this.body.firstElementChild?.blockId;
    const answer = await post(`/desk/people/${this.user}/submit`, { view: view.id, values: place.values(view.content.blocks) });
    submitButton.removeAttribute("aria-busy");
    await this.report(answer);
    if (this.view?.id !== view.id) return;
    const wrong = this.body.querySelector("[aria-invalid]");
    if (wrong) return void wrong.focus();
    const first = this.body.firstElementChild;
    if (first && first.blockId !== top && fields.some((id) => this.fields.includes(id))) {
      // what has come to stand above the same fields is why they were not taken
      first.tabIndex = -1;
      first.focus();
    }
  }

  async close(all = false) {
    // Escape in a date field is told twice
    if (!this.view || this.closing) return;
    this.closing = true;
    const answer = await post(`/desk/people/${this.user}/close`, { view: this.view.id, all });
    this.closing = false;
    await this.report(answer);
  }
}
