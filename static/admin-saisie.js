// The desk: what is typed in the forms that SaisieGardeeAdmin declares is kept and offered back; leaving asks first.
{
  const { ask, key, placeOf, entries, remove, same, groups, isBox, values, watch, make, button, moment } = window.saisie;
  const { compte, sortis = "" } = document.currentScript.dataset;
  const d = document;
  const all = (who) => entries(key(who, "", "").slice(0, -1));
  const forget = (id) => all(compte).forEach((one) => one.key.endsWith(`|${id}`) && remove(one.key));
  const text = (tag, said, className = "") => make(tag, { className }, said);

  // Whoever logs out leaves nothing in this browser.
  for (const who of sortis.split(" ").filter(Boolean)) all(who).forEach((one) => remove(one.key));

  // The site says by a cookie which texts it has saved.
  for (const [, id] of d.cookie.matchAll(/(?:^|; )saisie-([a-z0-9]+)=/g)) {
    forget(id);
    d.cookie = `saisie-${id}=; path=/admin/; max-age=0`;
  }
  for (const link of d.querySelectorAll("[data-oublier]")) link.addEventListener("click", () => forget(link.dataset.oublier));

  const mark = compte && d.querySelector("input[name=_saisie_de][data-champs]");
  const list = (name) => mark.dataset[name].split(" ").filter(Boolean);
  const among = (names, rest) => new RegExp(`^(${names.join("|") || "-"})${rest}`);

  // What a field is called, and what it says, in words.
  const named = (fields) => {
    const [e] = fields, row = e.closest(".form-row, .module"), several = fields.length > 1 || e.type === "radio";
    const label = (several && row?.querySelector("legend, label")) || e.labels?.[0] || row?.querySelector("label, legend");
    const name = (e.getAttribute("aria-label") || label?.textContent || e.name).replace(/\s*:\s*$/, "").trim();
    const group = e.closest(".inline-group")?.querySelector("h2")?.textContent.trim();
    return group ? `${group}\u00a0: ${name}` : name;
  };
  const said = (fields, kept) => {
    const now = kept ? kept.valeur : values(fields, true);
    if (fields.length === 1 && fields[0].type === "checkbox") return now.length ? "coché" : "non coché";
    const one = (value, n) => {
      const box = fields.find((e) => isBox(e) && e.value === value);
      const option = fields.flatMap((e) => [...(e.options || [])]).find((o) => o.value === value);
      return box?.labels?.[0]?.textContent.trim() || option?.text || kept?.mots?.[n] || value;
    };
    return now.map(one).filter(Boolean).join(", ") || "(vide)";
  };

  const start = () => {
    const form = mark.form, title = (d.querySelector("#content > h2") || d.querySelector("h1")).textContent.trim();
    const fields = among(list("champs"), "(?:[_-]\\d+(?:-.*)?)?$"), rows = among(list("rangs"), "-(\\d+)-(?!DELETE$)(.+)$");
    const wanted = (name) => fields.test(name) || rows.test(name);
    const number = (prefix, what) => +form.elements[`${prefix}-${what}_FORMS`]?.value || 0;
    // A row that is saved is named by its key: somebody else may have added rows before it.
    const rename = (name) => {
      const [, prefix, n, field] = rows.exec(name) || [];
      if (!prefix) return name;
      const saved = form.elements[`${prefix}-${n}-id`]?.value;
      return [prefix, saved ? saved : `+${n - number(prefix, "INITIAL")}`, field].join(":");
    };
    const find = (name, make) => {
      const [prefix, row, field] = name.split(":");
      if (!row) return groups(form, wanted).get(name);
      let n = number(prefix, "INITIAL") + +row.slice(1);
      if (row[0] !== "+") for (n = number(prefix, "INITIAL") - 1; n >= 0 && form.elements[`${prefix}-${n}-id`]?.value !== row;) n--;
      const add = () => d.querySelector(`#${prefix}-group .add-row a`);
      for (let tries = 0; make && row[0] === "+" && number(prefix, "TOTAL") <= n && tries < 50 && add(); tries++) add().click();
      return n < 0 ? undefined : groups(form, wanted).get(`${prefix}-${n}-${field}`);
    };
    const asked = { who: compte, where: location.pathname, title, wanted, rename, find };
    const kept = watch(form, { ...asked, changes: list("changes") });
    form.append(make("input", { type: "hidden", name: "_saisie", value: kept.id }));
    window.django?.jQuery?.(form).on("change", kept.soon); // of fields that its own events alone tell of
    for (const [entry, names] of kept.offers) form.before(offer(entry, names, kept));
  };

  // What was typed, beside what the record says now.
  const offer = (entry, names, kept) => {
    const moved = (name) => {
      const { avant } = entry.champs[name], fields = kept.find(name);
      return fields ? avant && !same(avant, values(fields, true)) : !name.includes(":+"); // a new row has its place
    };
    const changed = names.some(moved);
    const box = make("section", { className: "demande saisie", tabIndex: -1 });
    const done = (words, lost = []) => {
      box.replaceChildren(text("p", words), ...(lost.length ? [
        text("p", "Ces lignes ne sont plus dans le formulaire\u00a0: copiez ce que vous voulez en garder."),
        ...lost.map((name) => text("p", entry.champs[name].valeur.join(", "), "texte")),
      ] : []));
      box.querySelector("p").setAttribute("role", "status");
      box.focus();
    };
    const compared = names.map((name) => {
      const { valeur, mots } = entry.champs[name], [prefix, row, field] = name.split(":");
      const fields = kept.find(name), like = fields || [mark.form.elements[`${prefix}-__prefix__-${field}`]].filter(Boolean);
      const now = fields ? said(fields) : row[0] === "+" ? "(vide)" : "(cette ligne n’y est plus)";
      const typed = said(like, { valeur, mots });
      return make("div", {}, text("h3", like.length ? named(like) : "Ligne retirée"), make("div", { className: "deux-textes" },
        make("div", {}, text("h4", moved(name) ? "Maintenant (changé depuis)" : "Maintenant"), text("div", now, "texte")),
        make("div", {}, text("h4", "Vous aviez tapé"), text("div", typed, "texte"))));
    });
    box.append(
      text("h2", "Ce que vous aviez tapé n’est pas enregistré"),
      text("p", `Le ${moment(entry.t)}, dans ce navigateur.${changed ? " Depuis, cela a changé\u00a0: comparez avant de reprendre." : ""}`),
      make("p", { className: "decisions" },
        button("", "Reprendre ce que vous aviez tapé",
          () => done("C’est remis dans le formulaire. Relisez, puis enregistrez.", kept.take(entry))),
        button("", "Oublier", () => { remove(entry.key); done("C’est oublié."); })),
      make("details", { open: changed }, text("summary", "Voir ce que vous aviez tapé, à côté de ce qui est là maintenant"), ...compared),
    );
    return box;
  };
  if (mark) addEventListener("pageshow", start, { once: true });

  // On the home of the desk: where something is left.
  const home = compte && d.querySelector("[data-textes]"), left = home ? all(compte) : [];
  if (left.length) {
    home.hidden = false;
    home.append(make("ul", {}, ...left.map((one) => {
      const row = make("li", {}, make("a", { href: placeOf(one.key) }, one.titre), ` le ${moment(one.t)} `,
        make("details", {}, text("summary", "Voir"), ...Object.values(one.champs).map(({ valeur, mots }) =>
          text("p", (mots.length ? mots : valeur).join(", ") || "(vide)", "texte"))),
        make("span", { className: "decisions" }, button("", "Oublier", () => { remove(one.key); row.textContent = "C’est oublié."; })));
      return row;
    })));
  }

  // Leaving asks first where something typed is not sent; to send another form of the page is to leave.
  if (compte) {
    let sent = null;
    const isText = (e) => e.matches("textarea, input") && !isBox(e);
    const isTyped = (form) => mark?.form === form && "lie" in mark.dataset
      || [...form.elements].some((e) => e.type === "file" && e.files.length)
      || [...groups(form, () => true).values()].some((fields) =>
        (mark?.form === form || fields.some(isText)) && !same(values(fields), values(fields, true)));
    d.addEventListener("submit", (event) => { sent = event.target; setTimeout(() => { sent = null; }, 1000); });
    addEventListener("beforeunload", (event) => {
      const forms = d.querySelectorAll("#content form[method=post]:not(#changelist-form)");
      if ([...forms].some((form) => form !== sent && isTyped(form))) ask(event);
    });
  }
}
