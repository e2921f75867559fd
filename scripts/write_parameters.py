"""Write what is generated from the parameters: scenarios/baseline.toml and docs/parameters.md."""

from pathlib import Path

from sim.scenario import baseline_toml, parameters_markdown

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Write both files."""
    for name, content in (
        ("scenarios/baseline.toml", baseline_toml()),
        ("docs/parameters.md", parameters_markdown()),
    ):
        path = ROOT / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
        print(f"wrote {name}")


if __name__ == "__main__":
    main()
