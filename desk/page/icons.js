// Drawn here and nowhere else: strokes on a 20 by 20 grid, in the colour of the text beside them.
const PATHS = {
  menu: ["M3 5.5h14", "M3 10h14", "M3 14.5h14"],
  close: ["M5 5l10 10", "M15 5L5 15"],
  back: ["M12 4.5L6.5 10l5.5 5.5"],
  next: ["M8 4.5l5.500 5.500L8 15.500"],
  down: ["M5 7.500l5 5 5-5"],
  clock: ["M10 2.800a7.200 7.200 0 1 0 0 14.400 7.200 7.200 0 0 0 0-14.400z", "M10 6v4.200l2.800 1.800"],
  search: ["M8.700 3.200a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11z", "M12.800 12.800L17 17"],
  lock: ["M5 9h10v7.500H5z", "M7 9V6.500a3 3 0 0 1 6 0V9"],
  hash: ["M8 3L6.500 17", "M13.500 3L12 17", "M3.500 7.500h13.500", "M3 12.500h13.500"],
  clip: ["M15.500 9.500l-5.700 5.700a3.400 3.400 0 0 1-4.800-4.800l6.300-6.300a2.300 2.300 0 0 1 3.200 3.200l-6 6a1.100 1.100 0 0 1-1.600-1.600l5.200-5.200"],
  send: ["M3 10L17 3.500 13 16.500 9.500 11.500z", "M9.500 11.500L17 3.500"],
  exchange: ["M3.500 7h12.500", "M12.500 3.500L16 7l-3.500 3.500", "M16.500 13.500H4", "M7.500 10L4 13.500 7.500 17"],
  bolt: ["M11 2.500L4.500 11.500H9.500L9 17.500 15.500 8.500H10.500z"],
  sun: ["M10 6.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7z", "M10 1.800v2M10 16.200v2M1.800 10h2M16.200 10h2M4.200 4.200l1.400 1.400M14.400 14.400l1.400 1.400M15.800 4.200l-1.400 1.400M5.600 14.400l-1.400 1.400"],
  moon: ["M16.500 11.800A7 7 0 0 1 8.200 3.500a7 7 0 1 0 8.300 8.300z"],
  contrast: ["M10 2.800a7.200 7.200 0 1 0 0 14.400 7.200 7.200 0 0 0 0-14.400z", "M10 2.800v14.400", "M10 6.500h5.800M10 10h7.200M10 13.500h5.800"],
  reply: ["M4 4h12v9h-6.500L6 16.500V13H4z"],
  again: ["M16 10a6 6 0 1 1-1.900-4.400", "M16.500 2.800v3.700h-3.700"],
  copy: ["M7 7h9v9H7z", "M4 12.500V4h8.500"],
  eye: ["M2.500 10s2.800-5 7.500-5 7.500 5 7.500 5-2.800 5-7.500 5-7.500-5-7.500-5z", "M10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4z"],
  tobot: ["M3.500 10h12", "M11 5.500l4.500 4.500-4.500 4.500"],
  toslack: ["M16.500 10h-12", "M9 5.500L4.500 10 9 14.500"],
  check: ["M4 10.500l4 4 8-9"],
  warn: ["M10 3L18 16.500H2z", "M10 8v4", "M10 14.200v.1"],
  download: ["M10 3v9.500", "M5.500 8.500L10 13l4.500-4.500", "M4 16.500h12"],
  home: ["M3.500 9.500L10 3.500l6.500 6V16.500h-13z", "M8 16.500v-4.500h4v4.500"],
};
const SVG = "http://www.w3.org/2000/svg";

function part(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

export function icon(name) {
  const svg = part("svg", { viewBox: "0 0 20 20", class: "icon", "aria-hidden": "true", focusable: "false" });
  svg.append(...PATHS[name].map((d) => part("path", { d })));
  return svg;
}

// Rapport's own sign: two people's lines that meet.
export function sign() {
  const svg = part("svg", { viewBox: "0 0 36 36", class: "sign", "aria-hidden": "true", focusable: "false" });
  svg.append(
    part("rect", { width: 36, height: 36, rx: 8, class: "ground" }),
    part("path", { d: "M9 25V15a5 5 0 0 1 5-5h3a5 5 0 0 1 0 10h-3", class: "one" }),
    part("path", { d: "M27 11v10a5 5 0 0 1-5 5h-3a5 5 0 0 1 0-10h3", class: "other" }),
  );
  return svg;
}

export function drawIcons(root) {
  for (const node of root.querySelectorAll("[data-icon]")) node.replaceChildren(icon(node.dataset.icon));
  for (const node of root.querySelectorAll("[data-sign]")) node.replaceChildren(sign());
}
