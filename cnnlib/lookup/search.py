"""Find a text by a reader's own words, a single one or a whole sentence.

Each text is a set of fields with weights, such as a question, its answer and further words, and of wordings in
which it was asked for.  A query is cut into words; words that mean the same (a group of synonyms) count as one,
endings are cut off, and a word that no text has is taken for the one it resembles.  A word that few texts have
weighs more, two words that stand side by side in both weigh once more, and a long text, which has many words by
chance, a little less (as in BM25).  A number counts half: an error message has many, and others than the text.
A text is less likely meant where its title is about a subject, such as gradients, of which the query has no word::

    score(text) = (Σ_w idf(w) · f(w) + Σ_vw min(idf(v), idf(w))) · √share · (1 + told) · ABSENT^a
                  / (1 − B + B · length/mean)
    idf(w) = ln(1 + n/n_w) · (NUMBER if w has digits only, else 1)

with n texts, n_w of them with the word w, f(w) the weight of the best field of the text that has w and OTHERS times
those of the others, vw the pairs of neighbours, share the part of the query's weight that the text has, told the
largest part of the weight of a title of the text (its first field, or a wording) that the query has, a the number
of subjects that the first field has and the query lacks, the length Σ f over its words, and the mean length.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from itertools import pairwise
from math import log, sqrt

ENDINGS = (
    *("ally", "ations", "ation", "ating", "ated", "ates", "ate", "ions", "ion", "ings", "ing"),
    *("ies", "ed", "es", "ly", "al", "s", "e"),
)
SPELLINGS = (("iz", "is"), ("lour", "lor"), ("bour", "bor"), ("viour", "vior"), ("centre", "center"))
CJK = "\u3400-\u9fff"
LATIN, NEVER = "[a-z0-9_]", "(?!)"
NAME = r"[a-z0-9]+(?:_[a-z0-9]+)+"  # in code: words joined by underscores
THOUSANDS = r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?![\d,\])])"  # 2,416 but not the shape (1,256,13)
DECIMAL = r"\d+(?:\.\d+)+"
WORD = rf"{DECIMAL}|[a-z0-9_']+|[{CJK}]"
TIMES = r"(?<![\w.])(\d+) ?[x×*·] ?(?=\d)"  # 5×5, 5 x 5 and 5*5 are one word, 5x5
B = 0.2  # how much the length of a text counts, from 0 to 1
OTHERS = 0.3  # how much a word counts in the fields of a text that are not the best one
ASKED = 0.4  # the weight of a wording
NUMBER = 0.5  # how much a number counts, against a word
ABSENT = 0.75  # how much a text counts whose title has a subject that the query lacks


class Words:
    """Turns a text into the words that it is found by.

    groups: synonyms, each group with its main word first; a member may be several words.
    stop: words to ignore, such as "the".
    """

    def __init__(self, groups: Iterable[Sequence[str]], stop: Iterable[str] = ()):
        self.stop = frozenset(stop)
        self.main = {member: f"={group[0]}" for group in groups for member in group}
        self.pattern = re.compile(_pattern(self.main))

    def of(self, text: str) -> list[str]:
        """The words of ``text`` in order: "=turn" for a member of that group, else a stem; then those in names.

        A name such as avg_pool2d also gives avg and pool; 2,416 is 2416, 5 × 5 is 5x5, and 0.57 is one word.
        """
        found = []
        text = re.sub(THOUSANDS, lambda number: number[0].replace(",", ""), text.lower().replace("’", "'"))
        text = re.sub(TIMES, r"\1x", text)
        text = " ; ".join((text, *(re.sub(r"_|\dd\b", " ", name) for name in re.findall(NAME, text))))

        def rest(piece):
            found.extend(stem(word) for word in re.findall(WORD, piece) if word not in self.stop)

        place = 0
        for match in self.pattern.finditer(text):
            rest(text[place : match.start()])
            found.append(self.main[match[0]])
            place = match.end()
        rest(text[place:])
        return found


def stem(word: str) -> str:
    """``word`` without its ending, in one spelling: rotated and rotation become rot, normalize is normalise."""
    for other, one in SPELLINGS:
        word = word.replace(other, one)
    for ending in ENDINGS:
        cut = word.removesuffix(ending)
        if cut != word and len(cut) >= 3 and not word.endswith("ss"):
            return cut[:-1] if cut[-1] == cut[-2] and cut[-1] not in "ls" else cut
    return word


class Finder:
    """Texts by key, found by words.

    fields: {key: [(text, weight), …]}, the first of them the title; asked: {key: [a wording, …]};
    subjects: each a list of the words that say it.
    """

    def __init__(
        self,
        fields: Mapping[str, Sequence[tuple[str, float]]],
        words: Words,
        asked: Mapping[str, Sequence[str]] | None = None,
        subjects: Iterable[Iterable[str]] = (),
    ):
        self.words = words
        self.subjects = [{words.of(member)[0] for member in subject} for subject in subjects]
        self.about: dict[str, list[set[str]]] = {}
        self.weights: dict[str, dict[str, float]] = {}
        self.pairs: dict[str, set[tuple[str, str]]] = {}
        titles_of: dict[str, list[list[str]]] = {}
        for key, parts in fields.items():
            wordings = (asked or {}).get(key, ())
            found = [(words.of(text), weight) for text, weight in (*parts, *((one, ASKED) for one in wordings))]
            titles = (found[0], *found[len(parts) :])
            self.about[key] = [subject for subject in self.subjects if subject & set(found[0][0])]
            titles_of[key] = [sorted(set(title)) for title, _ in titles if title]
            self.pairs[key] = {pair for each, _ in found for pair in pairwise(each)}
            self.weights[key] = _weights(found)
        spread = Counter(word for weights in self.weights.values() for word in weights)
        self.idf = {
            word: (NUMBER if word.isdigit() else 1) * log(1 + len(self.weights) / count)
            for word, count in spread.items()
        }
        titles = [(key, title) for key, some in titles_of.items() for title in some]
        self.titles = [(key, self._worth(title)) for key, title in titles]
        self.titles_with = _by_word(enumerate(title for _, title in titles))
        self.texts_with = _by_word(self.weights.items())
        self.length = {key: sum(weights.values()) for key, weights in self.weights.items()}
        self.mean = sum(self.length.values()) / len(self.length)

    def find(self, query: str) -> list[tuple[str, float]]:
        """(key, score) of every text that shares a word with ``query``, the best first."""
        known = [word for word in map(self._known, self.words.of(query)) if word]
        words, pairs = sorted(set(known)), {pair for pair in pairwise(known) if pair[0] != pair[1]}
        shared = {}
        for word in words:
            for key in self.texts_with[word]:
                shared.setdefault(key, []).append(word)
        total, told = self._worth(words), self._told(words)
        scores = (
            (key, self._score(key, shared[key], words, pairs, total, told.get(key, 0)))
            for key in self.weights
            if key in shared
        )
        return sorted(scores, key=lambda one: -one[1])

    def _told(self, words) -> dict[str, float]:
        """{key: the largest part of the weight of one of its titles that these words have}."""
        parts, told = {}, {}
        for word in words:
            for number in self.titles_with.get(word, ()):
                parts[number] = parts.get(number, 0) + self.idf[word]
        for number, part in parts.items():
            key, worth = self.titles[number]
            told[key] = max(told.get(key, 0), part / worth)
        return told

    def _score(self, key, shared, words, pairs, total, told):
        weights, idf = self.weights[key], self.idf
        own = sum(idf[word] * weights[word] for word in shared)
        own += sum(min(idf[one], idf[other]) for one, other in sorted(self.pairs[key] & pairs))
        share = self._worth(shared) / total
        absent = sum(subject.isdisjoint(words) for subject in self.about[key])
        longer = 1 - B + B * self.length[key] / self.mean
        return own * sqrt(share) * (1 + told) * ABSENT**absent / longer

    def _worth(self, words) -> float:
        """The weight of these words, Σ idf(w)."""
        return sum(self.idf[word] for word in words)

    def _known(self, word):
        """The word itself, or the known one that it resembles; None for a word that no text has."""
        if word in self.idf:
            return word
        if len(word) < 5 or word[0].isdigit():
            return None
        main = {member: group for member, group in self.words.main.items() if group in self.idf}
        near = get_close_matches(word, [*(one for one in self.idf if one[0] != "="), *main], n=1, cutoff=0.84)
        return main.get(near[0], near[0]) if near else None


def _by_word(places):
    """{word: [the places that have it]} of (place, its words)."""
    found = {}
    for place, words in places:
        for word in words:
            found.setdefault(word, []).append(place)
    return found


def _weights(found):
    """{word: f(w)} of the fields of one text: [(its words, its weight), …]; fields of one weight count as one."""
    fields = {}
    for each, weight in found:
        fields.setdefault(weight, set()).update(each)
    weights = {}
    for weight, each in sorted(fields.items(), reverse=True):
        for word in each:
            weights[word] = weights[word] + OTHERS * weight if word in weights else weight
    return weights


def _pattern(members):
    """Any of the synonyms, the longest first; Latin letters want a word's boundary, Chinese has none.

    There is no 0 in 0.57.  The boundary in front stands once for all that begin with a letter, not for each.
    """
    members = [re.escape(one) + _end(one) for one in sorted(members, key=len, reverse=True)]
    latin = [one for one in members if re.match(LATIN, one)]
    rest = [one for one in members if not re.match(LATIN, one)]
    return rf"(?<![a-z0-9_])(?<!\d\.)(?:{'|'.join(latin) or NEVER})|{'|'.join(rest) or NEVER}"


def _end(member):
    return r"(?![a-z0-9_]|\.\d)" if re.match(LATIN, member[-1]) else ""
