"""What texts mean, as vectors: the optional extra that finds an answer asked for in other words.

Two kinds of model, both on this computer and nowhere else: `wordllama`, whose small model
is inside its package (`kbtui[semantic]`), and any sentence transformer in ONNX form from a
folder (`kbtui[onnx]`). Nothing is ever downloaded. numpy and the models are loaded when one
is asked for; search is whole without them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from kbtui.errors import RefusedError

WORDLLAMA = "wordllama"

_WORDLLAMA_SHARE, _ONNX_SHARE = 0.5, 0.7
"""What meaning counts beside closeness of words, for each kind; chosen on stackfaq (docs/performance.md)."""

_LONGEST = 256
"""Tokens of a text that are looked at."""

_BATCH = 32


class Model(Protocol):
    """Turns texts into vectors.

    Attributes:
        name: changes whenever its vectors would.
        share: what its cosine counts beside closeness of words, 0 to 1.
    """

    name: str
    share: float

    def encode(self, texts: Sequence[str]) -> Any:
        """Return an array of float32, a row of length one for each text."""


def is_at_hand() -> bool:
    """Whether the extra has been installed, without loading it."""
    return all(find_spec(name) is not None for name in (WORDLLAMA, "numpy"))


def load(which: str) -> Model:
    """Return a model.

    Args:
        which: `wordllama`, or the folder of a sentence transformer with `model.onnx` and `tokenizer.json`.

    Raises:
        RefusedError: it is not installed, or there is no such model.
    """
    try:
        return _WordLlama() if which == WORDLLAMA else _Onnx(Path(which))
    except ImportError as error:
        extra = "semantic" if which == WORDLLAMA else "onnx"
        message = f"Searching by meaning needs the package {error.name}, which is not installed."
        raise RefusedError(message, f"Install kbtui with it: pip install 'kbtui[{extra}]'.") from error
    except Exception as error:  # the libraries raise many kinds for a file that is missing or none of theirs
        message = f"There is no model that can be used in {which}."
        raise RefusedError(message, "Name a folder that holds model.onnx and tokenizer.json.") from error


class _WordLlama:
    """Means of static vectors of tokens (https://github.com/dleemiller/WordLlama)."""

    share = _WORDLLAMA_SHARE

    def __init__(self) -> None:
        import wordllama

        inside = Path(wordllama.__file__).parent  # it looks for its own tokenizer in the user's cache otherwise
        model = wordllama.WordLlama.load(cache_dir=inside, disable_download=True)
        self.name = f"{WORDLLAMA} {wordllama.__version__}"
        self._vectors = model.embedding
        self._tokenizer = model.tokenizer
        self._tokenizer.no_padding()

    def encode(self, texts: Sequence[str]) -> Any:
        """Return the mean of each text's token vectors, of length one."""
        import numpy as np

        means = np.zeros((len(texts), self._vectors.shape[1]), dtype=np.float32)
        for row, encoding in enumerate(self._tokenizer.encode_batch(list(texts), add_special_tokens=False)):
            ids = [number for number in encoding.ids[:_LONGEST] if number < len(self._vectors)]
            if ids:
                means[row] = self._vectors[ids].mean(axis=0)
        return _of_length_one(means)


class _Onnx:
    """A sentence transformer: mean of its last layer over the tokens (Reimers and Gurevych 2019)."""

    share = _ONNX_SHARE

    def __init__(self, folder: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        file = next(path for path in (folder / "model.onnx", folder / "onnx" / "model.onnx") if path.is_file())
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # searches come one at a time; the other cores are the person's
        self._session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(_LONGEST)
        self._tokenizer.enable_padding()
        self._inputs = {each.name for each in self._session.get_inputs()}
        self.name = f"onnx {json.dumps([folder.name, file.stat().st_size])}"

    def encode(self, texts: Sequence[str]) -> Any:
        """Return a vector of length one for each text; texts of like length are worked on together."""
        import numpy as np

        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        rows: dict[int, Any] = {}
        for start in range(0, len(order), _BATCH):
            places = order[start : start + _BATCH]
            rows |= zip(places, self._batch([texts[place] for place in places]), strict=True)
        return np.stack([rows[place] for place in range(len(texts))]) if rows else np.zeros((0, 1), np.float32)

    def _batch(self, texts: list[str]) -> Any:
        import numpy as np

        encodings = self._tokenizer.encode_batch(texts)
        mask = np.array([encoding.attention_mask for encoding in encodings], dtype=np.int64)
        given = {
            "input_ids": np.array([encoding.ids for encoding in encodings], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }
        (last, *_) = self._session.run(None, {name: value for name, value in given.items() if name in self._inputs})
        if last.ndim == 2:  # the model does the mean itself
            return _of_length_one(last.astype(np.float32))
        weights = mask[:, :, None].astype(np.float32)
        return _of_length_one((last * weights).sum(axis=1) / weights.sum(axis=1))


def _of_length_one(vectors: Any) -> Any:
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.maximum(lengths, 1e-9)
