/** Where something was pressed, and what the bot makes of it. */

import { act } from "./link.js";
import { notice } from "./state.js";

/** A place inside a message. */
export function inMessage(message) {
  const where = { message: { channel: message.channel, ts: message.ts } };
  return placeOf(where, (words) => notice(message.channel, words, message.thread));
}

/** A place inside a form or the Home tab; `failed` shows what went wrong. */
export function inView(view, failed, more = {}) {
  return { ...placeOf({ view: view.id }, failed), ...more };
}

function placeOf(where, failed) {
  return {
    typed: () => undefined,
    put: () => {},
    press: async (block, element, value) => {
      const answer = await act("click", { ...where, action: element.action_id, block: block.block_id, value });
      if (answer.failure) failed(answer.failure);
    },
    suggest: async (block, element, typed) => {
      const answer = await act("suggest", { ...where, action: element.action_id, block: block.block_id, typed });
      return answer.options ?? [];
    },
  };
}
