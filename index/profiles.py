"""Which encoders there are by name, which of them a profile takes, and how they are opened.

Opening is where torch is imported, and only for an encoder that needs it.
"""

from __future__ import annotations

from pathlib import Path

from index.encoder import ConfiguredEncoder, Encoder, EncoderSpec, TokenEncoder, Unit
from index.errors import ModelError

PROFILES: dict[str, tuple[EncoderSpec, ...]] = {
    "light": (EncoderSpec(model="use", unit=Unit.SENTENCE),),
    "default": (
        EncoderSpec(model="e5", late_interaction=True),
        EncoderSpec(model="use", unit=Unit.SENTENCE, weight=0.5),
    ),
}
"""Named choices of encoders: `light` embeds hundreds of passages a second, `default` is the best offline."""


def open_encoders(specs: tuple[EncoderSpec, ...], cache: Path) -> tuple[ConfiguredEncoder, ...]:
    """Open every configured encoder.

    :param cache: a folder for models that are converted once.
    :raises ModelError: when one cannot be had; the message says which and what to do.
    """
    opened = tuple(ConfiguredEncoder(spec, open_encoder(spec, cache)) for spec in specs)
    keys = [one.key for one in opened]
    if len(set(keys)) < len(keys):
        raise ModelError(f"The encoders {', '.join(keys)} are configured twice", "Name each model and unit once")
    for one in opened:
        if one.spec.late_interaction and not isinstance(one.encoder, TokenEncoder):
            raise ModelError(
                f"The encoder {one.encoder.name} has no token vectors", "Set late_interaction to false for it"
            )
    return opened


def open_encoder(spec: EncoderSpec, cache: Path) -> Encoder:
    """Open one encoder; see `open_encoders`."""
    if spec.model == "use":
        from index.universal import UniversalEncoder

        return UniversalEncoder()
    from index.transformer import TransformerEncoder

    if spec.model == "e5":
        from index.e5_weights import e5_folder

        return TransformerEncoder(str(e5_folder(cache)), spec, name="multilingual-e5-small")
    if spec.model == "minilm":
        from index.minilm_weights import minilm_folder

        return TransformerEncoder(str(minilm_folder()), spec, name="all-MiniLM-L6-v2")
    return TransformerEncoder(spec.model, spec)
