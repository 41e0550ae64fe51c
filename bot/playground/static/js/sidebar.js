/** The left side: channels, the bot, and the people one can be. */

import { $, fill, h } from "./dom.js";
import { avatar } from "./faces.js";
import { become, goHome, goTo } from "./going.js";
import { icon } from "./icons.js";
import { on, state } from "./state.js";
import { themeButton } from "./theme.js";

export function startSidebar() {
  on("people rooms team place fresh home", refresh);
}

function refresh() {
  const bar = $("sidebar");
  const key = bar.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const channels = state.rooms.filter((room) => !room.direct);
  const direct = state.rooms.filter((room) => room.direct);
  fill(bar,
    h("div", { class: "team" }, h("div", {}, h("h1", {}, state.team.name), h("span", { class: "badge" }, "local demo")), themeButton()),
    group("Channels", channels.map((room) => roomItem(room, "hash", room.name)), "channels"),
    (direct.length || state.offers.home || state.home.id) && group("Mapkeeper", [
      ...direct.map((room) => roomItem(room, "chat", "Messages")),
      state.offers.home || state.home.id ? homeItem() : null,
    ], "bot"),
    group("You are", [...state.people.values()].filter((person) => !person.bot).map(personItem), "people"));
  if (key) bar.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

function group(title, items, kind) {
  return h("div", { class: `group ${kind}` }, h("h2", { id: `group-${kind}` }, title), h("ul", { "aria-labelledby": `group-${kind}` }, items));
}

function roomItem(room, sign, name) {
  const current = room.id === state.room && !state.atHome;
  return h("li", {}, h("button", {
    class: `room${room.unread ? " unread" : ""}`, type: "button", "aria-current": current ? "page" : null,
    data: { key: room.id }, onclick: () => goTo(room.id),
  }, h("span", { class: "sign" }, icon(sign)), h("span", { class: "name" }, name),
  room.unread ? h("span", { class: "count" }, room.unread, h("span", { class: "unseen" }, " unread")) : null));
}

function homeItem() {
  return h("li", {}, h("button", {
    class: "room", type: "button", "aria-current": state.atHome ? "page" : null, data: { key: "home" }, onclick: goHome,
  }, h("span", { class: "sign", "aria-hidden": "true" }, icon("home")), h("span", { class: "name" }, "Home")));
}

function personItem(person) {
  const first = person.full.split(" ")[0];
  return h("li", {},
    h("button", {
      class: "being", type: "button", "aria-pressed": String(person.id === state.me), data: { key: person.id }, onclick: () => become(person.id),
    }, avatar(person.id, true), h("span", { class: "name" }, first, person.title && h("span", { class: "title" }, `, ${person.title}`))),
    h("a", {
      class: "window", href: `/?as=${encodeURIComponent(person.name)}`, target: "_blank", rel: "noopener",
      title: `Be ${first} in a second window`, "aria-label": `Be ${first} in a second window`,
    }, icon("window")));
}
