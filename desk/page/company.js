// Who works here changes: somebody joins Slack, leaves it or moves, and HR's list names them or says that they left.
import { el, get, oneAtATime, post } from "./lib.js";
import { addPanel } from "./panel.js";
import { card } from "./trouble.js";
import { byId, city, me, state } from "./state.js";

const ELSEWHERE = ["Pacific/Auckland", "America/Los_Angeles", "Asia/Tokyo"];

export function company(report, say, changed) {
  const name = el("input", { id: "join-name", testid: "join-name", maxLength: 60, placeholder: "Nora Falk", autocomplete: "off" });
  const listed = el("input", { type: "checkbox", id: "join-listed", testid: "join-listed", checked: true });
  const list = el("label", { class: "choice" }, listed, el("span", {}, "on HR's list, too"));
  const zone = el("select", { id: "move-zone", testid: "move-zone" });
  const mine = el("div", { id: "company-me" });

  async function act(path, body, words) {
    const answer = await post(path, body);
    if (await report(answer)) say(words);
    await changed();
    await refresh();
    return answer;
  }

  async function join() {
    const called = name.value.trim();
    const answer = await act("/desk/company", { name: called, like: state.me, listed: listed.checked && !list.hidden }, `${called} has joined Slack`);
    if (!answer.error) name.value = "";
  }

  const refresh = oneAtATime(async () => {
    const found = await get("/desk/company");
    list.hidden = !found.listed;
    const slack = me()?.slack;
    mine.hidden = !slack;
    if (!slack) return;
    const path = `/desk/company/${slack}`;
    const gone = found.gone.includes(slack);
    const zones = [...new Set([me().zone, ...ELSEWHERE, ...state.people.map((each) => each.zone)])].sort();
    zone.replaceChildren(...zones.map((each) => el("option", { value: each, selected: each === me().zone }, city(each))));
    const move = el("button", { type: "button", testid: "move", onclick: () => act(path, { zone: zone.value }, `${me().name} is in ${city(zone.value)} now`) }, "Move");
    const leave = el("button", { type: "button", testid: "leave-slack", "aria-pressed": String(gone), onclick: () => act(path, { deleted: !gone }, gone ? "Active again" : "Deactivated") }, gone ? "Reactivate" : "Deactivate");
    const left = el("button", { type: "button", testid: "leave-company", onclick: () => act(path, { left: true }, `HR's list says that ${me().name} has left`) }, "Has left");
    mine.replaceChildren(
      card(`${me().name} moves`, "Their Slack says another time zone: user_change. What is to come moves along, unless they chose their own.", el("label", { class: "choice" }, el("span", { class: "hidden" }, "To"), zone), move),
      card(`${me().name} and Slack`, gone ? "The account is deactivated: nothing is sent there, and nobody can do anything in it." : "HR's list still names them: nothing is sent there until it is active again.", leave),
      ...(found.listed ? [card(`${me().name} leaves the company`, "HR's list says that yesterday was their last day. Their Slack is still open.", left)] : []));
  });

  const joining = card("Someone joins", "A new account in Slack, in the department and the team of the person you are. Without HR's list they belong to nobody, and HR finds them at home.",
      el("label", { class: "choice" }, el("span", { class: "hidden" }, "Name"), name), list, el("button", { type: "button", testid: "join", onclick: join }, "Join"));
  joining.classList.add("joining");
  byId("company").replaceChildren(joining, mine);
  name.addEventListener("keydown", (event) => { if (event.key === "Enter") join(); });
  addPanel("company", { title: "Who works here", draw: refresh, button: byId("company-toggle") });
  return refresh;
}
