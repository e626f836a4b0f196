import json
import re
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from tests.navigateur.pages import PUBLIQUES

HERE = Path(__file__).resolve().parent


def fetch(url) -> str:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.read().decode()


def test_every_page_is_valid_html(site, tmp_path):
    names = {}
    for number, name in enumerate(PUBLIQUES):
        path = tmp_path / f"{number:03}-{re.sub(r'[^a-z0-9]+', '-', name.lower())}.html"
        path.write_text(fetch(site.page(name)))
        names[str(path)] = name
    validator = "node_modules/html-validate/bin/html-validate.mjs"
    command = ["node", validator, "--config=.htmlvalidate.json", "--formatter=json", *names]
    report = tmp_path / "report.json"
    with report.open("w") as output:  # a pipe would be cut short
        done = subprocess.run(command, cwd=HERE, stdout=output, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    found = [
        f"{names[file['filePath']]}, line {message['line']}: {message['ruleId']}, {message['message']}"
        for file in json.loads(report.read_text())
        for message in file["messages"]
    ]
    assert not found, "\n".join(found)
