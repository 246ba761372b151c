// What the whole page knows: the company, who one is, where one looks, and what time it is there.
export const byId = (id) => document.getElementById(id);

export const state = {
  people: [], rooms: [], bot: {}, commands: [], workspace: "", me: null, place: "bot", tab: "messages",
  clock: { now: 0, seen: 0 },
};

export const me = () => state.people.find((each) => each.id === state.me);
// By any of the ids that one person has.
export const person = (id) => state.people.find((each) => each.id === id || each.teams === id);
export const isMe = (id) => id === state.me || Boolean(id) && id === me()?.teams;

// On which of their platforms one looks at this person; who has both chooses.
const chosen = new Map();
export function platform() {
  const one = me();
  if (!one?.teams) return "slack";
  return one.slack ? chosen.get(one.id) ?? "slack" : "teams";
}
export const choosePlatform = (name) => chosen.set(state.me, name);

export function names(id) {
  if (id === state.bot.id) return state.bot.name;
  return id === "USLACKBOT" ? "Desk" : person(id)?.name ?? id;
}

// Business time in milliseconds, running on since the desk told it.
export const businessNow = () => state.clock.now * 1000 + (performance.now() - state.clock.seen);

// To make one takes far longer than to use it, and the list of people uses three for each.
const formatters = new Map();
export function formatter(timeZone, options) {
  const key = JSON.stringify([timeZone, options]);
  if (!formatters.has(key)) formatters.set(key, new Intl.DateTimeFormat("en-GB", { timeZone, ...options }));
  return formatters.get(key);
}

export const format = (milliseconds, timeZone, options) => formatter(timeZone, options).format(milliseconds);

export const city = (zone) => zone.split("/").at(-1).replaceAll("_", " ");

export const many = (count, one, more) => `${count} ${count === 1 ? one : more}`;
