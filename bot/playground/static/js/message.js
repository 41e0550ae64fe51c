/** One message: who, when, what it says, its reactions, its thread, and what can be done with it. */

import { h } from "./dom.js";
import { blocks } from "./blocks.js";
import { glyph, picked, spoken } from "./emoji.js";
import { avatar } from "./faces.js";
import { icon } from "./icons.js";
import { act } from "./link.js";
import { inMessage } from "./places.js";
import { openEmojis, openMenu } from "./popup.js";
import { notice, personName, productNow, state } from "./state.js";
import { mrkdwn, summary } from "./text.js";
import { clockTime, fullWhen, momentWords, ofTs, shortWhen } from "./times.js";

/** A message as a list item; `about` says whether it follows one of the same author, and its replies. */
export function messageNode(message, about) {
  const bot = message.user === state.team.bot;
  const node = h("li", {
    class: `message${about.follows ? " follows" : ""}${message.only ? " private" : ""}`, tabindex: -1,
    data: { ts: message.ts }, "aria-label": label(message),
  },
  about.follows ? h("span") : avatar(message.user),
  h("div", { class: "body" },
    !about.follows && head(message, bot, !about.open && !message.only),
    content(message, bot),
    reactions(message),
    about.replies?.length ? replies(message, about) : null),
  !message.only && tools(message, about));
  return node;
}

const author = (message) => (message.local ? "Local demo" : personName(message.user));
const label = (message) => `${author(message)}, ${clockTime(ofTs(message.ts))}: ${summary(message)}`;

function head(message, bot, threaded) {
  const at = ofTs(message.ts);
  return h("div", { class: "head" },
    h("span", { class: "who" }, author(message)),
    bot && h("span", { class: "tag" }, "APP"),
    h("time", { datetime: at.toISOString(), title: fullWhen(at) }, threaded ? momentWords(at, productNow()) : clockTime(at)),
    message.only && h("span", { class: "aside" }, "Only visible to you"));
}

function content(message, bot) {
  const boxed = bot && message.blocks.length;
  const inner = message.blocks.length
    ? blocks(message.blocks, inMessage(message))
    : h("div", { class: message.only ? "plain card" : "plain" }, mrkdwn(message.local ? escaped(message.text) : message.text));
  return h("div", { class: boxed ? "content card" : "content" }, inner,
    message.edited && h("span", { class: "aside" }, " (edited)"));
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function reactions(message) {
  if (!message.reactions?.length) return null;
  return h("div", { class: "reactions" }, message.reactions.map(({ name, users }) => {
    const mine = users.includes(state.me);
    const who = users.map(personName).join(", ");
    return h("button", {
      class: "reaction", type: "button", "aria-pressed": String(mine), title: `${who} · :${name}:`,
      "aria-label": `${spoken(name)}, ${users.length}: ${who}`, data: { key: `reaction ${name}` },
      onclick: () => react(message, name, !mine),
    }, h("span", { class: "glyph" }, glyph(name)), users.length);
  }));
}

async function react(message, name, on) {
  const answer = await act("react", { message: { channel: message.channel, ts: message.ts }, name, on });
  if (answer.failure) notice(message.channel, answer.failure, message.thread);
}

function replies(message, about) {
  const people = [...new Set(about.replies.map((reply) => reply.user))].slice(0, 4);
  const last = about.replies.at(-1);
  const count = about.replies.length;
  return h("button", { class: "replies", type: "button", onclick: () => about.open(message.ts), data: { key: "replies" } },
    h("span", { class: "faces" }, people.map((id) => avatar(id, true))),
    `${count} ${count === 1 ? "reply" : "replies"}`,
    h("span", { class: "when" }, `last ${shortWhen(ofTs(last.ts), productNow())}`));
}

function tools(message, about) {
  const pick = h("button", {
    class: "icon", type: "button", title: "Add a reaction", "aria-label": "Add a reaction", "aria-haspopup": "dialog", "aria-expanded": "false",
    data: { key: "pick" }, onclick: () => openEmojis(pick, picked(), spoken, (name) => react(message, name, true)),
  }, icon("smile"));
  const more = h("button", {
    class: "icon", type: "button", title: "More", "aria-label": "More for this message", "aria-haspopup": "menu", "aria-expanded": "false",
    data: { key: "more" }, onclick: () => openMenu(more, entries(message, about), "More for this message"),
  }, icon("dots"));
  return h("div", { class: "tools", role: "group", "aria-label": "Message tools" },
    h("button", { class: "icon wide", type: "button", title: "Vote: thumbs up", "aria-label": "React with thumbs up", data: { key: "up" }, onclick: () => react(message, "+1", true) }, "👍"),
    pick,
    about.open && h("button", { class: "icon wide", type: "button", title: "Reply in thread", "aria-label": "Reply in thread", data: { key: "reply" }, onclick: () => about.open(message.ts) }, icon("reply")),
    more);
}

function entries(message, about) {
  const items = state.offers.shortcuts.map((shortcut) => ({
    label: `${shortcut.name} · Mapkeeper`,
    run: async () => {
      const answer = await act("shortcut", { message: { channel: message.channel, ts: message.ts }, callback: shortcut.callback });
      if (answer.failure) notice(message.channel, answer.failure, message.thread);
    },
  }));
  if (about.open) items.push({ label: "Reply in thread", run: () => about.open(message.ts) });
  items.push({ label: "Copy the words", run: () => navigator.clipboard?.writeText(summary(message)) });
  return items;
}
