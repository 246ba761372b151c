// The clock bar: what time it is where one is, and moving on.
import { get, post } from "./lib.js";
import { businessNow, byId, city, format, formatter, me, state } from "./state.js";
import { tickPeople } from "./people.js";

export async function readClock() {
  setClock(await get("/desk/clock"));
}

export function setClock(clock) {
  state.clock = { now: clock.now, seen: performance.now() };
  drawClock();
}

const offset = (zone) =>
  formatter(zone, { timeZoneName: "shortOffset" }).formatToParts(businessNow())
    .find((part) => part.type === "timeZoneName").value.replace(/^GMT$/, "GMT+0");

export function drawClock() {
  const zone = me()?.zone ?? "UTC";
  byId("clock-here").textContent = format(businessNow(), zone, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  byId("clock-zone").textContent = `${city(zone)}, ${offset(zone)}`;
  tickPeople();
}

export function clock(report, say) {
  document.querySelector(".moves").addEventListener("click", async (event) => {
    const { hours, days, weekday, at } = event.target.closest("button")?.dataset ?? {};
    if (!hours && !days && !weekday) return;
    const body = weekday ? { weekday, at, zone: me().zone } : { hours: hours ?? 0, days: days ?? 0 };
    const answer = await post("/desk/clock", body);
    if (answer.error) report(answer);
    else {
      setClock(answer);
      say(`It is now ${byId("clock-here").textContent} in ${city(me().zone)}`);
    }
  });
  setInterval(drawClock, 1000);
}
