/** The line above the room: its name, its topic, and on small screens the ways to both sides. */

import { $, fill, h } from "./dom.js";
import { closeDrawers } from "./going.js";
import { icon } from "./icons.js";
import { on, roomOf, state } from "./state.js";

export function startHead() {
  on("place rooms fresh team", refresh);
  on("link", () => {
    const banner = $("banner");
    banner.hidden = !state.offline;
    banner.textContent = state.offline ? "The demo is not running. Start it again with “make demo”; this page comes back by itself." : "";
  });
  $("veil").addEventListener("click", closeDrawers);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeDrawers();
    const writing = event.target.closest?.("input, textarea, select, dialog, [role=menu], [role=listbox]");
    if (event.key === "/" && !writing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      $("composer-main").focus();
    }
  });
}

function refresh() {
  const room = roomOf(state.room);
  const name = state.atHome ? "Mapkeeper" : room?.direct ? "Mapkeeper" : room ? `# ${room.name}` : "";
  const people = room && !room.direct ? `${room.members} people` : "";
  const topic = state.atHome ? "Home" : [room?.topic, people].filter(Boolean).join(" · ");
  fill($("head"),
    drawer("left", "menu", "Channels and people", "sidebar-open"),
    h("h2", {}, name), h("span", { class: "topic" }, topic),
    drawer("right", "clock", "Product time and tour", "side-open"));
  const unread = state.rooms.reduce((sum, one) => sum + one.unread, 0);
  document.title = `${unread ? `(${unread}) ` : ""}${name} · ${state.team.name} · local demo`;
}

function drawer(side, sign, words, name) {
  return h("button", {
    class: `icon drawer ${side}`, type: "button", "aria-label": words, title: words,
    onclick: () => { const frame = $("frame"); const open = frame.classList.contains(name); closeDrawers(); frame.classList.toggle(name, !open); },
  }, icon(sign));
}
