/** A person's or the bot's picture: initials on a colour of their own. */

import { h } from "./dom.js";
import { state } from "./state.js";

export function avatar(id, small = false) {
  const size = small ? " small" : "";
  if (id === state.team.bot) return h("span", { class: `avatar${size}`, "aria-hidden": "true" }, "◆");
  if (id === "page") return h("span", { class: `avatar${size} face-5`, "aria-hidden": "true" }, "i");
  const person = state.people.get(id);
  const index = [...state.people.values()].filter((one) => !one.bot).findIndex((one) => one.id === id);
  const initials = (person?.full ?? "?").split(" ").map((word) => word[0]).slice(0, 2).join("");
  return h("span", { class: `avatar${size} face-${Math.max(0, index) % 6}`, "aria-hidden": "true" }, initials);
}
