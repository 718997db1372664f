"""Reads the words in the picture of a page by Tesseract, with their boxes and how sure it is of each.

For pages that hold no text, or none that the fonts can spell. The words come out as those of glyphs.py do, so that a
scan takes the same way to blocks. Tesseract is a program of its own (Debian: `tesseract-ocr`, and `tesseract-ocr-fra`
… for languages); where it is missing, `RecognitionError` says which package brings it.
"""

from __future__ import annotations

import csv
import io
import math
import shutil
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import pypdfium2 as pdfium

from ingest.extract.picture import bounded_scale
from ingest.pdf.glyphs import Word
from ingest.pdf.typefaces import Typeface

DPI = 300.0
"""Dots per inch at which Tesseract reads best (its manual, "Improving the quality of the output")."""

SECONDS = 120
"""Longest that one page may take."""

SCAN = Typeface("scan", bold=False, italic=False)


class RecognitionError(Exception):
    """Text recognition was not possible; the message says why and what to install."""


@dataclass(frozen=True, slots=True)
class Recognized:
    """The words in a picture, in reading order, and how sure Tesseract is of each, 0–1."""

    words: list[Word]
    confidence: dict[int, float]

    @property
    def mean(self) -> float:
        """Mean confidence over all words; 0 where there are none."""
        return statistics.fmean(self.confidence.values()) if self.confidence else 0.0


def recognize(page: pdfium.PdfPage, languages: Sequence[str]) -> Recognized:
    """Read the picture of an open page.

    :param languages: Tesseract codes in order of preference; those not installed are left out.
    :raises RecognitionError: Tesseract, or every language asked for, is missing, or it failed.
    """
    program = shutil.which("tesseract")
    if program is None:
        raise RecognitionError("text recognition is not installed (apt-get install tesseract-ocr)")
    usable = [language for language in languages if language in _installed(program)]
    if not usable:
        packages = " ".join(f"tesseract-ocr-{language.replace('_', '-')}" for language in languages)
        raise RecognitionError(f"no language asked for is installed for text recognition (apt-get install {packages})")
    scale = bounded_scale(page, DPI)
    picture = io.BytesIO()
    page.render(scale=scale, grayscale=True).to_pil().save(picture, "PNG", compress_level=1)
    command = [program, "stdin", "stdout", "-l", "+".join(usable), "--dpi", str(round(scale * 72)), "--psm", "3", "tsv"]
    try:
        done = subprocess.run(  # noqa: S603 (the program found on PATH, no shell)
            command,
            input=picture.getvalue(),
            capture_output=True,
            timeout=SECONDS,
            check=True,
            env={"OMP_THREAD_LIMIT": "1", "PATH": "/usr/local/bin:/usr/bin:/bin"},
        )
    except subprocess.TimeoutExpired as error:
        raise RecognitionError(f"text recognition took longer than {SECONDS} s") from error
    except (subprocess.CalledProcessError, OSError) as error:
        raise RecognitionError(f"text recognition failed: {error}") from error
    return _read(done.stdout.decode("utf-8", "replace"), scale)


@cache
def _installed(program: str) -> frozenset[str]:
    done = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False, timeout=30)  # noqa: S603
    return frozenset(done.stdout.split()[5:]) | frozenset(done.stdout.splitlines()[1:])


def _read(table: str, scale: float) -> Recognized:
    """The words of Tesseract's TSV (level 5 is a word, level 4 its line), in points."""
    rows = list(csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE))
    lines: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for row in rows:
        if row["level"] == "5" and (row["text"] or "").strip():
            lines.setdefault((row["block_num"], row["par_num"], row["line_num"]), []).append(row)
    heights = {key: statistics.median(int(row["height"]) for row in line) / scale for key, line in lines.items()}
    usual = statistics.median(heights.values()) if heights else 10.0
    words: list[Word] = []
    confidence: dict[int, float] = {}
    for key, line in lines.items():
        size = _size(heights[key], usual)
        bottom = statistics.median(int(row["top"]) + int(row["height"]) for row in line) / scale
        for row in line:
            left, top = int(row["left"]) / scale, int(row["top"]) / scale
            right, low = left + int(row["width"]) / scale, top + int(row["height"]) / scale
            word = Word(row["text"].strip(), left, top, right, low, bottom, size, SCAN, False, 0, False, None, False)
            words.append(word)
            confidence[id(word)] = max(0.0, float(row["conf"])) / 100
    return Recognized(words, confidence)


def _size(height: float, usual: float) -> float:
    """A type size from the height of a line's words: that of most lines, or steps of 1.6 above or below it."""
    steps = round(math.log(max(height, 1.0) / usual) / math.log(1.6))
    return round(usual * 1.6**steps * 1.25, 1)
