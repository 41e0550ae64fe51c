/** The bot's Home tab, as it published it for this person. */

import { $, fill, h } from "./dom.js";
import { blocks } from "./blocks.js";
import { inView } from "./places.js";
import { on, state } from "./state.js";

export function startHome() {
  on("home place fresh", refresh);
}

function refresh() {
  const place = $("home");
  place.hidden = !state.atHome;
  $("scroller").hidden = $("composer").hidden = state.atHome;
  if (!state.atHome) return;
  if (!state.home.id) {
    fill(place, h("div", { class: "empty" }, h("strong", {}, "Nothing here yet"), "The bot has not put anything on this tab. In a channel, /journey shows where you are."));
    return;
  }
  fill(place, blocks(state.home.blocks, inView(state.home, (words) => fill(place, h("div", { class: "failed" }, words)))));
}
