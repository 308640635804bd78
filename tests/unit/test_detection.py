"""Detection: the packs' languages are found, all others are left undetermined, whatever the text."""

from __future__ import annotations

import importlib
import math
import re
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.detection import (
    DECISIVE,
    FOREIGN_WORD,
    GLANCE_DECISIVE,
    GLANCE_LENGTH,
    LONG_WORD,
    LOWEST_VOTE,
    OTHER_WORD,
    PACK_PRIOR,
    PROSE,
    SAMPLE_LENGTH,
    SEQUENCE_SHARE,
    SEQUENCES_LENGTH,
    SHORT_WORD,
    UNDIVIDED,
    UNSEEN,
    Detection,
    detect_language,
)
from searcher.languages import UNDETERMINED, get_language, language_codes
from searcher.words import APOSTROPHES

ENGLISH = (
    "The probe has left its parking orbit and is now on the way to Mars. It will take seven months before the first "
    "pictures of the two moons can be sent back to the control room, where nobody has slept much this week."
)
FRENCH = (
    "La sonde a quitté son orbite d’attente et fait maintenant route vers Mars. Il faudra sept mois avant que les "
    "premières images des deux lunes soient envoyées à la salle de contrôle, où personne n’a beaucoup dormi."
)
OTHERS = {
    "ar": "غادر المسبار مداره وهو الآن في طريقه إلى المريخ، وسوف تصل الصور الأولى بعد سبعة أشهر.",
    "ca": "La sonda ha deixat la seva òrbita i ara és de camí cap a Mart. Passaran set mesos abans que les primeres "
    "imatges de les dues llunes arribin a la sala de control, on gairebé ningú no ha dormit aquesta setmana.",
    "da": "Sonden har forladt sin bane og er nu på vej mod Mars. Der går syv måneder, før de første billeder af de to "
    "måner kan sendes tilbage til kontrolrummet, hvor næsten ingen har sovet i denne uge.",
    "de": "Die Sonde hat ihre Umlaufbahn verlassen und ist nun auf dem Weg zum Mars. Es wird sieben Monate dauern, bis "
    "die ersten Bilder der beiden Monde im Kontrollraum ankommen, in dem kaum jemand geschlafen hat.",
    "es": "La sonda ha dejado su órbita y ahora va de camino a Marte. Pasarán siete meses antes de que las primeras "
    "imágenes de las dos lunas lleguen a la sala de control, donde casi nadie ha dormido esta semana.",
    "it": "La sonda ha lasciato la sua orbita e adesso è in viaggio verso Marte. Ci vorranno sette mesi prima che le "
    "prime immagini delle due lune arrivino nella sala di controllo, dove quasi nessuno ha dormito.",
    "nl": "De sonde heeft haar baan verlaten en is nu op weg naar Mars. Het duurt zeven maanden voordat de eerste "
    "beelden van de twee manen in de controlekamer aankomen, waar deze week bijna niemand heeft geslapen.",
    "pl": "Sonda opuściła swoją orbitę i leci teraz w stronę Marsa. Minie siedem miesięcy, zanim pierwsze zdjęcia obu "
    "księżyców dotrą do sali kontroli lotów, w której prawie nikt w tym tygodniu nie spał.",
    "pt": "A sonda deixou a sua órbita e agora está a caminho de Marte. Vão passar sete meses até que as primeiras "
    "imagens das duas luas cheguem à sala de controlo, onde quase ninguém dormiu esta semana.",
    "ro": "Sonda și-a părăsit orbita și se află acum în drum spre Marte. Vor trece șapte luni până ce primele imagini "
    "ale celor două luni vor ajunge în sala de control, unde aproape nimeni nu a dormit săptămâna aceasta.",
    "ru": "Зонд покинул свою орбиту и теперь летит к Марсу. Пройдёт семь месяцев, прежде чем придут первые снимки.",
    "sv": "Sonden har lämnat sin bana och är nu på väg mot Mars. Det dröjer sju månader innan de första bilderna av de "
    "två månarna kan skickas till kontrollrummet, där nästan ingen har sovit den här veckan.",
    "zh": "探测器已经离开停泊轨道，正在飞往火星。七个月后，控制室才能收到两颗卫星的第一批照片。",
}
CHINESE_AND_ENGLISH = "".join(map(chr, range(0x4E00, 0x4F00))) + ENGLISH[:150]
UNDECIDED_BY_VOTE = ("Rocket engine maintenance", "Entretien du moteur-fusée", "Wartung des Raketentriebwerks")


