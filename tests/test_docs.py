"""The examples of the README and the docs run as they are printed.

All ```python blocks of a page run in order, as one script, in an empty folder beside `scenarios`;
`<!-- no-run -->` before a block leaves it out. Of a ```console block after `<!-- run -->` the lines
that start with `$ sharesim` run likewise.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("README*.md"), *ROOT.glob("docs/**/*.md")])
BLOCK = re.compile(
    r"^(?:<!-- (?P<mark>run|no-run) -->\n+)?```(?P<kind>python|console)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


def script(page: str) -> str:
    """The Python blocks of a page, each on the lines where the page has them."""
    lines = [""] * (page.count("\n") + 1)
    for block in BLOCK.finditer(page):
        if block["kind"] == "python" and block["mark"] != "no-run":
            first = page.count("\n", 0, block.start("body"))
            body = block["body"].splitlines()
            lines[first : first + len(body)] = body
    return "\n".join(lines).rstrip()


def commands(page: str) -> list[str]:
    """The `sharesim` commands of a page that are marked to run."""
    return [
        line.removeprefix("$ ")
        for block in BLOCK.finditer(page)
        if block["kind"] == "console" and block["mark"] == "run"
        for line in block["body"].splitlines()
        if line.startswith("$ sharesim")
    ]


def run(words: list[str], folder: Path) -> None:
    (folder / "scenarios").symlink_to(ROOT / "scenarios")
    (folder / "results").mkdir()
    (folder / "results" / "published").symlink_to(ROOT / "results" / "published")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "agg"}
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def pages_with(examples) -> list:
    names = {str(page.relative_to(ROOT)): page.read_text(encoding="utf-8") for page in PAGES}
    return [pytest.param(name, text, id=name) for name, text in names.items() if examples(text)]


@pytest.mark.parametrize(("name", "text"), pages_with(script))
def test_python_examples_run(name, text, tmp_path):
    example = tmp_path / Path(name).with_suffix(".py").name
    example.write_text(script(text), encoding="utf-8")
    run([sys.executable, str(example)], tmp_path)


@pytest.mark.parametrize(
    "command", [command for page in pages_with(commands) for command in commands(page.values[1])]
)
def test_marked_commands_run(command, tmp_path):
    run([sys.executable, "-m", "sim", *shlex.split(command)[1:]], tmp_path)


SAMPLE = """# A page

```python
a = 1
```

<!-- no-run -->
```python
raise SystemExit
```

```python
print(a)
```

```console
$ sharesim compare
```

<!-- run -->
```console
$ sharesim --help
Usage
$ ls
```
"""


def test_examples_keep_the_line_numbers_of_their_page():
    lines = script(SAMPLE).splitlines()
    assert {number: line for number, line in enumerate(lines, 1) if line} == {
        4: "a = 1",
        13: "print(a)",
    }
    assert all(line == lines[n] for n, line in enumerate(SAMPLE.splitlines()[:13]) if lines[n])


def test_only_marked_commands_are_taken():
    assert commands(SAMPLE) == ["sharesim --help"]
