"""French words around numbers and lists: « 1 234 fiches », « 20 000 € », « A, B ou C »."""

from decimal import Decimal

FINE = "\u202f"  # narrow no-break space: between thousands
INSECABLE = "\u00a0"  # no-break space: before €, :, »


def entier(number: int) -> str:
    """1234567 as « 1 234 567 », with narrow no-break spaces."""
    return f"{number:,}".replace(",", FINE)


def euros(amount: Decimal | int) -> str:
    """An amount as « 20 000 € »; cents only where there are some: « 20 000,50 € »."""
    amount = Decimal(amount).quantize(Decimal("0.01"))
    cents = f"{amount % 1:.2f}"[1:].replace(".", ",") if amount % 1 else ""
    return f"{entier(int(amount))}{cents}{INSECABLE}€"


def pluriel(number: int, singular: str, plural: str) -> str:
    """« 0 fiche », « 1 fiche », « 2 fiches »: the plural starts at two in French."""
    return f"{entier(number)} {singular if abs(number) < 2 else plural}"


def ou(labels: list[str]) -> str:
    """« A », « A ou B », « A, B ou C »."""
    if len(labels) < 2:
        return "".join(labels)
    return f"{', '.join(labels[:-1])} ou {labels[-1]}"
