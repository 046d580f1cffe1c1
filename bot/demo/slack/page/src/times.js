// Timestamps of messages as a reader in this browser's time zone sees them.

export function dateOf(ts) {
  return new Date(Number.parseFloat(ts) * 1000);
}

export function clockText(ts) {
  return dateOf(ts).toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit" });
}

export function fullText(ts) {
  return dateOf(ts).toLocaleString("en-US", { dateStyle: "full", timeStyle: "short" });
}

export function dayKey(ts) {
  return dateOf(ts).toDateString();
}

export function dayText(ts, now = new Date()) {
  const date = dateOf(ts);
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (date.toDateString() === now.toDateString()) return "Today";
  if (date.toDateString() === yesterday.toDateString()) return "Yesterday";
  const year = date.getFullYear() === now.getFullYear() ? {} : { year: "numeric" };
  return date.toLocaleDateString("en-US", { weekday: "long", month: "long", day: "numeric", ...year });
}
