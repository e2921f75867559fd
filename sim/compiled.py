"""Compiling functions, with a cache on disk that never meets an edited rule.

Numba's own cache looks only at the file that holds a kernel: after an edit of a rule in another
file it returns the old result. Here the cache lies in a folder named by a hash of every source
file of the package, of the versions of Python, NumPy, Numba and LLVM and of Numba's settings, so
that a warm start compiles nothing and an edit of anything compiled code can reach compiles afresh.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import string
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import llvmlite.binding  # type: ignore[import-untyped]
import numba
import numpy as np
from numba.core import types
from numba.core.base import BaseContext
from numba.core.caching import CompileResultCacheImpl, FunctionCache, UserProvidedCacheLocator
from numba.core.codegen import get_host_cpu_features
from numba.core.dispatcher import Dispatcher
from numba.extending import overload

try:
    import fcntl
except ImportError:  # not on Windows; two first starts at once may there compile twice
    fcntl = None  # type: ignore[assignment]

PACKAGE = Path(__file__).resolve().parent
#: Rooms that hold no compiled code and give none of its constants: an edit there compiles nothing.
UNCOMPILED_ROOMS = frozenset(
    ("ledger", "markets", "agents", "engines", "model", "experiments")
    + ("evidence", "figures", "report", "api", "commands", "__main__")
)
SOURCE_FILES = sorted(
    file
    for file in PACKAGE.rglob("*.py")
    if file.relative_to(PACKAGE).parts[0].removesuffix(".py") not in UNCOMPILED_ROOMS
)

#: Folders of earlier versions of the source that are kept, the newest ones.
FOLDERS_KEPT = 6
_HASH_LENGTH = 24
#: Bytes of a cache line, and of the widest vectors.
CACHE_LINE = 64
#: What 64-bit processors of that kind call themselves.
_X86 = ("x86_64", "amd64")
#: Settings of Numba that change neither the code it makes nor its results.
_HARMLESS = ("NUMBA_CACHE_DIR", "NUMBA_NUM_THREADS", "NUMBA_DEBUG_CACHE")


def _choose_instructions() -> None:
    """Let vectors be as wide as the processor has them, and none look at many far places at once.

    Columns that kernels make begin with a cache line, so that no vector lies across two of them.

    Processors take longer over a look at many places than over as many single ones, the more so
    where the places are in no cache; and those that mind 512 bits are older than the instructions
    asked for here. The compiler knows neither. Nor shall it turn a choice between two numbers,
    which kernels write so that there is nothing to foresee, back into a jump. Settings of the
    whole process, for all that is compiled from here on.
    """
    BaseContext.get_preferred_array_alignment = lambda *_: CACHE_LINE  # type: ignore[method-assign]
    if platform.machine().lower() in _X86:
        llvmlite.binding.set_option("sharesim", "-x86-cmov-converter=0")
    settings: Any = numba.config
    given = settings.CPU_FEATURES  # no text where nobody said anything, "" for none
    features = get_host_cpu_features() if given is None else given
    if "+avx2" in features and "prefer-no-gather" not in features:
        features += ",+prefer-no-gather,+prefer-no-scatter"
        if "+avx512vbmi2" in features and "prefer-256-bit" not in features:
            features += ",-prefer-256-bit"
        settings.CPU_FEATURES = features


_choose_instructions()


def has_instructions(name: str) -> bool:
    """Return whether compiled code may use instructions of the processor that LLVM calls so."""
    given: str | None = numba.config.CPU_FEATURES  # type: ignore[attr-defined]
    return f"+{name}" in (get_host_cpu_features() if given is None else given).split(",")


boolean = types.boolean
float64 = types.float64
int8 = types.int8
int64 = types.int64
void = types.void


def _times_and_sizes() -> list[tuple[int, int]]:
    """What shows that no source file was edited: the time and size of each."""
    states = [os.stat(file) for file in SOURCE_FILES]
    return [(state.st_mtime_ns, state.st_size) for state in states]


def source_hash() -> str:
    """Return the name of the cache folder: 24 hexadecimal digits of all that decides the code."""
    digest = hashlib.sha256()
    versions = (platform.python_version(), np.__version__, numba.__version__, llvmlite.__version__)
    settings = sorted(
        f"{name}={value}"
        for name, value in os.environ.items()
        if name.startswith("NUMBA_") and name not in _HARMLESS
    )
    for text in (*versions, *settings):
        digest.update(text.encode() + b"\0")
    for file in SOURCE_FILES:
        content = file.read_bytes()
        digest.update(f"{file.relative_to(PACKAGE).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:_HASH_LENGTH]


def cache_root() -> Path:
    """Return the folder that holds the cache folders; ``NUMBA_CACHE_DIR`` has the first word."""
    for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        if os.environ.get(name):
            return Path(os.environ[name]) / "sharesim"
    return Path.home() / ".cache" / "sharesim"


def _drop_old_folders(root: Path) -> None:
    """Remove all cache folders but the newest ones."""
    folders = [
        entry
        for entry in root.iterdir()
        if len(entry.name) == _HASH_LENGTH and set(entry.name) <= set(string.hexdigits)
    ]
    folders.sort(key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in folders[FOLDERS_KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)


def _open_folder() -> Path | None:
    """Return the cache folder of the source as it is now, or nothing where none can be written."""
    try:
        root = cache_root()
        folder = root / source_hash()
        is_new = not folder.is_dir()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "lock").touch()  # also shows that the folder can be written
        os.utime(folder)  # the newest folders are those used last
        if is_new:
            _drop_old_folders(root)
    except (OSError, RuntimeError):  # RuntimeError: there is no home folder
        return None
    return folder


try:
    _STATE_AT_START = _times_and_sizes()
except OSError:
    _STATE_AT_START = []
#: Where compiled code is kept, None where it cannot be.
FOLDER = _open_folder()


def compiles_first() -> str | None:
    """Return why a run has to compile before anything else, in words; None where it has not."""
    if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
        return None
    if FOLDER is None:
        return f"{_named_root()} cannot be written, so kernels are compiled at every start"
    if any(FOLDER.glob("world.world/*.nbc")):
        return None
    return "the first run of a version compiles its kernels"


def _named_root() -> str:
    try:
        return str(cache_root())
    except RuntimeError:
        return "a home folder, which there is not,"


def _source_is_unchanged() -> bool:
    """Whether the source is still that which the cache folder is named after.

    A long-lived process may import a file that was edited after the process began.
    """
    try:
        return _times_and_sizes() == _STATE_AT_START
    except OSError:
        return False


class _Locator(UserProvidedCacheLocator):
    """Places the cache of each module in a folder of its own below ``FOLDER``."""

    def __init__(self, py_func: Callable[..., Any], py_file: str) -> None:
        self._py_file = py_file
        self._lineno = py_func.__code__.co_firstlineno
        module = Path(py_file).resolve().relative_to(PACKAGE).with_suffix("")
        self._cache_path = str((FOLDER or PACKAGE) / ".".join(module.parts))

    @classmethod
    def from_function(cls, py_func: Callable[..., Any], py_file: str) -> _Locator | None:
        """Return the locator, or nothing for functions whose source is not in the hash."""
        if FOLDER is None or PACKAGE not in Path(py_file).resolve().parents:
            return None
        return cls(py_func, py_file)


class _CacheImpl(CompileResultCacheImpl):
    _locator_classes = [_Locator]  # noqa: RUF012


class _Cache(FunctionCache):
    """Numba's cache of one function, safe for several processes, never in the way of a run."""

    _impl_class = _CacheImpl

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """Let one process write at a time: two would give two signatures the same file name."""
        if FOLDER is None or fcntl is None:
            yield
            return
        with open(FOLDER / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the compiled code of that signature, or nothing; a broken file is nothing."""
        if not _source_is_unchanged():
            return None
        with suppress(Exception):  # whatever a truncated file makes unpickling raise
            return super().load_overload(sig, target_context)
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep the compiled code of that signature, where that is still possible."""
        if not _source_is_unchanged():
            return
        with suppress(OSError), self._lock():
            super().save_overload(sig, data)


def compiled(
    *signatures: Any, **options: Any
) -> Any:  # a function, or a decorator when signatures or options are given
    """Return the function compiled by Numba and kept in the cache.

    Use it bare, ``@compiled``: each new set of argument types is compiled when it is first met.
    With signatures, ``@compiled(float64(int64, float64))``: exactly these are compiled, at once,
    and arguments of other types are converted. Options are those of ``numba.njit``;
    ``fastmath`` is refused, because both engines must agree to the last bit.
    """
    if options.get("fastmath"):
        raise ValueError("fastmath changes results: the engines would no longer agree")
    if len(signatures) == 1 and not options and _is_function(signatures[0]):
        return _compile(signatures[0], (), {})
    return lambda function: _compile(function, signatures, options)


def _is_function(thing: Any) -> bool:
    return hasattr(thing, "__code__")


def _compile(
    function: Callable[..., Any], signatures: Sequence[Any], options: dict[str, Any]
) -> Any:
    # Divisions by zero give what NumPy gives; checking each would stand in the way of vectors.
    dispatcher = numba.njit(**{"error_model": "numpy", **options})(function)
    if not isinstance(dispatcher, Dispatcher):  # NUMBA_DISABLE_JIT=1: the plain function
        return dispatcher
    if _Locator.from_function(function, function.__code__.co_filename) is not None:
        dispatcher._cache = _Cache(function)  # type: ignore[attr-defined]
    for signature in signatures:
        dispatcher.compile(signature)
    if signatures:
        dispatcher.disable_compile()
    return dispatcher


def as_real(value: float) -> float:
    """Return the value as a 64-bit real, in plain Python and compiled alike.

    Columns that hold 32-bit reals need it: NumPy and Numba would go on in 32 bits, differently.
    """
    return float(value)


@overload(as_real)
def _as_real_compiled(value: Any) -> Any:
    def real(value: Any) -> Any:
        return np.float64(value)

    return real
