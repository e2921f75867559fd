"""Makes .venv with the locked dependencies and this project in it, when anything changed.

Runs on any Python from 3.8 on, with the standard library only: the Python that starts `make` may
be older than the one the project needs, so the first 3.12 or newer is looked for by running the
candidates. A stamp in .venv tells that nothing changed since the last set-up; it is written last,
so an interrupted set-up starts afresh.
"""

from __future__ import annotations

import contextlib
import glob
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping

NEEDED = (3, 12)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
LOCK = os.path.join(ROOT, "requirements.lock")
STAMP = os.path.join(VENV, "set-up-stamp")
PROBE = (
    "import sys, ensurepip, venv;"
    "print('%d.%d' % sys.version_info[:2], getattr(sys, '_base_executable', sys.executable))"
)


def say(text: str) -> None:
    """Tells what is being done, in one line on standard error."""
    print("set-up: " + text, file=sys.stderr, flush=True)


def wanted_stamp() -> str:
    """The hash of all that the environment depends on; its place too, for scripts name it."""
    digest = hashlib.sha256(ROOT.encode())
    for path in (LOCK, os.path.join(ROOT, "pyproject.toml"), os.path.abspath(__file__)):
        with open(path, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def present_stamp() -> str:
    """The stamp of the last finished set-up; empty without one or without its interpreter."""
    if not os.path.exists(VENV_PYTHON):
        return ""
    try:
        with open(STAMP) as file:
            return file.read()
    except OSError:
        return ""


def version_name(version: tuple[int, ...]) -> str:
    """The version as people write it, 3.12."""
    return ".".join(map(str, version))


def candidates(environment: Mapping[str, str]) -> list[str]:
    """Interpreters to try, in order of preference; some of them may not exist or not run."""
    found = [environment["PYTHON"]] if environment.get("PYTHON") else []
    found += ["python3.13", "python3.12"]
    roots = [environment.get("PYENV_ROOT", ""), os.path.join(os.path.expanduser("~"), ".pyenv")]
    for root in filter(None, roots):
        pattern = os.path.join(glob.escape(root), "versions", "3.1[2-9]*", "bin", "python")
        found += sorted(glob.glob(pattern))
    return [*found, "python3"]


def probed(candidate: str) -> tuple[tuple[int, int], str] | None:
    """The (version, path of the interpreter behind any shim or venv), or None if it won't run."""
    try:
        answer = subprocess.run(
            [candidate, "-c", PROBE],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if answer.returncode != 0:
        return None
    version, path = answer.stdout.decode().strip().split(" ", 1)
    major, minor = version.split(".")
    return (int(major), int(minor)), path


def find_python(environment: Mapping[str, str]) -> str:
    """The path of the first interpreter that is new enough; ends with one line without any."""
    for candidate in candidates(environment):
        answer = probed(candidate)
        if answer and answer[0] >= NEEDED:
            return answer[1]
        if answer and candidate == environment.get("PYTHON"):
            say(f"{candidate} is Python {version_name(answer[0])}, too old; looking for another")
    raise SystemExit(
        f"set-up: no Python {version_name(NEEDED)} or newer (with venv) was found; install one "
        "(Debian and Ubuntu: apt install python3.12-venv; pyenv: pyenv install 3.12) "
        "or name it: make PYTHON=/path/to/python3.12"
    )


def pinned(name: str, lock: str) -> str:
    """The part of a lock file that pins one package with its hashes."""
    found = re.search(rf"^{re.escape(name)}==(?:.*\\\n)*.*\n", lock, re.MULTILINE)
    if not found:
        raise SystemExit(f"set-up: requirements.lock does not pin {name}; see `make lock`")
    return found.group()


def installed(tool: list[str], requirements: str, environment: Mapping[str, str]) -> bool:
    """Whether the tool could install these hashed requirements."""
    handle, path = tempfile.mkstemp(suffix=".txt")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(requirements)
        command = [*tool, "--require-hashes", "-r", path]
        return subprocess.run(command, env=environment).returncode == 0
    finally:
        os.remove(path)


def install(environment: Mapping[str, str]) -> None:
    """Installs what the lock file names, then the project, into .venv."""
    pip = [VENV_PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    uv = [os.path.join(VENV, "bin", "uv"), "pip", "install", "--quiet", "--python", VENV_PYTHON]
    # Without it the first start of every process compiles all it imports (pip does so by itself);
    # where PYTHONDONTWRITEBYTECODE is set, every start would: 5 seconds instead of 2.
    uv.append("--compile-bytecode")
    with open(LOCK) as file:
        lock = file.read()
    uv_itself = pinned("uv", lock)
    others = lock.replace(uv_itself, "")

    say("installing uv, the installer")
    done = False
    if installed(pip, uv_itself, environment):
        say("installing the locked dependencies")
        done = installed(uv, others, environment)
    if not done:
        say("uv could not do it; installing the locked dependencies with pip, which is slower")
        done = installed(pip, others, environment)
    if not done:
        raise SystemExit("set-up: the dependencies could not be installed; the reason is above")

    say("installing sharesim itself")
    # Its build tool is among the locked packages: an isolated build would fetch another, unhashed.
    project = [*pip, "--no-deps", "--no-build-isolation", "-e", ROOT]
    if subprocess.run(project, env=environment).returncode != 0:
        raise SystemExit("set-up: sharesim itself could not be installed; the reason is above")


def set_up() -> None:
    """Brings .venv up to date, doing nothing when it is."""
    stamp = wanted_stamp()
    if present_stamp() == stamp:
        return
    started = time.time()
    environment = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
    if present_stamp():
        say("requirements.lock or pyproject.toml changed; bringing .venv up to date")
        os.remove(STAMP)
    else:
        python = find_python(environment)
        say("making .venv with " + python)
        if subprocess.run([python, "-m", "venv", "--clear", VENV]).returncode != 0:
            raise SystemExit("set-up: .venv could not be made; the reason is above")
    install(environment)
    with open(STAMP, "w") as file:
        file.write(stamp)
    say(f"ready after {time.time() - started:.0f} s")


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Lets one set-up of this folder run at a time; a second one waits for the first."""
    import fcntl

    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


if __name__ == "__main__":
    try:
        with alone():
            set_up()
    except KeyboardInterrupt:
        sys.exit(130)
