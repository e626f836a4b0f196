"""The form of a record in the admin as a browser sends it back."""

from fiches.acces import admin_url
from projets.models import Projet


def change_url(fiche) -> str:
    return admin_url(fiche, "change", fiche.pk)


def posted(client, fiche=None, **changes) -> dict:
    """What the page of a record would post (of a new one: its type, or nothing for a project), `changes` typed in."""
    there = fiche and not isinstance(fiche, type)
    return resent(client.get(change_url(fiche) if there else admin_url(fiche or Projet, "add")), **changes)


def resent(response, **changes) -> dict:
    """The page that answered, posted again as it stands, `changes` typed in."""
    data = values(response.context["adminform"].form)
    for inline in response.context["inline_admin_formsets"]:
        data |= values(inline.formset.management_form)
        for row in inline.formset.forms:
            data |= values(row)
    return data | changes


def values(form) -> dict:
    """The value of each field, as text; files and empty values are not posted."""
    data = {}
    for field in form:
        value = field.value()
        if isinstance(value, list | tuple | set):
            data[field.html_name] = [str(getattr(item, "pk", item)) for item in value]
        elif value is not None and value is not False and not hasattr(value, "field_file"):
            data[field.html_name] = str(getattr(value, "pk", value)) if value is not True else "on"
    return {name: value for name, value in data.items() if not name.endswith("-fichier")}
