"""Asks the API all that its OpenAPI document allows and forbids, and checks the answers.

    python bench/contrat_api.py [--schemathesis schemathesis] [--cases 25] DATABASE_URL…

Each DATABASE_URL names a new throw-away database. The site holds the demo data, under one gunicorn worker. `pip install
schemathesis` in another environment, then name its command.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.csv_100k import start_worker  # noqa: E402 - the path first
from bench.kill import create, run  # noqa: E402

# A well-formed text may name nothing (an unknown commune): the API answers 400, a file does not. Addresses too long for
# gunicorn never reach the site.
CONFIGURATION = """
[checks]
positive_data_acceptance.expected-statuses = ["2xx", "301", "400", "404", "410", "414"]
negative_data_rejection.expected-statuses = ["400", "404", "405", "410", "414"]
"""


def trial(url: str, command: str, cases: int) -> int:
    """Returns the exit code of Schemathesis: 0 if it found no fault."""
    create(url)
    run(url, "manage.py", "charger_demo")
    master, _, port = start_worker(url)
    try:
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as configuration:
            configuration.write(CONFIGURATION)
            configuration.flush()
            site = f"http://127.0.0.1:{port}"
            asked = [command, "--config-file", configuration.name, "run", f"{site}/api/v1/openapi.json", "--url", site]
            asked += ["--checks", "all", "--max-examples", str(cases), "--continue-on-failure", "--no-color"]
            return subprocess.run(asked, check=False).returncode
    finally:
        master.send_signal(signal.SIGTERM)
        master.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("urls", nargs="+", metavar="DATABASE_URL")
    parser.add_argument("--schemathesis", default="schemathesis", metavar="COMMAND")
    parser.add_argument("--cases", type=int, default=25)
    options = parser.parse_args()
    os.environ["API_PAR_MINUTE"] = "1000000"
    sys.exit(max(trial(url, options.schemathesis, options.cases) for url in options.urls))


if __name__ == "__main__":
    main()
