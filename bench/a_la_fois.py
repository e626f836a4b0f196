"""Ten people want a large workbook at once from a running site: is each served or told to wait, and do pages go on?

    python bench/a_la_fois.py http://127.0.0.1:8000/projets.xlsx?montant_max=9000 [--ensemble 10] [--page /projets/]

The site should hold many sheets (those of `make bench`), and run as it is deployed. A page is asked meanwhile, again
and again. Exits with 1 if anything but 200 and 503 with Retry-After was answered, or if a page took over a second.
"""

import argparse
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError
from urllib.parse import urljoin
from urllib.request import urlopen


def ask(address: str) -> tuple[int, str, float]:
    """(status, Retry-After, seconds) of an answer read to its end."""
    start = time.perf_counter()
    try:
        with urlopen(address, timeout=120) as answer:
            answer.read()
            status, again = answer.status, ""
    except HTTPError as answer:
        with answer:
            answer.read()
            status, again = answer.code, answer.headers.get("Retry-After", "")
    return status, again, time.perf_counter() - start


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("classeur")
    parser.add_argument("--ensemble", type=int, default=10)
    parser.add_argument("--page", default="/projets/")
    options = parser.parse_args()
    page = urljoin(options.classeur, options.page)
    for address in (options.classeur, page):
        status, _, spent = ask(address)
        print(f"seule, {address} : {status} en {spent:.2f} s")
    with ThreadPoolExecutor(options.ensemble) as pool:
        books = [pool.submit(ask, options.classeur) for _ in range(options.ensemble)]
        pages = []
        while not all(book.done() for book in books):
            pages.append(ask(page))
    answers = [book.result() for book in books]
    served = [spent for status, _, spent in answers if status == 200]
    told = [again for status, again, _ in answers if status == 503 and again]
    times = [spent for _, _, spent in pages]
    print(f"{len(answers)} classeurs : {len(served)} servis en {max(served, default=0):.1f} s, {len(told)} à réessayer")
    print(f"{len(times)} pages pendant ce temps : médiane {statistics.median(times):.2f} s, la pire {max(times):.2f} s")
    right = len(served) + len(told) == len(answers) and {status for status, _, _ in pages} == {200}
    return int(not right or max(times) > 1)


if __name__ == "__main__":
    sys.exit(main())
