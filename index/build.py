"""Builds a generation from the store beside the one that is served, and switches to it when it is whole.

Words are searchable first: when vectors have to be made, a generation without them is served meanwhile. Vectors are
kept in the store by what was embedded, batch by batch, so a build that was interrupted goes on where it stopped and a
rebuild embeds only what is new. A crash at any instant leaves the generation that `current` names whole.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.library import Library, LibraryError
from corpus.store import Store
from index.concordance import Concordance, printed_text
from index.encoder import ConfiguredEncoder, Float32, TokenEncoder, Unit
from index.errors import IndexDamaged
from index.generation import FORMAT, MANIFEST, EncoderRecord, Manifest, digests, now, read_manifest, remove_unless_held
from index.lexical import write_lexical
from index.passage_table import PassageTable
from index.phrases import write_phrases
from index.search import Searcher
from index.support import FOREIGN, calibrate
from index.token_vectors import CODEC, TokenCodes, encode_tokens, write_token_vectors
from index.vectors import write_vectors

_BATCH = 64
KEPT_GENERATIONS = 2


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is.

    :param stage: "words", or the name of the encoder at work.
    :param done: texts embedded so far; `total` of how many.
    """

    stage: str
    done: int
    total: int


Report = Callable[[Progress], None]


def build(
    store: Store,
    library: Library,
    encoders: tuple[ConfiguredEncoder, ...],
    report: Report = lambda _: None,
    *,
    rebuild: bool = False,
) -> Path:
    """Make a generation of what the store holds now and serve it.

    :param report: told of progress.
    :param rebuild: build even when the generation served has the same content.
    :return: the generation's folder; the one served already when nothing has changed.
    :raises LibraryError: when the folder cannot be written; the former generation stays served.
    """
    library.create()
    _sweep(library)
    try:
        with _Workshop(library) as folder:
            store.write_snapshot(folder / "snapshot.sqlite")
            with Store(folder / "snapshot.sqlite", read_only=True) as snapshot:
                return _build_from(snapshot, store, library, encoders, report, folder, rebuild)
    except OSError as error:
        raise LibraryError(
            f"The index cannot be written in {library.generations}: {error.strerror or error}",
            "Check that the folder may be written and the disk has room; the former index stays",
        ) from error


def _build_from(
    snapshot: Store, store: Store, library: Library, encoders: tuple[ConfiguredEncoder, ...], report: Report,
    folder: Path, rebuild: bool,
) -> Path:  # fmt: skip
    table = PassageTable.of(snapshot)
    content = _content(snapshot, encoders)
    served = _served(library)
    if served is not None and served[1].content == content and not rebuild:
        return served[0]
    report(Progress("words", 0, len(table)))
    texts = [passage.text for passage in snapshot.passages()]
    table.save(folder / "passages")
    write_lexical(folder / "words", ((text, table.languages[table.language[i]]) for i, text in enumerate(texts)))
    write_phrases(folder / "phrases.sqlite", (snapshot.document(id_).text for id_ in table.documents))
    (folder / "concordance").mkdir()
    Concordance.build((id_, printed_text(snapshot.document(id_))) for id_ in table.documents).save(
        folder / "concordance"
    )
    report(Progress("words", len(table), len(table)))
    works = [_Work(one, store, table, texts) for one in encoders]
    if any(work.missing for work in works):
        words_only = _finish(folder, library, table, "", (), tuple(one.encoder.name for one in encoders))
        library.switch_to(words_only)
        for work in works:
            work.embed(report)
        with _Workshop(library) as second:
            for path in words_only.iterdir():
                if path.name != MANIFEST:
                    shutil.copytree(path, second / path.name, copy_function=os.link) if path.is_dir() else os.link(
                        path, second / path.name
                    )
            return _with_vectors(second, library, table, content, works)
    return _with_vectors(folder, library, table, content, works)


def _with_vectors(folder: Path, library: Library, table: PassageTable, content: str, works: list[_Work]) -> Path:
    for work in works:
        work.write(folder)
    finished = _finish(folder, library, table, content, tuple(work.configured for work in works), ())
    library.switch_to(finished)
    collect_garbage(library)
    return finished


