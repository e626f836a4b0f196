"""What keeping the means to undo a takeover costs: CPU time of this process, with and without, in turns.

    python bench/cout_trace.py sqlite:////tmp/cout.sqlite3 [SOURCE]

The database must not exist yet. Each run is rolled back.
"""

import os
import statistics
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from unittest.mock import patch

ROOT = Path(__file__).parents[1]
TURNS = 5


def main(url: str, source: Path) -> None:
    os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "labacces.settings"}
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("charger_referentiels", verbosity=0)
    call_command("charger_demo", verbosity=0)
    first = [cpu(source, kept) for kept in (False, True) * TURNS]
    tell("first takeover", first)
    call_command("importer_yeswiki", str(source), sans_copie=True, verbosity=0)
    tell("second, of the same file", [cpu(source, kept) for kept in (False, True) * TURNS])


def cpu(source: Path, kept: bool) -> float:
    """Seconds of CPU that a takeover takes, read and saved; `kept`: with what undoing it needs."""
    from django.db import transaction

    from fiches import registre
    from fiches.suivi import trace
    from reprise.sauvegarde import save_lecture
    from reprise.sources import open_source, read_pieces

    start = time.process_time()
    without = {"hold_writers": lambda: None, "snapshot": dict, "keep": lambda reprise, before: None}
    with transaction.atomic(), nullcontext() if kept else patch.multiple(trace, **without):
        save_lecture(read_pieces(open_source(source), registre.formulaires()))
        transaction.set_rollback(True)
    return time.process_time() - start


def tell(what: str, seconds: list[float]) -> None:
    without, kept = statistics.median(seconds[::2]), statistics.median(seconds[1::2])
    print(f"{what}: {without:.2f} s without, {kept:.2f} s with, ratio {kept / without:.3f}")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "tests" / "exemples" / "extrait-labacces.txt")
