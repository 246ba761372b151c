// Building nodes and talking to the desk.

export function el(name, properties = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "class") node.className = value;
    else if (key === "testid") node.dataset.testid = value;
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key in node && !key.startsWith("aria")) node[key] = value;
    else node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export async function get(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

// Answers {…} of the desk, or {error} / {errors} if it stopped the act before the bot heard of it.
export const post = (path, body = {}) => sent(path, "application/json", JSON.stringify(body));
export const postFile = (path, file) => sent(`${path}?name=${encodeURIComponent(file.name)}`, "application/octet-stream", file);

async function sent(path, type, body) {
  try {
    const response = await fetch(path, { method: "POST", headers: { "Content-Type": type, "X-Desk": "1" }, body });
    return await response.json();
  } catch {
    return { error: "The desk does not answer." };
  }
}

// To the first of these that is there and seen, else to where one writes, or to what is shown instead.
export function focusFirst(...nodes) {
  const places = ["composer", "home", "room"].map((id) => document.getElementById(id));
  const found = [...nodes, ...places].find((node) => node?.isConnected && node.checkVisibility({ visibilityProperty: true }));
  found?.focus({ preventScroll: true });
}

let counter = 0;
export const newId = (word) => `${word}-${++counter}`;

// One run at a time; a call during a run makes one more run afterwards.
export function oneAtATime(work) {
  let running = null;
  let again = false;
  return function run() {
    if (running) {
      again = true;
      return running;
    }
    running = (async () => {
      do {
        again = false;
        await work();
      } while (again);
    })().finally(() => {
      running = null;
    });
    return running;
  };
}

// On a Monday hundreds of things happen within a second: what they ask for is done once for all that came meanwhile.
const PAUSE = 80;
export function together(first) {
  const due = new Set();
  let last = 0;
  async function catchUp() {
    last = performance.now();
    const works = [...due];
    due.clear();
    if (works.includes(first)) await first();
    await Promise.all(works.filter((work) => work !== first).map((work) => work()));
  }
  return function add(works) {
    const waits = due.size > 0;
    for (const work of works) due.add(work);
    if (!waits && due.size) setTimeout(catchUp, Math.max(0, last + PAUSE - performance.now()));
  };
}
