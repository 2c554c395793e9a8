// Emoji by their names: found by the letters typed, or picked in a dialog.
import { opened } from "./acts.js";
import { one } from "./finding.js";

let known = [], asked = null;
export const learn = () => (asked ||= fetch("/emoji").then((answer) => answer.json()).then((names) => { known = names; }));
// Names that begin with those letters stand before names that have them further on.
export const emojiNamed = (letters, most) => {
  const wanted = letters.toLowerCase(), begin = known.filter(([name]) => name.startsWith(wanted));
  return [...begin, ...known.filter(([name]) => name.indexOf(wanted) > 0)].slice(0, most);
};
const button = ([name, picture]) => {
  const made = document.createElement("button");
  made.type = "button"; made.dataset.emoji = name; made.title = `:${name}:`; made.textContent = picture;
  made.setAttribute("aria-label", name.replaceAll("_", " "));
  return made;
};
export const pick = async (title) => {
  await learn();
  const dialog = one("#picker"), field = one("#emoji-name"), grid = one(".emoji-grid", dialog), usual = [...grid.children];
  const listening = new AbortController(), { signal } = listening;
  let name = "";
  const search = () => {
    const letters = field.value.trim().replaceAll(":", "").replaceAll(" ", "_"), found = emojiNamed(letters, 18);
    grid.replaceChildren(...(letters ? found.map(button) : usual));
    one("#emoji-found").textContent = letters ? `${found.length} found` : "";
  };
  grid.addEventListener("click", (event) => { name = event.target.closest("[data-emoji]")?.dataset.emoji || ""; if (name) dialog.close("yes"); }, { signal });
  field.addEventListener("input", search, { signal });
  one("form", dialog).addEventListener("submit", () => { name = (field.value.trim() && one("[data-emoji]", grid)?.dataset.emoji) || ""; }, { signal });
  one("#picker-title").textContent = title;
  await opened(dialog);
  listening.abort(); field.value = ""; search();
  return name;
};
