from itertools import accumulate, pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from searcher.sentences import Sentences, lay_out
from tests import plain_sentences

PIECES = st.sampled_from(
    [
        *("Word", "word", "M.", "J. Dupont", "U.S.", "no.", "3.5", "1.", "etc.", "« Oui ! »", "“No.”", "x" * 120),
        *(
            " ",
            " ",
            " ",
            ". ",
            ". ",
            "… ",
            "?! ",
            '." ',
            ".) ",
            "...",
            "\u00a0! ",
            "\n",
            "\n\n",
            "\n- ",
            "- ",
            "\n\n• ",
        ),
    ]
)
LINES = st.lists(PIECES, max_size=80).map(lambda pieces: lay_out("".join(pieces))[0])
PARTS = st.lists(st.tuples(st.integers(0, 400), st.integers(1, 30)), max_size=6)


@given(LINES, PARTS, st.lists(st.integers(0, 1_000), min_size=1, max_size=6))
def test_sentences_are_those_of_the_whole_line_whatever_is_asked_first(
    line: str, parts: list[tuple[int, int]], places: list[int]
) -> None:
    assume(line)
    whole = sorted((start, min(start + width, len(line))) for start, width in parts if start < len(line))
    sentences = Sentences(line, [start for start, _ in whole], list(accumulate((end for _, end in whole), max)))
    plain = plain_sentences.find_sentences(line, whole)
    for place in places:
        place %= len(line)
        assert sentences.at(place) == plain_sentences.find_sentence(plain, place)


@given(LINES)
def test_each_sentence_has_its_neighbours(line: str) -> None:
    assume(line)
    sentences = Sentences(line, [], [])
    plain = plain_sentences.find_sentences(line, [])
    assert sentences.first == plain[0][0]
    assert sentences.before(sentences.at(0)[0]) is None
    assert sentences.after(sentences.at(len(line) - 1)[1]) is None
    for one, next_one in pairwise(plain):
        assert sentences.after(sentences.at(one[0])[1]) == next_one
        assert sentences.before(sentences.at(next_one[0])[0]) == one
