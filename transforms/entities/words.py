"""The words of an article, each with what it may do in a name; names that are already known are single words."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import accumulate, compress

from transforms import segmentation
from transforms.entities.lexicon import Lexicon, own_suffix
from transforms.entities.spans import Span

#: Tag of a known name: an at sign and its type.
KNOWN = "@"
#: Tag of what is left of a word that a name cuts.
REST = "rest"

# What a word may do, as bits.
PROPER, CONTENT, PLACE, OUTSIDE = 1, 2, 4, 8  # names something by itself; may stand inside a name; a place; never inside a name
SUFFIX, TITLE, SURNAME, FOREIGN, SHORT, VERB, OFFICE, REGION, ACTION, GLUED = 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192
#: Bits for which a rule is asked.
TRIGGERS = SUFFIX | TITLE | SURNAME | FOREIGN | SHORT | VERB | OFFICE | REGION

NAME_TAGS = frozenset({"nr", "nrfg", "nrt"})
FUNCTION_TAGS = frozenset({"x", "p", "c", "d", "r", "m", "uj", "ul", "uz", "ug", "ud", "uv", "u", "y", "q", "t", "k", "f"})
_PROPER_TAGS = frozenset({"ns", "nz", "nt", "eng", REST}) | {
    KNOWN + kind for kind in ("place", "company", "organization", "government", "product", "media")
}
_CONTENT_TAGS = frozenset({"n", "vn", "b", "an", "j", "s", "l", "ng", "f", "nrt", "i", "nz", "g", "a"})
#: Characters that no name holds; the segmenter sometimes glues them into a word of its own making.
FUNCTION_CHARACTERS = frozenset(
    "的了是在不有和就要这那个把被们我他她它你很也都与对从同上着过得之以为其并而且或由向于每所让做到给来去说能会可只各某本该"
)
#: The segmenter glues a name it does not know to the word before or behind it: 马斯说, 和永嘉.
_GLUED_BEHIND = frozenset("说称在对和与等曾已将也任是就为的了被向从把及")
_GLUED_BEFORE = frozenset("和与在对同由从及向据的")
#: The dictionary holds 邓小平理论 as one name.
_THOUGHT = ("思想", "理论", "主义", "精神")
_CACHED_WORDS = 1 << 17


@dataclass(slots=True)
class Words:
    """Parallel lists, for speed. `starts` has one entry more than the others: the end of the last word."""

    text: list[str]
    tags: list[str]
    starts: list[int]
    roles: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.text)

    def with_role(self, mask: int) -> Iterator[int]:
        """The words that may do one of some things, in order."""
        return compress(range(len(self.roles)), map(mask.__and__, self.roles))

    def is_edge(self, offset: int) -> bool:
        """Whether a word begins or ends at an offset."""
        i = bisect_left(self.starts, offset)
        return i < len(self.starts) and self.starts[i] == offset

    def around(self, offset: int) -> str:
        """The word around an offset."""
        return self.text[min(max(bisect_right(self.starts, offset) - 1, 0), len(self.text) - 1)]

    def tag_at(self, offset: int) -> str:
        """The tag of the word around an offset."""
        return self.tags[min(max(bisect_right(self.starts, offset) - 1, 0), len(self.tags) - 1)]


def read(folded: str, lexicon: Lexicon, tagger: segmentation.Tagger = segmentation.tag) -> Words:
    """The words of a folded text, without gaps. Marks and line feeds are words too, so no name runs from one sentence into the next."""
    tagged = tagger(folded)
    text, tags = map(list, zip(*tagged, strict=True)) if tagged else ([], [])
    words = Words(text, tags, list(accumulate(map(len, text), initial=0)), list(map(classifier(lexicon), text, tags)))
    _unglue(words, classifier(lexicon))
    return words


def _unglue(words: Words, classify: Callable[[str, str], int]) -> None:
    """Cut some words in two, in place: a name and what the segmenter glued to it."""
    for i in reversed(list(words.with_role(GLUED))):
        word, tag = words.text[i], words.tags[i]
        cut = _cut(word, tag)
        pieces = [(word[:cut], tag), (word[cut:], "v")] if cut > 1 else [(word[0], "p"), (word[1:], tag)]
        words.text[i : i + 1] = [piece for piece, _ in pieces]
        words.tags[i : i + 1] = [tag for _, tag in pieces]
        words.starts.insert(i + 1, words.starts[i] + cut)
        words.roles[i : i + 1] = [classify(*piece) & ~GLUED for piece in pieces]


def _cut(word: str, tag: str) -> int:
    """Where to cut a word in two; 0 for nowhere."""
    if word[-1] in _GLUED_BEHIND:
        return 0 if segmentation.is_word(word) else len(word) - 1
    if word[0] in _GLUED_BEFORE:
        return 0 if segmentation.is_word(word) else 1
    return len(word) - 2 if len(word) > 4 and tag == "nr" and word.endswith(_THOUGHT) else 0


def merge(words: Words, known: Sequence[Span], lexicon: Lexicon) -> Words:
    """The same words, with each known name (in order, not overlapping) as one word; the rest of a word it cuts is tagged `REST`."""
    classify = classifier(lexicon)
    merged = Words([], [], [], [])

    def put(word: str, tag: str, start: int) -> None:
        merged.text.append(word)
        merged.tags.append(tag)
        merged.starts.append(start)
        merged.roles.append(classify(word, tag))

    at = 0  # the first word that is not yet taken over
    rest, rest_start = "", 0  # what the last name left of a word
    for name in known:
        first = bisect_right(words.starts, name.start, at) - 1
        last = bisect_left(words.starts, name.end, max(first, at))
        if rest and first < at:  # two names in one word
            begin, whole = rest_start, rest + "".join(words.text[at:last])
        else:
            if rest:
                put(rest, REST, rest_start)
            _take(words, merged, at, first)
            begin, whole = words.starts[first], words.text[first] if last == first + 1 else "".join(words.text[first:last])
        if name.start > begin:
            put(whole[: name.start - begin], REST, begin)
        put(whole[name.start - begin : name.end - begin], KNOWN + name.type, name.start)
        rest, rest_start, at = whole[name.end - begin :], name.end, last
    if rest:
        put(rest, REST, rest_start)
    _take(words, merged, at, len(words))
    merged.starts.append(words.starts[-1])
    return merged


def _take(words: Words, merged: Words, first: int, last: int) -> None:
    merged.text += words.text[first:last]
    merged.tags += words.tags[first:last]
    merged.starts += words.starts[first:last]
    merged.roles += words.roles[first:last]


@cache
def classifier(lexicon: Lexicon) -> Callable[[str, str], int]:
    """A function from a word and its tag to the bits of what it may do, which remembers the words it has seen."""

    @lru_cache(maxsize=_CACHED_WORDS)
    def roles(word: str, tag: str) -> int:
        return roles_of(word, tag, lexicon)

    return roles


def roles_of(word: str, tag: str, lexicon: Lexicon) -> int:
    """What a word may do in a name, as bits."""
    if tag == "x":
        return 0
    noise = tag[0] != KNOWN and word in lexicon.noise
    result = PROPER if not noise and _is_proper(word, tag, lexicon) else 0
    if word in lexicon.cue_sets["outside"] or word in lexicon.titles:
        result |= OUTSIDE
    elif tag in _CONTENT_TAGS or word in lexicon.cue_sets["inside"]:
        result |= CONTENT
    elif tag == "v" and len(word) == 2 and word not in lexicon.cue_sets["says"] and word not in lexicon.cue_sets["holds"]:
        result |= ACTION
    if tag in ("ns", KNOWN + "place"):
        result |= PLACE
    if word in lexicon.suffixes or (tag[0] != KNOWN and not noise and own_suffix(word, lexicon)) or word[-1] in lexicon.short_suffix_ends:
        result |= SUFFIX
    if tag[0] == KNOWN:
        return result
    if tag[0] == "n" and len(word) > 2 and _cut(word, tag):
        result |= GLUED
    if word in lexicon.titles:
        return result | TITLE
    if tag == "ns" and len(word) > 1 and not noise and word not in lexicon.surnames:
        result |= REGION
    if tag == "nt" and len(word) > 1 and not noise:
        result |= OFFICE
    if word in lexicon.cue_sets["buys"] or word in lexicon.cue_sets["gathering"]:
        result |= VERB
    if len(word) < 5 and (word[0] in lexicon.paired or word[-1] in lexicon.abbreviations):
        result |= SHORT
    if (word[0] in lexicon.surnames or word[:2] in lexicon.surnames) and (word in lexicon.surnames or _may_begin_name(word, tag)):
        result |= SURNAME
    if _may_begin_foreign(word, tag, lexicon):
        result |= FOREIGN
    return result


def _is_proper(word: str, tag: str, lexicon: Lexicon) -> bool:
    """A word that names something by itself: tagged so, or Chinese and not in the dictionary."""
    if tag in NAME_TAGS:  # the dictionary also tags phrases so (大力加强)
        return len(word) > 1 and (lexicon.foreign.issuperset(word) or (len(word) < 4 and not FUNCTION_CHARACTERS.intersection(word)))
    if tag in _PROPER_TAGS:
        return tag[0] != "n" or len(word) > 1
    return len(word) > 1 and tag in _CONTENT_TAGS and not word.isascii() and is_unknown(word)


def is_unknown(word: str) -> bool:
    """Not in the dictionary and without a function character."""
    return not FUNCTION_CHARACTERS.intersection(word) and not segmentation.is_word(word)


def _may_begin_name(word: str, tag: str) -> bool:
    """Whether a word that begins with a surname may begin a person's name."""
    return len(word) < 5 and tag not in FUNCTION_TAGS and (tag in NAME_TAGS or not segmentation.is_word(word))


def _may_begin_foreign(word: str, tag: str, lexicon: Lexicon) -> bool:
    """Whether a transliterated name may begin with a word."""
    if word[0] not in lexicon.foreign or not looks_foreign(word, tag, lexicon):
        return False
    return tag in NAME_TAGS or tag == "ns" or len(word) == 1 or not segmentation.is_word(word)


def looks_foreign(word: str, tag: str, lexicon: Lexicon) -> bool:
    """Whether a word is made of the characters of transliteration, or for the most part where the segmenter takes it for a name."""
    if tag in FUNCTION_TAGS and not (len(word) == 1 and tag in ("m", "q", "f")):
        return False
    if lexicon.foreign.issuperset(word):
        return True
    return len(word) > 2 and tag in NAME_TAGS and sum(map(lexicon.foreign.__contains__, word)) >= 0.6 * len(word)
