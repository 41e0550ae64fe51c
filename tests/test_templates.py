"""Every template is a whole, legible map that a team can start from."""

import re
from dataclasses import FrozenInstanceError
from typing import get_args

import pytest

from handlers.likeness import slugify
from handlers.templates import TEMPLATES, Template, template
from handlers.templates.shape import Channel, Group, TemplateStage

EACH = pytest.mark.parametrize("found", TEMPLATES, ids=[found.slug for found in TEMPLATES])
STAGES = [
    pytest.param(stage, id=f"{found.slug}/{slugify(stage.name)}")
    for found in TEMPLATES
    for stage in found.stages
]
EACH_STAGE = pytest.mark.parametrize("stage", STAGES)


def every_text(found: Template) -> list[str]:
    texts = [found.name, found.description, found.scenario, found.goal]
    texts += [found.persona.name, found.persona.about, found.persona.wants]
    for stage in found.stages:
        texts += [stage.name, stage.goal, *stage.actions, *stage.thoughts]
        texts += [touchpoint.name for touchpoint in stage.touchpoints]
    return texts


def test_the_six_promised_templates_are_there() -> None:
    assert [found.name for found in TEMPLATES] == [
        "SaaS onboarding",
        "E-commerce purchase",
        "B2B sale",
        "Support case",
        "Retail visit",
        "Restaurant visit",
    ]


def test_a_template_is_found_by_its_slug_alone() -> None:
    for found in TEMPLATES:
        assert template(found.slug) is found
    assert template("SaaS onboarding") is None
    assert template("") is None
    assert len({found.slug for found in TEMPLATES}) == len(TEMPLATES)


def test_a_template_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        TEMPLATES[0].name = "Mine"  # type: ignore[misc]
    assert hash(TEMPLATES[0])


@EACH
def test_a_map_has_a_person_a_scenario_and_a_goal(found: Template) -> None:
    assert slugify(found.slug) == found.slug
    assert found.kind == "current state"
    assert all(text and text == text.strip() for text in every_text(found))
    assert len(found.description) <= 110
    assert found.persona.about.endswith(".")
    assert found.persona.wants.endswith(".")


@EACH
def test_a_map_has_five_to_eight_stages_with_names_of_their_own(found: Template) -> None:
    assert 5 <= len(found.stages) <= 8
    assert len({slugify(stage.name) for stage in found.stages}) == len(found.stages)


@EACH
def test_a_map_runs_from_before_through_during_to_after(found: Template) -> None:
    order = [get_args(Group).index(stage.group) for stage in found.stages]
    assert order == sorted(order)
    assert set(order) == {0, 1, 2}


@EACH
def test_a_map_has_one_to_three_moments_of_truth(found: Template) -> None:
    assert 1 <= sum(stage.moment_of_truth for stage in found.stages) <= 3


@EACH
def test_a_map_crosses_channels(found: Template) -> None:
    channels = {touchpoint.channel for stage in found.stages for touchpoint in stage.touchpoints}
    assert channels <= set(get_args(Channel))
    assert len(channels) >= 4


@EACH
def test_no_sentence_stands_twice_in_a_map(found: Template) -> None:
    said = [text for stage in found.stages for text in (stage.goal, *stage.actions, *stage.thoughts)]
    assert len(set(said)) == len(said)


@EACH_STAGE
def test_a_stage_name_fits_its_arrow(stage: TemplateStage) -> None:
    assert len(stage.name) <= 12
    assert len(stage.name.split()) <= 2
    assert stage.name[0].isupper()


@EACH_STAGE
def test_a_stage_has_what_its_lanes_show(stage: TemplateStage) -> None:
    assert len(stage.goal) <= 55
    assert not stage.goal.endswith(".")
    assert 3 <= len(stage.touchpoints) <= 4
    assert len({slugify(touchpoint.name) for touchpoint in stage.touchpoints}) == len(stage.touchpoints)
    assert all(len(touchpoint.name) <= 28 for touchpoint in stage.touchpoints)
    assert 2 <= len(stage.actions) <= 3
    assert all(len(action) <= 56 and not action.endswith(".") for action in stage.actions)
    assert 1 <= len(stage.thoughts) <= 2


@EACH_STAGE
def test_thoughts_are_whole_sentences_in_the_customers_voice(stage: TemplateStage) -> None:
    for thought in stage.thoughts:
        assert re.search(r"[.?]”?$", thought), thought
        assert "!" not in thought
        assert len(thought) <= 90


@EACH
def test_words_are_plain_and_set_alike(found: Template) -> None:
    for text in every_text(found):
        assert '"' not in text
        assert "  " not in text
        assert not re.search(r"\b(users?|utilize|leverage|seamless)\b", text, re.IGNORECASE)
