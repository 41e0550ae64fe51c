/** The small question that a button may ask first. */

import { $, fill, h } from "./dom.js";
import { textObject } from "./text.js";

/** Asks; true where the person says yes. */
export function confirmed(asked, opener) {
  const dialog = $("confirm");
  return new Promise((resolve) => {
    let said = false;
    const answer = (yes) => { said = yes; dialog.close(); };
    const kind = asked.style === "danger" ? "button danger" : "button primary";
    fill(dialog,
      h("header", {}, h("h2", { id: "confirm-title" }, textObject(asked.title))),
      h("div", { class: "inside" }, textObject(asked.text)),
      h("footer", {},
        h("button", { class: "button", type: "button", onclick: () => answer(false) }, textObject(asked.deny)),
        h("button", { class: kind, type: "button", onclick: () => answer(true) }, textObject(asked.confirm))));
    dialog.onclose = () => { opener.focus(); resolve(said); };
    dialog.showModal();
    dialog.querySelector("footer .button:last-child").focus();
  });
}
