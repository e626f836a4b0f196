/* LabAccès : améliorations facultatives. Tout fonctionne sans ce fichier. */
(() => {
  const d = document, tous = (s, f) => d.querySelectorAll(s).forEach(f);

  // Ce que gardait saisie.js d’un formulaire jamais envoyé : sept jours, puis plus rien.
  try {
    for (const cle of Object.keys(localStorage))
      if (cle.startsWith('saisie|') && !(parseInt(localStorage[cle]) > Date.now() - 6048e5)) delete localStorage[cle];
  } catch { /* un navigateur qui ne garde rien */ }

  // Navigateurs sans ::details-content : déplier d’office sur grand écran.
  if (!CSS.supports('selector(::details-content)') && matchMedia('(min-width: 60rem)').matches)
    tous('.repli', e => { e.open = true; });

  // « Emporter » : Échap le referme.
  d.addEventListener('keydown', e => {
    if (e.key === 'Escape') tous('.emporter[open]', m => { m.open = false; m.querySelector('summary').focus(); });
  });

  // Filtres modifiés : le compte du bouton n’est plus celui de la page.
  tous('.filtres', f => f.addEventListener('input', () => {
    f.querySelector('.valider .plein').textContent = 'Voir les fiches';
  }));

  // D’autres mots ne se cherchent plus « tels quels ».
  tous('.filtres [name=q]', q => q.addEventListener('input', () => q.form.elements.exact?.remove()));

  // Impression : ce qui est plié se déplie, le temps d’imprimer.
  let plies = [];
  addEventListener('beforeprint', () => {
    plies = [...d.querySelectorAll('main details:not([open])')];
    plies.forEach(e => { e.open = true; });
  });
  addEventListener('afterprint', () => plies.forEach(e => { e.open = false; }));

  // Recherche : mots proposés pendant la frappe, dans une <datalist>.
  tous('form[role=search] input[name=q]', champ => {
    const liste = d.createElement('datalist');
    let attente, demande;
    liste.id = champ.id + '-mots';
    champ.after(liste);
    champ.setAttribute('list', liste.id);
    champ.autocomplete = 'off';
    champ.addEventListener('input', () => {
      clearTimeout(attente);
      demande?.abort();
      const mots = champ.value.trim();
      if (mots.length < 2) return liste.replaceChildren();
      attente = setTimeout(async () => {
        demande = new AbortController();
        try {
          const r = await fetch('/recherche/completion/?q=' + encodeURIComponent(mots), { headers: { Accept: 'application/json' }, signal: demande.signal });
          liste.replaceChildren(...(await r.json()).map(t => new Option(t, t)));
        } catch { /* sans réseau, pas de proposition */ }
      }, 200);
    });
  });

  // Boutons utiles seulement avec JavaScript : imprimer, copier l’adresse permanente.
  tous('[data-js]', b => { b.hidden = false; });
  tous('[data-imprimer]', b => b.addEventListener('click', () => print()));
  tous('[data-copier]', b => b.addEventListener('click', async () => {
    const etat = d.getElementById(b.getAttribute('aria-describedby'));
    const source = d.getElementById(b.getAttribute('aria-controls'));
    const texte = b.dataset.copier || (source.value ?? source.textContent);
    try { await navigator.clipboard.writeText(texte); etat.textContent = 'Copié.'; }
    catch { etat.textContent = 'Copie impossible : sélectionnez ce qui est affiché.'; }
  }));
})();
