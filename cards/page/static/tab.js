// The tab's only script of its own. Within Teams it signs the person in and fetches each page with their token, since
// cookies are unreliable in Teams' frame. Elsewhere the pages work without it: it only shows the print button.
(() => {
  "use strict";
  const root = document.documentElement;
  const teamsScript = document.currentScript.dataset.teams;
  const signInPatience = 15000; // milliseconds; Teams may ask the person something meanwhile

  // Outside a frame nobody signs anybody in: what the page says by itself stays.
  if (!teamsScript || window.parent === window) {
    root.classList.add("scripted"); // shows the print button
    document.addEventListener("click", (event) => {
      if (event.target.closest && event.target.closest("button.print")) window.print();
    });
    return;
  }
  root.classList.add("signing-in");

  let app, said, locale = "", theme = "", latest = 0;

  document.addEventListener("DOMContentLoaded", async () => {
    app = document.getElementById("app");
    said = document.getElementById("said");
    try {
      await load(teamsScript);
      await inTime(microsoftTeams.app.initialize());
      const context = await inTime(microsoftTeams.app.getContext());
      locale = context.app.locale || "";
      setTheme(context.app.theme);
      microsoftTeams.app.registerOnThemeChangeHandler((name) => {
        setTheme(name);
        show(location.search, { quiet: true });
      });
      // A link into the tab names a page by its address.
      const wanted = context.page && context.page.subPageId;
      await show(wanted && wanted.startsWith("?") ? wanted : location.search, { first: true });
    } catch (error) {
      explain(error);
    }
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[href]");
    if (!link || link.target || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const address = new URL(link.href);
    if (address.origin !== location.origin || address.pathname !== "/tab") return;
    if (address.search === location.search && address.hash) return; // within the page
    event.preventDefault();
    go(address.search);
  });

  document.addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = new URLSearchParams(new FormData(event.target));
    for (const name of [...fields.keys()]) if (fields.get(name) === "") fields.delete(name);
    go("?" + fields);
  });

  addEventListener("popstate", () => show(location.search, {}));

  function go(search) {
    history.pushState(null, "", "/tab" + search);
    show(search, {});
  }

  // show fetches a page and puts it in place of the one that is shown. Of several that were asked for the last counts.
  async function show(search, { first, quiet }) {
    const mine = ++latest;
    const page = document.getElementById("page");
    if (page) page.setAttribute("aria-busy", "true");
    if (!quiet) said.textContent = app.dataset.loading;
    try {
      const query = new URLSearchParams(search);
      if (theme) query.set("theme", theme);
      if (locale) query.set("locale", locale);
      let answer = await ask(query);
      if (answer.status === 401) answer = await ask(query); // the token may have ended on the way
      const type = answer.headers.get("Content-Type") || "";
      if (!type.startsWith("text/html")) throw new Error("status " + answer.status);
      const text = await answer.text();
      if (mine !== latest) return;
      app.innerHTML = text;
      root.classList.remove("signing-in");
      const shown = document.getElementById("page");
      document.title = shown.dataset.title;
      root.lang = shown.lang;
      said.textContent = "";
      if (!first && !quiet) {
        scrollTo(0, 0);
        shown.querySelector("h1").focus({ preventScroll: true });
      }
    } catch (error) {
      if (mine === latest) explain(error);
    }
  }

  async function ask(query) {
    const token = await inTime(microsoftTeams.authentication.getAuthToken());
    return fetch("/tab/page?" + query, { headers: { Authorization: "Bearer " + token }, cache: "no-store", credentials: "omit" });
  }

  // explain shows what the page says by itself, and what went wrong.
  function explain(error) {
    root.classList.remove("signing-in");
    const page = document.getElementById("page");
    if (page) page.removeAttribute("aria-busy");
    const reason = error && (error.message || error.errorCode || String(error));
    said.classList.remove("hidden");
    said.textContent = app.dataset.failed + (reason ? " (" + String(reason).slice(0, 200) + ")" : "");
  }

  function setTheme(name) {
    theme = name === "dark" || name === "contrast" ? name : "default";
    root.dataset.theme = theme;
  }

  function load(address) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = () => reject(new Error("teams.js"));
      document.head.append(script);
    });
  }

  function inTime(promise) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error("timeout")), signInPatience);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
  }
})();
