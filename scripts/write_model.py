"""Write what is generated in docs/model.md: the stages of a week and the list of mechanisms."""

from pathlib import Path

from sim.evidence.mechanisms.printed import mechanisms_table, stages_table

ROOT = Path(__file__).resolve().parent.parent


def filled(page: str) -> str:
    """Return the page with its generated tables made anew."""
    for name, table in (("stages", stages_table()), ("mechanisms", mechanisms_table())):
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        before, rest = page.split(begin)
        after = rest.split(end)[1]
        page = f"{before}{begin}{table}\n{end}{after}"
    return page


def main() -> None:
    """Write the file."""
    path = ROOT / "docs/model.md"
    path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")
    print("wrote docs/model.md")


if __name__ == "__main__":
    main()
