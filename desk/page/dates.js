// A wall time in a zone and the instant it means, in seconds.
import { formatter } from "./state.js";

const PARTS = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

export function wall(seconds, zone) {
  const parts = Object.fromEntries(formatter(zone, PARTS)
    .formatToParts(seconds * 1000).map((part) => [part.type, part.value]));
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

export function instant(local, zone) {
  const wanted = Date.parse(`${local}Z`) / 1000;
  let guess = wanted;
  // the second turn is for a guess on the other side of a change of the clocks
  for (let turn = 0; turn < 2; turn += 1) guess += wanted - Date.parse(`${wall(guess, zone)}Z`) / 1000;
  return guess;
}
