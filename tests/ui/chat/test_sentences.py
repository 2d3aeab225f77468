"""No sentence means two things, and none is shadowed by another."""

from ui.chat.sentences import _SAID, _reduced, meaning_of


def test_every_sentence_has_its_own_meaning() -> None:
    for phrase, sentences in _SAID:
        for sentence in sentences:
            assert meaning_of(sentence) == phrase, sentence


def test_polite_words_case_and_punctuation_do_not_matter() -> None:
    assert _reduced("Could you please give me the report?!") == _reduced("GIVE report")
    assert meaning_of("Please, now the other direction...") == meaning_of("other direction")
