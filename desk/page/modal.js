// The modal on top of a person's stack; redrawn in place when the bot updates it.
import { redraw, showError } from "./blocks.js";
import { el, newId, post } from "./lib.js";
import { Place } from "./place.js";

export class Modal {
  constructor(report) {
    this.report = report;
    this.places = new Map();
    this.dialog = null;
    this.view = null;
  }

  show(user, views, people) {
    const ids = new Set(views.map((view) => view.id));
    for (const id of [...this.places.keys()]) if (!ids.has(id)) this.places.delete(id);
    const view = views.at(-1);
    if (!view) return this.hide();
    if (this.view?.id !== view.id || this.user !== user || !this.dialog) this.build(user, view, people);
    return this.fill(view, views.length);
  }

  hide() {
    this.dialog?.close();
    this.dialog?.remove();
    this.dialog = this.view = null;
  }

  build(user, view, people) {
    this.hide();
    this.user = user;
    if (!this.places.has(view.id)) this.places.set(view.id, new Place(user, { view: view.id }, people, this.report));
    this.place = this.places.get(view.id);
    this.place.modal = true;
    const titleId = newId("modal-title");
    this.title = el("h2", { id: titleId });
    this.body = el("div", { class: "blocks" });
    this.notice = el("p", { class: "notice", role: "alert", hidden: true });
    this.submitButton = el("button", { type: "submit", class: "primary", testid: "modal-submit" });
    this.closeButton = el("button", { type: "button", testid: "modal-close", onclick: () => this.close() });
    const cross = el("button", { type: "button", class: "cross", "aria-label": "Close", testid: "modal-cross", onclick: () => this.close(true) }, "×");
    const form = el("form", { method: "dialog", noValidate: true, onsubmit: (event) => { event.preventDefault(); this.submit(); } },
      el("header", {}, this.title, cross), this.notice, this.body,
      el("footer", { class: "foot" }, this.closeButton, this.submitButton));
    this.dialog = el("dialog", {
      class: "modal", testid: "modal", "aria-labelledby": titleId,
      oncancel: (event) => { event.preventDefault(); this.close(); },
    }, form);
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.fresh = true;
  }

  fill(view, depth) {
    const content = view.content;
    this.view = view;
    this.place.server = view.values;
    this.place.blocks = content.blocks;
    this.place.forget(content.blocks);
    this.title.textContent = content.title.text;
    this.submitButton.textContent = content.submit?.text ?? "Submit";
    this.submitButton.hidden = !content.submit;
    this.closeButton.textContent = content.close?.text ?? (depth > 1 ? "Back" : content.submit ? "Cancel" : "Close");
    redraw(this.body, content.blocks, this.place);
    this.notice.textContent = view.notice;
    this.notice.hidden = !view.notice;
    for (const block of this.body.children) showError(block, view.errors[block.blockId]);
    if (this.fresh) this.body.querySelector("input, textarea, select")?.focus();
    this.fresh = false;
  }

  async submit() {
    // the view may be another one by the time the answer is here
    const { view, place, submitButton } = this;
    if (submitButton.getAttribute("aria-busy")) return;
    submitButton.setAttribute("aria-busy", "true");
    const answer = await post(`/desk/people/${this.user}/submit`, { view: view.id, values: place.values(view.content.blocks) });
    submitButton.removeAttribute("aria-busy");
    await this.report(answer);
    const wrong = this.view?.id === view.id && this.body.querySelector("[aria-invalid]");
    if (wrong) wrong.focus();
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
