"""First texts of the pages (fixtures/pages/), loaded after each migration.

A new version of the site renews texts that no editor changed.
"""

from django.apps import apps as global_apps

from labacces.pages.models import Page, first_text


def load_first_texts(sender, using, apps=global_apps, **kwargs) -> None:
    """Create missing pages, renew unedited ones. Handler of post_migrate."""
    try:
        columns = {field.name for field in apps.get_model("pages", "Page")._meta.fields}
    except LookupError:
        return  # migrated back: no pages
    if columns != {field.name for field in Page._meta.fields}:
        return  # between two migrations
    rows = Page.objects.using(using).in_bulk()
    for cle, titre in Page.Cle.choices:
        page = rows.get(cle) or Page(cle=cle)
        if not page.editee and (page.titre, page.texte) != (titre, first_text(cle)):
            page.titre, page.texte = titre, first_text(cle)
            page.save(using=using)
