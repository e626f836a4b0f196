"""Many readers at once, each on their own connection, while somebody saves: times and errors."""

import http.client
import json
import random
import signal
import subprocess
import threading
import time

from bench.site.scenarios import SCENARIOS, questions
from bench.site.servers import Visitor, start_site

SECONDS = 30
MIXED = ("liste", "departement", "filtres", "mot-courant", "fiche")


def percentile(times: list[float], part: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * part))] if times else float("nan")


def read(visitor: Visitor, addresses: list[str], until: float, times: list, errors: list) -> None:
    """Any status but 200 is an error."""
    while time.monotonic() < until:
        for address in addresses:
            if time.monotonic() > until:
                return
            try:
                status, _, _, spent = visitor.get(address)
            except (OSError, http.client.HTTPException) as error:
                errors.append(f"{address}: {type(error).__name__}")
                continue
            times.append(spent)
            if status != 200:
                errors.append(f"{address}: {status}")


def report(data, clients: int) -> str:
    chosen = [scenario for scenario in SCENARIOS if scenario.cle in MIXED]
    addresses = [question.ours for one in chosen for question in questions(data.flat, one, data.seed)[:40]]
    times, errors = [], []
    with start_site(data.url, data.folder) as site:
        Visitor(site).get("/projets/")
        command = data.command("bench.site.inside", "ecrivain", data.flat, "--seed", data.seed)
        writer = subprocess.Popen(**command, stdout=subprocess.PIPE, text=True)
        writer.stdout.readline()  # its first save is done
        until = time.monotonic() + SECONDS
        readers = []
        for rank in range(clients):
            mine = random.Random(rank).sample(addresses, len(addresses))
            readers.append(threading.Thread(target=read, args=(Visitor(site), mine, until, times, errors)))
            readers[-1].start()
        for reader in readers:
            reader.join()
        writer.send_signal(signal.SIGTERM)
        saves = json.loads(writer.communicate(timeout=60)[0] or "[]")
    readers = f"{clients} readers for {SECONDS} s: {len(times)} answers, {len(times) / SECONDS:.0f}/s, "
    readers += f"p50 {percentile(times, 0.5):.0f} ms, p99 {percentile(times, 0.99):.0f} ms, {len(errors)} errors"
    writer = f"1 writer: {len(saves)} saves, p50 {percentile(saves, 0.5):.0f} ms, p99 {percentile(saves, 0.99):.0f} ms"
    return "\n".join([f"{data.sheets} sheets, {data.url.partition(':')[0]}", readers, writer, *errors[:5]])
