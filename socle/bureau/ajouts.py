"""What an app adds to pages of the desk that do not know it: its room names it in `ajouts`."""

from collections.abc import Iterator

from socle.rooms import rooms


class Ajout:
    """The additions of one app, to the lists and forms of the models that it `concerns`. Each one adds nothing here."""

    # What rows may lack, as the page on quality says it: (words, filters of their list that say so).
    manques: tuple[tuple[str, dict[str, str]], ...] = ()

    def concerns(self, model) -> bool:
        return False

    def filters(self, model) -> list:
        """Filters of the list of a model, behind its own."""
        return []

    def initial(self, request, model) -> dict:
        """What the form of a new row starts with."""
        return {}

    def part(self, request, row) -> tuple[str, dict] | None:
        """What stands beside the form of a row: a template, and `ajout`, its context. What it sends is in the POST."""
        return None

    def save(self, request, row, *, created: bool) -> str:
        """Do what that part sent, in the transaction that saved the form; words for the log, "" for none.

        `created`: whether the row is new.
        """
        return ""

    def origin(self, row) -> str:
        """Where a row comes from, in words or as safe HTML."""
        return ""

    def going(self, model, keys: list) -> dict[str, int]:
        """{what they are called: how many} of what goes along with rows that are about to be deleted."""
        return {}

    def links(self, site, request, addresses: list[str]) -> Iterator[tuple[str, str]]:
        """(words, address) at the end of what waits on the home of the desk, whose lists are at `addresses`."""
        return iter(())


def every() -> list[Ajout]:
    return [ajout for room in rooms() for ajout in room.ajouts]


def of(model) -> list[Ajout]:
    """Those that concern the rows of a model."""
    return [ajout for ajout in every() if ajout.concerns(model)]
