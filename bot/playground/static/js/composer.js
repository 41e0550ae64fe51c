/** Where one writes: messages and slash commands, with completion and hints. What is not sent survives a reload. */

import { h } from "./dom.js";
import { focusLast } from "./feed.js";
import { icon } from "./icons.js";
import { act } from "./link.js";
import { notice, state } from "./state.js";

const MOST = 40_000;
const TELL_FROM = 2_000;
const boxes = new Set();

/** A box to write in. `room()` is where it goes, `label()` what it is for. */
export function composer({ room, thread = "", id, label, className = "" }) {
  const area = h("textarea", { id, rows: 1, spellcheck: "true", "aria-label": label(), placeholder: label() });
  const list = h("ul", { class: "completion", role: "listbox", id: `${id}-list`, "aria-label": "Commands", hidden: true });
  const hint = h("div", { class: "hint", id: `${id}-hint` });
  const send = h("button", { class: "send", type: "submit", "aria-label": "Send", title: "Send (Enter)" }, icon("send"));
  area.setAttribute("aria-describedby", hint.id);
  const form = h("form", { class: "writing" }, area, send);
  const box = { area, list, hint, send, room, thread, id, label, offers: [], at: 0, history: null };
  form.addEventListener("submit", (event) => { event.preventDefault(); deliver(box); });
  area.addEventListener("input", () => typed(box));
  area.addEventListener("keydown", (event) => keys(box, event));
  area.addEventListener("blur", () => setTimeout(() => { list.hidden = true; }, 120));
  area.addEventListener("focus", () => typed(box));
  boxes.add(box);
  recall(box);
  return h("div", { class: className }, list, form, hint);
}

/** Puts words into the main box and the cursor behind them. */
export function write(words) {
  const box = [...boxes].find((one) => one.id === "composer-main");
  box.area.value = words;
  box.area.focus();
  typed(box);
}

/** The room or the person changed: each box shows what was being written there. */
export function recallAll() {
  for (const box of boxes) {
    if (!box.area.isConnected && box.id !== "composer-main") { boxes.delete(box); continue; }
    recall(box);
  }
}

const shelf = (box) => `draft ${state.me} ${box.room()} ${box.thread}`;

function recall(box) {
  box.area.placeholder = box.label();
  box.area.setAttribute("aria-label", box.label());
  box.area.value = sessionStorage.getItem(shelf(box)) ?? "";
  grow(box);
  hintFor(box);
  box.list.hidden = true;
}

function typed(box) {
  const words = box.area.value;
  if (words) sessionStorage.setItem(shelf(box), words.slice(0, MOST + 5000));
  else sessionStorage.removeItem(shelf(box));
  grow(box);
  complete(box);
  hintFor(box);
}

function grow({ area, send }) {
  area.style.setProperty("height", "auto");
  if (area.value) area.style.setProperty("height", `${area.scrollHeight}px`);
  send.disabled = !area.value.trim();
}

function hintFor({ area, hint, thread }) {
  const words = area.value;
  const command = state.offers.commands.find((one) => words === one.name || words.startsWith(`${one.name} `));
  const left = words.length > TELL_FROM ? `${words.length.toLocaleString("en")} of ${MOST.toLocaleString("en")} characters. ` : "";
  hint.replaceChildren();
  if (words.length > MOST) hint.append(`${left}Please shorten it or send it in parts.`);
  else if (command && thread) hint.append("Slash commands work in the channel, not in a thread.");
  else if (command) hint.append(left, h("b", {}, command.name), ` ${command.hint}`);
  else if (left) hint.append(left);
  else if (!words && !thread) hint.append(h("span", { class: "keys" }, "Enter sends · / lists the commands · ↑ goes to the messages"));
}

/** Commands that begin as what is typed, and for one with a list of words (new | use | map …) those words. */
function offersFor(words) {
  if (!words.startsWith("/") || words.includes("\n")) return [];
  const exact = state.offers.commands.find((one) => words.startsWith(`${one.name} `));
  if (!exact) {
    return state.offers.commands.filter((one) => one.name.startsWith(words) && one.name !== words)
      .map((one) => ({ put: `${one.name} `, head: one.name, what: one.what, hint: one.hint }));
  }
  if (!exact.hint.includes("|")) return [];
  const rest = words.slice(exact.name.length + 1);
  return exact.hint.split("|").map((part) => part.trim()).filter((part) => part.startsWith(rest) && part !== rest)
    .map((part) => ({ put: `${exact.name} ${part}`, head: part.split(" ")[0], what: `${exact.name} ${part}`, hint: "" }));
}

function complete(box) {
  box.offers = box.thread || document.activeElement !== box.area ? [] : offersFor(box.area.value);
  box.at = 0;
  box.list.replaceChildren(...box.offers.map((offer, index) => h("li", {
    role: "option", id: `${box.id}-${index}`, onpointerdown: (event) => { event.preventDefault(); choose(box, index); },
  }, h("b", {}, offer.head), h("span", { class: "what" }, offer.what, offer.hint && h("i", {}, ` · ${offer.hint}`)))));
  box.list.hidden = !box.offers.length;
  mark(box);
}

function mark(box) {
  [...box.list.children].forEach((node, index) => node.setAttribute("aria-selected", String(index === box.at)));
  if (box.offers.length) box.area.setAttribute("aria-activedescendant", `${box.id}-${box.at}`);
  else box.area.removeAttribute("aria-activedescendant");
}

function choose(box, index) {
  box.area.value = box.offers[index].put;
  typed(box);
}

function keys(box, event) {
  const offering = !box.list.hidden && box.offers.length;
  if (event.isComposing) return;
  if (offering && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    box.at = (box.at + (event.key === "ArrowDown" ? 1 : -1) + box.offers.length) % box.offers.length;
    mark(box);
  } else if (offering && event.key === "Tab" && !event.shiftKey) {
    event.preventDefault();
    choose(box, box.at);
  } else if (offering && event.key === "Escape") {
    event.preventDefault();
    box.list.hidden = true;
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    const exact = state.offers.commands.some((one) => one.name === box.area.value.trim());
    if (offering && !exact && !box.area.value.includes(" ")) choose(box, box.at);
    else deliver(box);
  } else if (event.key === "ArrowUp" && !box.area.value) {
    event.preventDefault();
    const list = box.thread ? document.querySelector("#thread .list") : document.getElementById("messages");
    focusLast(list);
  }
}

async function deliver(box) {
  const words = box.area.value;
  if (!words.trim()) return;
  const room = box.room();
  const key = shelf(box);
  if (words.length > MOST) { hintFor(box); return; }
  const isCommand = /^\/[^\s/]/.test(words) && !box.thread;
  box.area.value = "";
  typed(box);
  const answer = isCommand ? await act("command", asCommand(words, room)) : await act("say", { channel: room, text: words, thread: box.thread || null });
  if (!answer.failure) return;
  notice(room, answer.failure, box.thread || undefined);
  if (answer.back && shelf(box) === key && !box.area.value) { box.area.value = words; typed(box); }
}

function asCommand(words, channel) {
  const cut = words.search(/\s/);
  return cut < 0 ? { channel, name: words, text: "" } : { channel, name: words.slice(0, cut), text: words.slice(cut + 1) };
}
