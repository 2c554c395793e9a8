// Sends what people do: each press and what it asks first.
import { ask, focusWriting, toEnd } from "./drawing.js";
import { pick } from "./emoji.js";
import { all, one, paneOf, panes } from "./finding.js";
import { press, pressView } from "./forms.js";
import { activate, active, be, beside, drafts, endStory, go, remember } from "./panes.js";
import { insert, names, takeSuggestion } from "./writing.js";

export const post = async (address, fields, busy) => {
  const body = fields instanceof FormData ? fields : new FormData();
  if (!(fields instanceof FormData)) for (const [name, value] of Object.entries(fields)) body.append(name, value);
  busy?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { method: "POST", body });
    return answer.ok ? await answer.json() : { said: await answer.text(), answered: false };
  } catch { return { said: "The sandbox does not answer. Is it still running?", answered: false }; }
  finally { busy?.removeAttribute("aria-busy"); }
};
export const act = async (pane, what, fields, busy) => {
  const told = await post(`/as/${pane.dataset.who}/${what}`, fields, busy);
  if (told.said) toast(pane, told.said);
  if (told.go) go(pane, told.go);
  await ask();
  return told;
};
export const toast = (pane, words) => {
  const layer = one('[data-part="modal"]', pane);
  const place = one(".toast", pane);
  place.textContent = words; place.hidden = false;
  if (!layer.hidden) place.classList.add("over");
  clearTimeout(place.timer);
  place.timer = setTimeout(() => { place.hidden = true; place.classList.remove("over"); }, 8000);
};
export const confirmed = async (given) => {
  if (!given) return true;
  const ask = JSON.parse(given), dialog = one("#asker");
  one("#asker-title").textContent = ask.title; one("#asker-text").textContent = ask.text;
  one("#asker-yes").textContent = ask.confirm || "Yes"; one("#asker-no").textContent = ask.deny || "Cancel";
  one("#asker-yes").className = ask.style === "danger" ? "danger" : "primary";
  return (await opened(dialog)) === "yes";
};
export const opened = (dialog) => new Promise((done) => {
  dialog.returnValue = "no";
  dialog.showModal();
  dialog.addEventListener("close", () => done(dialog.returnValue), { once: true });
});
export const message = (node) => {
  const { channel, ts } = node.closest(".message").dataset;
  return { channel, ts };
};

// Pressing

