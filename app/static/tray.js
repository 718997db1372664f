// The tray: quotes in the reader's order, with notes; exported through the API; reopened from a link.
import { read, write } from "./tray_store.js";

const tray = document.getElementById("tray");
const list = document.getElementById("tray-items");
const template = document.getElementById("tray-item");
const words = document.getElementById("tray-words").dataset;
const problem = document.getElementById("tray-problem");
const link = document.getElementById("tray-link");

function show() {
  const items = read();
  document.getElementById("tray-empty").hidden = items.length > 0;
  document.getElementById("export").hidden = items.length === 0;
  link.parentElement.hidden = items.length === 0;
  link.href = `/tray#${items.map(({ passage, start, end }) => `${encodeURIComponent(passage)}:${start}-${end}`).join(",")}`;
  list.replaceChildren(...items.map(card));
}

function card(item, place, items) {
  const element = template.content.firstElementChild.cloneNode(true);
  element.querySelector("blockquote").textContent = item.quote;
  element.querySelector(".citation").textContent = item.citation;
  element.querySelector(".read").href = item.read;
  const note = element.querySelector("textarea");
  note.value = item.note ?? "";
  note.addEventListener("change", () => write(read().map((kept, at) => (at === place ? { ...kept, note: note.value } : kept))));
  const up = element.querySelector(".up");
  const down = element.querySelector(".down");
  up.disabled = place === 0;
  down.disabled = place === items.length - 1;
  up.addEventListener("click", () => move(place, -1, ".up"));
  down.addEventListener("click", () => move(place, 1, ".down"));
  element.querySelector(".remove").addEventListener("click", () => {
    write(read().filter((_, at) => at !== place));
    show();
  });
  return element;
}

function move(place, by, button) {
  const items = read();
  const [item] = items.splice(place, 1);
  items.splice(place + by, 0, item);
  write(items);
  show();
  const moved = list.children[place + by].querySelector(button);
  (moved.disabled ? list.children[place + by].querySelector("button:enabled") : moved).focus();
}

function tell(message) {
  problem.textContent = message;
  problem.hidden = message === "";
}

// A link carries passages and spans only; the words come from the library, so that they are true.
async function reopen() {
  const asked = location.hash.slice(1).split(",").filter(Boolean);
  if (asked.length === 0) return;
  const items = read();
  let gone = 0;
  for (const part of asked) {
    const [, passage, start, end] = /^(.+):(\d+)-(\d+)$/.exec(part) ?? [];
    if (!passage) continue;
    const id = decodeURIComponent(passage);
    if (items.some((kept) => kept.passage === id && kept.start === Number(start) && kept.end === Number(end))) continue;
    const address = `/v1/passages/${encodeURIComponent(id)}`;
    const [found, cited] = await Promise.all([fetch(address), fetch(`${address}/citation?start=${start}&end=${end}`)]);
    if (!found.ok || !cited.ok) {
      gone += 1;
      continue;
    }
    const answer = await found.json();
    const { document: { id: documentId } } = answer;
    const stretch = await fetch(`/v1/documents/${encodeURIComponent(documentId)}/text?start=${start}&end=${end}`);
    const { text } = await stretch.json();
    items.push({ passage: id, start: Number(start), end: Number(end), quote: text, citation: await cited.text(), read: `/read/${encodeURIComponent(documentId)}?start=${start}&end=${end}#quote`, note: "" });
  }
  write(items);
  history.replaceState(null, "", "/tray");
  tell(gone ? `${words.gone} (${gone})` : "");
}

document.getElementById("export").addEventListener("submit", async (event) => {
  event.preventDefault();
  tell("");
  const asked = new FormData(event.target, event.submitter);
  const passages = read().map(({ passage, start, end, note }) => ({ passage, start, end, note }));
  const answer = await fetch("/v1/export", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ passages, format: asked.get("format"), style: asked.get("style"), title: asked.get("title") }),
  });
  if (!answer.ok) {
    const { detail } = await answer.json().catch(() => ({ detail: String(answer.status) }));
    tell(`${words.failed} ${detail}`);
    return;
  }
  const name = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1] ?? "quotes";
  const file = document.createElement("a");
  file.href = URL.createObjectURL(await answer.blob());
  file.download = name;
  file.click();
  setTimeout(() => URL.revokeObjectURL(file.href), 60_000);
});

tray.hidden = false;
await reopen();
show();