def test_english_text_is_english() -> None:
    assert detect_language(ENGLISH).code == "en"


def test_french_text_is_french() -> None:
    assert detect_language(FRENCH).code == "fr"


@pytest.mark.parametrize("language", sorted(OTHERS))
def test_text_in_another_language_is_undetermined(language: str) -> None:
    assert detect_language(OTHERS[language]).code == UNDETERMINED


@pytest.mark.parametrize(
    "text",
    [
        "El motor del cohete se para antes de que la nave llegue a la luna.",
        "Il motore del razzo si spegne prima che la nave arrivi sulla luna.",
        "De motor van de raket stopt voordat het schip bij de maan is.",
        "Der Motor der Rakete stoppt, bevor das Schiff am Mond ist.",
        "O motor do foguete para antes que a nave chegue na lua.",
    ],
)
def test_plain_letters_do_not_make_a_neighbour_one_of_ours(text: str) -> None:
    assert detect_language(text).code == UNDETERMINED


@pytest.mark.parametrize("code", language_codes())
def test_pack_is_recognised_from_its_own_function_words(code: str) -> None:
    assert detect_language(" ".join(sorted(get_language(code).function_words))).code == code


@pytest.mark.parametrize("apostrophe", ["'", "’", "ʼ"])
def test_elided_articles_speak_for_french(apostrophe: str) -> None:
    assert detect_language("L'antenne d'Alice, qu'Hubert n'oriente jamais".replace("'", apostrophe)).code == "fr"


def test_contractions_speak_for_english() -> None:
    assert detect_language("Don't worry, they’ve seen it and I’m sure it isn’t broken").code == "en"


def test_decomposed_accents_give_the_same_answer() -> None:
    assert detect_language("L'été dernier, la fusée était prête") == detect_language(
        "L'e\u0301te\u0301 dernier, la fuse\u0301e e\u0301tait pre\u0302te"
    )


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Weather forecast for Thursday", "en"),
        ("Spacecraft breakdown", "en"),
        ("WHERE THE SATELLITES ARE BUILT", "en"),
        ("Prévisions météo pour jeudi", "fr"),
        ("Entretien du moteur-fusée", "fr"),
        ("OÙ SONT CONSTRUITS LES SATELLITES", "fr"),
    ],
)
def test_title_is_recognised(title: str, code: str) -> None:
    assert detect_language(title).code == code


def test_list_without_function_words_is_recognised_by_its_letters() -> None:
    nouns = "launchers, spacecraft, thrusters, weather, breakfast, knowledge, throughput, workshop, highway, birthday"
    assert detect_language(nouns).code == "en"


def test_text_in_both_languages_is_one_of_them_with_doubt() -> None:
    detection = detect_language(f"{ENGLISH}\n\n{FRENCH}")
    assert detection.code in {"en", "fr"}
    assert detection.confidence < 0.8 < detect_language(ENGLISH).confidence


@pytest.mark.parametrize("times", [2, 5, 20])
def test_long_text_in_both_languages_leaves_doubt(times: int) -> None:
    for text in (f"{ENGLISH}\n\n{FRENCH}\n\n" * times, f"{ENGLISH}\n\n" * times + f"{FRENCH}\n\n" * times):
        assert detect_language(text).confidence < 0.9


def test_english_sentence_does_not_outweigh_another_script() -> None:
    assert detect_language(CHINESE_AND_ENGLISH).code == UNDETERMINED


