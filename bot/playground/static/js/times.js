/** Moments in words, in the time zone of the person that one is. */

import { me } from "./state.js";

const made = new Map();

function formatter(options) {
  const zone = me()?.zone ?? "UTC";
  const key = zone + JSON.stringify(options);
  if (!made.has(key)) made.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }));
  return made.get(key);
}

export const ofTs = (ts) => new Date(Number(ts) * 1000);
export const clockTime = (date) => formatter({ hour: "2-digit", minute: "2-digit" }).format(date);
export const dayKey = (date) => formatter({ year: "numeric", month: "2-digit", day: "2-digit" }).format(date);

export function dayWords(date, now) {
  const day = dayKey(date);
  if (day === dayKey(now)) return "Today";
  if (day === dayKey(new Date(now.getTime() - 86_400_000))) return "Yesterday";
  const words = formatter({ weekday: "long", day: "numeric", month: "long" });
  return words.format(date).replace(",", "");
}

export function shortDay(date) {
  return formatter({ weekday: "short", day: "numeric", month: "short" }).format(date).replace(",", "");
}

export function shortWhen(date, now) {
  if (dayKey(date) === dayKey(now)) return `today at ${clockTime(date)}`;
  return formatter({ day: "numeric", month: "short" }).format(date);
}

export function momentWords(date, now) {
  if (dayKey(date) === dayKey(now)) return clockTime(date);
  return `${formatter({ day: "numeric", month: "short" }).format(date)}, ${clockTime(date)}`;
}

export function fullWhen(date) {
  return `${formatter({ weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(date)}, ${clockTime(date)}`;
}
