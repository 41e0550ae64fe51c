/** Block Kit, drawn block by block. https://docs.slack.dev/reference/block-kit/blocks */

import { h } from "./dom.js";
import { element } from "./elements.js";
import { field } from "./inputs.js";
import { mrkdwn, plainWords, richText, textObject } from "./text.js";

/** Blocks as they stand in a message, a form or the Home tab; `place` does what is pressed in them. */
export function blocks(list, place) {
  return h("div", { class: "blocks" }, list.map((block) => KINDS[block.type]?.(block, place) ?? unknown(block)));
}

const unknown = (block) => h("div", { class: "block-context" }, `(a ${block.type} block)`);

function section(block, place) {
  const text = h("div", { class: "text" }, textObject(block.text),
    block.fields && h("div", { class: "fields" }, block.fields.map((one) => h("div", {}, textObject(one)))));
  const extra = block.accessory && (block.accessory.type === "image"
    ? picture(block.accessory, "accessory") : element(block, block.accessory, place));
  return h("div", { class: "block-section" }, text, extra);
}

const header = (block) => h("h3", { class: "block-header" }, textObject(block.text));

function context(block) {
  return h("div", { class: "block-context" }, block.elements.map((one) =>
    (one.type === "image" ? picture(one) : h("span", {}, textObject(one)))));
}

const actions = (block, place) => h("div", { class: "block-actions" }, block.elements.map((one) => element(block, one, place)));

function image(block) {
  return h("figure", { class: "block-image" }, block.title && h("figcaption", { class: "block-context" }, textObject(block.title)), picture(block));
}

/** A picture from this machine; one from elsewhere is named and not fetched. */
function picture(one, kind = "") {
  const address = one.image_url ?? "";
  const own = /^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?\/(.+)$/.exec(address);
  if (!own) return h("div", { class: "no-picture" }, `Picture: ${one.alt_text}`);
  return h("img", { class: kind, src: `/picture/${own[3]}`, alt: one.alt_text, loading: "lazy" });
}

function table(block) {
  const cell = (one) => (one.type === "raw_text" ? one.text : richText(one));
  return h("div", { class: "block-table" }, h("table", {}, block.rows.map((row) => h("tr", {}, row.map((one) => h("td", {}, cell(one)))))));
}

const KINDS = {
  section, header, context, actions, image, table,
  divider: () => h("hr", { class: "block-divider" }),
  rich_text: richText,
  markdown: (block) => mrkdwn(block.text),
  input: (block, place) => field(block, place),
};

export { plainWords };
