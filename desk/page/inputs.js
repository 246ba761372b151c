// Elements that hold a value. `field` has: value, set(value), tell(value) for elements that report at once,
// suggest(typed), people, and id, the id that a label points to.
import { chooser } from "./chooser.js";
import { instant, wall } from "./dates.js";
import { el, newId } from "./lib.js";
import { me } from "./state.js";
import { shown } from "./text.js";

const allOptions = (element) => [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((group) => group.options)];
const plainLabel = (option) => option.text.text;
const keyed = (option) => ({ key: option.value, label: plainLabel(option), note: option.description?.text, value: option });

function typed(element, field) {
  const many = element.multiline === true;
  const type = { email_text_input: "email", url_text_input: "url" }[element.type] ?? "text";
  const input = el(many ? "textarea" : "input", {
    id: field.id, value: field.value ?? "", placeholder: element.placeholder?.text ?? "", autocomplete: "off",
    "aria-label": field.id ? null : field.label,
  });
  if (!many) input.type = type;
  else input.rows = 4;
  if (element.type === "number_input") input.inputMode = "decimal";
  if (element.max_length) input.maxLength = element.max_length;
  const count = element.max_length ? el("small", { class: "count", "aria-hidden": "true" }) : null;
  const update = () => {
    if (count) count.textContent = input.value.length > element.max_length * 0.8 ? String(element.max_length - input.value.length) : "";
  };
  const when = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  input.addEventListener("input", () => {
    field.set(input.value || null);
    update();
    if (when.includes("on_character_entered")) field.tell?.(input.value || null);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && field.tell && when.includes("on_enter_pressed")) {
      event.preventDefault();
      field.tell(input.value || null);
    }
  });
  update();
  return el("div", { class: "typed" }, input, count);
}

function radios(element, field) {
  const name = newId("radio");
  return el("div", { class: "marks" }, ...element.options.map((option) =>
    el("label", {}, el("input", {
      type: "radio", name, value: option.value, checked: field.value?.value === option.value,
      onchange: () => { field.set(option); field.tell?.(option); },
    }), el("span", {}, ...shown(option.text), option.description ? el("small", {}, ...shown(option.description)) : null))));
}

function checkboxes(element, field) {
  let chosen = [...(field.value ?? [])];
  return el("div", { class: "marks" }, ...element.options.map((option) =>
    el("label", {}, el("input", {
      type: "checkbox", value: option.value, checked: chosen.some((each) => each.value === option.value),
      onchange: (event) => {
        const marked = event.target.checked ? [...chosen, option] : chosen.filter((each) => each.value !== option.value);
        chosen = element.options.filter((each) => marked.some((other) => other.value === each.value));
        field.set(chosen);
        field.tell?.(chosen);
      },
    }), el("span", {}, ...shown(option.text), option.description ? el("small", {}, ...shown(option.description)) : null))));
}

function select(element, field, groups, current) {
  const byKey = new Map(groups.flatMap((group) => group.options.map((option) => [option.key, option.value])));
  const draw = (option) => el("option", { value: option.key, selected: option.key === current }, option.label);
  const input = el("select", {
    id: field.id, "aria-label": field.id ? null : field.label,
    onchange: () => {
      const value = byKey.get(input.value) ?? null;
      field.set(value);
      field.tell?.(value);
    },
  }, el("option", { value: "" }, element.placeholder?.text ?? "Choose an option"),
  ...groups.flatMap((group) => {
    if (!group.label) return group.options.map(draw);
    return [el("optgroup", { label: group.label }, ...group.options.map(draw))];
  }));
  return input;
}

function staticSelect(element, field) {
  const groups = element.option_groups
    ? element.option_groups.map((group) => ({ label: group.label.text, options: group.options.map(keyed) }))
    : [{ options: element.options.map(keyed) }];
  return select(element, field, groups, field.value?.value);
}

const asPerson = (each) => ({ key: each.id, label: each.name, note: each.title, value: each.id });
const usersSelect = (element, field) => select(element, field, [{ options: field.people.map(asPerson) }], field.value);

function many(element, field, chosen, find, single = false) {
  return chooser({
    id: field.id, label: field.label, many: !single, most: element.max_selected_items, placeholder: element.placeholder?.text,
    chosen, find,
    changed: (values) => {
      const value = single ? values[0] ?? null : values;
      field.set(value);
      field.tell?.(value);
    },
  });
}

const within = (options) => async (typedText) =>
  options.filter((option) => option.label.toLowerCase().includes(typedText.toLowerCase()));

function multiUsers(element, field) {
  const people = field.people.map(asPerson);
  return many(element, field, people.filter((each) => (field.value ?? []).includes(each.key)), within(people));
}

const multiStatic = (element, field) =>
  many(element, field, (field.value ?? []).map(keyed), within(allOptions(element).map(keyed)));

function external(element, field) {
  const single = element.type === "external_select";
  const chosen = single ? (field.value ? [field.value] : []) : field.value ?? [];
  const least = element.min_query_length ?? 3;
  const find = async (text) => (text.length < least ? [] : (await field.suggest(text)).map(keyed));
  return many(element, field, chosen.map(keyed), find, single);
}

function dated(element, field) {
  const type = element.type === "datepicker" ? "date" : "time";
  const input = el("input", {
    type, id: field.id, value: field.value ?? "", "aria-label": field.id ? null : field.label,
    onchange: () => { field.set(input.value || null); field.tell?.(input.value || null); },
  });
  return input;
}

function moment(element, field) {
  const { zone } = me();
  const input = el("input", {
    type: "datetime-local", id: field.id, value: field.value ? wall(field.value, zone) : "", "aria-label": field.id ? null : field.label,
    onchange: () => {
      const value = input.value ? instant(input.value, zone) : null;
      field.set(value);
      field.tell?.(value);
    },
  });
  return input;
}

const DRAWN = {
  plain_text_input: typed, email_text_input: typed, url_text_input: typed, number_input: typed,
  radio_buttons: radios, checkboxes, static_select: staticSelect, multi_static_select: multiStatic,
  users_select: usersSelect, multi_users_select: multiUsers, external_select: external, multi_external_select: external,
  datepicker: dated, timepicker: dated, datetimepicker: moment,
};

export const isGroup = (element) => element.type === "radio_buttons" || element.type === "checkboxes";
export const holdsValue = (element) => element.type in DRAWN;
export const drawInput = (element, field) => DRAWN[element.type](element, field);
