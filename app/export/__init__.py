"""Quote packs: quotes collected from the library, each with its citation, in the formats that people write in.

from app.export import export
exported = export(passages, format="docx", style="united-nations")
"""

from app.export.formats import EXPORT_FORMATS, Exported, UnknownFormat, export
from app.export.pack import QuotedPassage

__all__ = ["EXPORT_FORMATS", "Exported", "QuotedPassage", "UnknownFormat", "export"]
