/** The forms of a person: the top of their stack in a dialog, filled, sent and closed. What is typed survives a reload. */

import { $, announce, fill, h } from "./dom.js";
import { blocks } from "./blocks.js";
import { icon } from "./icons.js";
import { showWrong } from "./inputs.js";
import { act } from "./link.js";
import { inView } from "./places.js";
import { closePopup } from "./popup.js";
import { on, state } from "./state.js";
import { plainWords, textObject } from "./text.js";

const SAVE_AFTER = 250;
let shown = null;
let opener = null;

export function startModal() {
  const dialog = $("modal");
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); if (shown) close(shown, false); });
  on("views", () => refresh(dialog));
}

function refresh(dialog) {
  const view = state.views.at(-1);
  if (!view) {
    if (shown) { closePopup(false); shown = null; dialog.close(); back(); }
    return;
  }
  if (shown?.id === view.id && shown.hash === view.hash) {
    shown.errors = view.errors;
    showErrors(dialog, view);
    return;
  }
  if (!shown) opener = document.activeElement;
  const kept = shown?.id === view.id ? stillAsked(view, shown.values) : {};
  shown = { ...view, values: kept };
  draw(dialog, shown);
  if (!dialog.open) dialog.showModal();
  focusFirst(dialog);
  showErrors(dialog, view);
}

/** Of what was typed that for which the form, become another one, still has an input. */
function stillAsked(view, values) {
  const asked = new Set(view.blocks.map((block) => block.block_id));
  return Object.fromEntries(Object.entries(values).filter(([name]) => asked.has(name)));
}

function back() {
  const place = opener?.isConnected ? opener : document.querySelector("#composer textarea");
  opener = null;
  place?.focus();
}

function draw(dialog, view) {
  const deep = state.views.length > 1;
  const place = inView(view, (words) => failed(dialog, words), {
    typed: (block) => (block.block_id in view.values ? view.values[block.block_id] : typedBefore(view, block)),
    put: (block, value) => put(view, block, value),
  });
  const submit = view.submit && h("button", { class: "button primary", type: "submit" }, textObject(view.submit));
  const form = h("form", { class: "inside-form", novalidate: true, onsubmit: (event) => { event.preventDefault(); send(dialog, view, submit); } },
    h("header", {},
      deep && h("button", { class: "icon", type: "button", "aria-label": "Back", onclick: () => close(view, false) }, icon("back")),
      h("h2", { id: "modal-title" }, textObject(view.title)),
      h("button", { class: "icon", type: "button", "aria-label": "Close", onclick: () => close(view, true) }, icon("close"))),
    h("div", { class: "inside" }, blocks(view.blocks, place)),
    h("footer", {},
      h("button", { class: "button", type: "button", onclick: () => close(view, false) }, view.close ? textObject(view.close) : "Cancel"),
      submit));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
  });
  fill(dialog, form);
}

function focusFirst(dialog) {
  const inputs = [...dialog.querySelectorAll(".field textarea, .field input, .field select")];
  const needed = inputs.find((input) => !input.value && !input.closest(".field").querySelector(".optional"));
  const place = dialog.querySelector("[autofocus]") ?? needed ?? inputs.find((input) => input.tagName === "TEXTAREA") ?? inputs[0];
  (place ?? dialog.querySelector("footer .button:last-child")).focus();
}

function typedBefore(view, block) {
  const state_ = Object.values(state.typed[view.id]?.[block.block_id] ?? {})[0];
  if (!state_) return undefined;
  const { type, ...held } = state_;
  const value = Object.values(held)[0];
  if (Array.isArray(value)) return value.map((one) => one?.value ?? one);
  return value?.value ?? value ?? null;
}

function put(view, block, value) {
  view.values[block.block_id] = value;
  const node = $("modal").querySelector(`[data-block="${CSS.escape(block.block_id)}"]`);
  if (node) showWrong(node, "");
  clearTimeout(view.saving);
  view.saving = setTimeout(() => { if (shown === view) act("fill", { view: view.id, values: view.values }); }, SAVE_AFTER);
}

async function send(dialog, view, submit) {
  if (submit.getAttribute("aria-busy") === "true") return;
  clearTimeout(view.saving);
  submit.setAttribute("aria-busy", "true");
  const answer = await act("submit", { view: view.id, values: view.values });
  submit.removeAttribute("aria-busy");
  if (answer.failure && shown === view) failed(dialog, answer.failure);
}

function close(view, everything) {
  clearTimeout(view.saving);
  act("close", { view: view.id, everything });
}

function failed(dialog, words) {
  dialog.querySelector(".failed")?.remove();
  dialog.querySelector(".inside")?.prepend(h("div", { class: "failed", role: "alert" }, words));
}

function showErrors(dialog, view) {
  let first = null;
  for (const node of dialog.querySelectorAll(".field")) {
    const words = view.errors[node.dataset.block];
    showWrong(node, words);
    if (words && !first) first = node;
  }
  if (!first) return;
  first.scrollIntoView({ block: "nearest" });
  first.querySelector("input, textarea, select, button")?.focus();
  announce(Object.values(view.errors).join(" "));
}

export const formOpen = () => Boolean(shown);
export const formTitle = () => plainWords(shown?.title);