def test_licence_in_english_does_not_hide_a_french_book() -> None:
    assert detect_language(f"{ENGLISH}\n\n" * 3 + f"{FRENCH}\n\n" * 60).code == "fr"


def test_front_matter_is_passed_over() -> None:
    front_matter = "---\n" + "title: The state of the orbiter and what it has to do with us\n" * 30 + "---\n"
    assert detect_language(front_matter + FRENCH).code == "fr"


def test_addresses_are_passed_over() -> None:
    addresses = "https://example.org/the/state/of/the/orbiter and.who@example.org www.example.org/what-it-is "
    assert detect_language(addresses) == Detection(UNDETERMINED, 0.0)


@pytest.mark.parametrize("text", ["", " \n\t", "12 345,67 % + 8", "…—!?", "\x00\x00", "\ud800", "_", "'", "\u0301"])
def test_text_without_letters_is_undetermined_without_confidence(text: str) -> None:
    assert detect_language(text) == Detection(UNDETERMINED, 0.0)


def test_numbers_lower_the_confidence() -> None:
    assert detect_language("rocket 19 88 27.4 3301 07 12").confidence < detect_language("rocket").confidence


def test_names_in_latin_letters_do_not_outweigh_another_script() -> None:
    assert detect_language("Компания Blue Origin запустила ракету New Glenn со второй попытки").code == UNDETERMINED


def test_only_a_sample_of_a_long_text_is_read() -> None:
    assert detect_language(f"{FRENCH} " * 50_000).code == "fr"


def test_long_text_without_spaces_is_answered() -> None:
    assert detect_language("x" * 10_000_000).code in {*language_codes(), UNDETERMINED}


def test_detection_is_immutable() -> None:
    with pytest.raises(FrozenInstanceError):
        detect_language("").code = "en"  # type: ignore[misc]


def test_same_text_gives_the_same_detection() -> None:
    assert [detect_language(text) for text in UNDECIDED_BY_VOTE] == [
        detect_language(text) for text in UNDECIDED_BY_VOTE
    ]


def test_threads_give_the_same_detections() -> None:
    expected = [detect_language(text) for text in UNDECIDED_BY_VOTE]
    with ThreadPoolExecutor(max_workers=4) as pool:
        assert list(pool.map(detect_language, UNDECIDED_BY_VOTE * 20)) == expected * 20


def test_seed_of_other_users_of_langdetect_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = [detect_language(text) for text in UNDECIDED_BY_VOTE]
    factory_class = importlib.import_module("langdetect").DetectorFactory
    for seed in (1, 2):
        monkeypatch.setattr(factory_class, "seed", seed)
        assert [detect_language(text) for text in UNDECIDED_BY_VOTE] == expected


def test_factory_of_other_users_of_langdetect_is_left_alone() -> None:
    detector_factory = importlib.import_module("langdetect.detector_factory")
    before = detector_factory._factory
    detect_language(UNDECIDED_BY_VOTE[0])
    assert detector_factory._factory is before


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_gives_a_known_code_and_a_confidence(text: str) -> None:
    detection = detect_language(text)
    assert detection.code in {*language_codes(), UNDETERMINED}
    assert 0.0 <= detection.confidence <= 1.0


@given(st.lists(st.sampled_from([*ENGLISH.split(), *FRENCH.split(), *OTHERS["es"].split(), "\x00", "’", "---\n", "@"])))
def test_any_words_give_a_known_code_and_a_confidence(words: list[str]) -> None:
    detection = detect_language(" ".join(words))
    assert detection.code in {*language_codes(), UNDETERMINED}
    assert 0.0 <= detection.confidence <= 1.0


LETTERS = re.compile(r"[^\W\d_]+")


