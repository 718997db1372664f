// Reading: matches are stepped through, and selected words become a quote.
// Offsets that go into addresses count code points; JavaScript counts UTF-16 units, so they are converted here.
import { both, copy } from "./desk.js";

const id = document.body.dataset.document;
const quote = document.getElementById("quote");
const found = Number(document.getElementById("found-status")?.dataset.found ?? 0);
let match = 0;

function goTo(number) {
  if (found === 0) return;
  document.querySelector("mark.current")?.classList.remove("current");
  match = ((number - 1 + found) % found) + 1;
  const mark = document.getElementById(`found-${match}`);
  mark?.classList.add("current");
  mark?.scrollIntoView({ block: "center" });
}

if (found && !quote) goTo(1);
document.getElementById("next-match")?.addEventListener("click", (event) => (event.preventDefault(), goTo(match + 1)));
document.getElementById("previous-match")?.addEventListener("click", (event) => (event.preventDefault(), goTo(match - 1)));
document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "j") goTo(match + 1);
  if (event.key === "k") goTo(match - 1);
});

const codePoints = (text) => [...text].length;
const panel = document.getElementById("selection");
const citation = document.getElementById("selection-citation");
const link = document.getElementById("selection-link");
let selected = null;

// The canonical offset of a place in the text, or null where it lies outside the document's words.
function documentOffset(node, utf16Offset) {
  let place = node;
  let inside = utf16Offset;
  if (place.nodeType !== Node.TEXT_NODE) {
    const following = place.childNodes[utf16Offset] ?? null;
    const walker = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_ELEMENT);
    walker.currentNode = following ?? place;
    const next = following?.nodeType === Node.ELEMENT_NODE && following.matches("[data-at]") ? following : walker.nextNode();
    const holder = next?.closest?.("[data-at]") ?? next?.querySelector?.("[data-at]");
    return holder ? Number(holder.dataset.at) : null;
  }
  const holder = place.parentElement.closest("[data-at]");
  return holder ? Number(holder.dataset.at) + codePoints(place.data.slice(0, inside)) : null;
}

async function show() {
  const selection = document.getSelection();
  const text = document.getElementById("text");
  if (selection.isCollapsed || selection.rangeCount === 0 || !text.contains(selection.anchorNode) || !text.contains(selection.focusNode)) {
    if (!panel.contains(document.activeElement)) panel.hidden = true;
    return;
  }
  const range = selection.getRangeAt(0);
  const start = documentOffset(range.startContainer, range.startOffset);
  const end = documentOffset(range.endContainer, range.endOffset);
  if (start === null || end === null || start >= end || (selected?.start === start && selected?.end === end && !panel.hidden)) return;
  const address = `/v1/documents/${encodeURIComponent(id)}`;
  const answers = await Promise.all([
    fetch(`${address}/text?start=${start}&end=${end}`),
    fetch(`${address}/citation?start=${start}&end=${end}`),
    fetch(`${address}/text?start=${Math.max(0, start - 32)}&end=${start || 1}`),
    fetch(`${address}/text?start=${end - 1}&end=${Math.min(end + 32, text.dataset.length)}`),
  ]);
  if (!answers[0].ok || !answers[1].ok) return;
  // The words come from the document, not from the screen, where page labels and notes stand between them.
  const { text: words } = await answers[0].json();
  const cited = await answers[1].text();
  const prefix = start ? (await answers[2].json()).text : "";
  const suffix = [...(await answers[3].json()).text].slice(1).join("");
  const bytes = new Uint8Array(await digest(words));
  const sha256 = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 16);
  const begins = [...words].slice(0, 24).join("");
  selected = { start, end, words, cited, prefix, suffix };
  citation.textContent = cited;
  link.href = `/read/${encodeURIComponent(id)}?${new URLSearchParams({ start, end, begins, sha256 })}#quote`;
  panel.hidden = false;
}

async function digest(words) {
  // Subtle crypto is there on loopback and over https only; elsewhere the link goes by offsets alone.
  return crypto.subtle ? crypto.subtle.digest("SHA-256", new TextEncoder().encode(words)) : new ArrayBuffer(0);
}

let waiting;
document.addEventListener("selectionchange", () => {
  clearTimeout(waiting);
  waiting = setTimeout(show, 250);
});

panel.addEventListener("click", (event) => {
  const kind = event.target.closest("button")?.dataset.copy;
  if (!kind || !selected) return;
  const { words, cited, start, end, prefix, suffix } = selected;
  const selector = [
    { type: "TextQuoteSelector", exact: words, prefix, suffix },
    { type: "TextPositionSelector", start, end },
  ];
  copy({ quote: words, both: both(words, cited), selector: JSON.stringify(selector, null, 2) }[kind]);
});
