/* What the pages can do beyond links and forms: live rows, sorting and filtering without
   a request, words of times that go on, and the switch between light and dark. */
(function () {
  "use strict";
  var root = document.documentElement;

  /* ---- light and dark: before the first picture ---- */
  var modes = ["auto", "light", "dark"], words = { auto: "Auto", light: "Light", dark: "Dark" };
  function saved() {
    try { return modes.indexOf(localStorage.getItem("theme")) > 0 ? localStorage.getItem("theme") : "auto"; }
    catch (e) { return "auto"; }
  }
  function show(mode) {
    if (mode === "auto") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", mode);
  }
  show(saved());

  function themeSwitch(button) {
    function label(mode) {
      button.textContent = words[mode];
      button.setAttribute("aria-label", "Colours: " + words[mode] + ". Change");
    }
    button.hidden = false;
    label(saved());
    button.addEventListener("click", function () {
      var next = modes[(modes.indexOf(saved()) + 1) % modes.length];
      try { localStorage.setItem("theme", next); } catch (e) { /* private window: for this page */ }
      show(next);
      label(next);
    });
  }

  /* ---- "3 min ago", as words_ago has it ---- */
  function ago(then, now) {
    var units = [[86400000, "d"], [3600000, "h"], [60000, "min"], [1000, "s"]];
    var d = now - then, size = Math.abs(d);
    for (var i = 0; i < units.length; i++)
      if (size >= units[i][0]) {
        var n = Math.floor(size / units[i][0]) + " " + units[i][1];
        return d < 0 ? "in " + n : n + " ago";
      }
    return "now";
  }
  function tellTimes(within) {
    var now = Date.now();
    within.querySelectorAll("time[data-ago]").forEach(function (t) {
      var text = ago(Date.parse(t.dateTime), now);
      if (t.textContent !== text) t.textContent = text;
    });
  }

  /* ---- the table of feeds ---- */
  function sortable(table) {
    table.querySelectorAll("thead th a").forEach(function (link, column) {
      link.addEventListener("click", function (event) {
        var head = link.parentNode, body = table.tBodies[0], rows = Array.from(body.rows);
        var down = head.getAttribute("aria-sort") !== "descending";
        if (!head.hasAttribute("aria-sort")) down = column > 1;
        event.preventDefault();
        rows.sort(function (a, b) {
          var x = a.cells[column].dataset.v, y = b.cells[column].dataset.v;
          var c = column === 0 ? x.localeCompare(y) : Number(x) - Number(y);
          return (down ? -c : c) || a.id.localeCompare(b.id);
        });
        table.querySelectorAll("thead th").forEach(function (th) { th.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        rows.forEach(function (row) { body.appendChild(row); });
      });
    });
  }
  function filterable(input, table, status) {
    function apply() {
      var word = input.value.trim().toLowerCase(), n = 0;
      Array.from(table.tBodies[0].rows).forEach(function (row) {
        row.hidden = word !== "" && row.textContent.toLowerCase().indexOf(word) < 0;
        if (!row.hidden) n++;
      });
      status.textContent = word === "" ? "" : n + (n === 1 ? " feed" : " feeds");
    }
    input.form.addEventListener("submit", function (event) { event.preventDefault(); });
    input.addEventListener("input", apply);
    return apply;
  }

  /* ---- live ---- */
  function fragment(html) {
    var template = document.createElement("template");
    template.innerHTML = html; /* escaped where it was written, as in the page itself */
    tellTimes(template.content);
    return template.content;
  }
  function keepFocus(within, change) {
    var at = document.activeElement, href = at && within.contains(at) ? at.getAttribute("href") : null;
    change();
    if (href) within.querySelectorAll("a").forEach(function (a) { if (a.getAttribute("href") === href) a.focus(); });
  }
  function live(refilter) {
    var status = document.getElementById("live"), wait = 1000, source;
    function on(name, take) {
      source.addEventListener(name, function (event) { take(event.data); });
    }
    function connect() {
      source = new EventSource("/events?at=" + document.body.dataset.live);
      source.addEventListener("open", function () { wait = 1000; status.textContent = "Live"; });
      source.addEventListener("error", function () {
        status.textContent = "Not live, trying again";
        if (source.readyState !== EventSource.CLOSED) return; /* it tries by itself */
        setTimeout(connect, wait);
        wait = Math.min(wait * 2, 60000);
      });
      on("state", function (html) {
        var at = document.getElementById("state");
        keepFocus(at, function () { at.replaceChildren(fragment(html)); });
      });
      on("newest", function (html) {
        var at = document.getElementById("newest");
        keepFocus(at, function () { at.replaceChildren(fragment(html)); });
      });
      on("feed", function (html) {
        var row = fragment("<table><tbody>" + html + "</tbody></table>").querySelector("tr");
        var before = row && document.getElementById(row.id);
        if (!before) return;
        if (row.cells[3].dataset.v !== before.cells[3].dataset.v) row.className = "fresh";
        var parent = before.parentNode;
        keepFocus(parent, function () { before.replaceWith(row); });
        refilter();
      });
    }
    connect();
    window.addEventListener("pagehide", function () { source.close(); });
  }

  document.addEventListener("DOMContentLoaded", function () {
    var table = document.querySelector("table.feeds"), filter = document.getElementById("filter");
    var refilter = function () {};
    document.querySelectorAll("button.theme").forEach(themeSwitch);
    tellTimes(document);
    setInterval(function () { tellTimes(document); }, 1000);
    if (table) sortable(table);
    if (table && filter) refilter = filterable(filter, table, document.getElementById("shown"));
    if (document.body.hasAttribute("data-live") && window.EventSource) live(refilter);
    document.addEventListener("keydown", function (event) {
      var at = document.activeElement;
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName)) return;
      event.preventDefault();
      (filter || document.getElementById("q")).focus();
    });
  });
})();
