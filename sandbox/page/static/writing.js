// The box in which people write, and what it suggests.
import { act } from "./acts.js";
import { toEnd } from "./drawing.js";
import { emojiNamed, learn, pick } from "./emoji.js";
import { all, one, paneOf } from "./finding.js";
import { pressView } from "./forms.js";
import { activate, draftKey, drafts } from "./panes.js";

export const grow = (box) => { box.style.height = "auto"; box.style.height = `${Math.min(box.scrollHeight + 2, 160)}px`; };
export const attached = (input) => { one(".attached", input.form).textContent = [...input.files].map((file) => file.name).join(", "); };
const commands = JSON.parse(one("#commands").textContent), shortcuts = JSON.parse(one("#shortcuts").textContent);
export const names = JSON.parse(one("#names").textContent);
const MENTION = /(?<=^|\s)@([^@\n]{0,30})$/, EMOJI = /(?<=^|\s):([\w+-]{2,30})$/;
const begun = (box, word) => box.value.slice(0, box.selectionStart).match(word);
const offers = (box) => {
  if (box.value.startsWith("/") && !/\s/.test(box.value)) return commandsFor(box.value);
  const mention = begun(box, MENTION), emoji = begun(box, EMOJI);
  if (mention) return peopleFor(mention[1].toLowerCase());
  if (emoji) learn().then(() => { if (begun(box, EMOJI)?.[1] !== emoji[1]) return; showOffers(box, emojiFor(emoji[1])); });
  return [];
};
const commandsFor = (typed) => [
  ...commands.filter((each) => each.command.startsWith(typed)).map((each) => ({ title: each.command, about: `${each.description || ""} ${each.usage_hint || ""}`, put: `${each.command} ` })),
  ...shortcuts.filter((each) => each.type === "global").map((each) => ({ title: each.name, about: each.description || "", shortcut: each.callback_id })),
];
const peopleFor = (letters) => {
  const fits = (name) => name.toLowerCase() !== letters && (name.toLowerCase().startsWith(letters) || name.toLowerCase().includes(` ${letters}`));
  return names.filter(([name]) => fits(name)).slice(0, 6).map(([name, title]) => ({ title: `@${name}`, about: title, word: `@${name} ` }));
};
const emojiFor = (letters) => emojiNamed(letters, 6).map(([name, picture]) => ({ title: picture, about: `:${name}:`, word: `:${name}: ` }));
export const suggestWords = (box) => showOffers(box, offers(box));
const showOffers = (box, offered) => {
  const list = one(".suggestions", box.form);
  list.replaceChildren(...offered.map((each, i) => {
    const row = document.createElement("div"), title = document.createElement("strong"), about = document.createElement("span");
    row.setAttribute("role", "option"); row.id = `s-${paneOf(box).dataset.who}-${i}`; row.dataset.suggestion = "";
    row.setAttribute("aria-selected", i === 0 ? "true" : "false");
    for (const kind of ["put", "shortcut", "word"]) if (each[kind]) row.dataset[kind] = each[kind];
    title.textContent = each.title; about.textContent = ` ${each.about}`; about.className = "hint"; row.append(title, about); return row;
  }));
  list.hidden = !offered.length;
  list.id ||= `list-${Math.random().toString(36).slice(2)}`;
  box.setAttribute("aria-expanded", String(!list.hidden)); box.setAttribute("aria-controls", list.id);
};
const put = (box, words, instead = 0) => {
  box.setRangeText(words, box.selectionStart - instead, box.selectionEnd, "end");
  box.focus(); grow(box);
};
export const insert = async (box) => {
  const name = await pick("Emoji");
  if (name) put(box, `:${name}: `);
};
export const takeSuggestion = (row) => {
  const form = row.closest("form"), box = one("textarea", form), list = one(".suggestions", form);
  list.hidden = true; box.setAttribute("aria-expanded", "false");
  if (row.dataset.word) {
    put(box, row.dataset.word, (begun(box, MENTION) || begun(box, EMOJI))[0].length);
  } else if (row.dataset.put) { box.value = row.dataset.put; box.focus(); }
  else { box.value = ""; act(paneOf(box), "shortcut", { callback_id: row.dataset.shortcut }); }
};
export const moveSuggestion = (list, by) => {
  const rows = all("[role=option]", list), now = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  const next = rows[(now + by + rows.length) % rows.length];
  rows.forEach((row) => row.setAttribute("aria-selected", String(row === next)));
  one("textarea", list.closest("form")).setAttribute("aria-activedescendant", next.id);
};
addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("method") === "dialog") return;
  event.preventDefault();
  const pane = paneOf(form);
  if (form.dataset.composer) send(form, pane);
  else if (form.matches(".modal")) pressView(pane, form, { press: "submit" }, one("[data-submit]", form));
});
const send = async (form, pane) => {
  const fields = new FormData(form), box = one("textarea", form), typed = box.value;
  if (pane.dataset.at !== "home") fields.set("channel", pane.dataset.at);
  if (form.dataset.composer === "thread") fields.set("thread_ts", pane.dataset.thread);
  if (!typed.trim() && !form.elements.file.files.length) return;
  box.value = ""; grow(box); drafts.delete(draftKey(pane));
  one(".suggestions", form).hidden = true; box.setAttribute("aria-expanded", "false");
  activate(pane);
  const told = await act(pane, "say", fields, one(".send", form));
  form.elements.file.value = ""; one(".attached", form).textContent = "";
  if (!told.answered && !box.value && !typed.startsWith("/")) { box.value = typed; grow(box); }
  const place = one(`[data-part="${form.dataset.composer === "thread" ? "thread" : "main"}"]`, pane);
  if (told.answered && pane.dataset.at !== "home") toEnd(place);
};
