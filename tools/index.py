"""Write docs/index.md from cnnlib/article/statements.json: which cell settles which statement of the article."""

from pathlib import Path

from cnnlib.article.statements import index

ROOT = Path(__file__).resolve().parents[1]


def main():
    path = ROOT / "docs" / "index.md"
    path.write_text(index(), encoding="utf-8")
    print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
