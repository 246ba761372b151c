// What was uploaded: a picture with its words, anything else as a card to save it by.
import { icon } from "./icons.js";
import { el } from "./lib.js";

function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function save(file) {
  return el("a", { class: "file", href: file.url_private, download: file.name, testid: "file" },
    icon("download"), el("span", {}, file.title), file.size === undefined ? null : el("small", {}, size(file.size)));
}

export function drawFile(file) {
  if (!file.mimetype.startsWith("image/")) return save(file);
  return el("figure", { testid: "picture" }, el("img", { src: file.url_private, alt: file.alt_txt ?? "" }), save(file));
}
