// Puts the server's drawing in place when anything has changed. What somebody is typing is never
// touched.
import { all, one, panes } from "./finding.js";
import { sayChosen } from "./forms.js";
import { roving } from "./keyboard.js";
import { active, remember, story } from "./panes.js";

const touched = (node) => node.dataset?.typed || (node.matches?.("input, textarea, select") && node === document.activeElement);
const keepers = {
  callbacks: {
    beforeNodeMorphed: (old, fresh) => {
      if (!(old instanceof Element) || !touched(old)) return true;
      // What was typed stays; what is said about it does not.
      for (const name of ["aria-invalid", "aria-describedby"]) {
        if (fresh.hasAttribute?.(name)) old.setAttribute(name, fresh.getAttribute(name)); else old.removeAttribute(name);
      }
      return false;
    },
    beforeAttributeUpdated: (name, node) =>
      !(name === "open" && node.tagName === "DETAILS") && !(name === "aria-busy"),
  },
};
const morph = (place, html) => {
  if (!place || place.lastDrawn === html) return;
  Idiomorph.morph(place, html, { morphStyle: "innerHTML", ...keepers });
  place.lastDrawn = html;
};
// A list of messages: only those whose version is new are looked at.
const morphMessages = (place, html) => {
  if (place.lastDrawn === html) return;
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const wanted = [...fresh.content.children];
  const kept = new Set(wanted.map((node) => node.id).filter(Boolean));
  for (const node of [...place.children]) if (!kept.has(node.id)) node.remove();
  const have = new Map([...place.children].map((node) => [node.id, node]));
  let at = place.firstElementChild;
  for (const node of wanted) {
    const old = node.id && have.get(node.id);
    if (!old) { place.insertBefore(node, at); continue; }
    have.delete(node.id);
    if (old.dataset.v !== node.dataset.v || !node.dataset.v) {
      Idiomorph.morph(old, node.outerHTML, { morphStyle: "outerHTML", ...keepers });
    }
    const now = document.getElementById(node.id);
    if (now === at) at = at.nextElementSibling; else place.insertBefore(now, at);
  }
  while (at) { const next = at.nextElementSibling; at.remove(); at = next; }
  place.lastDrawn = html;
};
const showPart = (pane, name, html) => {
  const place = one(`[data-part="${name}"]`, pane);
  const isAtEnd = place.scrollHeight - place.scrollTop - place.clientHeight < 80;
  const moved = place.dataset.shows !== pane.dataset.at + pane.dataset.thread;
  const isList = (name === "main" && pane.dataset.at !== "home") || name === "thread";
  if (isList && !moved) morphMessages(place, html); else morph(place, html);
  if (name !== "main" && name !== "thread") return;
  place.dataset.shows = pane.dataset.at + pane.dataset.thread;
  if (isList && (moved || isAtEnd)) toEnd(place);
  if (name === "main") newer(pane, place, isList && !moved && !isAtEnd);
  if (!isList && moved) place.scrollTop = 0;
  roving(place);
};
// Somebody who reads further up is told that there is more below.
const newer = (pane, place, away) => {
  const last = isMessage(place.lastElementChild) ? place.lastElementChild.id : "", pill = one("[data-newer]", pane);
  if (!away) pill.hidden = true; else if (last !== place.dataset.last) pill.hidden = false;
  place.dataset.last = last;
};
const isMessage = (node) => node?.matches(".message");
// Pictures and fonts may still change heights, so the end is looked for more than once.
export const toEnd = (place) => { place.jumped = false; stayAtEnd(place, 4); };
const stayAtEnd = async (place, times) => {
  await released;
  if (place.jumped) return;
  place.scrollTop = place.scrollHeight;
  if (times) requestAnimationFrame(() => stayAtEnd(place, times - 1));
};
const showPane = (pane, drawn) => {
  const here = pane.dataset.asked === pane.dataset.who + pane.dataset.at + pane.dataset.thread;
  if (drawn.who !== pane.dataset.who || !here) return;
  if (drawn.at !== pane.dataset.at) { pane.dataset.at = drawn.at; pane.dataset.thread = ""; remember(); }
  for (const name of ["side", "head", "main"]) showPart(pane, name, drawn[name]);
  const panel = one("[data-thread-panel]", pane);
  panel.hidden = !drawn.thread;
  if (drawn.thread) showPart(pane, "thread", drawn.thread);
  const closed = one("[data-closed]", pane);
  closed.textContent = drawn.closed; closed.hidden = !drawn.closed;
  const composer = one('[data-composer="channel"]', pane);
  composer.hidden = Boolean(drawn.closed) && drawn.at !== "home" && !canCommand(drawn);
  one("textarea", composer).setAttribute("aria-label", drawn.at === "home" ? "Command" : `Message ${drawn.title}`);
  one('[data-composer="thread"]', pane).hidden = Boolean(drawn.closed);
  showModal(pane, drawn);
};
const canCommand = (drawn) => /turned off/.test(drawn.closed);
const showModal = (pane, drawn) => {
  const layer = one('[data-part="modal"]', pane);
  const before = layer.dataset.view || "";
  const hadErrors = all(".error", layer).length;
  if (before !== drawn.view) { layer.lastDrawn = null; layer.innerHTML = drawn.modal; layer.dataset.view = drawn.view; }
  else morph(layer, drawn.modal);
  layer.hidden = !drawn.view;
  one(".frame", pane).inert = Boolean(drawn.view);
  all("details.multi", layer).forEach(sayChosen);
  if (drawn.view && before !== drawn.view) {
    if (pane === active) (one("[data-focus]", layer) || one(".modal-body input:not([type=hidden]), .modal-body select, .modal-body textarea, .foot .primary", layer) || one("button", layer))?.focus();
  } else if (before && !drawn.view && pane === active) { focusWriting(pane); }
  else if (all(".error", layer).length > hadErrors) one('[aria-invalid="true"]', layer)?.focus();
};
export const focusWriting = (pane) => {
  const box = one('[data-composer="channel"] textarea', pane);
  (box && !box.form.hidden ? box : one(".main", pane))?.focus({ preventScroll: true });
};