def detect_plainly(text: str) -> Detection:
    """The oracle: the same detection word by word and sequence by sequence, with langdetect's own table."""
    if len(text) > GLANCE_LENGTH and (glanced := glance_plainly(sample_plainly(text, GLANCE_LENGTH))):
        return glanced
    sample = sample_plainly(text, SAMPLE_LENGTH)
    words = set(words_plainly(sample))
    if not words:
        return Detection(UNDETERMINED, 0.0)
    foreign = {code: {word for word in words if not alphabet(code).fullmatch(word)} for code in language_codes()}
    if 2 * sum(map(len, set.intersection(*foreign.values()))) > sum(map(len, words)):
        return Detection(UNDETERMINED, 1.0)
    votes = {}
    for code in language_codes():
        hits = words & evidence(code)
        votes[code] = weight(hits) + OTHER_WORD * (len(words) - len(hits)) + FOREIGN_WORD * len(foreign[code])
    code = max(votes, key=votes.__getitem__)
    if votes[code] >= DECISIVE:
        return Detection(code, share_plainly(code, words))
    code, confidence = weigh_sequences_plainly(sample, votes)
    letters = sum(map(len, LETTERS.findall(sample))) / len("".join(sample.split()))
    return Detection(code, confidence * min(1.0, letters / PROSE))


def glance_plainly(sample: str) -> Detection | None:
    words = set(sample.lower().replace("'", "' ").split())
    code = max(language_codes(), key=lambda code: len(words & evidence(code)))
    own = words & evidence(code)
    foreign = {word for word in words if not alphabet(code).fullmatch(word)}
    others = len([word for word in words if word.isalpha()]) - len(own)
    vote = weight(own) + OTHER_WORD * others + FOREIGN_WORD * len(foreign)
    if vote < GLANCE_DECISIVE or 2 * sum(map(len, foreign)) > sum(map(len, words)):
        return None
    return Detection(code, share_plainly(code, words)) if share_plainly(code, words) >= UNDIVIDED else None


def share_plainly(code: str, words: set[str]) -> float:
    own = words & evidence(code)
    rivals = [weight(words & evidence(other) - own) for other in language_codes() if other != code]
    return weight(own) / (weight(own) + max(rivals, default=0.0))


def sample_plainly(text: str, length: int) -> str:
    if front_matter := re.compile(r"\s*---\s*\n.*?\n---\s*\n", re.DOTALL).match(text, 0, 2 * SAMPLE_LENGTH):
        text = text[front_matter.end() :]
    if len(text) > length:
        third = length // 3
        middle = (len(text) - third) // 2
        text = f"{text[:third]} {text[middle : middle + third]} {text[-third:]}"
    marks = ("://", "@", "www.")
    if any(mark in text for mark in marks):
        text = " ".join(chunk for chunk in text.split() if not any(mark in chunk for mark in marks))
    text = unicodedata.normalize("NFC", text)
    return re.sub(f"[{APOSTROPHES}]", "'", text)


def words_plainly(sample: str) -> Iterator[str]:
    known = frozenset().union(*map(evidence, language_codes()))
    for word in re.findall(r"\w+(?:'\w+)*", sample.lower()):
        if not LETTERS.search(word):
            continue
        if "'" in word and word not in known:
            head, _, tail = word.partition("'")
            yield f"{head}'" if f"{head}'" in known else head
            yield tail
        else:
            yield word


def evidence(code: str) -> frozenset[str]:
    language = get_language(code)
    return (language.function_words - language.elisions) | {f"{elided}'" for elided in language.elisions}


def weight(function_words: frozenset[str] | set[str]) -> float:
    return sum(LONG_WORD if len(word) > 2 else SHORT_WORD for word in function_words)


def alphabet(code: str) -> re.Pattern[str]:
    return re.compile(rf"[\W\d_a-z{get_language(code).letters}]*")


