"""What is read of documents typeset here is what was set, letter by letter, in every layout and language."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.extract.pdf import extract_pdf
from tests.ingest.typeset.measure import measure
from tests.ingest.typeset.truth import LAYOUTS, Layout, typeset
from tests.shared import require_file

FONTS = {
    "ar": ("/usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf", "fonts-noto-core"),
    "zh": ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", "fonts-noto-cjk"),
}


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_typeset_document_is_read_as_it_was_set(layout: Layout, tmp_path: Path) -> None:
    if layout.language in FONTS:
        require_file(*FONTS[layout.language])
    truth = typeset(layout, tmp_path / "set.pdf")
    score = measure(extract_pdf(tmp_path / "set.pdf"), truth)
    assert score.letters >= 0.999, score
    assert score.headings >= 0.97, score
    assert score.paragraphs >= 0.97, score
    assert score.notes == 1.0, score
    assert score.labels == 1.0, score
