// Who looks, at which place, side by side.
import { act, reveal } from "./acts.js";
import { ask } from "./drawing.js";
import { all, one, panes } from "./finding.js";
import { grow } from "./writing.js";

export let active = panes()[0];
export let story = new URLSearchParams(location.search).get("story") || "";
export const drafts = new Map();
export const endStory = () => { story = ""; };

export const go = (pane, at, thread = "") => {
  keepDraft(pane);
  Object.assign(pane.dataset, { at, thread, newest: "" });
  restoreDraft(pane);
  pane.classList.remove("side-open");
  active = pane; remember(); return ask();
};
export const be = async (pane, who) => {
  keepDraft(pane);
  // In the same channel, if they see it too; the server knows, and shows Home if they do not.
  Object.assign(pane.dataset, { who, thread: "", newest: "" });
  const layer = one('[data-part="modal"]', pane); layer.innerHTML = ""; layer.dataset.view = ""; layer.lastDrawn = null;
  one('[data-part="main"]', pane).dataset.shows = "";
  one(".toast", pane).hidden = true;
  restoreDraft(pane); named(pane); remember(); activate(pane); reveal("");
  await ask();
  if (pane.dataset.at === "home") act(pane, "open-home", {});
};
export const beside = (who) => {
  reveal("");
  const there = panes().find((pane) => pane.dataset.who === who);
  if (there) { activate(there); there.scrollIntoView({ inline: "nearest" }); return; }
  if (panes().length >= 4) return;
  const pane = one("#new-pane").content.firstElementChild.cloneNode(true);
  one("#panes").append(pane); be(pane, who); pane.scrollIntoView({ inline: "nearest" });
};
const named = (pane) => {
  const chip = one(`[data-be="${CSS.escape(pane.dataset.who)}"]`);
  pane.setAttribute("aria-label", chip ? one(".name", chip).textContent : pane.dataset.who);
};
export const activate = (pane) => {
  active = pane;
  for (const each of panes()) each.classList.toggle("active", each === pane && panes().length > 1);
  for (const chip of all("[data-be]")) {
    const there = panes().some((p) => p.dataset.who === chip.dataset.be);
    if (chip.dataset.be === pane.dataset.who) chip.setAttribute("aria-current", "true"); else chip.removeAttribute("aria-current");
    chip.classList.toggle("shown", there);
  }
  document.body.dataset.panes = panes().length;
  one("[data-me]").textContent = pane.getAttribute("aria-label");
};
export const remember = () => {
  const of = (name) => panes().map((pane) => pane.dataset[name]).join(",");
  const query = new URLSearchParams({ as: of("who"), at: of("at"), thread: of("thread") });
  if (story) query.set("story", story);
  history.replaceState(null, "", `/?${decodeURIComponent(query)}`);
  activate(active?.isConnected ? active : panes()[0]);
};
export const draftKey = (pane) => `${pane.dataset.who} ${pane.dataset.at}`;
const keepDraft = (pane) => drafts.set(draftKey(pane), one('[data-composer="channel"] textarea', pane).value);
const restoreDraft = (pane) => { const box = one('[data-composer="channel"] textarea', pane); box.value = drafts.get(draftKey(pane)) || ""; grow(box); };
