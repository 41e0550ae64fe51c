/** Small drawings for buttons, in the colour of their text. */

const PATHS = {
  menu: "M3 5h12M3 9h12M3 13h12",
  clock: "M9 2.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13M9 5.5V9l2.5 1.5",
  close: "M4.5 4.5l9 9M13.5 4.5l-9 9",
  back: "M11 4L6 9l5 5",
  send: "M9 14.5v-11M4.5 8L9 3.5 13.5 8",
  smile: "M8 3a6 6 0 1 0 6.2 6M6 10.2c1.1 1.6 3 1.6 4.1 0M6 7v.01M10 7v.01M14.5 1.8v4.4M12.3 4h4.4",
  reply: "M7 5L3 9l4 4M3 9h7.5a4 4 0 0 1 4 4",
  dots: "M4 9v.01M9 9v.01M14 9v.01",
  contrast: "M9 2.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM9 2.5v13",
  window: "M7 4H4v10h10v-3M10 3.5h4.5V8M14 4L8.5 9.5",
  home: "M3 8.5L9 3.5l6 5M4.5 7.5V14.5h9V7.5",
  hash: "M7 3L5.5 15M12.5 3L11 15M3.5 7h12M2.5 11h12",
  chat: "M3 4h12v8.5H8L5 15v-2.5H3z",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 18 18", width: 18, height: 18, "aria-hidden": "true", class: "drawn" })) {
    svg.setAttribute(key, String(value));
  }
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  if (name === "contrast") {
    const half = document.createElementNS("http://www.w3.org/2000/svg", "path");
    half.setAttribute("d", "M9 2.5a6.5 6.5 0 0 1 0 13z");
    half.setAttribute("class", "full");
    svg.append(half);
  }
  return svg;
}
