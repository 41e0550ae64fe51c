/** One thread beside the room: the message it hangs on, the replies, and a box to write the next. */

import { $, arrange, fill, h } from "./dom.js";
import { composer } from "./composer.js";
import { focusOf, walk } from "./feed.js";
import { icon } from "./icons.js";
import { messageNode } from "./message.js";
import { changed, messagesIn, on, roomOf, state } from "./state.js";

let drawn = new Map();
let shown = "";
let opener = null;

export function openThread(ts) {
  opener = document.activeElement;
  state.thread = { room: state.room, ts };
  changed("thread", "place");
  $("thread").querySelector("textarea")?.focus();
}

export function closeThread() {
  if (!state.thread) return;
  state.thread = null;
  changed("thread", "place");
  if (opener?.isConnected) opener.focus();
}

export function startThread() {
  on("thread messages fresh people", refresh);
  $("thread").addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !event.target.closest(".list")) closeThread();
  });
}

function refresh() {
  const panel = $("thread");
  const open = state.thread;
  const all = open ? messagesIn(open.room) : [];
  const root = all.find((message) => message.ts === open?.ts);
  $("frame").classList.toggle("threaded", Boolean(root));
  panel.hidden = !root;
  if (!root) { shown = ""; return; }
  const key = `${state.me} ${open.room} ${open.ts}`;
  if (shown !== key) frame(panel, open, key);
  const list = panel.querySelector(".list");
  const near = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  const replies = all.filter((message) => message.thread === open.ts);
  const words = replies.length === 1 ? "1 reply" : `${replies.length} replies`;
  const back = focusOf(list);
  arrange(list, [
    piece(root, "root"),
    h("li", { class: "thread-count" }, words),
    ...replies.map((reply) => piece(reply, "reply")),
  ]);
  back?.();
  if (near) list.scrollTop = list.scrollHeight;
}

function frame(panel, open, key) {
  shown = key;
  drawn = new Map();
  const list = h("ol", { class: "list", "aria-label": "Thread" });
  list.addEventListener("keydown", walk);
  const inner = h("div", { class: "thread-inner" }, list);
  fill(panel,
    h("header", {}, h("h2", {}, "Thread"), h("span", { class: "aside" }, `#${roomOf(open.room)?.name ?? ""}`),
      h("button", { class: "icon", type: "button", "aria-label": "Close the thread", onclick: closeThread }, icon("close"))),
    inner,
    composer({ room: () => open.room, thread: open.ts, id: "composer-thread", label: () => "Reply in the thread", className: "thread-composer" }));
}

function piece(message, kind) {
  const stamp = JSON.stringify(message);
  const known = drawn.get(message.ts);
  if (known?.stamp === stamp) return known.node;
  const node = messageNode(message, { follows: false, replies: [], open: null, kind });
  drawn.set(message.ts, { stamp, node });
  return node;
}
