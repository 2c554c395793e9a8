// The workspace page: sends what people do, and shows what the server has drawn.
import { act, jump } from "./acts.js";
import { ask, listen, tick, toEnd } from "./drawing.js";
import { one, panes } from "./finding.js";
import { roving } from "./keyboard.js";
import { activate, remember } from "./panes.js";

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
const sought = new URLSearchParams(location.search).get("message");
activate(panes()[0]);
remember(); tick(); listen();
ask().then(() => { if (sought) jump(panes()[0], sought); });
