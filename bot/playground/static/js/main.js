/** The page: everything started, in order. */

import { $ } from "./dom.js";
import { composer, recallAll } from "./composer.js";
import { settle, startGoing } from "./going.js";
import { startFeed } from "./feed.js";
import { startHead } from "./head.js";
import { startHome } from "./home.js";
import { startModal } from "./modal.js";
import { startSide } from "./side.js";
import { startSidebar } from "./sidebar.js";
import { changed, on, roomOf, state } from "./state.js";
import { startTheme } from "./theme.js";
import { openThread, startThread } from "./thread.js";

startTheme();
on("fresh", () => { settle(); recallAll(); });
on("place", recallAll);
on("fresh rooms", () => {
  if (!roomOf(state.room)) { settle(); changed("place"); }
});
startHead();
startSidebar();
startFeed(openThread);
startThread();
startHome();
startSide();
startModal();
$("composer").append(composer({
  room: () => state.room,
  id: "composer-main",
  label: () => "Write, or / for a command",
}));
startGoing();
if (matchMedia("(pointer: fine)").matches) $("composer-main").focus();
