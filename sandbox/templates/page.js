// Draws the page again every two seconds, unless someone is typing or has typed something.
(() => {
  let typed = false;
  addEventListener("input", () => { typed = true; });
  const busy = () => typed || ["INPUT", "SELECT", "TEXTAREA"].includes(document.activeElement?.tagName);
  const again = async () => {
    if (busy() || document.hidden) return;
    const answer = await fetch(location.pathname, { headers: { "X-Again": "1" } }).catch(() => null);
    if (!answer?.ok || busy()) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["channels", "surface", "modal"]) {
      const old = document.getElementById(id), fresh = page.getElementById(id);
      if (old && fresh && old.innerHTML !== fresh.innerHTML) old.innerHTML = fresh.innerHTML;
    }
  };
  setInterval(again, 2000);
})();
