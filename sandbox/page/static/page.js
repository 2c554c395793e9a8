// The workspace page: sends what people do, and puts the server's drawing in place when anything
// has changed. What somebody is typing is never touched.
(() => {
  "use strict";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (selector, within = document) => within.querySelector(selector);
  const paneOf = (node) => node.closest(".pane");
  const panes = () => all("#panes > .pane");
  let active = panes()[0];
  let story = new URLSearchParams(location.search).get("story") || "";
  const drafts = new Map();

  // ------------------------------------------------------------------ putting in place
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
  const toEnd = async (place, times = 4) => {
    await released;
    place.scrollTop = place.scrollHeight;
    if (times) requestAnimationFrame(() => toEnd(place, times - 1));
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
  const focusWriting = (pane) => {
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

  // ------------------------------------------------------------------ asking for the drawing
  let asking = null, again = null;
  const ask = () => {
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
  const listen = () => {
    const stream = new EventSource("/live");
    stream.onmessage = ask;
    stream.onerror = () => { connectionLost(true); };
  };

  // ------------------------------------------------------------------ the clock ticks
  let base = null;
  const tick = () => {
    const shown = one("#clock-now");
    if (!shown) return;
    const ahead = Number(shown.dataset.ahead);
    const now = new Date(Date.now() + ahead * 1000);
    const parts = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" }).format(now);
    if (parts !== base) { base = parts; shown.textContent = parts.replace(",", ""); one("[data-short-clock]").textContent = parts.replace(",", "").replace(/ \d{4}/, ""); }
  };
  setInterval(tick, 1000);

  // ------------------------------------------------------------------ sending
  const post = async (address, fields, busy) => {
    const body = fields instanceof FormData ? fields : new FormData();
    if (!(fields instanceof FormData)) for (const [name, value] of Object.entries(fields)) body.append(name, value);
    busy?.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { method: "POST", body });
      return answer.ok ? await answer.json() : { said: await answer.text(), answered: false };
    } catch { return { said: "The sandbox does not answer. Is it still running?", answered: false }; }
    finally { busy?.removeAttribute("aria-busy"); }
  };
  const act = async (pane, what, fields, busy) => {
    const told = await post(`/as/${pane.dataset.who}/${what}`, fields, busy);
    if (told.said) toast(pane, told.said);
    if (told.go) go(pane, told.go);
    await ask();
    return told;
  };
  const toast = (pane, words) => {
    const layer = one('[data-part="modal"]', pane);
    const place = one(".toast", pane);
    place.textContent = words; place.hidden = false;
    if (!layer.hidden) place.classList.add("over");
    clearTimeout(place.timer);
    place.timer = setTimeout(() => { place.hidden = true; place.classList.remove("over"); }, 8000);
  };
  const confirmed = async (given) => {
    if (!given) return true;
    const ask = JSON.parse(given), dialog = one("#asker");
    one("#asker-title").textContent = ask.title; one("#asker-text").textContent = ask.text;
    one("#asker-yes").textContent = ask.confirm || "Yes"; one("#asker-no").textContent = ask.deny || "Cancel";
    one("#asker-yes").className = ask.style === "danger" ? "danger" : "primary";
    return (await opened(dialog)) === "yes";
  };
  const opened = (dialog) => new Promise((done) => {
    dialog.returnValue = "no";
    dialog.showModal();
    dialog.addEventListener("close", () => done(dialog.returnValue), { once: true });
  });
  const message = (node) => {
    const { channel, ts } = node.closest(".message").dataset;
    return { channel, ts };
  };

  // ------------------------------------------------------------------ panes
  const go = (pane, at, thread = "") => {
    keepDraft(pane);
    Object.assign(pane.dataset, { at, thread, newest: "" });
    restoreDraft(pane);
    pane.classList.remove("side-open");
    active = pane; remember(); return ask();
  };
  const be = async (pane, who) => {
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
  const beside = (who) => {
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
  const activate = (pane) => {
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
  const remember = () => {
    const of = (name) => panes().map((pane) => pane.dataset[name]).join(",");
    const query = new URLSearchParams({ as: of("who"), at: of("at"), thread: of("thread") });
    if (story) query.set("story", story);
    history.replaceState(null, "", `/?${decodeURIComponent(query)}`);
    activate(active?.isConnected ? active : panes()[0]);
  };
  const draftKey = (pane) => `${pane.dataset.who} ${pane.dataset.at}`;
  const keepDraft = (pane) => drafts.set(draftKey(pane), one('[data-composer="channel"] textarea', pane).value);
  const restoreDraft = (pane) => { const box = one('[data-composer="channel"] textarea', pane); box.value = drafts.get(draftKey(pane)) || ""; grow(box); };

  // ------------------------------------------------------------------ pressing
  const clicks = [
    ["[data-be]", (el) => be(active?.isConnected ? active : panes()[0], el.dataset.be)],
    ["[data-beside]", (el) => beside(el.dataset.beside)],
    ["[data-close-pane]", (el, pane) => { if (panes().length > 1) { pane.remove(); active = panes()[0]; remember(); ask(); } }],
    ["[data-side]", (el, pane) => { pane.classList.toggle("side-open"); if (pane.classList.contains("side-open")) one(".row-link", pane)?.focus(); }],
    ["[data-go]", (el, pane) => { const at = el.dataset.go; go(pane, at); if (at === "home") act(pane, "open-home", {}); else focusWriting(pane); }],
    ["[data-thread-of]", async (el, pane) => { await go(pane, pane.dataset.at, el.dataset.threadOf); one('[data-composer="thread"] textarea', pane).focus(); }],
    ["[data-close-thread]", (el, pane) => { go(pane, pane.dataset.at); focusWriting(pane); }],
    ["[data-newer]", (el, pane) => { toEnd(one('[data-part="main"]', pane)); el.hidden = true; }],
    ["[data-earlier]", (el, pane) => earlier(pane)],
    ["[data-jump]", (el) => { const there = document.getElementById(el.dataset.jump); there?.scrollIntoView({ block: "center" }); there?.focus(); el.closest("details").open = false; }],
    ["[data-react-pick]", (el, pane) => pick(pane, message(el))],
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
    ["[data-end-story]", () => { story = ""; remember(); ask(); }],
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
      if (el.tagName !== "A") event.preventDefault();
      if (el.getAttribute("aria-busy") === "true") return;
      const menu = el.closest("details.menu");
      if (menu) menu.open = false;
      does(el, pane); return;
    }
  });
  // On a narrow screen the people, the clock and the tools are each behind a button of the top row.
  const reveal = (which) => {
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
  const pick = async (pane, where) => {
    const dialog = one("#picker"); let name = "";
    const chosen = (event) => {
      const el = event.target.closest("[data-emoji]");
      if (el) name = el.dataset.emoji;
      if (event.target.closest("[data-emoji-named]")) name = one("#emoji-name").value.trim();
      if (name) dialog.close("yes");
    };
    dialog.addEventListener("click", chosen);
    await opened(dialog);
    dialog.removeEventListener("click", chosen); one("#emoji-name").value = "";
    if (name) act(pane, "react", { ...where, name });
  };
  const edit = async (pane, where, text) => {
    one("#editor-text").value = text;
    if ((await opened(one("#editor"))) === "yes") act(pane, "edit", { ...where, text: one("#editor-text").value });
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
    drafts.clear(); story = ""; reveal("");
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

  // ------------------------------------------------------------------ Block Kit
  const press = async (el, pane) => {
    if (!(await confirmed(el.dataset.confirm))) return;
    const view = el.closest("[data-view]");
    if (view) return pressView(pane, view, { press: "button", block: el.dataset.inBlock, action: el.dataset.action, ...(el.dataset.option ? { option: el.dataset.option } : {}) }, el);
    const fields = { ...message(el), block: el.dataset.inBlock, action: el.dataset.action, kind: el.dataset.kind };
    if (el.dataset.option) fields.option = el.dataset.option;
    return act(pane, "press", fields, el);
  };
  const pressView = async (pane, form, more, busy) => {
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
  const tell = async (el) => {
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
  const sayChosen = (details) => {
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

  // ------------------------------------------------------------------ writing
  const grow = (box) => { box.style.height = "auto"; box.style.height = `${Math.min(box.scrollHeight + 2, 160)}px`; };
  const attached = (input) => { one(".attached", input.form).textContent = [...input.files].map((file) => file.name).join(", "); };
  const commands = JSON.parse(one("#commands").textContent), shortcuts = JSON.parse(one("#shortcuts").textContent);
  const names = JSON.parse(one("#names").textContent);
  const MENTION = /(?<=^|\s)@([^@\n]{0,30})$/;
  const offers = (box) => {
    const typed = box.value, at = typed.slice(0, box.selectionStart).match(MENTION);
    if (typed.startsWith("/") && !/\s/.test(typed)) {
      return [...commands.filter((each) => each.command.startsWith(typed)).map((each) => ({ title: each.command, about: `${each.description || ""} ${each.usage_hint || ""}`, put: `${each.command} ` })),
        ...shortcuts.filter((each) => each.type === "global").map((each) => ({ title: each.name, about: each.description || "", shortcut: each.callback_id }))];
    }
    const begun = at?.[1].toLowerCase();
    const fits = (name) => name.toLowerCase() !== begun && (name.toLowerCase().startsWith(begun) || name.toLowerCase().includes(` ${begun}`));
    return at ? names.filter(([name]) => fits(name)).slice(0, 6).map(([name, title]) => ({ title: `@${name}`, about: title, mention: name })) : [];
  };
  const suggestWords = (box) => {
    const list = one(".suggestions", box.form), offered = offers(box);
    list.replaceChildren(...offered.map((each, i) => {
      const row = document.createElement("div"), title = document.createElement("strong"), about = document.createElement("span");
      row.setAttribute("role", "option"); row.id = `s-${paneOf(box).dataset.who}-${i}`; row.dataset.suggestion = "";
      row.setAttribute("aria-selected", i === 0 ? "true" : "false");
      for (const kind of ["put", "shortcut", "mention"]) if (each[kind]) row.dataset[kind] = each[kind];
      title.textContent = each.title; about.textContent = ` ${each.about}`; about.className = "hint"; row.append(title, about); return row;
    }));
    list.hidden = !offered.length;
    list.id ||= `list-${Math.random().toString(36).slice(2)}`;
    box.setAttribute("aria-expanded", String(!list.hidden)); box.setAttribute("aria-controls", list.id);
  };
  const takeSuggestion = (row) => {
    const form = row.closest("form"), box = one("textarea", form), list = one(".suggestions", form);
    list.hidden = true; box.setAttribute("aria-expanded", "false");
    if (row.dataset.mention) {
      const before = box.value.slice(0, box.selectionStart).replace(MENTION, `@${row.dataset.mention} `), after = box.value.slice(box.selectionStart);
      box.value = before + after; box.focus(); box.setSelectionRange(before.length, before.length);
    } else if (row.dataset.put) { box.value = row.dataset.put; box.focus(); }
    else { box.value = ""; act(paneOf(box), "shortcut", { callback_id: row.dataset.shortcut }); }
  };
  const moveSuggestion = (list, by) => {
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
    active = pane;
    const told = await act(pane, "say", fields, one(".send", form));
    form.elements.file.value = ""; one(".attached", form).textContent = "";
    if (!told.answered && !box.value && !typed.startsWith("/")) { box.value = typed; grow(box); }
    const place = one(`[data-part="${form.dataset.composer === "thread" ? "thread" : "main"}"]`, pane);
    if (told.answered && pane.dataset.at !== "home") toEnd(place);
  };

  // ------------------------------------------------------------------ the keyboard
  const roving = (place) => {
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
    if (event.key === "Escape" && el.closest?.("header")) { reveal(""); }
    if (event.key === "Escape" && pane) escape(event, el, pane);
    if (event.key === "Tab" && el.closest?.(".modal")) trap(event, el.closest(".modal"));
  });
  const composerKeys = (event, box) => {
    const list = one(".suggestions", box.form);
    if (!list.hidden && ["ArrowDown", "ArrowUp"].includes(event.key)) { event.preventDefault(); moveSuggestion(list, event.key === "ArrowDown" ? 1 : -1); }
    else if (!list.hidden && event.key === "Tab") { event.preventDefault(); takeSuggestion(one("[aria-selected=true]", list)); }
    else if (!list.hidden && event.key === "Escape") { list.hidden = true; box.setAttribute("aria-expanded", "false"); }
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      const chosen = list.hidden ? null : one("[aria-selected=true]", list);
      if (chosen && !(chosen.dataset.put && chosen.dataset.put.trim() === box.value.trim())) takeSuggestion(chosen); else box.form.requestSubmit();
    }
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

  // ------------------------------------------------------------------ beginning
  for (const pane of panes()) {
    pane.dataset.asked = "";
    const layer = one('[data-part="modal"]', pane);
    layer.dataset.view = one(".modal", layer)?.dataset.view || "";
    const place = one('[data-part="main"]', pane); place.dataset.shows = pane.dataset.at + pane.dataset.thread;
    if (pane.dataset.at !== "home") toEnd(place);
    roving(place);
    if (pane.dataset.at === "home") act(pane, "open-home", {});
  }
  if (matchMedia("(max-width: 43rem)").matches) one("#story details")?.removeAttribute("open");
  activate(panes()[0]);
  remember(); tick(); ask(); listen();
})();
