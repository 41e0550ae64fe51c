"""Who sees a map: the one rule, and it stands here alone.

An open map is seen by everybody of the organisation. A private one is seen by its owner and by its members: those
who were named, and those who are in a channel that shows it. Admins see every map, and so does the product itself:
for them the viewer is `EVERYTHING`. A query that finds a map, or what is on one, by what a person gave us asks so.
"""

from typing import Any

from sqlalchemy import String
from sqlmodel import or_, select

from storage.models import JourneyMap, MapMember, aliased
from storage.statements import param

EVERYTHING = ""  # the viewer from whom no map is hidden
VIEWER = param("viewer", String())  # bound by `Queries`, where the organisation is


def visible(journey: Any = JourneyMap, viewer: Any = VIEWER) -> Any:
    """Is the map of that row one that the viewer sees?"""
    member = (
        select(1)
        .where(
            MapMember.organisation_id == journey.organisation_id,
            MapMember.map_id == journey.id,
            MapMember.person_id == viewer,
        )
        .correlate(journey)
        .exists()
    )
    return or_(viewer == EVERYTHING, journey.private.is_(False), journey.owner_id == viewer, member)


def on_a_visible_map(row: Any, viewer: Any = VIEWER) -> Any:
    """Is the stage or the item of that row on a map that the viewer sees?"""
    journey = aliased(JourneyMap)
    its_map = (journey.organisation_id == row.organisation_id, journey.id == row.map_id)
    seen = select(1).where(*its_map, visible(journey, viewer)).correlate(row).exists()
    return or_(viewer == EVERYTHING, seen)
