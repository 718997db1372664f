// The tray's contents: quotes by passage and span, in the reader's order, kept in this browser alone.
// Offsets are code points of the document's canonical text, as in the API.
const KEY = "verbatim-tray";

export function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((item) => typeof item?.passage === "string") : [];
  } catch {
    return [];
  }
}

export function write(items) {
  localStorage.setItem(KEY, JSON.stringify(items));
  showCount();
}

export const same = (a, b) => a.passage === b.passage && a.start === b.start && a.end === b.end;

export function add(item) {
  const items = read();
  if (!items.some((kept) => same(kept, item))) write([...items, item]);
}

export function showCount() {
  document.getElementById("tray-count").textContent = read().length || "";
}
