// What is typed in a form, kept in this browser until it is sent, seven days at most. Everything works without this file.
window.saisie = (() => {
  const HEAD = "saisie|", WEEK = 6048e5, d = document;
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  // Storage may be refused (a private window, a setting) or full: then nothing is kept, and nothing fails.
  const trying = (act) => { try { return act(); } catch { return undefined; } };

  // The store. A key: whose it is, on which page, of which opening of it. A value: when, and what.
  const key = (who, where, id) => [HEAD + who, where, id].join("|");
  const placeOf = (key) => key.split("|").slice(2, -1).join("|");
  const write = (key, entry) =>
    trying(() => { localStorage.setItem(key, `${Date.now()}|${JSON.stringify(entry)}`); return true; });
  const remove = (key) => trying(() => localStorage.removeItem(key));
  const read = (key) => trying(() => {
    const value = localStorage.getItem(key), cut = value.indexOf("|");
    return { ...JSON.parse(value.slice(cut + 1)), key, t: +value.slice(0, cut) };
  });
  const keys = (start) => trying(() => Object.keys(localStorage).filter((one) => one.startsWith(start))) || [];
  const entries = (start) => keys(start).map(read).filter(Boolean).sort((a, b) => b.t - a.t);
  for (const one of keys(HEAD)) if (!(read(one)?.t > Date.now() - WEEK)) remove(one);

  // A form: its fields by name, what they hold, what the page was served with.
  const groups = (form, wanted) => {
    const found = new Map();
    for (const e of form.elements) {
      if (!e.name || e.disabled || /^(hidden|file|password|submit|button|reset|image)$/.test(e.type) || !wanted(e.name)) continue;
      found.set(e.name, [...(found.get(e.name) || []), e]);
    }
    return found;
  };
  const isBox = (e) => e.type === "checkbox" || e.type === "radio";
  const chosen = (e, served) => {
    const found = [...e.options].filter((one) => (served ? one.defaultSelected : one.selected));
    return served && !found.length && !e.multiple ? [...e.options].slice(0, 1) : found;
  };
  const values = (fields, served) => fields.flatMap((e) => {
    if (isBox(e)) return (served ? e.defaultChecked : e.checked) ? [e.value] : [];
    if (e.options) return chosen(e, served).map((one) => one.value);
    return [served ? e.defaultValue : e.value];
  });
  const words = (fields) => fields.flatMap((e) => (e.options ? chosen(e).map((one) => one.text) : []));
  const put = (fields, values, words = []) => {
    for (const e of fields) {
      if (isBox(e)) e.checked = values.includes(e.value);
      else if (e.options) {
        values.forEach((value, n) => {
          if (![...e.options].some((one) => one.value === value)) e.add(new Option(words[n] || value, value));
        });
        for (const one of e.options) one.selected = values.includes(one.value);
      } else e.value = values[0] ?? "";
      const folded = e.closest("details");
      if (folded) folded.open = true;
      for (const name of ["input", "change"]) e.dispatchEvent(new Event(name, { bubbles: true }));
    }
  };

  /* Keep what is typed in `form`, and offer what was kept of it before.
     who, where: whose it is, and on which page. title: what to call it. wanted: (name) whether a field is kept.
     changes: names of what the page was served with and that nothing has saved. rename: (name) a name that lasts.
     find: (name that lasts, whether to make room for it) its fields. Gives `offers`: [entry, names that differ]. */
  const watch = (form, { who, where, title, wanted, changes = [], ...names }) => {
    const { rename = (name) => name, find = (name) => groups(form, wanted).get(name) } = names;
    const random = trying(() => [...crypto.getRandomValues(new Uint8Array(12))]) || [];
    const id = random.map((n) => (n % 36).toString(36)).join("");
    const own = key(who, where, id), before = {};
    let last = "", kept = false, off = !id, wait;
    const isOf = (field, name) => name.startsWith(field) && /^([_-]\d.*)?$/.test(name.slice(field.length));
    const typed = () => {
      const found = {};
      for (const [name, fields] of groups(form, wanted)) {
        const valeur = values(fields), served = values(fields, true), refused = changes.some((one) => isOf(one, name));
        if (!refused && same(valeur, served)) continue;
        const lasting = rename(name);
        found[lasting] = { avant: refused ? before[lasting] || null : served, valeur, mots: words(fields) };
      }
      return found;
    };
    const keep = () => {
      clearTimeout(wait);
      const champs = typed(), now = JSON.stringify(champs);
      if (off || now === last) return;
      last = now;
      if (now === "{}") remove(own);
      kept = now !== "{}" && write(own, { titre: title, champs }) === true;
    };
    const soon = () => { clearTimeout(wait); wait = setTimeout(keep, 300); };
    const differing = (entry) => Object.keys(entry.champs).filter((name) => {
      const fields = find(name);
      return !fields || !same(values(fields), entry.champs[name].valeur);
    });
    const take = (entry) => {
      const lost = Object.keys(entry.champs).filter((name) => {
        const fields = find(name, true), { valeur, mots } = entry.champs[name];
        if (fields) put(fields, valeur, mots);
        return !fields;
      });
      keep();
      if (kept && !lost.length) remove(entry.key);
      return lost;
    };
    const others = entries(key(who, where, "")).filter((one, n, all) => {
      const again = all.slice(0, n).some((newer) => same(newer.champs, one.champs));
      if (again) remove(one.key);
      return one.champs && !again;
    });
    for (const one of others) {
      for (const [name, { avant, valeur }] of Object.entries(one.champs)) {
        const fields = find(name);
        if (fields && same(values(fields), valeur)) before[name] = avant;
      }
    }
    keep();
    const offers = others.map((one) => [one, differing(one)]).filter(([one, names]) => {
      if (!names.length && (kept || last === "{}")) remove(one.key); // the page holds all of it, or the site does
      return names.length;
    });
    for (const name of ["input", "change", "reset"]) form.addEventListener(name, soon);
    form.addEventListener("submit", keep);
    addEventListener("pagehide", keep);
    d.addEventListener("visibilitychange", keep);
    const stop = () => { off = true; remove(own); };
    return { id, offers, find, take, soon, stop };
  };

  // Words on the page.
  const make = (tag, said, ...inside) => {
    const e = Object.assign(d.createElement(tag), said);
    e.append(...inside);
    return e;
  };
  const button = (className, text, act) => {
    const e = make("button", { type: "button", className }, text);
    e.addEventListener("click", act);
    return e;
  };
  const moment = (t) => {
    const when = new Date(t), two = (n) => String(n).padStart(2, "0");
    const day = when.toLocaleDateString("fr-FR", { day: "numeric", month: "long", year: "numeric" });
    return `${day.replace(/^1 /, "1er ")} à ${two(when.getHours())}:${two(when.getMinutes())}`;
  };
  const ask = (event) => { event.preventDefault(); event.returnValue = ""; }; // the second for older browsers
  return { ask, key, placeOf, entries, write, remove, same, groups, isBox, values, put, watch, make, button, moment };
})();

