"""Opens the zip files that DOCX, ODT and EPUB are, and reads their parts within the limits.

Invariant: no more than `Limits.unpacked_bytes` are ever unpacked, whatever the archive claims of itself, and no entity
that a document type declares is expanded.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.extract.draft import SourceError
from ingest.extract.limits import Limits
from ingest.extract.source import check_source, shown

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_PARTS = 20_000
"""Parts of one package: real books have some thousands at most."""
DEEPEST_XML = 256
"""Elements within elements: real documents have some dozens."""
_CHUNK = 2**20


@dataclass(slots=True)
class Package:
    """An open archive; its parts are read by name."""

    path: Path
    archive: zipfile.ZipFile
    limits: Limits
    names: frozenset[str]
    unpacked: int = field(default=0)

    def read(self, name: str) -> bytes:
        """The bytes of a part.

        :raises SourceError: when it is missing, damaged, encrypted, or over what may still be unpacked.
        """
        pieces = []
        try:
            with self.archive.open(name) as part:
                while piece := part.read(_CHUNK):
                    self.unpacked += len(piece)
                    if self.unpacked > self.limits.unpacked_bytes:
                        raise too_large(self.path, self.limits)
                    pieces.append(piece)
        except KeyError as error:
            raise SourceError(f"{shown(self.path)} lacks its part {name}", "Save or download it again") from error
        except RuntimeError as error:  # what zipfile raises for encrypted parts
            raise SourceError(f"{shown(self.path)} is encrypted", "Save it without a password") from error
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, zlib.error) as error:
            raise SourceError(
                f"{shown(self.path)} is damaged in its part {name}: {error}", "Download it again"
            ) from error
        return b"".join(pieces)

    def xml(self, name: str) -> _Element:
        """The root element of an XML part; raises as `read` does, and for XML that is broken or hostile."""
        return parsed_xml(self.read(name), f"{shown(self.path)}, part {name},")

    def xml_if_held(self, name: str) -> _Element | None:
        """The root element of a part that the package may lack."""
        return self.xml(name) if name in self.names else None

    def beside(self, name: str, target: str) -> str:
        """The name of the part that a relative target in the part `name` leads to."""
        return posixpath.normpath(posixpath.join(posixpath.dirname(name), target)).lstrip("/")


@contextmanager
def opened_package(path: Path, limits: Limits) -> Iterator[Package]:
    """Open a zip package for reading.

    :raises SourceError: when it cannot be opened, or claims more parts or bytes than the limits allow.
    """
    check_source(path, limits)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise SourceError(f"{shown(path)} is a damaged archive: {error}", "Download it again") from error
    with archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS:
            raise SourceError(f"{shown(path)} has {len(parts):,} parts, more than any document", "Check what it is")
        if sum(part.file_size for part in parts) > limits.unpacked_bytes:
            raise too_large(path, limits)
        yield Package(path, archive, limits, frozenset(part.filename for part in parts))


def too_large(path: Path, limits: Limits) -> SourceError:
    """The error for an archive that unpacks to more than the limit."""
    return SourceError(
        f"{shown(path)} unpacks to more than the limit of {limits.unpacked_bytes:,} bytes",
        "If it is no bomb, raise the limit",
    )


def parsed_xml(data: bytes, where: str) -> _Element:
    """The root element of an XML text.

    :param where: what the text is, for messages.
    :raises SourceError: when it is not well formed, declares entities, or nests deeper than any document.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError(f"{where} is not well-formed XML: {error}", "Save or download the file again") from error
    declared: Any = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise SourceError(f"{where} declares entities of its own, as only hostile files do", "Do not use this file")
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST_XML:
            raise SourceError(f"{where} nests more than {DEEPEST_XML} elements, as only hostile files do")
    return root
