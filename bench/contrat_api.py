"""Ask the API whatever its OpenAPI document allows, and what it forbids: does it answer as the document says?

    python bench/contrat_api.py [--schemathesis schemathesis] [--cases 25] DATABASE_URL…

Each DATABASE_URL names a throw-away database that does not exist yet. The site holds the demo data, under one worker of
gunicorn. Schemathesis is no dependency: `pip install schemathesis` in an environment of its own, then name its command.
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

# A text may be well-formed and name nothing (a commune that is none): that is a 400, by which it differs from a file.
# An address that is too long for gunicorn never comes to the site.
CONFIGURATION = """
[checks]
positive_data_acceptance.expected-statuses = ["2xx", "301", "400", "404", "410", "414"]
negative_data_rejection.expected-statuses = ["400", "404", "405", "410", "414"]
"""


def trial(url: str, command: str, cases: int) -> int:
    """What Schemathesis ends with: 0 if it found no fault."""
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
