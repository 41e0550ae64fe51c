/** What the page knows, and who wants to hear when it changes. */

export const state = {
  me: "", boot: "", team: { name: "", bot: "" }, people: new Map(), rooms: [], messages: new Map(),
  views: [], typed: {}, home: {}, tour: { steps: [], dismissed: true }, skipped: 0,
  offers: { commands: [], shortcuts: [], home: false },
  since: "", room: "", thread: null, atHome: false, offline: false,
};

const listeners = new Map();

export function on(topics, listener) {
  for (const topic of topics.split(" ")) {
    if (!listeners.has(topic)) listeners.set(topic, new Set());
    listeners.get(topic).add(listener);
  }
}

export function changed(...topics) {
  const due = new Set();
  for (const topic of topics) for (const listener of listeners.get(topic) ?? []) due.add(listener);
  for (const listener of due) listener();
}

export const me = () => state.people.get(state.me);
export const personName = (id) => state.people.get(id)?.full ?? "Somebody";
export const roomOf = (id) => state.rooms.find((room) => room.id === id);
export const messagesIn = (room) => [...(state.messages.get(room)?.values() ?? [])].sort(byTime);
export const productNow = () => new Date(Date.now() + state.skipped * 1000);

function byTime(one, other) {
  return one.ts < other.ts ? -1 : one.ts > other.ts ? 1 : 0;
}

/** Takes in one event of the stream; returns the topics that changed and the messages that are new. */
export function apply(event) {
  const topics = new Set();
  const arrived = [];
  if (event.fresh) {
    forget(event);
    topics.add("fresh").add("messages").add("people").add("rooms").add("views").add("home").add("tour").add("clock");
  }
  for (const [key, value] of Object.entries(event.set)) {
    const [kind, room, ts] = key.split(" ");
    if (kind === "m" || kind === "p") {
      const shelf = shelfOf(room);
      if (!event.fresh && !shelf.has(ts)) arrived.push(value);
      shelf.set(ts, value);
      topics.add("messages");
    } else topics.add(take(kind, value, event));
  }
  for (const key of event.gone) {
    const [, room, ts] = key.split(" ");
    state.messages.get(room)?.delete(ts);
    topics.add("messages");
  }
  return { topics, arrived };
}

/** A message of the page itself, which nobody else sees and no reload survives. */
export function notice(room, words, thread) {
  const ts = (productNow().getTime() / 1000).toFixed(6);
  const said = { ts, channel: room, user: "page", text: words, blocks: [], only: true, local: true };
  if (thread) said.thread = thread;
  shelfOf(room).set(ts, said);
  changed("messages");
}

function forget(event) {
  const kept = new Map();
  if (event.boot === state.boot && event.me === state.me) {
    for (const [room, shelf] of state.messages) {
      kept.set(room, new Map([...shelf].filter(([, message]) => message.local)));
    }
  }
  state.since = event.since;
  state.messages = kept;
  state.boot = event.boot;
  state.offers = event.offers;
  state.me = event.me;
}

function shelfOf(room) {
  if (!state.messages.has(room)) state.messages.set(room, new Map());
  return state.messages.get(room);
}

function take(kind, value, event) {
  switch (kind) {
    case "people": state.people = new Map(value.list.map((person) => [person.id, person])); break;
    case "rooms": state.rooms = value.list; break;
    case "clock": state.skipped = value.skipped; break;
    case "views": state.views = value.list; state.typed = event.typed ?? {}; break;
    default: state[kind] = value;
  }
  return kind;
}
