/** What can be pressed or chosen inside a block: buttons, menus, pickers. */

import { h } from "./dom.js";
import { openChoice, openMenu } from "./popup.js";
import { plainWords, textObject } from "./text.js";
import { state } from "./state.js";
import { confirmed } from "./confirm.js";

/** `place` does the deed: `press(block, element, value)` and `suggest(block, element, typed)`. */
export function element(block, one, place) {
  const made = KINDS[one.type]?.(block, one, place);
  return made ?? h("span", { class: "nothing" }, `(${one.type})`);
}

async function pressed(node, block, one, place, value) {
  if (one.confirm && !(await confirmed(one.confirm, node))) return;
  if (node.getAttribute("aria-busy") === "true") return;
  node.setAttribute("aria-busy", "true");
  await place.press(block, one, value);
  node.removeAttribute("aria-busy");
}

function button(block, one, place) {
  const kind = one.style === "primary" ? " primary" : one.style === "danger" ? " danger" : "";
  const node = h("button", {
    class: `button${kind}`, type: "button", "aria-label": one.accessibility_label, data: { key: `${block.block_id} ${one.action_id}` },
    onclick: () => {
      if (one.url && /^https?:/i.test(one.url)) window.open(one.url, "_blank", "noopener,noreferrer");
      pressed(node, block, one, place, null);
    },
  }, textObject(one.text));
  return node;
}

function overflow(block, one, place) {
  const node = h("button", {
    class: "button more", type: "button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": "More",
    data: { key: `${block.block_id} ${one.action_id}` },
    onclick: () => openMenu(node, one.options.map((option) => ({
      label: plainWords(option.text),
      run: () => {
        if (option.url && /^https?:/i.test(option.url)) window.open(option.url, "_blank", "noopener,noreferrer");
        pressed(node, block, one, place, option.value);
      },
    })), "More"),
  }, "⋯");
  return node;
}

/** A button that opens a list and keeps what was chosen in sight. */
function chooser(block, one, place, load, filter) {
  const label = plainWords(one.placeholder) || "Choose";
  const first = one.initial_option ? plainWords(one.initial_option.text) : "";
  const shown = h("span", { class: first ? "label" : "label placeholder" }, first || label);
  const node = h("button", {
    class: "button choice", type: "button", "aria-haspopup": "listbox", "aria-expanded": "false",
    data: { key: `${block.block_id} ${one.action_id}` },
    onclick: () => openChoice(node, load, (value) => pressed(node, block, one, place, value), { label, filter }),
  }, shown, h("span", { class: "caret", "aria-hidden": "true" }, "▼"));
  return node;
}

const asChoices = (options) => options.map((option) => ({ label: plainWords(option.text), value: option.value }));
const fitting = (options, typed) => options.filter((option) => option.label.toLowerCase().includes(typed.trim().toLowerCase()));

function staticSelect(block, one, place) {
  const groups = one.option_groups
    ? one.option_groups.map((group) => ({ label: plainWords(group.label), options: asChoices(group.options) }))
    : [{ options: asChoices(one.options ?? []) }];
  const many = groups.reduce((sum, group) => sum + group.options.length, 0) > 8;
  const load = (typed) => groups
    .map((group) => ({ ...group, options: fitting(group.options, typed) }))
    .filter((group) => group.options.length);
  return chooser(block, one, place, load, many);
}

function externalSelect(block, one, place) {
  const least = one.min_query_length ?? 3;
  const load = async (typed) => {
    if (typed.length < least) return [];
    return [{ options: asChoices(await place.suggest(block, one, typed)) }];
  };
  return chooser(block, one, place, load, true);
}

export const peopleChoices = () => [...state.people.values()].filter((person) => !person.bot)
  .map((person) => ({ label: person.full, value: person.id }));
export const roomChoices = () => state.rooms.filter((room) => !room.direct)
  .map((room) => ({ label: `#${room.name}`, value: room.id }));

const usersSelect = (block, one, place) => chooser(block, one, place, (typed) => [{ options: fitting(peopleChoices(), typed) }], true);
const roomsSelect = (block, one, place) => chooser(block, one, place, (typed) => [{ options: fitting(roomChoices(), typed) }], true);

function picker(kind, initial) {
  return (block, one, place) => {
    const node = h("input", {
      class: "button", type: kind, value: one[initial] ?? "", "aria-label": plainWords(one.placeholder) || kind,
      onchange: () => node.value && pressed(node, block, one, place, node.value),
    });
    return node;
  };
}

function momentPicker(block, one, place) {
  const first = one.initial_date_time ? new Date(one.initial_date_time * 1000).toISOString().slice(0, 16) : "";
  const node = h("input", {
    class: "button", type: "datetime-local", value: first, "aria-label": "Date and time",
    onchange: () => node.value && pressed(node, block, one, place, Math.floor(Date.parse(`${node.value}Z`) / 1000)),
  });
  return node;
}

function ticks(type) {
  return (block, one, place) => {
    const on = (type === "radio" ? [one.initial_option] : one.initial_options ?? []).map((option) => option?.value);
    const inputs = one.options.map((option) => h("input", {
      type, name: `${block.block_id} ${one.action_id}`, value: option.value, checked: on.includes(option.value),
    }));
    const group = h("div", { class: "ticks", role: type === "radio" ? "radiogroup" : "group" }, one.options.map((option, index) =>
      h("label", { class: "tick" }, inputs[index], h("span", {}, textObject(option.text),
        option.description && h("span", { class: "more" }, textObject(option.description))))));
    group.addEventListener("change", () => {
      const chosen = inputs.filter((input) => input.checked).map((input) => input.value);
      pressed(group, block, one, place, type === "radio" ? chosen[0] : chosen);
    });
    return group;
  };
}

const KINDS = {
  button, overflow, static_select: staticSelect, external_select: externalSelect, users_select: usersSelect,
  channels_select: roomsSelect, conversations_select: roomsSelect, datepicker: picker("date", "initial_date"),
  timepicker: picker("time", "initial_time"), datetimepicker: momentPicker, checkboxes: ticks("checkbox"), radio_buttons: ticks("radio"),
};
