"""Fingerprints, words and vectors: deterministic, of fixed length, blind to what does not matter."""

import numpy as np
import pytest

from memory.embedding.fingerprint import LENGTH, differences, fingerprint
from memory.embedding.minilm import MiniLm
from memory.embedding.ngrams import HashedNgrams
from memory.embedding.structure import StructureVectors
from memory.embedding.words import describe
from tests.memory.pairs import levels_pair
from tools.formulation.lp_reader import parse_lp
from tools.transform.chain import transform

EMPTY = parse_lp("min\n 0 x\nst\nbounds\n x free\nend")
MODEL = parse_lp(
    "min\n 3 x + 5 y\nst\n cap: 2 x + 3 y <= 30\n need: x + y >= 4\nbounds\n x <= 9\n y <= 8\ngeneral\n x y\nend"
)


def vector(kind, seed=0):
    made = transform(MODEL, [kind], seed)
    return StructureVectors().embed([fingerprint(made.reference, made.candidate)])[0]


def test_a_fingerprint_has_one_length_and_is_the_same_twice():
    for pair in (levels_pair(2), (MODEL, MODEL), (EMPTY, MODEL), (MODEL, EMPTY)):
        found = fingerprint(*pair)
        assert len(found) == LENGTH
        assert np.isfinite(found).all()
        assert found == fingerprint(*pair)


def test_the_same_change_is_nearer_than_another_one():
    slack = vector("slack")
    assert slack @ vector("slack", 3) > slack @ vector("digits")
    assert vector("negate") @ vector("negate", 2) > vector("negate") @ vector("permute")


def test_instances_of_one_reformulation_are_near_each_other():
    small, large = (StructureVectors().embed([fingerprint(*levels_pair(*size))])[0] for size in ((2, 3), (5, 4)))
    assert small @ large > max(small @ vector(kind) for kind in ("slack", "digits", "negate", "epigraph"))


def test_what_differs_is_counted_and_said():
    made = transform(MODEL, ["slack"], 0)
    assert differences(made.reference, made.candidate)["row eq"] >= 1
    text = describe(made.reference, made.candidate, "A  small\nproduction plan")
    assert text.startswith("A small production plan")
    assert "more row eq" in text
    assert "same counts" in describe(MODEL, MODEL)
    assert len(describe(*levels_pair(6, 6), "word " * 10_000)) < 2_000


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
