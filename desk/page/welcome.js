// What to try first, until it was read or tried; remembered in this browser.
import { byId } from "./state.js";

export const FIRST_DAY = "Nobody is asked before HR has pressed Start: be Hana, type programmes, and begin one.";

export function firstDay() {
  byId("welcome-what").textContent = FIRST_DAY;
}

export function welcome() {
  const banner = byId("welcome");
  function done() {
    banner.hidden = true;
    try {
      localStorage.setItem("desk-welcome", "read");
    } catch {
      // it is told again the next time
    }
  }
  try {
    banner.hidden = localStorage.getItem("desk-welcome") === "read";
  } catch {
    banner.hidden = false;
  }
  byId("welcome-close").addEventListener("click", () => {
    done();
    byId("composer").focus();
  });
  document.querySelector(".moves").addEventListener("click", done);
}
