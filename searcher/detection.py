"""Detection: in which of the packs' languages is this text?

    text -> sample -> words -> vote of the function words -> letter sequences, where the vote leaves it open

Both steps add up evidence in nats (natural logarithms of odds), so that they can be added to each other. The vote needs
nothing but the packs and settles nearly every document; four in five it settles at a glance, from a smaller sample
whose words are taken as they stand between spaces. What it leaves open (titles, short notes, other languages) is
compared with langdetect's profiles of 55 languages. langdetect's own detector draws letter sequences at random until
it is certain, which is why it needs a seed and is sure of any title; here each sequence of the text is read once, so
that there is nothing to draw and short texts stay doubtful.

Speed comes from sets: words are told apart by one split, and only what is not of letters alone ("l'eau,", "U.S.") is
looked at more closely. A memory of the words of earlier texts would be slower: looking up is dearer than splitting.

Figures are from 16,676 labelled texts: 1,415 documents, 6,609 sentences and 8,640 titles, queries and single words.
"""

from __future__ import annotations

import json
import math
import re
import struct
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import filterfalse
from operator import add
from pathlib import Path
from typing import NamedTuple

from searcher.languages import UNDETERMINED, get_language, language_codes
from searcher.words import APOSTROPHES

SAMPLE_LENGTH = 1_000
"""Characters that are looked at, however long the text is."""

GLANCE_LENGTH = 300
"""Characters of a longer text that are glanced at first."""

GLANCE_DECISIVE = 6.0
"""Nats with which a glance is enough, where it is not divided; no text in another language has more than 1."""

UNDIVIDED = 0.9
"""Share of the evidence for one language with which a glance is enough; it is 0.88 and less on bilingual pages."""

SEQUENCES_LENGTH = 300
"""Characters of the sample whose letter sequences are read; 200 to 1,000 give the same documents and sentences."""

LONG_WORD = 3.0
"""Nats for a function word of three letters or more: one word in four of its own language, one in fifty of another."""

SHORT_WORD = 1.0
"""Nats for a function word of one or two letters: neighbours share those ("de", "la", "in")."""

OTHER_WORD = -0.4
"""Nats for any other word: half of the words in the language itself, three in four and more elsewhere."""

FOREIGN_WORD = -3.0
"""Nats on top for a letter the language does not have; names have some too, so that one decides nothing."""

DECISIVE = 8.0
"""Nats with which the vote stands: so it does for 97 % of English and French documents, each time rightly, and for no
document in another language."""

LOWEST_VOTE = -10.0
"""Nats that words can speak against a pack beside the letters: an index or a glossary has no function words."""

PACK_PRIOR = 3.0
"""Nats in favour of each pack, before any letter is read: people index what they can read. Decides only short texts."""

SEQUENCE_SHARE = 1 / 3
"""Weight of a letter sequence: each letter is read three times, in a sequence of one, of two and of three."""

UNSEEN = 0.5e-4
"""Probability of a sequence that a profile lacks; langdetect's own."""

LANE_BITS = 64
LANE_UNIT = 2**44
"""Of a lane, see `_sequence_evidence`: a sequence has under 2^4 nats and a sample under 2^11 sequences, so that a sum
stays below 2^59 and no lane runs over into the next."""

KNOWN_SEQUENCES = 20_000
"""Sequences whose evidence is kept, 0.6 kB each; texts in Latin letters have no more."""

PROSE = 0.8
"""Letters among the visible characters: 99 % of documents have more. With fewer (tables, numbers, code) the letters are
trusted less."""

