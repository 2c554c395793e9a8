// Everything can be done with the keyboard alone.
import { edit, message, reveal } from "./acts.js";
import { all, one, paneOf } from "./finding.js";
import { pressView, tell } from "./forms.js";
import { activate, active } from "./panes.js";
import { moveSuggestion, takeSuggestion } from "./writing.js";

export const roving = (place) => {
  const articles = all(".message", place);
  if (articles.length && !articles.some((each) => each.tabIndex === 0)) articles.at(-1).tabIndex = 0;
};
const stepMessage = (from, by) => {
  const articles = all(".message", from.closest("[data-part]")), next = articles[articles.indexOf(from) + by];
  if (!next) return;
  articles.forEach((each) => { each.tabIndex = -1; }); next.tabIndex = 0; next.focus();
};
addEventListener("focusin", (event) => {
  const pane = paneOf(event.target);
  if (pane && pane !== active) activate(pane);
  if (pane && event.target.matches("textarea, input[type=text]")) pane.lastField = event.target;
});
addEventListener("keydown", (event) => {
  const el = event.target, pane = paneOf(el);
  if (el.matches?.(".composer textarea")) return composerKeys(event, el);
  if (el.matches?.(".message") && ["ArrowUp", "ArrowDown"].includes(event.key)) { event.preventDefault(); stepMessage(el, event.key === "ArrowUp" ? -1 : 1); }
  if (event.key === "Enter" && el.matches?.("[data-tells]") && el.matches("input[type=text], input[type=email], input[type=url]") && /on_enter_pressed/.test(el.dataset.tells)) { event.preventDefault(); tell(el); }
  if (event.key === "Enter" && el.matches?.("[data-suggest]")) { event.preventDefault(); one("input:not(:checked)", document.getElementById(el.getAttribute("aria-controls")))?.click(); }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && el.matches?.(".modal textarea")) { event.preventDefault(); el.form.requestSubmit(); }
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && el.id === "editor-text") { event.preventDefault(); el.form.requestSubmit(one("[value=yes]", el.form)); }
  if (event.key === "Escape" && el.closest?.("header")) { reveal(""); }
  if (event.key === "Escape" && pane) escape(event, el, pane);
  if (event.key === "Tab" && el.closest?.(".modal")) trap(event, el.closest(".modal"));
});
const composerKeys = (event, box) => {
  const list = one(".suggestions", box.form);
  if (!list.hidden && ["ArrowDown", "ArrowUp"].includes(event.key)) { event.preventDefault(); moveSuggestion(list, event.key === "ArrowDown" ? 1 : -1); }
  else if (!list.hidden && event.key === "Tab") { event.preventDefault(); takeSuggestion(one("[aria-selected=true]", list)); }
  else if (!list.hidden && event.key === "Escape") { list.hidden = true; box.setAttribute("aria-expanded", "false"); }
  else if (event.key === "Escape" && box.form.dataset.composer === "thread") { one("[data-close-thread]", paneOf(box)).click(); }
  else if (event.key === "ArrowUp" && !box.value) editLast(event, box);
  else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    const chosen = list.hidden ? null : one("[aria-selected=true]", list);
    if (chosen && !(chosen.dataset.put && chosen.dataset.put.trim() === box.value.trim())) takeSuggestion(chosen); else box.form.requestSubmit();
  }
};
// As in Slack: with nothing written, the arrow goes back into what one said last.
const editLast = (event, box) => {
  const pane = paneOf(box), part = box.form.dataset.composer === "thread" ? "thread" : "main";
  const last = all(`[data-part="${part}"] [data-edit]`, pane).at(-1);
  if (last) { event.preventDefault(); edit(pane, message(last), last.dataset.edit); }
};
const escape = (event, el, pane) => {
  const menu = el.closest("details.menu[open], details.multi[open]");
  if (menu) { menu.open = false; one("summary", menu).focus(); event.preventDefault(); return; }
  const modal = one(".modal", pane);
  if (modal) { event.preventDefault(); pressView(pane, modal, { press: "close" }); return; }
  pane.classList.remove("side-open");
};
const trap = (event, modal) => {
  const stops = all("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']", modal).filter((each) => !each.disabled && each.offsetParent !== null);
  const edge = event.shiftKey ? stops[0] : stops.at(-1);
  if (document.activeElement === edge) { event.preventDefault(); (event.shiftKey ? stops.at(-1) : stops[0]).focus(); }
};