// A link to a message of this workspace is followed in the pane; one in a form opens beside it.
const LINK = `a[href^="${location.origin}/archives/"]:not([data-press], .modal *)`;
const clicks = [
  [LINK, (el, pane) => follow(pane, new URL(el.href))],
  ["[data-cancel]", (el) => el.closest("dialog").close("no")],
  ["[data-be]", (el) => be(active?.isConnected ? active : panes()[0], el.dataset.be)],
  ["[data-beside]", (el) => beside(el.dataset.beside)],
  ["[data-close-pane]", (el, pane) => { if (panes().length > 1) { pane.remove(); remember(); ask(); } }],
  ["[data-side]", (el, pane) => { pane.classList.toggle("side-open"); if (pane.classList.contains("side-open")) one(".row-link", pane)?.focus(); }],
  ["[data-go]", (el, pane) => { const at = el.dataset.go; go(pane, at); if (at === "home") act(pane, "open-home", {}); else focusWriting(pane); }],
  ["[data-thread-of]", async (el, pane) => { await go(pane, pane.dataset.at, el.dataset.threadOf); one('[data-composer="thread"] textarea', pane).focus(); }],
  ["[data-close-thread]", (el, pane) => { go(pane, pane.dataset.at); focusWriting(pane); }],
  ["[data-newer]", (el, pane) => { toEnd(one('[data-part="main"]', pane)); el.hidden = true; }],
  ["[data-earlier]", (el, pane) => earlier(pane)],
  ["[data-jump]", (el, pane) => jump(pane, el.dataset.jump)],
  ["[data-copy]", (el, pane) => copy(pane, el.dataset.copy)],
  ["[data-person]", (el, pane) => profile(pane, el)],
  ["[data-react-pick]", (el, pane) => react(pane, message(el))],
  ["[data-emoji-pick]", (el) => insert(one("textarea", el.form))],
  ["[data-react]", (el, pane) => act(pane, "react", { ...message(el), name: el.dataset.react }, el)],
  ["[data-edit]", (el, pane) => edit(pane, message(el), el.dataset.edit)],
  ["[data-delete]", (el, pane) => remove(pane, message(el))],
  ["[data-pin]", (el, pane) => act(pane, "pin", message(el))],
  ["[data-message-shortcut]", (el, pane) => act(pane, "message-shortcut", { ...message(el), callback_id: el.dataset.messageShortcut }, el)],
  ["[data-view-press]", (el, pane) => pressView(pane, el.closest("[data-view]"), { press: el.dataset.viewPress }, el)],
  ["[data-press]", (el, pane) => press(el, pane)],
  ["[data-post]", (el, pane) => act(pane, el.dataset.post, { channel: el.dataset.channel || "" }, el)],
  ["[data-clock]", async (el) => { await post("/rule/clock", JSON.parse(el.dataset.clock), el); ask(); }],
  ["[data-fault]", async (el) => { await post("/rule/fault", { name: el.dataset.fault }); ask(); }],
  ["[data-rule]", async (el) => { await post(`/rule/${el.dataset.rule}`, {}); ask(); }],
  ["[data-reset]", () => reset()],
  ["[data-reveal]", (el) => reveal(el.getAttribute("aria-expanded") === "true" ? "" : el.dataset.reveal)],
  ["[data-story]", (el) => begin(el)],
  ["[data-toggle]", () => { const drawer = one("#drawer"); drawer.hidden = !drawer.hidden; reveal(""); one("header [data-toggle]").setAttribute("aria-expanded", String(!drawer.hidden)); document.body.classList.toggle("with-drawer", !drawer.hidden); ask(); }],
  ["[data-end-story]", () => { endStory(); remember(); ask(); }],
  ["[data-use]", (el) => use(el.dataset.use, el.dataset.who)],
  ["[data-open]", (el, pane) => open(el.dataset.open, pane)],
  ["[data-suggestion]", (el) => takeSuggestion(el)],
];
addEventListener("click", (event) => {
  const pane = paneOf(event.target);
  if (pane && pane !== active) activate(pane);
  for (const menu of all("details.menu[open], details.multi[open]")) if (!menu.contains(event.target)) menu.open = false;
  if (!event.target.closest("header")) reveal("");
  for (const [selector, does] of clicks) {
    const el = event.target.closest(selector);
    if (!el) continue;
    if (el.tagName === "A" && (event.ctrlKey || event.metaKey || event.shiftKey)) return;
    if (!el.target || selector === LINK) event.preventDefault();
    if (el.getAttribute("aria-busy") === "true") return;
    const menu = el.closest("details.menu");
    if (menu) menu.open = false;
    does(el, pane); return;
  }
});
// On a narrow screen the people, the clock and the tools are each behind a button of the top row.
export const reveal = (which) => {
  one(".top").dataset.revealed = which;
  for (const opener of all("[data-reveal]")) opener.setAttribute("aria-expanded", String(opener.dataset.reveal === which));
};
// Earlier messages come as one scrolls up to them; the button is there for the keyboard.
const earlier = async (pane) => {
  const place = one('[data-part="main"]', pane);
  if (place.dataset.loading) return;
  place.dataset.loading = "1";
  const before = place.scrollHeight - place.scrollTop;
  pane.dataset.newest = String((Number(pane.dataset.newest) || 80) + 200);
  await ask();
  place.scrollTop = place.scrollHeight - before;
  delete place.dataset.loading;
};
addEventListener("scroll", (event) => {
  const place = event.target;
  if (!place.matches?.('[data-part="main"]')) return;
  if (place.scrollHeight - place.scrollTop - place.clientHeight < 80) one("[data-newer]", paneOf(place)).hidden = true;
  if (place.scrollTop > 400 || place.scrollHeight < place.clientHeight + 500) return;
  if (place.dataset.shows && one("[data-earlier]", place)) earlier(paneOf(place));
}, true);
const react = async (pane, where) => {
  const name = await pick("Add a reaction");
  if (name) act(pane, "react", { ...where, name });
};
export const edit = async (pane, where, text) => {
  one("#editor-text").value = text;
  if ((await opened(one("#editor"))) === "yes") act(pane, "edit", { ...where, text: one("#editor-text").value });
};
const follow = async (pane, { pathname, searchParams }) => {
  const [, at, number] = pathname.match(/^\/archives\/(\w+)\/p(\d+)/), before = { ...pane.dataset };
  await go(pane, at, searchParams.get("thread_ts") || "");
  if (pane.dataset.at === at) jump(pane, number.replace(/(\d{6})$/, ".$1"));
  else { await go(pane, before.at, before.thread); toast(pane, "That message is in a place which this person does not see."); }
};
// Somebody is taken to a message, however far back it is.
export const jump = async (pane, ts) => {
  const find = () => all(`.message[data-ts="${CSS.escape(ts)}"]`, pane).at(-1);
  if (!find()) { pane.dataset.newest = "100000"; await ask(); }
  const there = find();
  if (!there) return toast(pane, "That message is no longer there.");
  there.closest("[data-part]").jumped = true;
  there.scrollIntoView({ block: "center" }); there.focus({ preventScroll: true });
  there.classList.add("found"); there.addEventListener("animationend", () => there.classList.remove("found"), { once: true });
};
const copy = async (pane, link) => {
  try { await navigator.clipboard.writeText(link); toast(pane, "The link is copied."); }
  catch { toast(pane, link); }
};
const profile = async (pane, el) => {
  one("#profile-name").textContent = el.textContent.replace(/^@/, "");
  one("#profile-title").textContent = names.find(([, , id]) => id === el.dataset.person)?.[1] || "";
  if ((await opened(one("#profile"))) === "yes") act(pane, "write-to", { user: el.dataset.person });
};
const remove = async (pane, where) => {
  const sure = { title: "Delete message", text: "Are you sure you want to delete this message? This cannot be undone.", confirm: "Delete", style: "danger" };
  if (await confirmed(JSON.stringify(sure))) act(pane, "delete", where);
};
const open = async (name, pane) => {
  const answer = await opened(one(`#${name}`));
  if (answer !== "yes") return;
  if (name === "namer") act(pane, "create", { name: one("#namer-name").value, private: one("#namer-private").checked ? "1" : "" });
  if (name === "writer") act(pane, "write-to", { user: one("#writer-who").value });
  if (name === "inviter") act(pane, "invite", { channel: pane.dataset.at, user: one("#inviter-who").value });
};
const reset = async () => {
  drafts.clear(); endStory(); reveal("");
  for (const pane of panes()) { Object.assign(pane.dataset, { at: "home", thread: "", newest: "" }); one('[data-composer="channel"] textarea', pane).value = ""; }
  await post("/rule/reset", {}); remember(); ask();
  toast(active, "Everything is as at the start. The people stay.");
};
const begin = async (el) => {
  const told = await post("/rule/story", { story: el.dataset.story }, el);
  if (told.said) toast(active, told.said); else location.assign(el.href);
};
const use = (text, who) => {
  let pane = panes().find((each) => each.dataset.who === who) || active;
  const last = pane.lastField?.isConnected ? pane.lastField : null;
  const layer = one('[data-part="modal"]', pane);
  const box = !layer.hidden ? (last && layer.contains(last) ? last : one(".modal-body textarea, .modal-body input[type=text]", layer)) : last && !layer.contains(last) ? last : one('[data-composer="channel"] textarea', pane);
  if (!box) return;
  box.value = text; box.dispatchEvent(new Event("input", { bubbles: true })); box.focus();
};
