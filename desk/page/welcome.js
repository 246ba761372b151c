// What to try first, until it was read or tried; remembered in this browser.
import { byId } from "./state.js";

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
