"""The text files of a bundle: their size, their encoding, and YAML with the place of an error.

YAML is read by the loader of ``moto_proton.spec``, which is safe for hostile text. Sizes: section
8.4 of docs/behaviour.md; that a KB has 1,024 bytes follows from the 51,200 characters of a schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from moto_proton.bundle.errors import BundleError, Doubt
from moto_proton.spec import document
from moto_proton.spec.errors import SpecError
from moto_proton.spec.positions import position
from moto_proton.spec.values import Value, shown
from moto_proton.workplace import note_place

KILOBYTE: Final = 1024
MAX_MANIFEST_BYTES: Final = 50 * KILOBYTE
MAX_SCHEMA_BYTES: Final = 50 * KILOBYTE
# Rule 8.4-2.
MAX_TEMPLATE_BYTES: Final = 200 * KILOBYTE
# Of one file (choice): finding the place of each takes a pass through the text.
MOST_DOUBTS: Final = 20

ValuePath = tuple[str | int, ...]


def text_of(files: Mapping[str, bytes], file: str, limit: int) -> str:
    """The text of a file of at most ``limit`` bytes. Raises BundleError, also if it is missing."""
    note_place(file)
    content = files.get(file)
    if content is None:
        raise BundleError("the file is missing", file=file)
    if len(content) > limit:
        raise BundleError(_too_large(len(content), limit), file=file)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BundleError("the file is not UTF-8 text", file=file, line=line) from None


def check_size(text: str, file: str, limit: int) -> None:
    """Refuse text of more than ``limit`` bytes with a BundleError."""
    # A lone surrogate can't come from a file, but may be in the string of a call.
    size = len(text.encode(errors="surrogatepass"))
    if size > limit:
        raise BundleError(_too_large(size, limit), file=file)


def _too_large(size: int, limit: int) -> str:
    return f"the file has {size:,} bytes, more than the {limit:,} ({limit // KILOBYTE} KB) allowed"


class Document:
    """A YAML file of a bundle: its value, and errors and doubts that know where they are.

    ``doubts`` are the first few things that are odd in it, but no errors.
    """

    def __init__(self, text: str, file: str) -> None:
        """Read the text. Raises BundleError for what is not exactly one YAML document."""
        self.text = text
        self.file = file
        self.doubts: list[Doubt] = []
        try:
            self.value: Value = document.load(text, "Service", self._note_twice)
        except SpecError as error:
            raise BundleError(error.explanation, file=file, line=error.line) from None

    def _note_twice(self, key: str, line: int) -> None:
        self._note(f"the key {shown(key)} stands here again; the last one counts", line)

    def doubt(self, path: ValuePath, detail: str, *, of_key: bool = False) -> None:
        """Note a doubt about the value at the path, or about the key that leads to it."""
        if len(self.doubts) < MOST_DOUBTS:
            self._note(detail, position(self.text, path, of_key=of_key)[0])

    def _note(self, detail: str, line: int) -> None:
        if len(self.doubts) < MOST_DOUBTS:
            self.doubts.append(Doubt(detail, self.file, line))

    def error(self, path: ValuePath, detail: str, *, of_key: bool = False) -> BundleError:
        """The error for the value at the path, or for the key that leads to it."""
        line = position(self.text, path, of_key=of_key)[0]
        return BundleError(detail, file=self.file, line=line)

    def mapping(self, value: Value, path: ValuePath, what: str) -> Mapping[str, Value]:
        """The value, which must be a mapping."""
        if isinstance(value, Mapping):
            return value
        raise self.error(path, f"{what} must be a mapping, not {shown(value)}")

    def string(self, value: Value, path: ValuePath, what: str) -> str:
        """The value, which must be a string that is not empty."""
        if isinstance(value, str) and value:
            return value
        raise self.error(path, f"{what} must be a non-empty string, not {shown(value)}")

    def refuse_unknown(
        self, mapping: Mapping[str, Value], known: Iterable[str], path: ValuePath, what: str
    ) -> None:
        """Refuse the first key that is not among the known ones."""
        allowed = tuple(known)
        for key in mapping:
            if key not in allowed:
                raise self.error(
                    (*path, key),
                    f"{shown(key)} is unknown in {what}; known are {', '.join(allowed)}",
                    of_key=True,
                )
