"""Descriptions: an explanation in plain words. Every sentence stands in one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from searcher.explaining import ConceptExplanation, Explanation, Part
from searcher.messages import say
from searcher.printing import language_name
from searcher.ranking import SELECTIVE

SHOWN_WORDS = 5
"""Of a document, for one kind of match."""

RARE, COMMON = 3.0, 1.6
"""Idfs from which something is rare, in one document of 20, and below which it is common, in one of 5."""

UNEVEN = 0.2
"""A document whose length differs from the average by a smaller share is as long as others."""

SENTENCES = {
    "hit": "{score:.2f} points, a hit",
    "no hit": "not a hit",
    "lacking": "lacks {what}, which the query asks for",
    "unwanted": "has {what}, which the query excludes",
    "languages": "by its words the query is {languages}",
    "language": "{language} ({probability:.0%})",
    "length": "{length:,} words, {comparison} the {average:,.0f} that {language} documents have on average",
    "longer": "more than",
    "shorter": "less than",
    "alike": "about",
    "concept": "{text}: {points:.2f} points = weight {weight:.2f} x share {share:.2f}",
    "absent": "not in this document",
    "part": "{kind}: {words} {places}",
    "part of less weight": "{kind}: {words} {places}, each counts {weight:.2g}",
    "written": "as typed",
    "accents": "with other accents",
    "stem": "the same stem",
    "name": "another spelling of the name",
    "translation": "a translation",
    "spelling": "spelled nearly so",
    "prefix": "begins so",
    "phrase": "these words in this order",
    "stems": "the same stems in this order",
    "exact": "exactly so",
    "quoted": "“{word}”",
    "more": "and {count:,} more",
    "in title": "in the title {times}",
    "in text": "in the text {times}",
    "once": "once",
    "times": "{count:,} times",
    "and": " and ",
    "rare": "rare, so it counts much: {frequencies}",
    "ordinary": "neither rare nor common: {frequencies}",
    "common": "common, so it counts little: {frequencies}",
    "nowhere": "in no document",
    "frequency": "in {count:,} of {total:,} {language} documents",
    "grammar": "a function word of {languages}, so it counts as far as the query is in another language ({share:.0%})",
    "grammar alone": "a function word of {languages}, but the query has nothing else",
    "weak": "not enough to be a hit by itself",
    "repeated": "counts {count:.2g} times, as it stands in the query so often",
}
"""By what they tell."""


def describe(explanation: Explanation) -> Iterator[str]:
    """Yield the lines of an explanation; those about the match of a concept are indented below it."""
    if explanation.is_hit:
        yield _say("hit", score=explanation.score)
    else:
        yield _say("no hit")
    for what in explanation.lacking:
        yield _say("lacking", what=what)
    for what in explanation.unwanted:
        yield _say("unwanted", what=what)
    likely = sorted(explanation.probabilities.items(), key=lambda pair: -pair[1])
    named = [
        _say("language", language=language_name(code), probability=share) for code, share in likely if share >= 0.005
    ]
    if explanation.concepts and named:
        yield _say("languages", languages=", ".join(named))
    yield _describe_length(explanation)
    for concept in explanation.concepts:
        yield ""
        yield _say(
            "concept", text=concept.text, points=concept.points, weight=concept.weight, share=concept.share
        )  # fmt: skip
        for line in _describe_concept(concept, explanation):
            yield f"    {line}"


def _describe_length(explanation: Explanation) -> str:
    length, average = explanation.length, explanation.average_length
    is_alike = abs(length - average) < UNEVEN * average
    return _say(
        "length",
        length=length,
        comparison=_say("alike" if is_alike else "longer" if length > average else "shorter"),
        average=average,
        language=language_name(explanation.language),
    )


def _describe_concept(concept: ConceptExplanation, explanation: Explanation) -> Iterator[str]:
    for part in concept.parts:
        yield _describe_part(part)
    if not concept.parts:
        yield _say("absent")
    yield _describe_rarity(concept, explanation.document_counts)
    if concept.function_word_in:
        languages = _say("and").join(map(language_name, concept.function_word_in))
        share = 1 - sum(explanation.probabilities.get(code, 0.0) for code in concept.function_word_in)
        is_alone = concept.is_selective and share < SELECTIVE
        yield _say("grammar alone" if is_alone else "grammar", languages=languages, share=max(share, 0.0))
    if not concept.is_selective:
        yield _say("weak")
    if concept.count != 1:
        yield _say("repeated", count=concept.count)


def _describe_part(part: Part) -> str:
    words = [_say("quoted", word=word) for word in part.words[:SHOWN_WORDS]]
    if len(part.words) > SHOWN_WORDS:
        words.append(_say("more", count=len(part.words) - SHOWN_WORDS))
    places = [
        _say(name, times=_say("once" if count == 1 else "times", count=count))
        for name, count in (("in title", part.in_title), ("in text", part.in_text))
        if count
    ]
    kind = _say(part.kind) + (f" ({say(part.label)})" if part.label else "")
    sentence = "part" if part.weight == 1 else "part of less weight"
    return _say(sentence, kind=kind, words=", ".join(words), places=_say("and").join(places), weight=part.weight)


def _describe_rarity(concept: ConceptExplanation, totals: Mapping[str, int]) -> str:
    told = [
        _say("frequency", count=count, total=totals[code], language=language_name(code))
        for code, count in concept.document_frequencies.items()
    ]
    name = "rare" if concept.idf >= RARE else "common" if concept.idf < COMMON else "ordinary"
    return _say(name, frequencies=", ".join(told)) if told else _say("nowhere")


def _say(sentence: str, **values: object) -> str:
    return say(SENTENCES[sentence], **values)
