/** Light or dark: as the system says, until somebody chooses. */

import { h } from "./dom.js";
import { icon } from "./icons.js";

const system = matchMedia("(prefers-color-scheme: dark)");

export function startTheme() {
  show();
  system.addEventListener("change", show);
}

const chosen = () => localStorage.getItem("theme") ?? (system.matches ? "dark" : "light");

function show() {
  document.documentElement.dataset.theme = chosen();
}

export function themeButton() {
  const words = () => (chosen() === "dark" ? "Use light colours" : "Use dark colours");
  const button = h("button", {
    class: "icon", type: "button", title: words(), "aria-label": words(), data: { key: "theme" },
    onclick: () => {
      localStorage.setItem("theme", chosen() === "dark" ? "light" : "dark");
      show();
      button.title = words();
      button.setAttribute("aria-label", words());
    },
  }, icon("contrast"));
  return button;
}
