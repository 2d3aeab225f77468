import pytest
from transform_models import MODELS

from tools.errors import InputError
from tools.transform.chain import transform
from tools.transform.mutations import MUTATIONS, mutate


@pytest.mark.parametrize("kind", MUTATIONS)
def test_each_mutation_changes_the_candidate_and_nothing_else(kind: str) -> None:
    applied = 0
    for build in MODELS.values():
        made = transform(build(), ["shift", "permute"], 1)
        try:
            spoilt = mutate(made, kind, 3)
        except InputError as error:
            assert "nothing that" in str(error)  # noqa: PT017
            continue
        applied += 1
        assert not spoilt.transformed.candidate.same_as(made.candidate)
        assert spoilt.transformed.candidate.variables == made.candidate.variables
        assert spoilt.transformed.recovery is made.recovery
        assert (spoilt.mutation, spoilt.breaks) == (kind, MUTATIONS[kind].breaks)
        assert spoilt.place
        assert spoilt.detail
        assert mutate(made, kind, 3).transformed.candidate.same_as(spoilt.transformed.candidate)
    assert applied


def test_a_random_mutation_is_one_of_them() -> None:
    made = transform(MODELS["lot"](), ["rename"])
    assert len({mutate(made, seed=seed).mutation for seed in range(20)}) > 4


def test_unknown_mutations_are_refused() -> None:
    with pytest.raises(InputError, match="unknown mutation 'melt'; known are drop-row, "):
        mutate(transform(MODELS["lot"](), []), "melt")
