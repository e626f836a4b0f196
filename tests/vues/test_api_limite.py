"""The bound of the API, counted by several processes together."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing

import pytest
from django.core.cache import cache, caches

from socle.vues import api_reponses
from tests.vues.lecture import PROJETS
from tests.vues.test_api_http import minute  # noqa: F401 - five requests a minute, by a clock of the test


@pytest.fixture
def together(minute, settings):  # noqa: F811
    """Each call is another process, which shares a cache with the others."""
    settings.CACHE_PARTAGE = True
    cache.clear()
    return api_reponses.Limite


def test_processes_that_share_a_cache_count_together(rf, together):
    asked = rf.get(PROJETS, REMOTE_ADDR="192.0.2.7")
    for _ in range(5):
        assert not together().is_reached(asked)
        together().count(asked, 1)
    assert together().is_reached(asked)
    assert not together().is_reached(rf.get(PROJETS, REMOTE_ADDR="192.0.2.8"))
    assert "192.0.2" not in repr(vars(cache))


def test_a_shared_cache_that_fails_leaves_each_its_own_count(rf, together, monkeypatch):
    monkeypatch.setattr(api_reponses, "cache", None)
    asked, one, other = rf.get(PROJETS), together(), together()
    for _ in range(5):
        one.count(asked, 1)
    assert (one.is_reached(asked), other.is_reached(asked)) == (True, False)


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("redis-server"), reason="no redis-server on this machine")
def test_it_may_be_a_redis(rf, together, settings, tmp_path):
    pytest.importorskip("redis")
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    env = {"SECRET_KEY": "x", "CACHE_URL": f"redis://127.0.0.1:{port}/0", "PATH": os.environ["PATH"]}
    code = "import json\nfrom labacces import settings\nprint(json.dumps(settings.CACHES))"
    said = subprocess.check_output([sys.executable, "-c", code], env=env, cwd=settings.BASE_DIR, text=True)
    try:
        settings.CACHES = json.loads(said)
        asked = rf.get(PROJETS)
        for _ in range(100):
            if server.poll() is None and not refuses(port):
                break
            time.sleep(0.05)
        for _ in range(5):
            together().count(asked, 1)
        assert together().is_reached(asked)
        assert together().asked == {}
        assert caches["alarmes"].add("une", 1, 60)
        assert not caches["alarmes"].add("une", 1, 60)
    finally:
        caches["default"].close()
        caches["alarmes"].close()
        server.terminate()
        server.wait()


def refuses(port: int) -> int:
    with closing(socket.socket()) as one:
        return one.connect_ex(("127.0.0.1", port))
