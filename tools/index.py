"""Write the pages of docs/ that are made of data: index.md, questions.md, glossary.md and teaching.md.

index.md: which cell settles which statement of the article (cnnlib/article/statements.json); questions.md and
glossary.md: what people ask, and the words of the field (cnnlib/lookup); teaching.md: the guide of the lecture
(cnnlib/course/desk).
"""

from pathlib import Path

from cnnlib.article import statements
from cnnlib.course.desk import guide
from cnnlib.lookup import questions, terms

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGES = {"index.md": statements.index, "questions.md": questions.page, "glossary.md": terms.page,
         "teaching.md": guide.page}  # fmt: skip


def main():
    for name, text in PAGES.items():
        (DOCS / name).write_text(text(), encoding="utf-8")
        print(f"wrote docs/{name}")


if __name__ == "__main__":
    main()
