// Adaptive Cards, drawn by Microsoft's own renderer in the colours of this page. Nothing in them is taken for markdown.
import { chooser } from "./chooser.js";
import { el, newId, post } from "./lib.js";

const tone = (colour) => ({ default: colour, subtle: colour });
const INK = {
  default: { default: "var(--ink)", subtle: "var(--soft)" }, dark: tone("var(--ink)"), light: tone("var(--soft)"),
  accent: tone("var(--link)"), good: tone("var(--accent)"), warning: tone("var(--warn)"), attention: tone("var(--error)"),
};
const ground = (backgroundColor, borderColor = "var(--line)") => ({ backgroundColor, borderColor, foregroundColors: INK });
const label = { size: "default", weight: "bolder", suffixColor: "attention" };
const LOOK = {
  supportsInteractivity: true, fontFamily: "inherit",
  fontSizes: { small: 12, default: 15, medium: 16, large: 18, extraLarge: 22 },
  fontWeights: { lighter: 300, default: 400, bolder: 650 },
  spacing: { small: 4, default: 8, medium: 14, large: 20, extraLarge: 28, padding: 12 },
  separator: { lineThickness: 1, lineColor: "var(--line)" },
  textBlock: { headingLevel: 3 },
  imageSizes: { small: 40, medium: 80, large: 160 },
  containerStyles: {
    default: ground("transparent"), emphasis: ground("var(--raised)"), accent: ground("var(--mention)"),
    good: ground("var(--chosen)"), warning: ground("var(--warn-ground)"), attention: ground("var(--error-ground)"),
  },
  actions: {
    maxActions: 6, spacing: "medium", buttonSpacing: 8, actionsOrientation: "horizontal", actionAlignment: "left",
    showCard: { actionMode: "inline", inlineTopMargin: 10, style: "emphasis" },
  },
  inputs: {
    label: { inputSpacing: "small", requiredInputs: { ...label, suffix: " *" }, optionalInputs: label },
    errorMessage: { size: "small", color: "attention", weight: "bolder", spacing: "small" },
  },
};

let library = null;

// Only who looks at Teams needs it.
export function cardsReady() {
  library ??= new Promise((done, failed) => {
    document.head.append(el("script", { src: "/page/vendor/adaptivecards.min.js", onload: () => done(prepared()), onerror: failed }));
  });
  return library;
}

function prepared() {
  const { AdaptiveCard, GlobalRegistry, GlobalSettings } = window.AdaptiveCards;
  AdaptiveCard.onProcessMarkdown = (text, result) => { result.didProcess = false; };
  GlobalSettings.setTabIndexAtCardRoot = false;
  GlobalSettings.useMarkdownInRadioButtonAndCheckbox = false;
  GlobalRegistry.elements.register("Input.ChoiceSet", choiceSet(window.AdaptiveCards.ChoiceSetInput));
}

// The renderer's own field for many choices takes any text and cannot ask the bot; Teams looks them up, as this one does.
function choiceSet(ChoiceSetInput) {
  return class extends ChoiceSetInput {
    isDynamicTypeahead() {
      return false;
    }

    internalRender() {
      if (this.style !== "filtered") return grouped(super.internalRender());
      const own = this.choices.map((each) => ({ key: each.value, label: each.title, value: each.value }));
      const chosen = (this.defaultValue ?? "").split(",").filter(Boolean);
      this.picked = this.isMultiSelect ? chosen : chosen.slice(0, 1);
      this.field = chooser({
        label: this.label ?? this.placeholder ?? "Choose", many: this.isMultiSelect, placeholder: this.placeholder,
        chosen: this.picked.map((key) => own.find((each) => each.key === key) ?? { key, label: key, value: key }),
        find: (typed) => this.offered(own, typed),
        changed: (values) => { this.picked = values; this.valueChanged(); },
      });
      return this.field;
    }

    async offered(own, typed) {
      const fits = own.filter((each) => each.label.toLowerCase().includes(typed.toLowerCase()));
      if (!this.choicesData?.dataset || !typed) return fits;
      const found = await this.getRootElement().desk.suggest(this.id, typed);
      return [...fits, ...found.filter((each) => !fits.some((one) => one.key === each.value)).map((each) => ({ key: each.value, label: each.title, value: each.value }))];
    }

    get value() {
      return this.field ? this.picked.join(",") || undefined : super.value;
    }

    isValid() {
      return this.field ? true : super.isValid();
    }

    focus() {
      if (this.field) this.field.querySelector("input").focus();
      else super.focus();
    }
  };
}

function grouped(node) {
  if (node.tagName === "DIV") node.setAttribute("role", "group");
  return node;
}

// `act(data, button)` is told what a press carries; `suggest(field, typed)` answers [{title, value}]; `errors` says in
// which inputs something is wrong, by their ids, in the words that stand under them.
export function drawCard(content, { act, suggest, errors = {} }) {
  const { AdaptiveCard, HostConfig, SubmitAction, OpenUrlAction } = window.AdaptiveCards;
  const card = new AdaptiveCard();
  card.hostConfig = new HostConfig(LOOK);
  card.desk = { suggest };
  card.onExecuteAction = (action) => {
    if (action instanceof OpenUrlAction) return void window.open(action.url, "_blank", "noopener,noreferrer");
    return action instanceof SubmitAction ? act(action.data, action.renderedElement) : undefined;
  };
  card.parse(content);
  const node = el("div", { class: "card-of-bot" }, card.render());
  for (const input of card.getAllInputs()) mark(node, input, errors[input.id]);
  return node;
}

// What the bot offers for what was typed; `where` names the message that the field stands in, if it is not the dialog.
export function lookUp(user, report, where = {}) {
  return async (field, typed) => {
    const answer = await post(`/desk/teams/${user}/suggest`, { ...where, field, typed });
    if (answer.error) report(answer);
    return answer.options ?? [];
  };
}

const isField = "input, textarea, select";

function mark(node, input, why) {
  const control = input.renderedInputControlElement;
  if (!control) return;
  control.dataset.testid = `input-${input.id}`;
  const names = input.getAllLabelIds?.() ?? [];
  if (control.getAttribute("role") === "group" && names.length) control.setAttribute("aria-labelledby", names.join(" "));
  if (!why) return;
  const words = [...node.querySelectorAll(".ac-textBlock, .ac-richTextBlock")].find((each) =>
    each.textContent === why && control.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING);
  if (words) {
    words.id ||= newId("error");
    words.dataset.testid = `error-${input.id}`;
    words.setAttribute("role", "alert");
  }
  for (const field of control.matches(isField) ? [control] : control.querySelectorAll(isField)) {
    field.setAttribute("aria-invalid", "true");
    if (words) field.setAttribute("aria-describedby", words.id);
  }
}
