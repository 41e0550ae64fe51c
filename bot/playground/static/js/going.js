/** Going somewhere: to a room, to the Home tab, into another person's shoes; the address keeps it. */

import { act, listen } from "./link.js";
import { changed, me, state } from "./state.js";

export function startGoing() {
  const asked = new URLSearchParams(location.search);
  state.room = asked.get("in") ?? "";
  listen(asked.get("as") || "lea");
}

/** Settles in a room that there is, after everything came anew. */
export function settle() {
  const wanted = state.rooms.find((room) => room.id === state.room || room.name === state.room);
  const next = wanted ?? state.rooms[0];
  if (next && state.room !== next.id) state.room = next.id;
  keepAddress();
}

export function goTo(room) {
  state.room = room;
  state.atHome = false;
  state.thread = null;
  arrived();
}

export function goHome() {
  state.atHome = true;
  state.thread = null;
  arrived();
  act("home");
}

export function become(id) {
  if (id === state.me) return;
  const next = state.people.get(id);
  state.thread = null;
  closeDrawers();
  listen(next.name);
}

export function closeDrawers() {
  document.getElementById("frame").classList.remove("sidebar-open", "side-open");
}

function arrived() {
  closeDrawers();
  keepAddress();
  changed("place", "thread");
}

function keepAddress() {
  const room = state.rooms.find((one) => one.id === state.room);
  if (!room || !me()) return;
  const address = new URLSearchParams({ as: me().name, in: room.direct ? room.id : room.name });
  history.replaceState(null, "", `/?${address}`);
}
