// Block Kit: what people press, choose and fill in, in messages and in forms.
import { act, confirmed, message, post, toast } from "./acts.js";
import { all, one, paneOf } from "./finding.js";
import { attached, grow, suggestWords } from "./writing.js";

export const press = async (el, pane) => {
  if (!(await confirmed(el.dataset.confirm))) return;
  const view = el.closest("[data-view]");
  if (view) return pressView(pane, view, { press: "button", block: el.dataset.inBlock, action: el.dataset.action, ...(el.dataset.option ? { option: el.dataset.option } : {}) }, el);
  const fields = { ...message(el), block: el.dataset.inBlock, action: el.dataset.action, kind: el.dataset.kind };
  if (el.dataset.option) fields.option = el.dataset.option;
  return act(pane, "press", fields, el);
};
export const pressView = async (pane, form, more, busy) => {
  // Sent once as it is drawn; drawn anew by the app, it is another question.
  const drawn = form.dataset.drawn, submits = more.press === "submit";
  if (submits && form.sent === drawn) return;
  if (submits) form.sent = drawn;
  const fields = new FormData(form);
  fields.set("view", form.dataset.view);
  for (const [name, value] of Object.entries(more)) fields.set(name, value);
  if (more.press !== "fill") form.setAttribute("aria-busy", "true");
  await act(pane, "view", fields, busy);
  if (submits && form.sent === drawn) form.sent = "";
  if (!form.sent) form.removeAttribute("aria-busy");
};
export const tell = async (el) => {
  const pane = paneOf(el), view = el.closest("[data-view]");
  if (!(await confirmed(el.dataset.confirm))) { asBefore(el); return; }
  if (view) return pressView(pane, view, { press: "fill", block: el.dataset.inBlock, action: el.dataset.action });
  const fields = new FormData();
  const { channel, ts } = message(el);
  const named = all(`[name="${CSS.escape(el.name)}"]`, el.closest(".message"));
  const chosen = named.filter((each) => (each.type === "checkbox" || each.type === "radio" ? each.checked : true)).map((each) => each.value);
  for (const [name, value] of Object.entries({ channel, ts, block: el.dataset.inBlock, action: el.dataset.action, kind: el.dataset.kind })) fields.set(name, value);
  for (const value of chosen.length ? chosen : [""]) fields.append("option", value);
  return act(pane, "press", fields, el);
};
// Somebody thought better of it: the field goes back to what the app drew.
const asBefore = (el) => {
  for (const each of all(`[name="${CSS.escape(el.name)}"]`, el.closest("[data-view], .message"))) {
    delete each.dataset.typed;
    if (each.matches("select")) for (const option of each.options) option.selected = option.defaultSelected;
    else if (["checkbox", "radio"].includes(each.type)) each.checked = each.defaultChecked;
    else each.value = each.defaultValue;
  }
};
export const sayChosen = (details) => {
  const names = all("input:checked", details).map((each) => each.nextElementSibling.textContent.trim());
  const place = one(".chosen", details);
  place.textContent = names.join(", ") || place.dataset.none;
};
addEventListener("change", (event) => {
  const el = event.target;
  el.closest("details.multi") && sayChosen(el.closest("details.multi"));
  if (el.type === "file" && el.closest(".composer")) attached(el);
  if (el.closest("[data-list]")) { if (el.closest("[data-list]").dataset.tells) tell(el); return; }
  const isTyped = el.matches("textarea, input[type=text], input[type=email], input[type=url], input:not([type])");
  if (el.dataset.tells !== undefined && !isTyped) tell(el);
});
addEventListener("input", (event) => {
  const el = event.target;
  if (el.matches("[data-part] input, [data-part] textarea, [data-part] select")) {
    if (el.type === "radio") all(`[name="${CSS.escape(el.name)}"]`, el.form || el.closest(".message")).forEach((each) => { each.dataset.typed = "1"; });
    el.dataset.typed = "1";
  }
  if (el.dataset.suggest !== undefined) suggest(el);
  if (el.closest(".composer") && el.matches("textarea")) { grow(el); suggestWords(el); }
  if (/on_character_entered/.test(el.dataset.tells || "") && el.matches("textarea, input")) { clearTimeout(el.later); el.later = setTimeout(() => tell(el), 300); }
});
let search = 0, count = 0;
const suggest = (el) => {
  clearTimeout(search);
  search = setTimeout(async () => {
    const pane = paneOf(el), view = el.closest("[data-view]"), list = document.getElementById(el.getAttribute("aria-controls"));
    const where = view ? { view: view.dataset.view } : message(el);
    if (el.value.trim().length < Number(el.dataset.least)) { all(".choice", list).forEach((row) => one("input:checked", row) || row.remove()); return; }
    const told = await post(`/as/${pane.dataset.who}/suggest`, { ...where, block: el.dataset.inBlock, action: el.dataset.action, value: el.value });
    if (told.said) toast(pane, told.said);
    const kept = all("input:checked", list), held = kept.map((each) => each.value);
    list.replaceChildren(...kept.map((each) => each.closest(".choice")));
    (told.options || []).forEach((option, i) => {
      if (held.includes(JSON.stringify(option))) return;
      const row = document.createElement("div"), input = document.createElement("input"), label = document.createElement("label");
      row.className = "choice"; input.type = list.dataset.several ? "checkbox" : "radio";
      input.id = `${list.id}-${(count += 1)}`; input.name = list.dataset.name; input.value = JSON.stringify(option);
      input.dataset.inBlock = el.dataset.inBlock; input.dataset.action = el.dataset.action; input.dataset.kind = el.dataset.kind;
      label.htmlFor = input.id; label.textContent = option.text.text; row.append(input, label); list.append(row);
    });
    el.setAttribute("aria-expanded", "true");
  }, 200);
};