// Nothing moves under a finger: a button that slides away between down and up is not pressed.
let released = null;
addEventListener("pointerdown", () => {
  const held = new Promise((done) => {
    const letGo = () => setTimeout(done);
    for (const kind of ["pointerup", "pointercancel"]) addEventListener(kind, letGo, { once: true });
    setTimeout(done, 1000);
  });
  released = held;
  held.then(() => { if (released === held) released = null; });
}, true);

// Asking for the drawing

let asking = null, again = null;
export const ask = () => {
  if (!asking) return (asking = askNow().finally(() => { asking = null; }));
  again ||= asking.then(() => { again = null; return ask(); });
  return again;
};
const askNow = async () => {
  const asked = panes();
  const query = new URLSearchParams();
  for (const pane of asked) {
    const { who, at, thread, newest } = pane.dataset;
    pane.dataset.asked = who + at + thread;
    query.append("pane", [who, at, thread, newest].join("~"));
  }
  if (!one("#drawer").hidden) query.set("drawer", "1");
  if (story) query.set("story", story);
  try {
    const answer = await fetch(`/panes?${query}`), parts = answer.ok && (await answer.json());
    await released;
    if (answer.ok) show(asked, parts);
    else if (answer.status === 404) asked.forEach((pane) => { pane.dataset.at = "home"; });
  } catch { connectionLost(true); }
};
const show = (asked, parts) => {
  connectionLost(false);
  document.body.dataset.resets = parts.resets;
  morph(one("#bar"), parts.bar); tick();
  const place = one("#story");
  morph(place, parts.story); place.hidden = !parts.story;
  if (parts.drawer !== null) morph(one("#drawer"), parts.drawer);
  complain(parts.complaints);
  parts.panes.forEach((drawn, i) => asked[i].isConnected && showPane(asked[i], drawn));
  unreadInTitle();
};
const complain = (count) => {
  const badge = one("#complaints-count");
  badge.hidden = !count;
  badge.textContent = count === 1 ? "1 complaint" : `${count} complaints`;
};
const unreadInTitle = () => {
  const count = all(".side .badge").length;
  document.title = document.title.replace(/^\(\d+\) /, "");
  if (count) document.title = `(${count}) ${document.title}`;
};
const connectionLost = (lost) => document.body.classList.toggle("lost", lost);
export const listen = () => {
  const stream = new EventSource("/live");
  stream.onmessage = ask;
  stream.onerror = () => { connectionLost(true); };
};

// The clock ticks

let base = null;
export const tick = () => {
  const shown = one("#clock-now");
  if (!shown) return;
  const ahead = Number(shown.dataset.ahead);
  const now = new Date(Date.now() + ahead * 1000);
  const parts = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" }).format(now);
  if (parts !== base) { base = parts; shown.textContent = parts.replace(",", ""); one("[data-short-clock]").textContent = parts.replace(",", "").replace(/ \d{4}/, ""); }
};
setInterval(tick, 1000);
