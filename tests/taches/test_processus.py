"""The same with processes: two at once, one that is killed, a long task in its own."""

import pytest

from socle.taches import schedule
from tests.sauvegardes.conftest import _model, site  # noqa: F401 - a site in files
from tests.sauvegardes.site import SETUP

HOLD = f"{SETUP}import time\nfrom socle.taches import verrou\n"
HOLD += "with verrou.alone('purge') as held:\n    print(held, flush=True)\n    time.sleep(600)"


@pytest.mark.long
def test_a_process_that_dies_gives_its_task_back(site):  # noqa: F811
    other = site.start("-c", HOLD)
    assert other.stdout.readline() == "True\n"
    assert "purge : déjà en cours ailleurs" in site.run("taches", "--seulement", "purge", "--verbosity", "2")
    other.kill()
    other.communicate()
    said = site.run("taches")
    assert "Copie faite et relue" in said
    assert "Rien à purger." in said
    done = site.sql("SELECT 1 FROM taches_dernierpassage WHERE etat = 'reussi'")
    assert len(done) == len(schedule.turned_on())
    assert "Rien à faire" in site.run("taches") or "courriels" in said
    assert len(list(site.copies.iterdir())) == 1
