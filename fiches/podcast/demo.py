"""Demo episodes: real numbers and titles, invented texts, and a chime in place of the recording."""

import math
import wave
from array import array
from functools import cache
from io import BytesIO
from pathlib import PurePosixPath

from django.core.files.base import ContentFile

from fiches.demo import load, save_demo
from fiches.podcast.models import Episode

RATE, SECONDS = 8000, 4
NOTES = (523.25, 659.26, 783.99, 1046.5)  # C, E, G, C: one every half second, fading


def load_episodes() -> int:
    """Save the demo episodes as public ones; return how many.

    We may not give the recordings. Each episode gets a computed chime of four seconds, under the recording's name with
    `.wav`; its length replaces the one in the demo file.
    """
    rows = load("episodes")
    for row in rows:
        row["nom_origine"] = row["fichier"]
        row["fichier"] = ContentFile(chime(), name=PurePosixPath(row["nom_origine"]).with_suffix(".wav").name)
        row["duree_secondes"] = SECONDS
        save_demo(Episode, row)
    return len(rows)


@cache
def chime() -> bytes:
    """A WAV file of 64 kB with four notes of a bell. The bytes are always the same."""
    samples = array("h", bytes(2 * RATE * SECONDS))
    for rank, pitch in enumerate(NOTES):
        start = rank * RATE // 2
        for n in range(start, len(samples)):
            t = (n - start) / RATE
            loud = min(t * 200, 1) * math.exp(-1.8 * t) * 5000
            samples[n] += round(loud * (math.sin(math.tau * pitch * t) + 0.4 * math.sin(math.tau * 2.01 * pitch * t)))
    end = RATE // 4
    for n in range(end):  # no click at the end
        samples[-1 - n] = samples[-1 - n] * n // end
    file = BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(samples.tobytes())
    return file.getvalue()
