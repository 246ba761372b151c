// One exchange in full: what was asked, what was answered, and why it was refused.
import { icon } from "./icons.js";
import { el, post } from "./lib.js";

function decoded(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    if (!/^[\w.%+-]+=/.test(text)) return text;
  }
  const fields = [...new URLSearchParams(text)].map(([name, value]) => {
    try {
      return [name, /^[[{]/.test(value) ? JSON.parse(value) : value];
    } catch {
      return [name, value];
    }
  });
  return JSON.stringify(Object.fromEntries(fields), null, 2);
}

const headers = (all) => Object.entries(all).map(([name, value]) => `${name}: ${value}`).join("\n");

function copier(text) {
  const words = el("span", {}, "Copy");
  const button = el("button", {
    type: "button", class: "small",
    onclick: async () => {
      try {
        await navigator.clipboard.writeText(text());
        words.textContent = "Copied";
      } catch {
        words.textContent = "The browser forbids it";
      }
      setTimeout(() => { words.textContent = "Copy"; }, 2000);
    },
  }, icon("copy"), words);
  return button;
}

function part(title, first, head, body) {
  let raw = false;
  const text = () => `${first}\n${headers(head)}\n\n${raw ? body : decoded(body)}`.trim();
  const shown = el("pre", { tabIndex: 0, "aria-label": title }, text());
  const toggle = el("button", {
    type: "button", class: "small", "aria-pressed": "false",
    onclick: () => {
      raw = !raw;
      toggle.setAttribute("aria-pressed", String(raw));
      shown.textContent = text();
    },
  }, "Raw");
  return el("section", { class: "part" }, el("header", {}, el("h4", {}, title), toggle, copier(text)), shown);
}

function why(exchange) {
  if (!exchange.why && !exchange.fault) return null;
  return el("div", { class: exchange.refused ? "why refused" : "why" }, icon("warn"), el("div", {},
    exchange.why ? el("p", {}, exchange.why) : null,
    exchange.fault ? el("p", {}, exchange.fault) : null,
    exchange.detail.length ? el("ul", {}, ...exchange.detail.map((line) => el("li", {}, line))) : null));
}

export function drawExchange(exchange, report) {
  const toBot = exchange.direction === "to_bot";
  const again = toBot
    ? el("button", {
        type: "button", class: "small", testid: "redeliver",
        onclick: async () => report(await post(`/desk/exchanges/${exchange.number}/redeliver`)),
      }, icon("again"), "Deliver it again")
    : null;
  const asked = toBot ? "POST to the bot" : exchange.platform === "teams" ? exchange.kind : `POST /api/${exchange.kind}`;
  const answered = exchange.status ? `HTTP ${exchange.status}` : "No answer";
  return el("div", { class: "whole", testid: "exchange-whole" }, why(exchange), again ? el("p", {}, again) : null,
    part("Request", asked, exchange.request_headers, exchange.request_body),
    part("Response", `${answered}, after ${exchange.milliseconds} ms`, exchange.response_headers, exchange.response_body));
}
