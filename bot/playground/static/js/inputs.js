/** The inputs of forms, with label, hint, what is wrong with them, and what stands in them. */

import { h } from "./dom.js";
import { peopleChoices, roomChoices } from "./elements.js";
import { openChoice } from "./popup.js";
import { plainWords, textObject } from "./text.js";

/** A labelled input. `place.typed(block)` is what stood there, `place.put(block, value)` hears what is put in. */
export function field(block, place) {
  const id = `field-${block.block_id}`;
  const one = block.element;
  const about = [block.hint && `${id}-hint`, `${id}-wrong`].filter(Boolean).join(" ");
  const input = (INPUTS[one.type] ?? INPUTS.plain_text_input)(one, {
    id, about, block,
    value: place.typed(block),
    put: (value) => place.put(block, value),
    suggest: (typed) => place.suggest(block, one, typed),
  });
  const many = input.classList.contains("ticks");
  const label = [textObject(block.label), block.optional && h("span", { class: "optional" }, " · optional")];
  return h(many ? "fieldset" : "div", { class: "field", data: { block: block.block_id } },
    many ? h("legend", {}, label) : h("label", { for: id }, label),
    input,
    block.hint && h("div", { class: "about", id: `${id}-hint` }, textObject(block.hint)),
    h("div", { class: "wrong", id: `${id}-wrong`, role: "alert" }));
}

/** Shows what is wrong beside one field, or that nothing is. */
export function showWrong(node, words) {
  node.querySelector(".wrong").textContent = words ?? "";
  const input = node.querySelector("input, textarea, select, button");
  if (words) input?.setAttribute("aria-invalid", "true");
  else input?.removeAttribute("aria-invalid");
}

function typing(kind, mode) {
  return (one, { id, about, value, put }) => {
    const many = one.type === "plain_text_input" && one.multiline;
    const node = h(many ? "textarea" : "input", {
      id, type: many ? null : kind, inputmode: mode, placeholder: plainWords(one.placeholder), autofocus: one.focus_on_load,
      "aria-describedby": about, autocomplete: "off", rows: many ? 4 : null,
      oninput: () => put(node.value),
    });
    node.value = value ?? one.initial_value ?? "";
    return node;
  };
}

function picker(kind, initial) {
  return (one, { id, about, value, put }) => {
    const node = h("input", { id, type: kind, "aria-describedby": about, onchange: () => put(node.value || null) });
    node.value = value ?? one[initial] ?? "";
    return node;
  };
}

function moment(one, { id, about, value, put }) {
  const first = value ?? one.initial_date_time;
  const node = h("input", {
    id, type: "datetime-local", "aria-describedby": about,
    onchange: () => put(node.value ? Math.floor(Date.parse(`${node.value}Z`) / 1000) : null),
  });
  node.value = first ? new Date(first * 1000).toISOString().slice(0, 16) : "";
  return node;
}

const options = (list) => list.map((option) => ({ label: plainWords(option.text), value: option.value }));

function select(load, initial) {
  return (one, { id, about, value, put, block }) => {
    const chosen = value !== undefined ? value : initial(one);
    const node = h("select", { id, "aria-describedby": about, onchange: () => put(node.value || null) });
    const first = h("option", { value: "" }, plainWords(one.placeholder) || (block.optional ? "–" : "Choose…"));
    if (block.optional || !chosen) node.append(first);
    for (const group of load(one)) {
      const made = group.options.map((option) => h("option", { value: option.value }, option.label));
      if (group.label) node.append(h("optgroup", { label: group.label }, made));
      else node.append(...made);
    }
    node.value = chosen ?? "";
    return node;
  };
}

const groupsOf = (one) => (one.option_groups
  ? one.option_groups.map((group) => ({ label: plainWords(group.label), options: options(group.options) }))
  : [{ options: options(one.options ?? []) }]);

function ticks(type, load, initial) {
  return (one, { id, about, value, put }) => {
    const chosen = new Set(value !== undefined ? [value].flat() : initial(one));
    const list = load(one).flatMap((group) => group.options);
    const inputs = list.map((option, index) => h("input", {
      type, name: id, value: option.value, checked: chosen.has(option.value), id: index ? null : id,
    }));
    const node = h("div", { class: list.length > 6 ? "ticks many" : "ticks", "aria-describedby": about }, list.map((option, index) =>
      h("label", { class: "tick" }, inputs[index], h("span", {}, option.label, option.more && h("span", { class: "more" }, option.more)))));
    node.addEventListener("change", () => {
      const on = inputs.filter((input) => input.checked).map((input) => input.value);
      put(type === "radio" ? on[0] ?? null : on);
    });
    return node;
  };
}

const described = (one) => [{ options: one.options.map((option) => ({
  label: plainWords(option.text), value: option.value, more: plainWords(option.description) })) }];
const people = () => [{ options: peopleChoices() }];
const rooms = () => [{ options: roomChoices() }];
const values = (list) => (list ?? []).map((option) => option.value);

function external(one, { id, value, put, suggest }) {
  const shown = h("span", { class: "label" }, value ?? plainWords(one.initial_option?.text) ?? "");
  const node = h("button", {
    id, class: "button choice", type: "button", "aria-haspopup": "listbox", "aria-expanded": "false",
    onclick: () => openChoice(node, async (typed) => [{ options: options(await suggest(typed)) }], (picked) => {
      shown.textContent = picked;
      put(picked);
    }, { label: plainWords(one.placeholder) || "Choose", filter: true }),
  }, shown.textContent ? shown : h("span", { class: "label placeholder" }, "Choose…"), h("span", { class: "caret" }, "▼"));
  return node;
}

const INPUTS = {
  plain_text_input: typing("text"), email_text_input: typing("email"), url_text_input: typing("url"), number_input: typing("text", "numeric"),
  datepicker: picker("date", "initial_date"), timepicker: picker("time", "initial_time"), datetimepicker: moment,
  static_select: select(groupsOf, (one) => one.initial_option?.value), users_select: select(people, (one) => one.initial_user),
  channels_select: select(rooms, (one) => one.initial_channel), conversations_select: select(rooms, (one) => one.initial_conversation),
  external_select: external, multi_external_select: external,
  multi_static_select: ticks("checkbox", groupsOf, (one) => values(one.initial_options)),
  multi_users_select: ticks("checkbox", people, (one) => one.initial_users ?? []),
  multi_channels_select: ticks("checkbox", rooms, (one) => one.initial_channels ?? []),
  multi_conversations_select: ticks("checkbox", rooms, (one) => one.initial_conversations ?? []),
  checkboxes: ticks("checkbox", described, (one) => values(one.initial_options)),
  radio_buttons: ticks("radio", described, (one) => (one.initial_option ? [one.initial_option.value] : [])),
};