_WORD = re.compile(r"\w++(?:'\w++)*+")
_LETTERS = re.compile(r"[^\W\d_]+")
_NO_LETTER = re.compile(r"[\W\d_]")
_FRONT_MATTER = re.compile(r"\s*---\s*\n.*?\n---\s*\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Detection:
    """The language of a text: a pack's code or `UNDETERMINED`; confidence from 0, nothing to go by, to 1."""

    code: str
    confidence: float


def detect_language(text: str) -> Detection:
    """Say in which pack's language a text is, `UNDETERMINED` where in none; the same text, the same answer.

    A text in two languages gets the one with more evidence, and a confidence that says so.
    """
    if len(text) > GLANCE_LENGTH and (detection := _glance(_sample(text, GLANCE_LENGTH))):
        return detection
    sample = _sample(text, SAMPLE_LENGTH)
    words = _words(sample)
    if not words:
        return Detection(UNDETERMINED, 0.0)
    foreign = _foreign_words(words)
    if _are_most(set.intersection(*foreign.values()), words):
        # Most letters stand in words that no pack's alphabet can spell, as in Russian or Chinese.
        return Detection(UNDETERMINED, 1.0)
    known = words & _all_evidence()
    hits = {code: known & _evidence(code) for code in language_codes()}
    votes = {
        code: _weight(own) + OTHER_WORD * (len(words) - len(own)) + FOREIGN_WORD * len(foreign[code])
        for code, own in hits.items()
    }
    code = max(votes, key=votes.__getitem__)
    if votes[code] >= DECISIVE:
        return Detection(code, _share_of_evidence(code, hits))
    code, confidence = _weigh_sequences(sample, votes)
    return Detection(code, confidence * min(1.0, _letter_share(sample) / PROSE))


def _glance(sample: str) -> Detection | None:
    """Say in which language a sample is, None where its words between spaces leave any doubt.

    Function words seldom stand beside a mark; words that do are passed over, as if they were not there.
    """
    words = set(sample.lower().replace("'", "' ").split())
    known = words & _all_evidence()
    hits = {code: known & _evidence(code) for code in language_codes()}
    code = max(hits, key=lambda code: len(hits[code]))
    others = sum(map(str.isalpha, words)) - len(hits[code])
    vote = _weight(hits[code]) + OTHER_WORD * others
    if vote >= GLANCE_DECISIVE and not sample.isascii():
        foreign = set(filter(_foreign_letter(code).search, filterfalse(str.isascii, words)))
        if _are_most(foreign, words):
            return None
        vote += FOREIGN_WORD * len(foreign)
    if vote < GLANCE_DECISIVE:
        return None
    share = _share_of_evidence(code, hits)
    return Detection(code, share) if share >= UNDIVIDED else None


def _sample(text: str, length: int) -> str:
    """Cut a text to a length: its beginning, middle and end, without front matter and addresses.

    Three places, because a long text may begin with a licence or a summary in another language.
    """
    front_matter = _FRONT_MATTER.match(text, 0, 2 * SAMPLE_LENGTH)
    start = front_matter.end() if front_matter else 0
    if len(text) - start > length:
        third = length // 3
        middle = start + (len(text) - start - third) // 2
        text = f"{text[start : start + third]} {text[middle : middle + third]} {text[-third:]}"
    else:
        text = text[start:]
    if _holds_address(text):
        text = " ".join(filterfalse(_holds_address, text.split()))
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        for apostrophe in APOSTROPHES:
            text = text.replace(apostrophe, "'")
    return text


def _holds_address(text: str) -> bool:
    return "://" in text or "@" in text or "www." in text


def _words(sample: str) -> set[str]:
    """Return the distinct words in lower case; an elided form stands by itself, with its apostrophe ("l'").

    Words count once: one that is repeated ("de", "que") says nothing new.
    """
    # Commas and full stops part words wherever they stand; without them most of what is split is a word.
    words = set(sample.lower().replace(",", " ").replace(".", " ").split())
    marked = list(filterfalse(str.isalpha, words))
    words.difference_update(marked)
    unmarked = set(_WORD.findall(" ".join(marked)))
    mixed = list(filterfalse(str.isalpha, unmarked))
    words.update(unmarked.difference(mixed), *map(_parts, mixed))
    return words


def _parts(word: str) -> tuple[str, ...]:
    """Split a word at its first apostrophe, unless a pack knows it whole; leave out what has no letter."""
    if not _LETTERS.search(word):
        return ()
    head, apostrophe, tail = word.partition("'")
    known = _all_evidence()
    if not apostrophe or word in known:
        return (word,)
    return (f"{head}'" if f"{head}'" in known else head, tail)


def _foreign_words(words: set[str]) -> dict[str, set[str]]:
    """Return for each pack the words that its alphabet can't spell."""
    accented = list(filterfalse(str.isascii, words))
    return {code: set(filter(_foreign_letter(code).search, accented)) for code in language_codes()}


def _are_most(some: set[str], words: set[str]) -> bool:
    """Tell whether some of the words hold more than half of their letters."""
    return bool(some) and 2 * sum(map(len, some)) > sum(map(len, words))


def _share_of_evidence(code: str, hits: Mapping[str, set[str]]) -> float:
    """Return how much of the evidence for any pack is for this one: 1 in one language, about 0.5 in two."""
    own = _weight(hits[code])
    rivals = (_weight(hits[other] - hits[code]) for other in hits if other != code)
    return own / (own + max(rivals, default=0.0))


def _weight(function_words: set[str]) -> float:
    """Add up what function words say for their language, in nats."""
    short = len(function_words & _short_evidence())
    return SHORT_WORD * short + LONG_WORD * (len(function_words) - short)


@cache
def _evidence(code: str) -> frozenset[str]:
    """Return a pack's function words; what it elides counts with its apostrophe only, not as a bare "d"."""
    language = get_language(code)
    return (language.function_words - language.elisions) | {f"{elided}'" for elided in language.elisions}


@cache
def _all_evidence() -> frozenset[str]:
    return frozenset().union(*map(_evidence, language_codes()))


@cache
def _short_evidence() -> frozenset[str]:
    return frozenset(word for word in _all_evidence() if len(word) <= 2)


@cache
def _foreign_letter(code: str) -> re.Pattern[str]:
    return re.compile(rf"[^\W\d_a-z{re.escape(get_language(code).letters)}]")


def _letter_share(sample: str) -> float:
    """Return how many of the visible characters are letters, 0 to 1; few are in tables, code and numbers."""
    visible = "".join(sample.split())
    return 1.0 - len(_NO_LETTER.findall(visible)) / len(visible)


def _weigh_sequences(sample: str, votes: Mapping[str, float]) -> tuple[str, float]:
    """Weigh letter sequences, together with the votes, for every language langdetect knows; return code and confidence.

    A pack whose language langdetect lacks is left to the vote.
    """
    languages = [profile.language for profile in _profiles()]
    total = sum(map(_sequence_evidence, _sequences(sample[:SEQUENCES_LENGTH])))
    lanes = struct.unpack(f"<{len(languages)}Q", total.to_bytes(len(languages) * LANE_BITS // 8, "little"))
    scores = {language: SEQUENCE_SHARE * lane / LANE_UNIT for language, lane in zip(languages, lanes, strict=True)}
    packs = scores.keys() & votes.keys()
    for code in packs:
        scores[code] += PACK_PRIOR + max(votes[code], LOWEST_VOTE)
    best = max(scores, key=scores.__getitem__)
    odds = {language: math.exp(score - scores[best]) for language, score in scores.items()}
    if best in packs:
        return best, odds[best] / sum(odds.values())
    return UNDETERMINED, 1.0 - sum(odds[code] for code in sorted(packs)) / sum(odds.values())


def _sequences(sample: str) -> set[str]:
    """Return the sequences of one to three letters, with the space around a word; case matters, as in the profiles.

    Those with a space between two letters are among them, but in no profile.
    """
    runs = _LETTERS.findall(sample.lower() if sample.isupper() else sample)
    letters = f" {' '.join(runs)} "
    pairs = list(map(add, letters, letters[1:]))
    return {*letters, *pairs, *map(add, pairs, letters[2:])}


@lru_cache(KNOWN_SEQUENCES)
def _sequence_evidence(sequence: str) -> int:
    """Return what a sequence says for every language, in one integer so that one addition adds for all of them.

    Each language has a lane of `LANE_BITS` bits, the first the lowest. It holds the logarithm of the sequence's
    probability in the language over that of an unseen one, in units of 1 / `LANE_UNIT` nats.
    """
    return sum(
        round(LANE_UNIT * math.log1p(profile.probability(sequence) / UNSEEN)) << LANE_BITS * lane
        for lane, profile in enumerate(_profiles())
        if sequence in profile.counts
    )


class _Profile(NamedTuple):
    """How often letter sequences are in one language."""

    language: str
    counts: Mapping[str, int]
    totals: list[int]
    """Of the sequences of one letter, of two and of three."""

    def probability(self, sequence: str) -> float:
        return self.counts[sequence] / self.totals[len(sequence) - 1]


@cache
def _profiles() -> tuple[_Profile, ...]:
    """Read langdetect's profiles, in the order of their names.

    Takes 0.1 s, so it waits for the first text that needs it. langdetect's own loader builds a table of all languages,
    which takes four times as long, and most sequences are never asked for.
    """
    from langdetect.detector_factory import PROFILES_DIRECTORY

    paths = sorted(path for path in Path(PROFILES_DIRECTORY).iterdir() if path.is_file())
    stored = (json.loads(path.read_bytes()) for path in paths)
    return tuple(_Profile(profile["name"], profile["freq"], profile["n_words"]) for profile in stored)
