/** The line to the demo: its stream of news, and the deeds sent to it. */

import { apply, changed, state } from "./state.js";

let source = null;
let retry = 0;
const hearers = new Set();

export function onArrival(hearer) {
  hearers.add(hearer);
}

/** Listens as this person from now on; comes back by itself when the demo was away. */
export function listen(who) {
  clearTimeout(retry);
  source?.close();
  const own = source = new EventSource(`/stream?as=${encodeURIComponent(who)}&since=${state.since}`);
  own.onmessage = (message) => {
    if (own !== source) return;
    setOffline(false);
    const { topics, arrived } = apply(JSON.parse(message.data));
    changed(...topics);
    for (const hearer of hearers) for (const one of arrived) hearer(one);
  };
  own.onerror = () => {
    if (own !== source) return;
    own.close();
    setOffline(true);
    retry = setTimeout(() => listen(who), 1000);
  };
}

function setOffline(away) {
  if (state.offline === away) return;
  state.offline = away;
  changed("link");
}

/** Does something as the person of this page; `{failure, back}` where it did not go through. */
export async function act(deed, body = {}) {
  try {
    const answer = await fetch(`/do/${deed}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ as: state.me, ...body }),
    });
    if (answer.status === 413) return { failure: "That is more than one message can hold.", back: true };
    if (!answer.ok) return { failure: "That did not go through. Please try again.", back: true };
    return await answer.json();
  } catch {
    return { failure: "The demo does not answer right now. Your words are safe.", back: true };
  }
}
