"""Tables, documents and hashes on disk: equal content gives equal bytes."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sim.experiments.errors import MEND, BrokenFile, StoreError
from sim.parameters.problems import InputError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from sim.measures.spool import Table

_KEY_DIGITS = 16
_ROWS_PER_GROUP = 1 << 17


def hash_of(content: Any) -> str:
    """Hash of plain content, 16 hexadecimal digits; the order of keys does not matter."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:_KEY_DIGITS]


def hash_of_file(path: Path) -> str:
    """SHA-256 of a file's content."""
    try:
        state = path.stat()
        return _hash_of_file(path, state.st_mtime_ns, state.st_size)
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {(error.strerror or '').lower()}") from error


@lru_cache(maxsize=256)
def _hash_of_file(path: Path, modified: int, size: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_table(table: "Table", path: Path) -> None:
    """Write a table as Parquet; equal tables give equal bytes, whole or part by part."""
    from sim.measures.spool import Streamed

    if isinstance(table, Streamed):
        write_parts(map(_arrow, table.parts(_ROWS_PER_GROUP)), path)
    else:
        write_columns(_arrow(table), path)


def _arrow(table: "pd.DataFrame") -> "pa.Table":
    import pyarrow as pa

    return pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)


def write_columns(columns: "pa.Table", path: Path) -> None:
    """Write an Arrow table as Parquet; equal tables give equal bytes."""
    write_parts(iter([columns]), path)


def write_parts(parts: Iterator["pa.Table"], path: Path) -> None:
    """Write parts of a table, each but the last of whole groups of rows, as one Parquet file."""
    import pyarrow.parquet as pq

    first = next(parts)
    with pq.ParquetWriter(
        path,
        first.schema,
        version="2.6",
        compression="zstd",
        compression_level=3,
        store_schema=False,
    ) as writer:
        for part in chain([first], parts):
            writer.write_table(part, row_group_size=_ROWS_PER_GROUP)


def read_table(path: Path, columns: list[str] | None = None) -> "pd.DataFrame":
    """A table from its Parquet file, or some columns of it."""
    import pandas as pd

    try:
        return pd.read_parquet(path, columns=columns)
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise StoreError(f"{path}: cannot be read as a table: {reason}: {MEND}") from error


def write_json(document: Mapping[str, Any], path: Path) -> None:
    """Write a document as JSON a person can read."""
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def write_text(text: str, path: Path) -> None:
    """Write a file for people to read, whole or not at all; a device or a folder stays one."""
    try:
        if path.exists() and not path.is_file():
            raise StoreError(f"{path}: is no file: name one that may be written")
        part = path.with_name(f".{uuid4().hex}.part")
        try:
            part.write_text(text, encoding="utf-8")
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StoreError(f"{path}: cannot be written: {reason}") from error


def read_json(
    path: Path, of: str, format_version: int, form: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The document that describes a result folder; see `read_document`."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, NotADirectoryError) as error:
        message = f"{path.parent}: is no folder of a {of}: there is no {path.name} in it"
        raise StoreError(message) from error
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {(error.strerror or '').lower()}") from error
    return read_document(text, path, of, format_version, form)


def read_document(
    text: str, path: Path, of: str, format_version: int, form: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The document in a JSON text from `path`, unless it has a newer format than that.

    BrokenFile where it is none, or has not that `form`, which is as `unlike` takes it.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BrokenFile(f"{path}: does not describe a {of}: {MEND}") from error
    version = document.get("format_version") if isinstance(document, dict) else None
    if isinstance(version, int) and version > format_version:
        raise StoreError(
            f"{path.parent}: written by a newer version in format {version}; "
            f"this version reads formats up to {format_version}"
        )
    place = unlike(document, {"format_version": int, **(form or {})})
    if place is not None:
        part = f"{place} is missing or of another kind: " if place else ""
        raise BrokenFile(f"{path}: does not describe a {of}: {part}{MEND}")
    return dict(document)


def unlike(content: Any, form: Any, place: str = "") -> str | None:
    """Place of the first part of JSON content that is missing or of another form; None if all fit.

    A form is a type, a tuple of forms of which one must fit, or forms by key, where the key `str`
    stands for all keys there are.
    """
    if isinstance(form, tuple):
        places = [unlike(content, each, place) for each in form]
        return None if None in places else places[-1]
    if not isinstance(form, Mapping):
        fits = isinstance(content, form) and (form is bool or not isinstance(content, bool))
        return None if fits else place
    if not isinstance(content, dict):
        return place
    for key, part in [(key, form[str]) for key in content] if str in form else form.items():
        within = f"{place}.{key}" if place else key
        if key not in content:
            return within
        if (found := unlike(content[key], part, within)) is not None:
            return found
    return None


@contextmanager
def reading(path: Path, of: str) -> Iterator[None]:
    """Tell in one line that what is read there is not what `of` writes, wherever that is seen.

    For what only shows stored documents and tables: these are too deep to be checked beforehand.
    """
    try:
        yield
    except InputError:
        raise
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise BrokenFile(f"{path}: does not hold a whole {of}: delete it and ask again") from error


def plain_rows(table: "pd.DataFrame") -> list[dict[str, Any]]:
    """Rows of a table as they stand in JSON, with None for what is not a number."""
    return [
        {str(name): None if value != value else value for name, value in row.items()}
        for row in table.to_dict("records")
    ]
