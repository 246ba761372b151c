// Block Kit as nodes. `place` knows where the blocks stand: value(block, action), set(block, action, value),
// press(block, action, value, seen), suggest(block, action, typed), people, errors.
import { confirmed } from "./confirm.js";
import { drawInput, holdsValue, isGroup } from "./inputs.js";
import { el, newId } from "./lib.js";
import { markdown, rich, shown } from "./text.js";

function image(element) {
  return el("img", { src: element.image_url ?? "", alt: element.alt_text, loading: "lazy" });
}

async function press(node, block, element, place, value) {
  if (element.confirm && !(await confirmed(element.confirm))) return;
  if (element.url) window.open(element.url, "_blank", "noopener,noreferrer");
  if (node) node.setAttribute("aria-busy", "true");
  await place.press(block.block_id, element.action_id, value, element.type === "button" ? element : undefined);
  node?.removeAttribute("aria-busy");
}

function button(block, element, place) {
  const node = el("button", {
    type: "button", class: element.style ?? "", "aria-label": element.accessibility_label,
    onclick: () => node.getAttribute("aria-busy") || press(node, block, element, place),
  }, ...shown(element.text));
  return node;
}

function overflow(block, element, place) {
  const choose = el("select", {
    "aria-label": "More", class: "overflow",
    onchange: () => { press(null, block, element, place, choose.value); choose.value = ""; },
  }, el("option", { value: "" }, "⋯"), ...element.options.map((option) => el("option", { value: option.value }, option.text.text)));
  return choose;
}

function feedback(block, element, place) {
  const pair = [element.positive_button, element.negative_button];
  return el("span", { class: "elements" }, ...pair.map((each) => el("button", { type: "button" }, each.text.text)));
}

function element(block, each, place, label) {
  if (each.type === "image") return image(each);
  if (each.type === "button") return button(block, each, place);
  if (each.type === "overflow") return overflow(block, each, place);
  if (each.type === "feedback_buttons") return feedback(block, each, place);
  if (!holdsValue(each)) return el("p", { class: "undrawn" }, `(${each.type} is not drawn here)`);
  return drawInput(each, field(block, each, place, { label, tells: true }));
}

function field(block, each, place, { id, label, tells }) {
  return {
    id, label, people: place.people,
    value: place.value(block.block_id, each.action_id),
    set: (value) => place.set(block.block_id, each.action_id, value),
    tell: tells ? (value) => press(null, block, each, place, value) : null,
    suggest: (typed) => place.suggest(block.block_id, each.action_id, typed),
  };
}

function input(block, place) {
  const group = isGroup(block.element);
  const id = newId("input");
  const hintId = block.hint ? newId("hint") : null;
  const optional = block.optional ? el("small", {}, " (optional)") : null;
  const node = holdsValue(block.element)
    ? drawInput(block.element, field(block, block.element, place, { id, label: block.label.text, tells: block.dispatch_action }))
    : element(block, block.element, place);
  const hint = block.hint ? el("small", { id: hintId, class: "hint" }, ...shown(block.hint)) : null;
  const head = group
    ? el("legend", {}, ...shown(block.label), optional)
    : el("label", { htmlFor: id }, ...shown(block.label), optional);
  if (hintId) for (const each of node.querySelectorAll?.("input, textarea") ?? []) each.setAttribute("aria-describedby", hintId);
  return el(group ? "fieldset" : "div", { class: "field", "aria-describedby": group ? hintId : null }, head, node, hint);
}

function table(block) {
  const cell = (each) => (each.type === "raw_text" ? [each.text] : each.elements.map(rich));
  const rows = block.rows.map((row, index) =>
    el("tr", {}, ...row.map((each) => el(index ? "td" : "th", {}, ...cell(each)))));
  return el("div", { class: "scroll" }, el("table", {}, ...rows));
}

function section(block, place) {
  const body = el("div", { class: "body" });
  if (block.text) body.append(el("div", { class: "text" }, ...shown(block.text)));
  if (block.fields) body.append(el("div", { class: "fields" }, ...block.fields.map((each) => el("div", { class: "text" }, ...shown(each)))));
  const label = block.text?.text ?? "Choose";
  return el("div", { class: "section" }, body, block.accessory ? element(block, block.accessory, place, label) : null);
}

const BLOCKS = {
  section,
  header: (block) => el("h3", {}, ...shown(block.text)),
  divider: () => el("hr"),
  context: (block) => el("div", { class: "context" }, ...block.elements.map((each) =>
    each.type === "image" ? image(each) : el("span", { class: "text" }, ...shown(each)))),
  actions: (block, place) => el("div", { class: "elements" }, ...block.elements.map((each) => element(block, each, place, "Choose"))),
  context_actions: (block, place) => el("div", { class: "elements" }, ...block.elements.map((each) => element(block, each, place, ""))),
  image: (block) => el("figure", {}, block.title ? el("figcaption", {}, ...shown(block.title)) : null, image(block)),
  rich_text: (block) => el("div", { class: "rich text" }, ...block.elements.map(rich)),
  markdown: (block) => el("div", { class: "text" }, ...markdown(block.text)),
  table,
  input,
};

// One block with the place for its error under it.
export function drawBlock(block, place) {
  const draw = BLOCKS[block.type];
  const node = draw ? draw(block, place) : el("p", { class: "undrawn" }, `(${block.type} is not drawn here)`);
  // several messages may use the same block_id, the views of a modal may not
  const wrapper = el("div", { class: "block", testid: place.modal ? `block-${block.block_id}` : null }, node);
  if (block.type === "input") {
    wrapper.append(el("p", { id: newId("error"), class: "error", testid: `error-${block.block_id}`, role: "alert", hidden: true }));
  }
  return wrapper;
}

export function showError(wrapper, why) {
  const node = wrapper.querySelector(":scope > .error");
  if (!node) return;
  node.textContent = why ?? "";
  node.hidden = !why;
  wrapper.classList.toggle("wrong", Boolean(why));
  const hint = wrapper.querySelector(".hint")?.id;
  for (const field of wrapper.querySelectorAll("input, textarea, select")) {
    const about = [hint, why ? node.id : null].filter(Boolean).join(" ");
    if (about) field.setAttribute("aria-describedby", about);
    else field.removeAttribute("aria-describedby");
    if (why) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
}

// Redraws only what changed: a block whose JSON is the same keeps its node, and with it the caret.
export function redraw(container, blocks, place) {
  const old = new Map([...container.children].map((node) => [node.blockId, node]));
  const caret = container.contains(document.activeElement) ? document.activeElement : null;
  const focused = caret?.closest(".block");
  const nodes = blocks.map((block) => {
    const json = JSON.stringify(block);
    const kept = old.get(block.block_id);
    if (kept && kept.json === json) return kept;
    const node = drawBlock(block, place);
    node.blockId = block.block_id;
    node.json = json;
    return node;
  });
  // inserting a node again would take its focus away, so those that stand right are left alone
  for (const node of [...container.children]) if (!nodes.includes(node)) node.remove();
  nodes.forEach((node, index) => {
    if (container.children[index] !== node) container.insertBefore(node, container.children[index] ?? null);
  });
  if (focused && !container.contains(document.activeElement)) {
    const again = nodes.find((node) => node.blockId === focused.blockId);
    const field = again?.querySelector("input, textarea, select, button");
    field?.focus();
    if (caret.selectionEnd && field?.setSelectionRange) field.setSelectionRange(caret.selectionStart, caret.selectionEnd);
  }
}
