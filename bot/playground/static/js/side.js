/** The right side: product time, and the short tour. */

import { $, fill, h } from "./dom.js";
import { write } from "./composer.js";
import { become, closeDrawers, goTo } from "./going.js";
import { act } from "./link.js";
import { notice, on, productNow, state } from "./state.js";
import { clockTime, shortDay } from "./times.js";

const JUMPS = [["minutes", "+10 min"], ["monday", "Monday 09:00"], ["weeks", "+4 weeks"]];
let line = null;

export function startSide() {
  on("clock people fresh tour", refresh);
  setInterval(tick, 1000);
}

function tick() {
  if (!line) return;
  const words = nowWords();
  if (line.textContent !== words.map((part) => part.textContent ?? part).join("")) fill(line, words);
}

function refresh() {
  const side = $("side");
  const key = side.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  fill(side, timePanel(), tourPanel());
  if (key) side.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

function nowWords() {
  const now = productNow();
  return [h("b", {}, clockTime(now)), h("span", {}, shortDay(now))];
}

function timePanel() {
  line = h("div", { class: "now" }, nowWords());
  const jumps = JUMPS.map(([jump, words]) => h("button", {
    class: "button", type: "button", data: { key: jump }, onclick: (event) => go(event.currentTarget, jump),
  }, words));
  return h("section", { class: "panel", "aria-label": "Product time" }, h("h2", {}, "Product time"), line,
    h("div", { class: "jumps" }, jumps), h("p", {}, ahead()));
}

async function go(button, jump) {
  button.setAttribute("aria-busy", "true");
  const answer = await act("clock", { jump });
  button.removeAttribute("aria-busy");
  if (answer.failure) notice(state.room, answer.failure);
}

function ahead() {
  const minutes = Math.round(state.skipped / 60);
  if (minutes < 1) return "Jump ahead and see what the bot does by itself. Only its own time moves.";
  const [amount, unit] = minutes < 90 ? [minutes, "minute"] : minutes < 2880 ? [Math.round(minutes / 60), "hour"] : [Math.round(minutes / 1440), "day"];
  return `${amount} ${unit}${amount === 1 ? "" : "s"} ahead of your watch.`;
}

function tourPanel() {
  const { steps, dismissed } = state.tour;
  if (dismissed) {
    return h("div", {}, h("button", { class: "quiet", type: "button", data: { key: "tour" }, onclick: () => act("tour", { dismissed: false }) }, "Show the tour"));
  }
  const next = steps.find((step) => !step.done);
  return h("section", { class: "panel", "aria-label": "Tour" },
    h("header", {}, h("h2", {}, next ? "Try it" : "That was the tour"),
      h("button", { class: "quiet", type: "button", data: { key: "tour" }, onclick: () => act("tour", { dismissed: true }) }, "Hide")),
    h("ol", { class: "steps" }, steps.map((step) => stepNode(step, step === next))),
    !next && h("p", { class: "end" }, "From here on it is yours: everything works as in your own workspace."));
}

function stepNode(step, next) {
  return h("li", { class: `step${step.done ? " done" : next ? " next" : ""}` },
    h("span", { class: "dot", "aria-hidden": "true" }),
    h("div", {}, h("div", { class: "words" }, marked(step.words), step.done && h("span", { class: "unseen" }, " (done)")),
      next && help(step)));
}

/** `*bold*` and `code` of our own words. */
function marked(words) {
  return words.split(/(\*[^*]+\*|`[^`]+`)/).map((part) => {
    if (part.startsWith("*")) return h("strong", {}, part.slice(1, -1));
    return part.startsWith("`") ? h("code", {}, part.slice(1, -1)) : part;
  });
}

function help(step) {
  const target = state.rooms.find((room) => room.name === step.room);
  const there = () => { if (target && (state.room !== target.id || state.atHome)) goTo(target.id); closeDrawers(); };
  const person = [...state.people.values()].find((one) => one.name === step.become);
  if (step.typed) return button("Type it for me", () => { there(); write(step.typed); });
  if (person && person.id !== state.me) return button(`Become ${person.full.split(" ")[0]}`, () => { there(); become(person.id); });
  if (target && (state.room !== target.id || state.atHome)) return button(`Go to #${target.name}`, there);
  return null;
}

const button = (words, run) => h("div", { class: "do" }, h("button", { class: "button", type: "button", onclick: run }, words));
