"""Sends hostile requests over bare sockets through the server in front: methods, paths, headers, ranges, bodies.

    python bench/hostiles.py https://labacces.example.org [--demandes 10000] [--seed 1]

Prints the answers to each kind. Exits with 1 if one is 500 or more. Certificates are not verified.
"""

import argparse
import random
import socket
import ssl
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

PAGES = (
    "/",
    "/projets/",
    "/recherche/",
    "/glossaire/",
    "/contacter/",
    "/admin/login/",
    "/api/v1/projets/",
    "/agenda/",
    "/p/1",
)
METHODS = (
    "PUT",
    "DELETE",
    "PATCH",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "GETT",
    "get",
    "G ET",
    "",
    "A" * 3000,
    "\x00GET",
)
BITS = (
    *(
        "%",
        "%2",
        "%zz",
        "%00",
        "%0d%0aX: y",
        "%c0%ae%c0%ae/",
        "%ff%fe",
        "../" * 20 + "etc/passwd",
        "..%2f..%2f.env",
        "\x00",
    ),
    *(
        "\xe9",
        "//evil.example",
        "\\",
        ";",
        "?" * 50,
        "#",
        "%u0041",
        "a" * 7000,
        "é" * 500,
        "{{7*7}}",
        "'||1--",
        "\t",
        "%F0%9F%A6%8A",
    ),
    *(
        "static/%2e%2e/%2e%2e/.env",
        "static/../.git/config",
        "media/%2e%2e/x",
        "nginx-labacces/503.html",
        "wakka.php?wiki=%00",
    ),
)
NAMES = ("q", "page", "tri", "theme", "departement", "montant_min", "format", "vue", "ids", "%00", "a[]", "wiki", "")
VALUES = (
    "%00",
    "9" * 400,
    "-1",
    "1e309",
    "NaN",
    "%ff",
    "²",
    "(" * 200,
    "a+" * 2000,
    "%F0%9F%A6%8A",
    "' OR 1=1",
    "../x",
    "",
)
HEADERS = (
    *(
        "Range: bytes=" + ",".join(f"{n}-" for n in range(0, 3000, 3)),
        "Range: bytes=9999999999999999999-",
        "Range: lines=a",
    ),
    *(
        "If-None-Match: " + '"' + "x" * 6000,
        "If-Modified-Since: hier",
        "Accept-Encoding: " + "gzip;q=9," * 500,
        "Cookie: " + "a=b;" * 1500,
    ),
    *(
        "Cookie: __Host-sessionid=\xff\xfe",
        "X-Forwarded-For: \x01",
        "X-Forwarded-Host: evil.example",
        "Content-Length: -1",
    ),
    *(
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: gzip, chunked",
        "Content-Type: multipart/form-data; boundary=",
        "Expect: 200-maybe",
    ),
    *(
        "Authorization: Basic \xff",
        "Accept-Language: " + "x" * 7000,
        "Big: " + "x" * 40_000,
        "No colon",
        ": empty",
        "X-Request-ID: \r\n \r\n",
    ),
    *(
        "Upgrade: h2c",
        "Connection: Upgrade, HTTP2-Settings",
        "Content-Length: 99999999999999999999",
        "Host: another.example",
    ),
)
HOSTS = (
    "evil.example",
    "",
    "labacces.example.org:99999",
    "[::1",
    "a" * 300,
    "LABACCES.EXAMPLE.ORG.",
    "x y",
    "\xe9.example",
    "127.0.0.1",
)
TYPES = (
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json",
    "text/plain",
    "\xff",
    "a" * 900,
)
BODIES = (
    b"",
    b"%",
    b"a=%00&cle=%ff",
    b'--x\r\nContent-Disposition: form-data; name="a"',
    b"\xff" * 3000,
    b"{",
    b"&" * 5000,
    b"a=" + b"b" * 90_000,
    b"a=" + b"b" * 3_000_000,
)


def request(kind: str, draw: random.Random, host: str) -> bytes:
    method, path, headers, body = "GET", draw.choice(PAGES), [], b""
    if kind == "method":
        method = draw.choice(METHODS)
    elif kind == "path":
        path = draw.choice(PAGES) + "".join(draw.choices(BITS, k=draw.randint(1, 3)))
    elif kind == "query":
        path += "?" + "&".join(f"{draw.choice(NAMES)}={draw.choice(VALUES)}" for _ in range(draw.randint(1, 6)))
    elif kind == "headers":
        headers = draw.sample(HEADERS, draw.randint(1, 3))
    elif kind == "host":
        host = draw.choice(HOSTS)
    elif kind in ("body", "slow"):
        method, path, body = (
            "POST",
            draw.choice(("/contacter/", "/admin/login/", "/alertes/", "/projets/")),
            draw.choice(BODIES),
        )
        length = len(body) + (500 if kind == "slow" else draw.choice((0, 0, 0, -len(body) // 2)))
        headers = [f"Content-Type: {draw.choice(TYPES)}", f"Content-Length: {length}"]
    elif kind == "bytes":
        return draw.randbytes(draw.randint(1, 400)) + b"\r\n\r\n"
    head = [
        f"{method} {path} HTTP/{draw.choice(('1.1', '1.1', '1.1', '1.0', '3.7'))}",
        f"Host: {host}",
        *headers,
        "Connection: close",
    ]
    return "\r\n".join([*head, "", ""]).encode("latin-1" if draw.random() < 0.5 else "utf-8", "replace") + body


def send(site, number: int, seed: int) -> tuple[str, str, bytes]:
    draw = random.Random(seed * 1_000_000 + number)
    kind = draw.choices(KINDS, weights=[4, 6, 6, 6, 3, 5, 0.3, 2])[0]
    said = request(kind, draw, site.netloc)
    # From many parts of the loopback: otherwise the server in front would stop most of them as too many.
    source = (f"127.{1 + number % 250}.{1 + number // 250 % 250}.1", 0)
    try:
        with socket.create_connection((site.hostname, site.port or 443), 30, source) as bare:
            context = ssl._create_unverified_context()
            with context.wrap_socket(bare, server_hostname=site.hostname) as link:
                link.settimeout(70)
                if kind == "slow":
                    for start in range(0, min(len(said), 3000), 1000):
                        link.sendall(said[start : start + 1000])
                        time.sleep(0.5)
                    return kind, "left", said
                link.sendall(said)
                first = link.recv(64)
    except OSError as error:
        return kind, type(error).__name__, said
    return kind, first[9:12].decode("latin-1") if first.startswith(b"HTTP/") else "closed", said


KINDS = ("method", "path", "query", "headers", "host", "body", "slow", "bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site")
    parser.add_argument("--demandes", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    site, seen, failed = urlsplit(args.site), {kind: Counter() for kind in KINDS}, []
    with ThreadPoolExecutor(12) as pool:
        for kind, status, said in pool.map(lambda number: send(site, number, args.seed), range(args.demandes)):
            seen[kind][status] += 1
            if status.isdecimal() and int(status) >= 500:
                failed.append((status, said[:300]))
    for kind, counts in seen.items():
        print(f"{kind}: {', '.join(f'{count} × {status}' for status, count in counts.most_common())}")
    for status, said in failed[:20]:
        print(status, said)
    print(f"{args.demandes} requests, {len(failed)} answered 500 or more")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