class _Work:
    """What one encoder has to embed: every passage, or every sentence."""

    def __init__(self, configured: ConfiguredEncoder, store: Store, table: PassageTable, texts: list[str]) -> None:
        self.configured = configured
        self._store = store
        if configured.spec.unit is Unit.SENTENCE:
            owners = table.owners
            self._texts = [
                texts[owner][start - table.start[owner] : end - table.start[owner]]
                for owner, (start, end) in zip(owners, table.sentences.tolist(), strict=True)
            ]
        else:
            self._texts = texts
        self._keys = [hashlib.sha256(text.encode()).hexdigest() for text in self._texts]
        self._late = configured.spec.late_interaction
        self._model = f"{configured.encoder.fingerprint}{'+' + CODEC if self._late else ''}"
        kept = store.embeddings(self._model, self._keys)
        by_key = dict(zip(self._keys, self._texts, strict=True))
        self.missing = [(key, text) for key, text in by_key.items() if key not in kept]

    def embed(self, report: Report) -> None:
        """Make the missing vectors and keep them in the store, a batch at a time."""
        stage, total = self.configured.encoder.name, len(self.missing)
        for at in range(0, total, _BATCH):
            report(Progress(stage, at, total))
            batch = self.missing[at : at + _BATCH]
            self._store.put_embeddings(
                self._model,
                zip((key for key, _ in batch), self._encode([text for _, text in batch]), strict=True),
            )
        report(Progress(stage, total, total))

    def _encode(self, texts: list[str]) -> list[bytes]:
        encoder = self.configured.encoder
        if self._late and isinstance(encoder, TokenEncoder):
            return [
                one.mean.astype("<f4").tobytes() + encode_tokens(one).to_bytes()
                for one in encoder.passage_tokens(texts)
            ]
        return [vector.astype("<f4").tobytes() for vector in encoder.embed_passages(texts)]

    def write(self, folder: Path) -> None:
        """Write this encoder's files from the vectors kept."""
        dims = self.configured.encoder.dims
        width = dims * 4
        (folder / "vectors").mkdir(exist_ok=True)
        vectors: Float32 = np.zeros((len(self._keys), dims), np.float32)
        for number, data in enumerate(self._kept()):
            vectors[number] = np.frombuffer(data, "<f4", dims)
        write_vectors(folder / "vectors" / f"{self.configured.key}.faiss", vectors)
        if self._late:
            write_token_vectors(
                folder / "tokens" / self.configured.key,
                (TokenCodes.from_bytes(data[width:]) for data in self._kept()),
                dims,
            )

    def _kept(self) -> Iterator[bytes]:
        """The kept bytes of every text, in order."""
        for at in range(0, len(self._keys), 1000):
            part = self._keys[at : at + 1000]
            kept = self._store.embeddings(self._model, part)
            yield from (kept[key] for key in part)


def _content(snapshot: Store, encoders: tuple[ConfiguredEncoder, ...]) -> str:
    digest = hashlib.sha256(f"{FORMAT} {FOREIGN!r}\n".encode())
    for record in snapshot.records():
        digest.update(f"{record.metadata!r} {record.edition!r}\n".encode())
    for passage in snapshot.passages():
        digest.update(f"{passage.id} {passage.start} {passage.sentences} {passage.noise}\n".encode())
    for one in encoders:
        digest.update(f"{one.key} {one.encoder.fingerprint} {one.spec!r}\n".encode())
    return digest.hexdigest()


def _served(library: Library) -> tuple[Path, Manifest] | None:
    try:
        folder = library.current_generation()
        return folder, read_manifest(folder)
    except (LibraryError, IndexDamaged):
        return None


class _Workshop:
    """A folder beside the generations that disappears unless it was renamed into one."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def __enter__(self) -> Path:
        self._folder = Path(tempfile.mkdtemp(prefix=f".building-{os.getpid()}-", dir=self._library.generations))
        self._folder.chmod(0o755)
        return self._folder

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def _finish(
    folder: Path, library: Library, table: PassageTable, content: str,
    encoders: tuple[ConfiguredEncoder, ...], pending: tuple[str, ...],
) -> Path:  # fmt: skip
    """Write the manifest, put everything on the disk, and give the folder its number."""
    number = 1 + max((int(path.name) for path in library.generations.iterdir() if path.name.isdigit()), default=0)
    manifest = Manifest(
        format=FORMAT,
        number=number,
        made_at=now(),
        content=content,
        documents=len(table.documents),
        passages=len(table),
        sentences=len(table.sentences),
        languages=table.languages,
        encoders=tuple(EncoderRecord.of(one) for one in encoders),
        pending=pending,
        files=digests(folder),
    )
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
    if encoders:
        searcher = Searcher.open(folder, encoders)
        try:
            manifest = manifest.model_copy(update={"calibration": calibrate(searcher)})
        finally:
            searcher.close()
        (folder / MANIFEST).write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
    for path in (*folder.rglob("*"), folder):
        _fsync(path)
    final = library.generations / str(number)
    folder.rename(final)
    _fsync(library.generations)
    return final


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def collect_garbage(library: Library) -> None:
    """Remove all but the newest generations, and never the one that `current` names or a server holds."""
    served = library.current_generation().name
    numbers = sorted((int(path.name) for path in library.generations.iterdir() if path.name.isdigit()), reverse=True)
    for number in numbers[KEPT_GENERATIONS:]:
        if str(number) != served:
            remove_unless_held(library.generations / str(number))


def _sweep(library: Library) -> None:
    """Remove what builds that died have left, told by the process id in its name."""
    for path in library.generations.glob(".building-*"):
        pid = path.name.split("-")[1]
        if not (pid.isdigit() and Path(f"/proc/{pid}").exists()):
            shutil.rmtree(path, ignore_errors=True)
