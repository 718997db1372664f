// What every page gains with JavaScript: copying, the tray's count, keys. Without it, all but these works.
import { add, showCount } from "./tray_store.js";

const words = document.getElementById("words").dataset;
const told = document.getElementById("told");
let forgetting;

export function tell(message) {
  told.textContent = message;
  clearTimeout(forgetting);
  forgetting = setTimeout(() => (told.textContent = ""), 4000);
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    tell(words.copied);
  } catch {
    tell(words.notCopied);
  }
}

const text = (element) => element?.textContent.trim() ?? "";

// A quote and its citation in one line, with the quotation marks of the interface's language.
export function both(quote, citation) {
  const parts = { quote, citation: citation.replace(/\.$/, "") };
  return words.both.replace(/\{(quote|citation)\}/g, (_, name) => parts[name]);
}

// What a result, or the quote of a reading page, says: its words exactly, and its citation.
export function quoteOf(card) {
  const quote = card.querySelector("blockquote").textContent;
  const citation = text(card.querySelector(".citation"));
  return { quote, citation, both: both(quote, citation) };
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const card = button.closest(".result, .asked");
  if (button.matches(".copy") && card) copy(quoteOf(card)[button.dataset.copy]);
  else if (button.matches(".keep") && card) keep(card);
  else if (button.matches(".copy-text")) copy(button.dataset.text);
  else if (button.id === "show-keys") document.getElementById("keys").showModal();
});

function keep(card) {
  const { passage, start, end, read } = card.dataset;
  const { quote, citation } = quoteOf(card);
  add({ passage, start: Number(start), end: Number(end), read, quote, citation, note: "" });
  tell(words.kept);
}

const results = [...document.querySelectorAll(".result")];

function step(by) {
  if (results.length === 0) return false;
  const at = results.indexOf(document.activeElement.closest?.(".result"));
  const next = results[Math.min(Math.max(at + by, 0), results.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.querySelector("dialog[open]")) return;
  const typing = event.target.matches("input, textarea, select");
  if (event.target.id === "q" && event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    event.target.form.requestSubmit();
    return;
  }
  if (typing) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const card = event.target.closest(".result");
  const keys = {
    "/": () => focusField(),
    "?": () => document.getElementById("keys").showModal(),
    j: () => step(1),
    k: () => step(-1),
    c: () => card && copy(quoteOf(card).both),
    t: () => card && keep(card),
    Enter: () => card === event.target && (location.href = card.dataset.read),
  };
  if (!(event.key in keys)) return;
  if (keys[event.key]() !== false && event.key !== "Enter") event.preventDefault();
});

function focusField() {
  const field = document.getElementById("q") ?? document.getElementById("find");
  if (!field) {
    location.href = "/";
    return;
  }
  field.focus();
  field.select();
}

// Fields that were left empty do not belong into the address that is shared.
document.getElementById("search")?.addEventListener("formdata", ({ formData }) => {
  for (const [name, value] of [...formData]) {
    if (value === "" || (name === "mode" && value === "hybrid")) formData.delete(name);
  }
});

showCount();
