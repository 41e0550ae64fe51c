/** Words as Slack writes them, as elements: mrkdwn, plain text objects and rich text. People's words are only ever text. */

import { h } from "./dom.js";
import { glyph, known } from "./emoji.js";
import { personName, roomOf } from "./state.js";

const INLINE = /```([\s\S]+?)```|`([^`\n]+)`|<([^<>\n]+)>|:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):|(?<![\w*])\*([^*\n]+)\*(?!\w)|(?<!\w)_([^_\n]+)_(?!\w)|(?<![\w~])~([^~\n]+)~(?!\w)/;

const unescaped = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

const LONG = 1800;

/** Very long words are folded until somebody wants all of them. */
function folded(line) {
  const length = line.textContent.length;
  if (length < LONG) return line;
  line.classList.add("folded");
  const more = h("button", {
    class: "unfold", type: "button", onclick: () => { line.classList.remove("folded"); more.remove(); },
  }, `Show all ${length.toLocaleString("en")} characters`);
  return h("div", {}, line, more);
}

/** mrkdwn as a list of lines. */
export function mrkdwn(text) {
  const parts = [];
  let quoted = null;
  for (const line of text.split("\n")) {
    if (line.startsWith("&gt;")) {
      if (!quoted) parts.push((quoted = h("blockquote", { class: "line" })));
      else quoted.append("\n");
      quoted.append(...inline(line.slice(4).trimStart()));
      continue;
    }
    if (parts.length && !quoted) parts.push("\n");
    quoted = null;
    parts.push(...inline(line));
  }
  return folded(h("div", { class: "line" }, parts));
}

function inline(text) {
  const parts = [];
  let rest = text;
  for (;;) {
    const found = INLINE.exec(rest);
    if (!found) break;
    if (found.index) parts.push(unescaped(rest.slice(0, found.index)));
    parts.push(marked(found));
    rest = rest.slice(found.index + found[0].length);
  }
  if (rest) parts.push(unescaped(rest));
  return parts;
}

function marked([whole, block, code, entity, emoji, bold, italic, struck]) {
  if (block !== undefined) return h("code", {}, unescaped(block));
  if (code !== undefined) return h("code", {}, unescaped(code));
  if (entity !== undefined) return live(entity);
  if (emoji !== undefined) return known(emoji) ? glyph(emoji) : unescaped(whole);
  if (bold !== undefined) return h("strong", {}, inline(bold));
  if (italic !== undefined) return h("em", {}, inline(italic));
  return h("s", {}, inline(struck));
}

function live(entity) {
  const [target, label] = entity.split("|");
  if (target.startsWith("@")) return mention(`@${label ?? personName(target.slice(1))}`);
  if (target.startsWith("#")) return mention(`#${label ?? roomOf(target.slice(1))?.name ?? "private channel"}`);
  if (target.startsWith("!")) return mention(label ?? `@${target.slice(1).split("^")[0]}`);
  return link(unescaped(target), unescaped(label ?? target));
}

const mention = (words) => h("span", { class: "mention" }, words);

export function link(address, words) {
  if (!/^(https?:|mailto:)/i.test(address)) return words;
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, words);
}

/** A text object: plain_text or mrkdwn. */
export function textObject(text) {
  if (!text) return "";
  if (text.type === "mrkdwn") return mrkdwn(text.text);
  return text.emoji === false ? text.text : withEmoji(text.text);
}

export const plainWords = (text) => (text ? (text.type === "mrkdwn" ? unescaped(text.text) : text.text) : "");

function withEmoji(words) {
  return words.replace(/:([a-z0-9_+'-]+):/g, (whole, name) => (known(name) ? glyph(name) : whole));
}

/** A rich_text block. */
export function richText(block) {
  return h("div", { class: "rich" }, block.elements.map(richPart));
}

function richPart(part) {
  switch (part.type) {
    case "rich_text_list": {
      const list = h(part.style === "ordered" ? "ol" : "ul", { start: part.offset ? part.offset + 1 : null });
      list.append(...part.elements.map((line) => h("li", {}, line.elements.map(richInline))));
      return list;
    }
    case "rich_text_quote": return folded(h("blockquote", { class: "line" }, part.elements.map(richInline)));
    case "rich_text_preformatted": return folded(h("pre", { class: "line" }, part.elements.map(richInline)));
    default: return folded(h("div", { class: "line" }, part.elements.map(richInline)));
  }
}

function richInline(one) {
  return styled(inlineWords(one), one.style ?? {});
}

function inlineWords(one) {
  switch (one.type) {
    case "text": return one.text;
    case "link": return link(one.url, one.text || one.url);
    case "emoji": return glyph(one.name);
    case "user": return mention(`@${personName(one.user_id)}`);
    case "channel": return mention(`#${roomOf(one.channel_id)?.name ?? "private channel"}`);
    case "broadcast": return mention(`@${one.range}`);
    case "usergroup": return mention("@group");
    case "date": return one.fallback ?? new Date(one.timestamp * 1000).toUTCString();
    default: return one.value ?? "";
  }
}

function styled(words, style) {
  let found = words;
  if (style.code) found = h("code", {}, found);
  if (style.bold) found = h("strong", {}, found);
  if (style.italic) found = h("em", {}, found);
  if (style.strike) found = h("s", {}, found);
  return found;
}

/** All words of a message in one line, for lists and screen readers. */
export function summary(message) {
  const words = message.text || collect(message.blocks).join(" ");
  return unescaped(words.replace(/\s+/g, " ")).slice(0, 160);
}

function collect(value) {
  if (Array.isArray(value)) return value.flatMap(collect);
  if (value && typeof value === "object") {
    return typeof value.text === "string" ? [value.text] : Object.values(value).flatMap(collect);
  }
  return [];
}