def weigh_sequences_plainly(sample: str, votes: dict[str, float]) -> tuple[str, float]:
    profiles = langdetect_profiles()
    sample = sample[:SEQUENCES_LENGTH]
    runs = LETTERS.findall(sample.lower() if sample.isupper() else sample)
    sequences = {letter for run in runs for letter in run}
    sequences |= {f" {run} "[at : at + size] for run in runs for size in (2, 3) for at in range(len(run) + 3 - size)}
    seen = sorted(sequences & profiles.word_lang_prob_map.keys())
    scores = {}
    for index, language in sorted(enumerate(profiles.langlist), key=lambda pair: pair[1]):
        logarithms = (math.log(profiles.word_lang_prob_map[sequence][index] + UNSEEN) for sequence in seen)
        scores[language] = SEQUENCE_SHARE * math.fsum(logarithms)
        if language in votes:
            scores[language] += PACK_PRIOR + max(votes[language], LOWEST_VOTE)
    best = max(scores, key=scores.__getitem__)
    odds = {language: math.exp(score - scores[best]) for language, score in scores.items()}
    for_packs = math.fsum(odds[code] for code in odds.keys() & votes.keys())
    if best in votes:
        return best, odds[best] / math.fsum(odds.values())
    return UNDETERMINED, 1.0 - for_packs / math.fsum(odds.values())


@cache
def langdetect_profiles() -> Any:
    detector_factory = importlib.import_module("langdetect.detector_factory")
    profiles = detector_factory.DetectorFactory()
    profiles.load_profile(detector_factory.PROFILES_DIRECTORY)
    return profiles


def assert_detected_as_plainly(text: str) -> None:
    detection, plain = detect_language(text), detect_plainly(text)
    assert detection.code == plain.code
    assert detection.confidence == pytest.approx(plain.confidence, rel=0, abs=1e-9)


@pytest.mark.parametrize(
    "text",
    [
        *(ENGLISH, FRENCH, *OTHERS.values(), *UNDECIDED_BY_VOTE),
        *("", " \n", "12 345,67 %", "'", "_", "\ud800", "a", "É", "ÉTÉ", "ΣΑΣ ΟΔΟΣ", "İstanbul", "x²½ Ⅷ", "3e 2nd"),
        *("rock'n'roll n'roll aujourd'hui d'aujourd'hui", "''l'eau''d'ici'", "l'2 1'2 2'a", "U.S. e.g.,c.-à-d.", "a_b"),
        *("RÉSUMÉ DES TRAVAUX", "e\u0301te\u0301 l\u02bceau \u0301a", "the\u00a0moon\u2028and\x1cthe\u2003sun\u200bof"),
        f"see https://example.org/the, who@example.org (www.of.org) {ENGLISH}",
        f"---\ntitle: the\n---\n{FRENCH}",
        f"---\ntitle: the\n---\n{FRENCH * 3} {ENGLISH * 20} {OTHERS['de'] * 9}",
        "x" * 5_000,
        *(ENGLISH * 3, FRENCH * 3, OTHERS["ca"] * 3, OTHERS["zh"] * 20, f"{ENGLISH} {FRENCH} " * 3),
        f"{ENGLISH * 3} Jørgensen, señor Núñez",
        CHINESE_AND_ENGLISH,
    ],
)
def test_detection_is_that_of_the_plain_version(text: str) -> None:
    assert_detected_as_plainly(text)
    for piece in (text[:40], text.upper(), text.title()):
        assert_detected_as_plainly(piece)


PIECES = [*ENGLISH.split(), *FRENCH.split(), *OTHERS["es"].split(), *OTHERS["ru"].split()[:4]]
MARKS = ["'", "’", "ʼ", ",", ".", "-", "_", "\n", "\u00a0", "\u0301", "7", "²", "@", "://", "---\n", "Σ", "İ", "\x00"]


@given(
    st.lists(st.one_of(st.sampled_from(PIECES), st.sampled_from(MARKS), st.text(max_size=3))),
    st.sampled_from(["", " "]),
    st.sampled_from([1, 40]),
)
def test_any_text_is_detected_as_by_the_plain_version(pieces: list[str], space: str, times: int) -> None:
    assert_detected_as_plainly(space.join(pieces) * times)
