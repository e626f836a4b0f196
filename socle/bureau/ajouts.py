"""What an app adds to pages of the desk that do not know it: its room names it in `ajouts`."""

from collections.abc import Iterator

from socle.rooms import rooms


class Ajout:
    """What one app adds to lists and forms of the models that it `concerns`. Override what is needed."""

    # What rows may lack, for the page on quality: (words, filters of their list that find them).
    manques: tuple[tuple[str, dict[str, str]], ...] = ()

    def concerns(self, model) -> bool:
        return False

    def filters(self, model) -> list:
        """Filters for the list of a model, after its own."""
        return []

    def initial(self, request, model) -> dict:
        """Initial values for the form of a new row."""
        return {}

    def part(self, request, row) -> tuple[str, dict] | None:
        """(template, its context, read as `ajout`) of a part beside the form of a row. Its fields are in the POST."""
        return None

    def save(self, request, row, *, created: bool) -> str:
        """Saves what that part sent, in the transaction of the form; returns words for the log, or ""."""
        return ""

    def origin(self, row) -> str:
        """Where a row comes from, in words or as safe HTML."""
        return ""

    def going(self, model, keys: list) -> dict[str, int]:
        """{what they are called: how many} of what is deleted along with these rows."""
        return {}

    def links(self, site, request, addresses: list[str]) -> Iterator[tuple[str, str]]:
        """(words, address) of links below the waiting work, whose lists are at `addresses`, on the first page."""
        return iter(())


def every() -> list[Ajout]:
    return [ajout for room in rooms() for ajout in room.ajouts]


def of(model) -> list[Ajout]:
    """Those that concern the rows of a model."""
    return [ajout for ajout in every() if ajout.concerns(model)]
