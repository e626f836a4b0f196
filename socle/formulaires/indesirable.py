"""Signs of spam in one post: links, markup, words like the name or address of a product."""

import re
from collections.abc import Iterable

_TRADE = {"crm", "erp", "seo", "saas", "vpn", "casino", "forex", "crypto", "bitcoin", "software", "backlinks"}
# After these words a name belongs to the sentence: « avec IntraMuros », « l’application IntraMuros ».
_LEADS = frozenset(
    {"à", "au", "aux", "avec", "application", "appli", "chez", "comme", "d", "dans", "de", "des", "du", "en", "et", "l"}
    | {"la", "le", "les", "logiciel", "notre", "nous", "ou", "outil", "par", "plateforme", "pour", "produit", "projet"}
    | {"sans", "site", "société", "solution", "sous", "sur", "un", "une", "vers", "via", "voir"}
)
_INNER_CAPITAL = re.compile(r"^[A-Z]?[a-z]+[A-Z][A-Za-z]*[0-9]*$|^[A-Z]{2,}[a-z]{3,}[A-Z]?[A-Za-z]*$")
ADDRESS = re.compile(
    r"^(?:https?://)?(?:www\.)?(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)*)\.(?P<end>[a-z]{2,12})(?P<path>[/?#]\S*)?$",
    re.IGNORECASE,
)
# Ends of addresses that French public bodies, associations and Bretons use: no sign of spam by themselves.
_HONEST_ENDS = {"fr", "bzh", "org", "eu", "gouv", "asso", "be", "ch", "ca", "paris", "alsace", "coop"}
SENTENCE_END = re.compile(r"^.*[.!?…:;»)\]]\s*(?P<piece>[^\W_]+)[.\s]*$")
BULLET = re.compile(r"^(?:[-•*→]\s*)+")
_LINK = re.compile(r"https?://|www\.|\[url|<a\s", re.IGNORECASE)
_MARKUP = re.compile(r"\[/?url|<a\s+href|\[link", re.IGNORECASE)


def doubtful(names: Iterable[str], texts: Iterable[str]) -> str:
    """Why a post looks like spam, for the staff, or "". One link in a text is honest."""
    names, texts = list(names), list(texts)
    if any(_LINK.search(name) for name in names):
        return "une adresse de site à la place d’un nom"
    if any(product_strength(word) == 4 for name in names for word in name.split()):
        return "le nom d’un produit à la place d’un nom"
    if any(_MARKUP.search(text) for text in texts):
        return "un lien écrit pour un autre site"
    if sum(len(_LINK.findall(text)) for text in texts) > 2:
        return "plusieurs adresses de sites"
    for text in texts:
        for line in text.splitlines():
            bare = BULLET.sub("", line.strip())
            if product_strength(bare) >= 3:
                return "le nom ou l’adresse d’un produit, seul sur une ligne"
            glued = SENTENCE_END.match(bare)
            if glued and product_strength(glued["piece"]) == 4 and not leads(bare[: glued.start("piece")]):
                return "le nom d’un produit, collé à la fin d’une phrase"
    return ""


def product_strength(piece: str) -> int:
    """How much the words look like a product: 4, 3 or 0."""
    address = ADDRESS.match(piece)
    if address:
        home = not (address["path"] or "").strip("/")
        return 3 if home and address["end"].lower() not in _HONEST_ENDS else 0
    words = piece.split()
    if len(words) > 3 or not all(word.isascii() and word.isalnum() for word in words):
        return 0
    parts = {part.lower() for word in words for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", word)}
    if parts & _TRADE and len(parts) > 1 and words[0][0].isupper():
        return 4
    return 3 if any(_INNER_CAPITAL.match(word) for word in words) else 0


def leads(before: str) -> bool:
    """Whether a name after these words belongs to their sentence."""
    words = [word for word in re.split(r"[\s'’]+", before.lower()) if word]
    return bool(words) and (words[-1] in _LEADS or words[-1][-1] in ',(«"')
