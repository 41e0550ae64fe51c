/** The messages of the room in sight, newest at the bottom, with days, threads and what is new. */

import { $, announce, arrange, h } from "./dom.js";
import { onArrival } from "./link.js";
import { act } from "./link.js";
import { messageNode } from "./message.js";
import { messagesIn, on, productNow, roomOf, state } from "./state.js";
import { summary } from "./text.js";
import { dayKey, dayWords, ofTs } from "./times.js";

const TOGETHER = 300;
const NEAR = 80;
let drawn = new Map();
let room = "";
let freshFrom = "";
let following = true;

/** Starts to draw the room in sight; `openThread(ts)` shows a thread. */
export function startFeed(openThread) {
  const scroller = $("scroller");
  on("messages place fresh people clock", () => refresh(openThread));
  scroller.addEventListener("scroll", () => {
    following = near();
    if (following) $("newer").hidden = true;
  });
  new ResizeObserver(() => following && toBottom()).observe(scroller);
  new ResizeObserver(() => following && toBottom()).observe($("messages"));
  $("newer").addEventListener("click", toBottom);
  $("messages").addEventListener("keydown", walk);
  document.addEventListener("visibilitychange", markRead);
  onArrival((message) => {
    if (message.channel !== state.room || message.thread) return;
    if (message.only || message.user === state.me) { following = true; toBottom(); }
    else if (!following) $("newer").hidden = false;
    if (message.user !== state.me) announce(`${message.only ? "Only visible to you: " : ""}${summary(message)}`);
  });
}

function refresh(openThread) {
  const here = roomOf(state.room);
  if (!here) return;
  const all = messagesIn(state.room);
  if (room !== state.room || drawn.me !== state.me) enter(here, all);
  else following = near();
  const nodes = [...plan(here, all, openThread)];
  const focused = focusOf($("messages"));
  arrange($("messages"), nodes);
  focused?.();
  if (following) toBottom();
  markRead();
}

function enter(here, all) {
  room = state.room;
  drawn = new Map();
  drawn.me = state.me;
  following = true;
  $("newer").hidden = true;
  const others = all.filter((message) => message.user !== state.me && !message.thread && !message.only);
  freshFrom = here.unread ? others.at(-here.unread)?.ts ?? "" : "";
}

function* plan(here, all, openThread) {
  const now = productNow();
  const replies = Map.groupBy ? Map.groupBy(all.filter((one) => one.thread), (one) => one.thread) : grouped(all);
  yield piece("beginning", here.id + here.topic, () => beginning(here));
  let before = null;
  let day = "";
  for (const message of all) {
    if (message.thread) continue;
    const at = ofTs(message.ts);
    if (dayKey(at) !== day) {
      day = dayKey(at);
      before = null;
      const words = dayWords(at, now);
      yield piece(`day ${day}`, words, () => h("li", { class: "day" }, words));
    }
    if (message.ts === freshFrom) {
      before = null;
      yield piece("fresh", "", () => h("li", { class: "fresh" }, "New"));
    }
    const follows = Boolean(before && before.user === message.user && !message.only && !before.only
      && message.user !== state.team.bot && Number(message.ts) - Number(before.ts) < TOGETHER);
    before = message;
    const own = replies.get(message.ts) ?? [];
    const stamp = JSON.stringify([message, follows, own.map((one) => one.ts), own.length && dayKey(now)]);
    yield piece(message.ts, stamp, () => messageNode(message, { follows, replies: own, open: message.only ? null : openThread }));
  }
}

function grouped(all) {
  const found = new Map();
  for (const one of all) if (one.thread) found.set(one.thread, [...(found.get(one.thread) ?? []), one]);
  return found;
}

function piece(key, stamp, make) {
  const known = drawn.get(key);
  if (known?.stamp === stamp) return known.node;
  const node = make();
  drawn.set(key, { stamp, node });
  return node;
}

function beginning(here) {
  const name = here.direct ? "Mapkeeper" : `#${here.name}`;
  const words = here.direct
    ? "Your direct messages with the bot. Nobody else sees them; slash commands work here as well."
    : `The beginning of this channel. ${here.topic ? `${here.topic}.` : ""}`;
  return h("li", { class: "beginning" }, h("strong", {}, name), words);
}

/** Remembers what has the focus inside `list`; the answer puts it back where a message was drawn anew. */
export function focusOf(list) {
  const active = document.activeElement;
  if (!list.contains(active)) return null;
  const ts = active.closest("[data-ts]")?.dataset.ts;
  const key = active.dataset.key;
  return () => {
    if (document.activeElement === active && active.isConnected) return;
    const message = ts && list.querySelector(`[data-ts="${ts}"]`);
    const place = message && key ? message.querySelector(`[data-key="${CSS.escape(key)}"]`) : null;
    (place ?? message)?.focus();
  };
}

function near() {
  const scroller = $("scroller");
  return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
}

function toBottom() {
  const scroller = $("scroller");
  scroller.scrollTop = scroller.scrollHeight;
  following = true;
}

function markRead() {
  const here = roomOf(state.room);
  if (here?.unread && !state.atHome && document.visibilityState === "visible") act("read", { channel: here.id });
}

/** Arrow keys walk from message to message; Escape goes back to writing. */
export function walk(event) {
  const list = event.currentTarget;
  if (event.key === "Escape") { list.parentElement.parentElement.querySelector("textarea")?.focus(); return; }
  if (event.target.closest("button, a, input, select, textarea")) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const messages = [...list.querySelectorAll(".message")];
  const next = messages[messages.indexOf(event.target.closest(".message")) + step];
  event.preventDefault();
  if (next) next.focus();
  else if (step > 0) list.parentElement.parentElement.querySelector("textarea")?.focus();
}

export function focusLast(list) {
  [...list.querySelectorAll(".message")].at(-1)?.focus();
}
