"""The texts that pages start with (fixtures/pages/), put into the database after each migration.

A text that editors changed is theirs for good; one they never touched follows the next version of the site.
"""

from django.apps import apps as global_apps

from labacces.pages.models import Page, first_text


def load_first_texts(sender, using, apps=global_apps, **kwargs) -> None:
    """Make the rows that are missing, renew those that nobody edited. Handler of post_migrate."""
    try:
        columns = {field.name for field in apps.get_model("pages", "Page")._meta.fields}
    except LookupError:
        return  # migrated back to before there were pages
    if columns != {field.name for field in Page._meta.fields}:
        return  # half-way through the migrations
    rows = Page.objects.using(using).in_bulk()
    for cle, titre in Page.Cle.choices:
        page = rows.get(cle) or Page(cle=cle)
        if not page.editee and (page.titre, page.texte) != (titre, first_text(cle)):
            page.titre, page.texte = titre, first_text(cle)
            page.save(using=using)
