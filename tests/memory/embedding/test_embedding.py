"""Fingerprints, words and vectors: deterministic, of fixed length, blind to what does not matter."""

import numpy as np
import pytest

from memory.embedding.fingerprint import LENGTH, differences, views
from memory.embedding.minilm import MiniLm
from memory.embedding.ngrams import HashedNgrams
from memory.embedding.portrait import portrait
from memory.embedding.structure import StructureVectors
from tests.memory.pairs import levels_pair
from tools.formulation.lp_reader import parse_lp
from tools.transform.chain import transform

EMPTY = parse_lp("min\n 0 x\nst\nbounds\n x free\nend")
MODEL = parse_lp(
    "min\n 3 x + 5 y\nst\n cap: 2 x + 3 y <= 30\n need: x + y >= 4\nbounds\n x <= 9\n y <= 8\ngeneral\n x y\nend"
)


def vector(kind, seed=0):
    made = transform(MODEL, [kind], seed)
    return StructureVectors().embed([portrait(made.reference, made.candidate).structure])[0]


def test_a_fingerprint_has_one_length_and_is_the_same_twice():
    for pair in (levels_pair(2), (MODEL, MODEL), (EMPTY, MODEL), (MODEL, EMPTY)):
        found = portrait(*pair).structure
        assert len(found) == LENGTH
        assert np.isfinite(found).all()
        assert found == portrait(*pair).structure


def test_the_same_change_is_nearer_than_another_one():
    slack = vector("slack")
    assert slack @ vector("slack", 3) > slack @ vector("digits")
    assert vector("negate") @ vector("negate", 2) > vector("negate") @ vector("permute")


def test_instances_of_one_reformulation_are_near_each_other():
    small, large = (StructureVectors().embed([portrait(*levels_pair(*size)).structure])[0] for size in ((2, 3), (5, 4)))
    assert small @ large > max(small @ vector(kind) for kind in ("slack", "digits", "negate", "epigraph"))


def test_what_differs_is_counted_and_said():
    made = transform(MODEL, ["slack"], 0)
    assert differences(*views(made.reference, made.candidate))["row eq"] >= 1
    text = portrait(made.reference, made.candidate, "A  small\nproduction plan").text
    assert text.startswith("A small production plan")
    assert "more row eq" in text
    assert "same counts" in portrait(MODEL, MODEL).text
    assert len(portrait(*levels_pair(6, 6), "word " * 10_000).text) < 2_000


@pytest.mark.parametrize("embedder", [HashedNgrams(), MiniLm()])
def test_texts_become_unit_vectors_and_like_ones_are_near(embedder):
    if isinstance(embedder, MiniLm) and not MiniLm.is_installed():
        pytest.skip("the sentence model is not installed")
    texts = ["open a warehouse and ship goods", "warehouses are opened, goods shipped", "colours of a graph", "×÷ 你好"]
    vectors = embedder.embed(texts)
    assert vectors.shape == (4, embedder.dimensions)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]
    assert np.allclose(embedder.embed(texts[1:2])[0], vectors[1], atol=1e-2)
    assert embedder.embed([]).shape == (0, embedder.dimensions)


def test_a_fingerprint_of_another_version_is_like_nothing():
    assert not StructureVectors().embed([(1.0, 2.0), ()]).any()
