"""Lexicons: glossaries joined by votes."""

from __future__ import annotations

from searcher.glossaries import Glossary
from searcher.lexicon import MOST_UNSURE, WIDEST_LINK, Pair, join_glossaries


def glossary(source: str, target: str, *pairs: str) -> Glossary:
    """Make a glossary of pairs such as "boat=bateau"."""
    return Glossary(source, target, tuple((*pair.split("=", 1),) for pair in pairs))  # type: ignore[misc]


def join(*glossaries: Glossary) -> tuple[Pair, ...]:
    return join_glossaries(glossaries, "en", "fr").pairs


DUTCH = (glossary("en", "nl", "bank=bank", "bench=bank"), glossary("nl", "fr", "bank=banque", "bank=banc"))
POLISH = (glossary("pl", "en", "bank=bank", "ławka=bench"), glossary("fr", "pl", "banque=bank", "banc=ławka"))


def test_direct_glossary_has_two_votes() -> None:
    assert join(glossary("en", "fr", "boat=bateau")) == (("boat", "bateau", 2),)


def test_glossary_counts_in_either_direction() -> None:
    assert join(glossary("fr", "en", "bateau=boat")) == (("boat", "bateau", 2),)


def test_direct_glossaries_count_together() -> None:
    there, back = glossary("en", "fr", "boat=bateau"), glossary("fr", "en", "bateau=boat")
    assert join(there, back) == (("boat", "bateau", 2),)


def test_pivots_that_agree_outvote_the_confusion_of_one() -> None:
    assert join(*DUTCH, *POLISH) == (("bank", "banque", 2), ("bench", "banc", 2))


def test_pivot_has_one_vote_whichever_way_its_glossaries_go() -> None:
    both_ways = glossary("nl", "en", "boot=boat"), glossary("en", "nl", "boat=boot")
    assert join(*both_ways, glossary("nl", "fr", "boot=bateau")) == (("boat", "bateau", 1),)


def test_pivot_adds_its_vote_to_a_direct_glossary() -> None:
    pairs = join(glossary("en", "fr", "bank=banque", "bank=rive"), *DUTCH)
    assert pairs[:2] == (("bank", "banque", 3), ("bank", "rive", 2))


def test_phrases_of_a_pivot_link_words() -> None:
    pivot = glossary("en", "nl", "subtitle=tweede titel"), glossary("nl", "fr", "tweede titel=sous-titre")
    assert join(*pivot) == (("subtitle", "sous-titre", 1),)


def test_phrases_are_no_words_of_a_lexicon() -> None:
    assert join(glossary("en", "fr", "remote sensing=télédétection", "to go=aller")) == ()


def test_unsure_pair_goes_where_both_words_have_a_sure_one() -> None:
    assert ("bank", "banc", 1) not in join(*DUTCH, *POLISH)


def test_word_without_a_sure_pair_keeps_its_few_candidates() -> None:
    assert join(*DUTCH) == (("bank", "banc", 1), ("bank", "banque", 1), ("bench", "banc", 1), ("bench", "banque", 1))


def test_word_with_many_unsure_candidates_has_none() -> None:
    numbers = range(MOST_UNSURE + 1)
    to_pivot = glossary("en", "nl", "set=stel", *(f"word{number}=stel" for number in numbers))
    to_target = glossary("nl", "fr", *(f"stel=mot{number}" for number in numbers))
    assert join(to_pivot, to_target) == ()


def test_term_of_a_pivot_that_leads_everywhere_links_nothing() -> None:
    to_target = glossary("nl", "fr", "boot=bateau")
    words = [f"boat{number}=boot" for number in range(WIDEST_LINK + 1)]
    assert join(glossary("en", "nl", *words[:-1]), to_target)
    assert not join(glossary("en", "nl", *words), to_target)


def test_pairs_linked_by_more_terms_come_first_among_equals() -> None:
    to_pivot = glossary("en", "nl", "ship=boot", "ship=schip")
    to_target = glossary("nl", "fr", "boot=bateau", "boot=navire", "schip=navire")
    assert [pair.target for pair in join(to_pivot, to_target)] == ["navire", "bateau"]


def test_order_of_the_glossaries_changes_nothing() -> None:
    glossaries = (*DUTCH, *POLISH, glossary("en", "fr", "bank=rive"))
    assert join(*glossaries) == join(*reversed(glossaries))


def test_glossaries_of_other_languages_are_passed_over() -> None:
    assert join(glossary("de", "nl", "boot=boot")) == ()


def test_pairs_that_become_one_term_keep_the_most_votes() -> None:
    direct = glossary("en", "fr", "bank=banque", "banks=banque", "banks=banques", "boats=bateau")
    lexicon = join_glossaries([direct, *DUTCH], "en", "fr")
    terms = lexicon.to_terms(lambda word: word.rstrip("s"), lambda word: word.rstrip("s"))
    assert terms.pairs[:2] == (("bank", "banque", 3), ("boat", "bateau", 2))
    assert len({pair[:2] for pair in terms.pairs}) == len(terms.pairs)


def test_word_without_a_term_is_left_out() -> None:
    lexicon = join_glossaries([glossary("en", "fr", "boat=bateau", "ship=navire")], "en", "fr")
    assert lexicon.to_terms({"boat": "boat", "ship": ""}.__getitem__, str).pairs == (("boat", "bateau", 2),)


def test_reversed_lexicon_goes_the_other_way() -> None:
    there = join_glossaries([*DUTCH, *POLISH], "en", "fr").reverse()
    back = join_glossaries([*DUTCH, *POLISH], "fr", "en")
    assert there.tabulate().to_bytes() == back.tabulate().to_bytes()


def test_table_holds_the_surest_translations_of_each_word() -> None:
    direct = glossary("en", "fr", "bank=banque", "bank=rive", "bank=banc", "boat=bateau")
    table = join_glossaries([direct, *DUTCH, *POLISH], "en", "fr").tabulate(limit=2)
    assert dict(table) == {"bank": (("banque", 4), ("banc", 3)), "bench": (("banc", 2),), "boat": (("bateau", 2),)}
