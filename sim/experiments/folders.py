"""Result folders that appear whole or not at all, whatever happens to the process writing them.

A folder is written beside its final place under a name that no reader looks at, flushed to the
disk, and renamed. The name says which process writes it, so that what a killed process left
behind can be told from work in progress and removed.
"""

import os
import shutil
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sim.experiments.errors import StoreError

_PART = ".part-"
_ATTEMPTS = 100
#: Held while a folder is being written; who writes one within another does not wait for itself.
_WRITING = threading.RLock()


def write_whole(
    target: Path, write: Callable[[Path], None], keep: Callable[[Path, Path], bool] | None = None
) -> bool:
    """Whether a folder filled by `write` now stands at `target`; a folder there is replaced whole.

    `keep(old, new)` may say that the folder already there is as good; then it stays and the answer
    is no. Of several processes writing to one place, each puts a whole folder there.
    """
    with _WRITING:
        return _write_whole(target, write, keep)


@contextmanager
def nothing_half_written(patience: float) -> Iterator[None]:
    """Keep other threads from writing, after what is being written, for at most some seconds."""
    held = _WRITING.acquire(timeout=patience)
    try:
        yield
    finally:
        if held:
            _WRITING.release()


def _write_whole(
    target: Path, write: Callable[[Path], None], keep: Callable[[Path, Path], bool] | None
) -> bool:
    part = _beside(target)
    made = [place for place in part.parents if not place.exists()]
    try:
        with storing(target):
            part.mkdir(parents=True)
            write(part)
            flush(part)
            return _put_in_place(part, target, keep)
    finally:
        _discard(part)
        with suppress(OSError):  # what holds something stays
            for place in made:
                place.rmdir()


def flush(folder: Path) -> None:
    """Force a folder with all its files and folders to the disk."""
    for path in sorted(folder.iterdir()):
        if path.is_symlink():  # what it leads to is not of this folder, or is this folder
            continue
        if path.is_dir():
            flush(path)
        else:
            _sync(path)
    _sync(folder)


def is_whole(folder: Path) -> bool:
    """Whether a folder stands in its final place, not in one in which it is being written."""
    return not folder.name.startswith(_PART)


def remove_whole(folder: Path) -> None:
    """Remove a folder at once for all who look at its place, then from the disk."""
    aside = _beside(folder)
    with storing(folder), suppress(FileNotFoundError):
        os.rename(folder, aside)
    _discard(aside)


def remove_leftovers(folder: Path) -> None:
    """Remove what killed processes of this machine left half-written in `folder`."""
    for path in folder.glob(f"{_PART}*"):
        host, _, process = path.name.removeprefix(_PART).rpartition("-")[0].rpartition("-")
        if host == _host() and process.isdigit() and not _is_alive(int(process)):
            _discard(path)


def check_writable(folder: Path) -> None:
    """Refuse a place in which no folder could be made, before any work is done for it."""
    try:
        place = folder.absolute()
        str(place).encode()  # what Arrow cannot name it cannot write
        while not place.exists() and place != place.parent:
            place = place.parent
    except UnicodeEncodeError as error:
        raise StoreError(f"{folder}: cannot keep results here: the name is not UTF-8") from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StoreError(f"{folder}: cannot keep results here: {reason}") from error
    if not place.is_dir():
        raise StoreError(f"{folder}: cannot keep results here: {place} is not a folder")
    if not os.access(place, os.W_OK | os.X_OK):
        raise StoreError(f"{folder}: cannot keep results here: no permission to write in {place}")


@contextmanager
def storing(target: Path) -> Iterator[None]:
    """Turn what the operating system says against writing at `target` into one line."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StoreError(f"{target}: cannot be written: {reason}") from error


def _put_in_place(part: Path, target: Path, keep: Callable[[Path, Path], bool] | None) -> bool:
    for _ in range(_ATTEMPTS):
        if keep is not None and target.exists() and keep(target, part):
            return False
        aside = _beside(target)
        with suppress(FileNotFoundError):
            os.rename(target, aside)
        try:
            os.replace(part, target)
        except OSError:
            if not target.exists():
                raise
            continue  # another process was faster: look again
        finally:
            _discard(aside)
        _sync(target.parent)
        return True
    raise StoreError(f"{target}: cannot be written: others keep writing there")


def _discard(path: Path) -> None:
    """Remove a folder, or what stood in its place, as far as that goes."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def _beside(target: Path) -> Path:
    return target.parent / f"{_PART}{_host()}-{os.getpid()}-{uuid.uuid4().hex[:12]}"


def _host() -> str:
    return socket.gethostname() or "local"


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
