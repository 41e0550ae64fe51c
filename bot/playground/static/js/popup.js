/** One popup at a time: a menu, a choice with a filter, or a grid of emoji; by mouse, touch and keys. */

import { $, fill, h } from "./dom.js";

let opened = null;

export function closePopup(focusBack = true) {
  if (!opened) return;
  const { anchor } = opened;
  opened = null;
  $("popup").hidden = true;
  anchor.setAttribute("aria-expanded", "false");
  if (focusBack && anchor.isConnected) anchor.focus();
}

function openPopup(anchor, content, label, role) {
  const again = opened?.anchor === anchor;
  closePopup(false);
  if (again) return false;
  const popup = $("popup");
  (anchor.closest("dialog") ?? document.body).append(popup);
  fill(popup, content);
  for (const [name, value] of [["role", role], ["aria-label", label]]) {
    if (value) popup.setAttribute(name, value);
    else popup.removeAttribute(name);
  }
  popup.hidden = false;
  opened = { anchor };
  anchor.setAttribute("aria-expanded", "true");
  place(popup, anchor.getBoundingClientRect());
  return true;
}

function place(popup, spot) {
  const { offsetWidth: width, offsetHeight: height } = popup;
  const below = spot.bottom + 4 + height <= innerHeight - 8 || spot.top < height + 12;
  const left = Math.max(8, Math.min(spot.left, innerWidth - width - 8));
  const top = below ? Math.min(spot.bottom + 4, innerHeight - height - 8) : spot.top - height - 4;
  popup.style.setProperty("left", `${left}px`);
  popup.style.setProperty("top", `${Math.max(8, top)}px`);
}

/** A menu of `{label, run, danger}`. */
export function openMenu(anchor, items, label) {
  const buttons = items.map((item) => h("button", {
    class: item.danger ? "item danger" : "item", role: "menuitem", type: "button", tabindex: -1,
    onclick: () => { closePopup(); item.run(); },
  }, h("span", { class: "label" }, item.label)));
  if (!openPopup(anchor, buttons, label, "menu")) return;
  buttons[0]?.focus();
  $("popup").onkeydown = (event) => moveAmong(event, buttons, { ArrowDown: 1, ArrowUp: -1 });
}

/** A grid of emoji; `pick` gets the name. */
export function openEmojis(anchor, emojis, spoken, pick) {
  const buttons = emojis.map(([name, glyph]) => h("button", {
    type: "button", title: spoken(name), "aria-label": spoken(name), onclick: () => { closePopup(); pick(name); },
  }, glyph));
  if (!openPopup(anchor, h("div", { class: "emojis" }, buttons), "Pick a reaction", "dialog")) return;
  buttons[0].focus();
  $("popup").onkeydown = (event) => moveAmong(event, buttons, { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 8, ArrowUp: -8 });
}

function moveAmong(event, buttons, steps) {
  if (event.key === "Escape") { event.stopPropagation(); event.preventDefault(); closePopup(); return; }
  if (event.key === "Tab") { event.preventDefault(); closePopup(); return; }
  const last = buttons.length - 1;
  const at = buttons.indexOf(document.activeElement);
  let next = null;
  if (event.key in steps) next = Math.max(0, Math.min(last, at + steps[event.key]));
  if (event.key === "Home") next = 0;
  if (event.key === "End") next = last;
  if (next === null) return;
  event.preventDefault();
  buttons[next].focus();
}

/** A list to choose one from; `load(typed)` answers groups `[{label, options: [{label, value}]}]`, at once or later. */
export function openChoice(anchor, load, pick, { label, filter }) {
  const list = h("div", { role: "listbox", id: "choices", "aria-label": label, tabindex: filter ? -1 : 0 });
  const input = filter && h("input", {
    class: "filter", role: "combobox", "aria-expanded": "true", "aria-controls": "choices", "aria-label": `Find in ${label}`,
    placeholder: "Find…", autocomplete: "off",
  });
  if (!openPopup(anchor, [input, list], "", "")) return;
  const holder = input || list;
  let options = [];
  let at = 0;
  const mark = (index) => {
    at = Math.max(0, Math.min(options.length - 1, index));
    options.forEach(({ node }, place) => {
      node.classList.toggle("active", place === at);
      node.setAttribute("aria-selected", String(place === at));
    });
    options[at]?.node.scrollIntoView({ block: "nearest" });
    if (options[at]) holder.setAttribute("aria-activedescendant", options[at].node.id);
    else holder.removeAttribute("aria-activedescendant");
  };
  const show = async () => {
    const groups = await load(input ? input.value : "");
    if (opened?.anchor !== anchor) return;
    options = [];
    fill(list, groups.map((group) => [group.label && h("div", { class: "group-label" }, group.label), group.options.map((option) => {
      const node = h("div", {
        class: "item", role: "option", id: `choice-${options.length}`, title: option.label,
        onclick: () => { closePopup(); pick(option.value); },
      }, h("span", { class: "label" }, option.label));
      options.push({ node, option });
      return node;
    })]));
    if (!options.length) fill(list, h("div", { class: "nothing" }, "Nothing fits."));
    mark(0);
    place($("popup"), anchor.getBoundingClientRect());
  };
  input && input.addEventListener("input", show);
  $("popup").onkeydown = (event) => {
    if (event.key === "Escape" || event.key === "Tab") { event.stopPropagation(); event.preventDefault(); closePopup(); }
    else if (event.key === "ArrowDown") { event.preventDefault(); mark(at + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); mark(at - 1); }
    else if (event.key === "Enter") { event.preventDefault(); options[at]?.node.click(); }
  };
  show();
  holder.focus();
}

document.addEventListener("pointerdown", (event) => {
  if (opened && !$("popup").contains(event.target) && !opened.anchor.contains(event.target)) closePopup(false);
});
addEventListener("resize", () => closePopup(false));