// What visitors propose: neither who they are nor what they agree to is kept. The desk has its own (admin-saisie.js).
if (!("bureau" in document.currentScript.dataset)) {
  const { ask, key, placeOf, entries, write, remove, same, groups, values, put, watch, make, button, moment } = window.saisie;
  const d = document, WHO = "public", MARK = "saisie", here = location.pathname;
  const form = d.querySelector("form[data-saisie]"), list = d.querySelector("[data-saisies]");
  const every = () => entries(key(WHO, "", "").slice(0, -1)), path = (one) => placeOf(one.key).split("?")[0];
  const mark = (place) => { try { sessionStorage.setItem(MARK, place); } catch { /* it leaves after seven days */ } };
  const wanted = (name) => name.startsWith("champ_");
  let stop = () => {};

  // What this tab sent has arrived if the page that says so follows, or if the second step follows the first.
  let sent;
  try { sent = sessionStorage.getItem(MARK); } catch { /* as above */ }
  const follows = sent !== here && d.referrer.split("?")[0] === location.origin + sent;
  if (sent && (follows || d.querySelector("[data-saisie-finie]"))) {
    every().forEach((one) => path(one) === sent && remove(one.key));
    mark("");
  }
  d.addEventListener("submit", (event) => event.target.method === "post" && mark(here));

  const works = write(key(WHO, "essai", ""), {});
  remove(key(WHO, "essai", ""));
  const start = () => {
    const { saisie: title, changes = "" } = form.dataset;
    const asked = { who: WHO, where: here + (form.getAttribute("action") || ""), title, wanted };
    const watched = watch(form, { ...asked, changes: changes.split(" ").filter(Boolean) });
    stop = watched.stop;
    for (const [entry, names] of watched.offers) {
      const note = make("div", { className: "note pile serre", tabIndex: -1 });
      note.setAttribute("role", "status");
      const say = (text, ...buttons) => {
        note.replaceChildren(make("p", {}, text), ...(buttons.length ? [make("p", { className: "rang" }, ...buttons)] : []));
      };
      const answer = (act, text) => () => { act(); say(text); note.focus(); };
      const served = (name) => values(groups(form, wanted).get(name) || [], true);
      // Nobody else has the address of a record that is begun: what the site holds of it is put right at once.
      if ("fiche" in form.dataset && names.every((name) => same(entry.champs[name].avant, served(name)))) {
        watched.take(entry);
        const undo = () => { names.forEach((name) => put(groups(form, wanted).get(name), served(name))); watched.stop(); };
        say(`Ce que vous aviez tapé ici le ${moment(entry.t)} est remis.`,
          button("bouton", "Oublier", answer(undo, "C’est effacé de ce navigateur.")));
      } else {
        say(`Ce navigateur a gardé ce qui a été tapé ici le ${moment(entry.t)}, et pas envoyé.`,
          button("bouton plein", "Reprendre ce que vous aviez tapé",
            answer(() => watched.take(entry), "C’est remis dans le formulaire\u00a0: relisez, puis continuez.")),
          button("bouton", "Oublier", answer(() => remove(entry.key), "C’est effacé de ce navigateur.")));
      }
      form.prepend(note);
    }
    if (works && "fiche" in form.dataset) write(key(WHO, here, "lien"), { titre: title });
    if (!works) {
      let leaving = false;
      form.addEventListener("submit", () => { leaving = true; });
      addEventListener("beforeunload", (event) => {
        const fields = [...groups(form, wanted).values()];
        if (!leaving && fields.some((one) => !same(values(one), values(one, true)))) ask(event);
      });
    }
  };
  if (form) addEventListener("pageshow", start, { once: true }); // a browser that comes back has filled it in by then

  // What was begun on other pages, and the way to take all of it away.
  const begun = new Map(every().reverse().map((one) => [path(one), one]));
  begun.delete(here);
  if (list && begun.size) {
    list.hidden = list.parentElement.hidden = false;
    list.append(make("ul", {}, ...[...begun].map(([place, one]) => {
      const link = make("a", { href: place }, one.titre);
      link.addEventListener("click", () => mark(place));
      return make("li", {}, link, `, le ${moment(one.t)}`);
    })));
  }
  for (const one of d.querySelectorAll("[data-saisie-effacer]")) {
    const told = one.closest("[data-saisie-dite]");
    told.hidden = !works || !(form || begun.size);
    one.addEventListener("click", () => {
      stop();
      every().forEach((entry) => remove(entry.key));
      if (list) list.hidden = true;
      told.setAttribute("role", "status");
      told.replaceChildren("C’est effacé de ce navigateur.");
      told.focus();
    });
  }
}
