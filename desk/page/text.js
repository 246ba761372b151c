// Slack's text: plain, mrkdwn, rich text. Only nodes are built, so no text can become markup.
import { el } from "./lib.js";

let nameOf = (id) => id;
export function setNames(lookup) {
  nameOf = lookup;
}

const EMOJI = {
  white_check_mark: "✅", tada: "🎉", wave: "👋", warning: "⚠️", bell: "🔔", clock3: "🕒", star: "⭐", eyes: "👀",
  "+1": "👍", thumbsup: "👍", "-1": "👎", heart: "❤️", calendar: "📅", memo: "📝", lock: "🔒", bulb: "💡", rocket: "🚀",
  large_green_circle: "🟢", large_yellow_circle: "🟡", red_circle: "🔴", chart_with_upwards_trend: "📈", x: "❌",
};
const MARKS = new RegExp(
  [
    "```([\\s\\S]+?)```",
    "`([^`\\n]+)`",
    "<([^<>\\n]+)>",
    "(?<![\\w*])\\*(?=\\S)([^*\\n]*?[^\\s*])\\*(?![\\w*])",
    "(?<!\\w)_(?=\\S)([^_\\n]*?[^\\s_])_(?!\\w)",
    "(?<!\\w)~(?=\\S)([^~\\n]*?[^\\s~])~(?!\\w)",
  ].join("|"),
  "g",
);

const unescaped = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
// an address that stands bare in a text, without what closes the sentence behind it
const BARE = /(https?:\/\/[^\s<>|]*[^\s<>|.,;:!?)\]'"])/;
const emoji = (text) => text.replace(/:([a-z0-9_+-]+):/g, (all, name) => EMOJI[name] ?? all);

export function link(url, shown) {
  if (!/^(https?|mailto):/i.test(url)) return document.createTextNode(shown ?? url);
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, shown ?? url);
}

const person = (id) => el("span", { class: "mention" }, `@${nameOf(id)}`);

function angled(inside) {
  const [what, shown] = [inside.split("|", 1)[0], inside.includes("|") ? inside.slice(inside.indexOf("|") + 1) : null];
  if (what.startsWith("@")) return person(what.slice(1));
  if (what.startsWith("!date^")) return document.createTextNode(unescaped(shown ?? ""));
  if (what.startsWith("!")) return el("span", { class: "mention" }, `@${what.slice(1)}`);
  if (what.startsWith("#")) return el("span", { class: "mention" }, `#${shown ?? what.slice(1)}`);
  return link(unescaped(what), shown === null ? null : emoji(unescaped(shown)));
}

function inline(text) {
  const nodes = [];
  let last = 0;
  const plain = (piece) => piece.split(BARE).forEach((each, index) => {
    if (each) nodes.push(index % 2 ? link(unescaped(each)) : document.createTextNode(emoji(unescaped(each))));
  });
  for (const match of text.matchAll(MARKS)) {
    plain(text.slice(last, match.index));
    const [, block, code, angle, bold, italic, strike] = match;
    if (block) nodes.push(el("pre", {}, unescaped(block.replace(/^\n/, ""))));
    else if (code) nodes.push(el("code", {}, unescaped(code)));
    else if (angle) nodes.push(angled(angle));
    else if (bold) nodes.push(el("strong", {}, ...inline(bold)));
    else if (italic) nodes.push(el("em", {}, ...inline(italic)));
    else nodes.push(el("s", {}, ...inline(strike)));
    last = match.index + match[0].length;
  }
  plain(text.slice(last));
  return nodes;
}

export function mrkdwn(text) {
  const parts = [];
  for (const line of text.split(/(?<=\n)/)) {
    const quoted = /^(?:&gt;|>) ?/.test(line);
    const previous = parts.at(-1);
    if (previous && previous.quoted === quoted) previous.text += quoted ? line.replace(/^(?:&gt;|>) ?/, "") : line;
    else parts.push({ quoted, text: quoted ? line.replace(/^(?:&gt;|>) ?/, "") : line });
  }
  return parts.flatMap((part) => (part.quoted ? [el("blockquote", {}, ...inline(part.text))] : inline(part.text)));
}

export const shown = (object) => (object.type === "mrkdwn" ? mrkdwn(object.text) : [emoji(object.text)]);

// A light reading of Markdown: headings, lists, bold.
export function markdown(text) {
  return text.split("\n").map((line) => {
    const heading = /^#{1,6} (.*)/.exec(line);
    const bullet = /^[-*] (.*)/.exec(line);
    const body = (heading ?? bullet)?.[1] ?? line;
    const nodes = body.split(/\*\*(.+?)\*\*/).map((piece, index) => (index % 2 ? el("strong", {}, piece) : piece));
    return el("div", { class: heading ? "md-heading" : bullet ? "md-bullet" : "md-line" }, ...nodes);
  });
}

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u" };

function richInline(item) {
  let node;
  if (item.type === "text") node = document.createTextNode(item.text);
  else if (item.type === "link") node = link(item.url, item.text);
  else if (item.type === "user") node = person(item.user_id);
  else if (item.type === "emoji") node = document.createTextNode(EMOJI[item.name] ?? `:${item.name}:`);
  else if (item.type === "broadcast") node = el("span", { class: "mention" }, `@${item.range}`);
  else node = document.createTextNode(item.fallback ?? item.value ?? item.channel_id ?? "");
  for (const [style, tag] of Object.entries(STYLES)) if (item.style?.[style]) node = el(tag, {}, node);
  return node;
}

export function rich(element) {
  if (element.type === "rich_text_list") {
    const items = element.elements.map((item) => el("li", {}, ...item.elements.map(richInline)));
    const list = el(element.style === "ordered" ? "ol" : "ul", {}, ...items);
    if (element.indent) list.style.marginInlineStart = `${element.indent * 1.5}rem`;
    return list;
  }
  const tag = { rich_text_preformatted: "pre", rich_text_quote: "blockquote" }[element.type] ?? "p";
  return el(tag, {}, ...element.elements.map(richInline));
}
