"""Write what is generated from the statements of outcomes: docs/outcomes.md."""

from pathlib import Path

from sim.measures.outcomes import outcomes_markdown

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Write the file."""
    path = ROOT / "docs/outcomes.md"
    path.write_text(outcomes_markdown(), encoding="utf-8")
    print("wrote docs/outcomes.md")


if __name__ == "__main__":
    main()
