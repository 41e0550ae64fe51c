"""First tables."""

import sqlalchemy as sa
from alembic import op

from storage.migrations import tallies

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("service_url", sa.String(), nullable=False),
        sa.Column("conversation", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "external_id", name=op.f("pk_conversations")),
    )
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conversations_tenant_team"), ["tenant", "team"], unique=False)

    op.create_table(
        "changes",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("map_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=True),
        sa.Column("votes", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "map_id", "revision", name=op.f("pk_changes")),
    )
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.create_index(
            "ix_changes_told",
            ["organisation_id", "map_id", "subject_id", "revision"],
            unique=False,
            sqlite_where=sa.text("what NOT IN ('voted', 'unvoted', 'logged', 'followed')"),
            postgresql_where=sa.text("what NOT IN ('voted', 'unvoted', 'logged', 'followed')"),
        )

    op.create_table(
        "deliveries",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("place_id", sa.String(), nullable=True),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("subject_id", sa.String(), nullable=True),
        sa.Column("payload", sa.String(), nullable=True),
        sa.Column("thread", sa.String(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_deliveries")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(
            "ix_deliveries_leased",
            ["leased_until"],
            unique=False,
            sqlite_where=sa.text("state IN ('leased', 'sending')"),
            postgresql_where=sa.text("state IN ('leased', 'sending')"),
        )
        batch_op.create_index(
            "ix_deliveries_next",
            ["priority", "not_before", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.create_index(
            "uq_deliveries_waiting_key",
            ["organisation_id", "key"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "drafts",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_drafts")),
    )
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_drafts_organisation_id_at"), ["organisation_id", "at"], unique=False
        )

    op.create_table(
        "marks",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("emoji", sa.String(), nullable=False),
        sa.Column("event_at", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint(
            "organisation_id", "workspace_id", "channel", "message", "account", "emoji", name=op.f("pk_marks")
        ),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("vote_emoji", sa.String(), nullable=False),
        sa.Column("half_lives", sa.String(), nullable=False),
        sa.Column("private_maps", sa.Integer(), nullable=False),
        sa.Column("all_open", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )
    op.create_table(
        "posts",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("place_id", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_posts")),
        sa.UniqueConstraint(
            "organisation_id",
            "place_id",
            "external_id",
            name=op.f("uq_posts_organisation_id_place_id_external_id"),
        ),
    )
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_posts_organisation_id_subject_id"), ["organisation_id", "subject_id"], unique=False
        )

    op.create_table(
        "seen",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "key", name=op.f("pk_seen")),
    )
    with op.batch_alter_table("seen", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_seen_organisation_id_at"), ["organisation_id", "at"], unique=False
        )

    op.create_table(
        "slot_maps",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("schedule_id", sa.String(), nullable=False),
        sa.Column("local", sa.String(), nullable=False),
        sa.Column("map_id", sa.String(), nullable=False),
        sa.Column("from_revision", sa.Integer(), nullable=False),
        sa.Column("to_revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "organisation_id", "schedule_id", "local", "map_id", name=op.f("pk_slot_maps")
        ),
    )
    with op.batch_alter_table("slot_maps", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_slot_maps_organisation_id_schedule_id_map_id_to_revision"),
            ["organisation_id", "schedule_id", "map_id", "to_revision"],
            unique=False,
        )

    op.create_table(
        "slots",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("schedule_id", sa.String(), nullable=False),
        sa.Column("local", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("card", sa.String(), nullable=True),
        sa.Column("rest", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "schedule_id", "local", name=op.f("pk_slots")),
    )
    op.create_table(
        "epochs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_epochs")),
    )
    op.create_table(
        "due",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claim", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_due_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_due")),
    )
    with op.batch_alter_table("due", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_due_next_at"), ["next_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_due_claim"),
            ["claim"],
            unique=False,
            sqlite_where=sa.text("claim IS NOT NULL"),
            postgresql_where=sa.text("claim IS NOT NULL"),
        )

    op.create_table(
        "people",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=True),
        sa.Column("team", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("work_from", sa.String(), nullable=False),
        sa.Column("work_until", sa.String(), nullable=False),
        sa.Column("work_days", sa.String(), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("profile_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_people_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_people")),
    )
    op.create_table(
        "workspaces",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("bot_user", sa.String(), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_why", sa.String(), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digests_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_workspaces_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspaces")),
        sa.UniqueConstraint("platform", "external_id", name=op.f("uq_workspaces_platform_external_id")),
    )
    with op.batch_alter_table("workspaces", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workspaces_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "accounts",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_accounts_organisation_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_accounts_workspace_id")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_accounts")),
        sa.UniqueConstraint(
            "organisation_id",
            "workspace_id",
            "external_id",
            name=op.f("uq_accounts_organisation_id_workspace_id_external_id"),
        ),
    )
    op.create_table(
        "homes",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("shown", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "account_id"],
            ["accounts.organisation_id", "accounts.id"],
            name=op.f("fk_homes_organisation_id_account_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "account_id", name=op.f("pk_homes")),
    )
    with op.batch_alter_table("homes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_homes_opened_at"), ["opened_at"], unique=False)

    op.create_table(
        "maps",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("persona_id", sa.String(), nullable=True),
        sa.Column("scenario", sa.String(), nullable=False),
        sa.Column("goal", sa.String(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=True),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "owner_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_maps_organisation_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_maps_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_maps")),
        sa.UniqueConstraint("organisation_id", "slug", name=op.f("uq_maps_organisation_id_slug")),
    )
    with op.batch_alter_table("maps", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_maps_organisation_id_look_at"), ["organisation_id", "look_at"], unique=False
        )

    op.create_table(
        "map_members",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("map_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("place_id", sa.String(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "map_id"],
            ["maps.organisation_id", "maps.id"],
            name=op.f("fk_map_members_organisation_id_map_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_map_members_organisation_id_person_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "map_id", "person_id", "place_id", name=op.f("pk_map_members")
        ),
    )
    with op.batch_alter_table("map_members", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_map_members_organisation_id_person_id"),
            ["organisation_id", "person_id"],
            unique=False,
        )

    op.create_table(
        "pauses",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_pauses_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", "method", name=op.f("pk_pauses")),
    )
    op.create_table(
        "places",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("gone_why", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_places_organisation_id")
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_places_workspace_id")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_places")),
        sa.UniqueConstraint(
            "organisation_id",
            "workspace_id",
            "external_id",
            name=op.f("uq_places_organisation_id_workspace_id_external_id"),
        ),
    )
    op.create_table(
        "bindings",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("place_id", sa.String(), nullable=False),
        sa.Column("map_id", sa.String(), nullable=False),
        sa.Column("noise", sa.String(), nullable=False),
        sa.Column("from_votes", sa.Integer(), nullable=False),
        sa.Column("default_stage_id", sa.String(), nullable=True),
        sa.Column("capture", sa.String(), nullable=False),
        sa.Column("from_revision", sa.Integer(), nullable=False),
        sa.Column("bound_by", sa.String(), nullable=True),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "map_id"],
            ["maps.organisation_id", "maps.id"],
            name=op.f("fk_bindings_organisation_id_map_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "place_id"],
            ["places.organisation_id", "places.id"],
            name=op.f("fk_bindings_organisation_id_place_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "place_id", "map_id", name=op.f("pk_bindings")),
    )
    with op.batch_alter_table("bindings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_bindings_organisation_id_map_id"), ["organisation_id", "map_id"], unique=False
        )

    op.create_table(
        "counters",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("map_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cards_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pain", sa.Integer(), nullable=False),
        sa.Column("idea", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Integer(), nullable=False),
        sa.Column("gain", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "map_id"],
            ["maps.organisation_id", "maps.id"],
            name=op.f("fk_counters_organisation_id_map_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "map_id", name=op.f("pk_counters")),
    )
    op.create_table(
        "former_names",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("map_id", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "map_id"],
            ["maps.organisation_id", "maps.id"],
            name=op.f("fk_former_names_organisation_id_map_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "map_id", "subject_id", "slug", name=op.f("pk_former_names")
        ),
    )
    with op.batch_alter_table("former_names", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_former_names_organisation_id_slug"), ["organisation_id", "slug"], unique=False
        )

    op.create_table(
        "personas",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("map_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("wants", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "map_id"],
            ["maps.organisation_id", "maps.id"],
            name=op.f("fk_personas_organisation_id_map_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_personas")),
    )
    with op.batch_alter_table("personas", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_personas_organisation_id_map_id"), ["organisation_id", "map_id"], unique=False
        )

    op.create_table(
        "arrivals",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("place_id", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "place_id"],
            ["places.organisation_id", "places.id"],
            name=op.f("fk_arrivals_organisation_id_place_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "place_id", "user", name=op.f("pk_arrivals")),
    )
    with op.batch_alter_table("arrivals", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_arrivals_organisation_id_place_id_at"),
            ["organisation_id", "place_id", "at"],
            unique=False,
        )

    op.create_table(
        "schedules",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("place_id", sa.String(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.Date(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("includes", sa.String(), nullable=False),
        sa.Column("mention_id", sa.String(), nullable=True),
        sa.Column("owner_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "place_id"],
            ["places.organisation_id", "places.id"],
            name=op.f("fk_schedules_organisation_id_place_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_schedules")),
    )
    with op.batch_alter_table("schedules", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_schedules_organisation_id_next_at"),
            ["organisation_id", "next_at"],
            unique=False,
            sqlite_where=sa.text("paused_at IS NULL AND off_at IS NULL"),
            postgresql_where=sa.text("paused_at IS NULL AND off_at IS NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_schedules_organisation_id_place_id"), ["organisation_id", "place_id"], unique=False
        )

    op.create_table(
        "stages",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("map_id", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("customer_goal", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("actions", sa.String(), nullable=False),
        sa.Column("thoughts", sa.String(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=True),
        sa.Column("moment_of_truth", sa.Boolean(), nullable=False),
        sa.Column("quiet_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_revision", sa.Integer(), nullable=True),
        sa.Column("merged_into", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "map_id"],
            ["maps.organisation_id", "maps.id"],
            name=op.f("fk_stages_organisation_id_map_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_stages")),
        sa.UniqueConstraint(
            "organisation_id", "map_id", "id", name=op.f("uq_stages_organisation_id_map_id_id")
        ),
    )
    with op.batch_alter_table("stages", schema=None) as batch_op:
        batch_op.create_index(
            "uq_stages_living_slug",
            ["organisation_id", "map_id", "slug"],
            unique=True,
            sqlite_where=sa.text("retired_at IS NULL"),
            postgresql_where=sa.text("retired_at IS NULL"),
        )

    op.create_table(
        "items",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("map_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("gist", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("trust", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=True),
        sa.Column("reach", sa.Integer(), nullable=True),
        sa.Column("reach_source", sa.String(), nullable=True),
        sa.Column("touchpoint", sa.String(), nullable=True),
        sa.Column("persona_id", sa.String(), nullable=True),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("effort", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.String(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("speaker", sa.String(), nullable=True),
        sa.Column("speaker_account", sa.String(), nullable=True),
        sa.Column("speaker_role", sa.String(), nullable=True),
        sa.Column("sentiment", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.String(), nullable=True),
        sa.Column("source_place_id", sa.String(), nullable=True),
        sa.Column("source_url", sa.String(), nullable=True),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.Integer(), nullable=False),
        sa.Column("comments", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("form_token", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stale_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_into", sa.String(), nullable=True),
        sa.Column("root_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "map_id", "stage_id"],
            ["stages.organisation_id", "stages.map_id", "stages.id"],
            name=op.f("fk_items_organisation_id_map_id_stage_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_items")),
        sa.UniqueConstraint(
            "organisation_id",
            "map_id",
            "kind",
            "number",
            name=op.f("uq_items_organisation_id_map_id_kind_number"),
        ),
    )
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.create_index(
            "uq_items_form_token",
            ["organisation_id", "form_token"],
            unique=True,
            sqlite_where=sa.text("form_token IS NOT NULL"),
            postgresql_where=sa.text("form_token IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_items_gist",
            ["organisation_id", "map_id", "kind", "gist", "stage_id"],
            unique=False,
            sqlite_where=sa.text("removed_at IS NULL AND resolved_at IS NULL AND gist IS NOT NULL"),
            postgresql_where=sa.text("removed_at IS NULL AND resolved_at IS NULL AND gist IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_items_stage",
            ["organisation_id", "map_id", "stage_id", "kind", "votes", "number"],
            unique=False,
            sqlite_where=sa.text("removed_at IS NULL AND resolved_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL AND resolved_at IS NULL"),
        )
        batch_op.create_index(
            "ix_items_closed",
            ["organisation_id", "map_id", "status", "resolved_at"],
            unique=False,
            sqlite_where=sa.text("removed_at IS NULL AND resolved_at IS NOT NULL"),
            postgresql_where=sa.text("removed_at IS NULL AND resolved_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_items_confirmed",
            ["organisation_id", "map_id", "stage_id", "confirmed_at"],
            unique=False,
            sqlite_where=sa.text("removed_at IS NULL AND confirmed_at IS NOT NULL"),
            postgresql_where=sa.text("removed_at IS NULL AND confirmed_at IS NOT NULL"),
        )
        for name, columns, where in (
            (
                "ix_items_felt",
                ["organisation_id", "stage_id", "created_at"],
                "sentiment IS NOT NULL AND removed_at IS NULL AND resolved_at IS NULL",
            ),
            (
                "ix_items_check",
                ["organisation_id", "check_at"],
                "removed_at IS NULL AND check_at IS NOT NULL",
            ),
            (
                "ix_items_doubted",
                ["organisation_id", "author_id", "trust", "id"],
                "removed_at IS NULL AND resolved_at IS NULL AND trust IN ('disputed', 'stale')",
            ),
            (
                "ix_items_severity",
                ["organisation_id", "map_id", "kind", "severity", "votes", "number"],
                "removed_at IS NULL AND resolved_at IS NULL AND severity IN ('abandon', 'trivial')",
            ),
            (
                "ix_items_status",
                ["organisation_id", "map_id", "kind", "status", "votes", "number"],
                "removed_at IS NULL AND resolved_at IS NULL AND status NOT IN ('open', 'new')",
            ),
            (
                "ix_items_trust",
                ["organisation_id", "map_id", "kind", "trust", "votes", "number"],
                "removed_at IS NULL AND resolved_at IS NULL AND trust <> 'hypothesis'",
            ),
            (
                "ix_items_owned",
                ["organisation_id", "owner_id", "id"],
                "owner_id IS NOT NULL",
            ),
        ):
            batch_op.create_index(
                name,
                columns,
                unique=False,
                sqlite_where=sa.text(where),
                postgresql_where=sa.text(where),
            )
        batch_op.create_index(
            "ix_items_merged",
            ["organisation_id", "root_id"],
            unique=False,
            sqlite_where=sa.text("root_id IS NOT NULL"),
            postgresql_where=sa.text("root_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_items_rated",
            ["organisation_id", "map_id", "kind", "value", "effort", "votes", "number"],
            unique=False,
            sqlite_where=sa.text(
                "removed_at IS NULL AND resolved_at IS NULL AND value IS NOT NULL AND effort IS NOT NULL"
            ),
            postgresql_where=sa.text(
                "removed_at IS NULL AND resolved_at IS NULL AND value IS NOT NULL AND effort IS NOT NULL"
            ),
        )
        batch_op.create_index(
            batch_op.f("ix_items_organisation_id_author_id_id"),
            ["organisation_id", "author_id", "id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_items_top",
            ["organisation_id", "map_id", "kind", "votes", "number"],
            unique=False,
            sqlite_where=sa.text("removed_at IS NULL AND resolved_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL AND resolved_at IS NULL"),
        )

    op.create_table(
        "touchpoints",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("stage_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "stage_id"],
            ["stages.organisation_id", "stages.id"],
            name=op.f("fk_touchpoints_organisation_id_stage_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_touchpoints")),
    )
    with op.batch_alter_table("touchpoints", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_touchpoints_organisation_id_stage_id_position"),
            ["organisation_id", "stage_id", "position"],
            unique=False,
        )

    op.create_table(
        "comments",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("place_id", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("event_at", sa.String(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "item_id"],
            ["items.organisation_id", "items.id"],
            name=op.f("fk_comments_organisation_id_item_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "place_id"],
            ["places.organisation_id", "places.id"],
            name=op.f("fk_comments_organisation_id_place_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "place_id", "external_id", name=op.f("pk_comments")),
    )
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_comments_organisation_id_item_id_external_id"),
            ["organisation_id", "item_id", "external_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_comments_organisation_id_person_id"),
            ["organisation_id", "person_id"],
            unique=False,
        )

    op.create_table(
        "sources",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "item_id"],
            ["items.organisation_id", "items.id"],
            name=op.f("fk_sources_organisation_id_item_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "item_id", name=op.f("pk_sources")),
    )
    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sources_organisation_id_workspace_id_channel_message"),
            ["organisation_id", "workspace_id", "channel", "message"],
            unique=False,
        )

    op.create_table(
        "former_numbers",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("map_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "item_id"],
            ["items.organisation_id", "items.id"],
            name=op.f("fk_former_numbers_organisation_id_item_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "map_id", "kind", "number", name=op.f("pk_former_numbers")
        ),
    )
    with op.batch_alter_table("former_numbers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_former_numbers_organisation_id_item_id"),
            ["organisation_id", "item_id"],
            unique=False,
        )

    op.create_table(
        "evidence",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("quote_id", sa.String(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "item_id"],
            ["items.organisation_id", "items.id"],
            name=op.f("fk_evidence_organisation_id_item_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "item_id", "quote_id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_evidence_organisation_id_quote_id"), ["organisation_id", "quote_id"], unique=False
        )

    op.create_table(
        "links",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("other_id", sa.String(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "item_id"],
            ["items.organisation_id", "items.id"],
            name=op.f("fk_links_organisation_id_item_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_links")),
    )
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_links_organisation_id_item_id"), ["organisation_id", "item_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_links_organisation_id_other_id"), ["organisation_id", "other_id"], unique=False
        )

    op.create_table(
        "votes",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("root_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("by_button", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "item_id"],
            ["items.organisation_id", "items.id"],
            name=op.f("fk_votes_organisation_id_item_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "item_id", "account_id", name=op.f("pk_votes")),
    )
    with op.batch_alter_table("votes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_votes_organisation_id_root_id_person_id"),
            ["organisation_id", "root_id", "person_id"],
            unique=False,
        )

    op.create_table(
        "passes",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("stage_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_passes_organisation_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "stage_id"],
            ["stages.organisation_id", "stages.id"],
            name=op.f("fk_passes_organisation_id_stage_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "stage_id", "person_id", name=op.f("pk_passes")),
    )
    op.create_table(
        "pulses",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("stage_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_pulses_organisation_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "stage_id"],
            ["stages.organisation_id", "stages.id"],
            name=op.f("fk_pulses_organisation_id_stage_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "stage_id", "person_id", "week", name=op.f("pk_pulses")),
    )
    op.create_table(
        "prompts",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("bundle", sa.String(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_prompts_organisation_id_person_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "subject_id", "round", "person_id", name=op.f("pk_prompts")
        ),
    )
    with op.batch_alter_table("prompts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_prompts_organisation_id_person_id_asked_at"),
            ["organisation_id", "person_id", "asked_at"],
            unique=False,
        )

    op.create_table(
        "mentions",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("map_id", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "item_id"],
            ["items.organisation_id", "items.id"],
            name=op.f("fk_mentions_organisation_id_item_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "map_id", "word", "item_id", name=op.f("pk_mentions")),
        sqlite_with_rowid=False,  # a row is nearly its key alone
    )
    with op.batch_alter_table("mentions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mentions_organisation_id_item_id"), ["organisation_id", "item_id"], unique=False
        )

    op.create_table(
        "grams",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("gram", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_grams_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "gram", "word", name=op.f("pk_grams")),
        sqlite_with_rowid=False,  # a row is nearly its key alone
    )
    op.create_table(
        "readings",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("map_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "map_id"],
            ["maps.organisation_id", "maps.id"],
            name=op.f("fk_readings_organisation_id_map_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "map_id", name=op.f("pk_readings")),
    )
    op.create_table(
        "tallies",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("map_id", sa.String(), nullable=False),
        sa.Column("stage_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("trust", sa.String(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("newest_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "organisation_id", "map_id", "stage_id", "kind", "severity", "trust", name=op.f("pk_tallies")
        ),
    )
    op.create_table(
        "link_codes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("joins", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_link_codes_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_codes")),
    )
    with op.batch_alter_table("link_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_codes_organisation_id"), ["organisation_id"], unique=False)

    tallies.create()


def downgrade() -> None:
    tallies.drop()
    with op.batch_alter_table("link_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_codes_organisation_id"))

    op.drop_table("link_codes")
    op.drop_table("tallies")
    op.drop_table("readings")
    op.drop_table("grams")
    with op.batch_alter_table("mentions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mentions_organisation_id_item_id"))

    op.drop_table("mentions")
    op.drop_table("prompts")
    op.drop_table("pulses")
    op.drop_table("passes")
    with op.batch_alter_table("votes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_votes_organisation_id_root_id_person_id"))

    op.drop_table("votes")
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_links_organisation_id_other_id"))
        batch_op.drop_index(batch_op.f("ix_links_organisation_id_item_id"))

    op.drop_table("links")
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comments_organisation_id_person_id"))
        batch_op.drop_index(batch_op.f("ix_comments_organisation_id_item_id_external_id"))

    op.drop_table("comments")
    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sources_organisation_id_workspace_id_channel_message"))

    op.drop_table("sources")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_organisation_id_quote_id"))

    op.drop_table("evidence")
    with op.batch_alter_table("former_numbers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_former_numbers_organisation_id_item_id"))

    op.drop_table("former_numbers")
    with op.batch_alter_table("touchpoints", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_touchpoints_organisation_id_stage_id_position"))

    op.drop_table("touchpoints")
    with op.batch_alter_table("items", schema=None) as batch_op:
        for name in ("ix_items_rated", "ix_items_merged", "uq_items_form_token"):
            batch_op.drop_index(name)
        batch_op.drop_index(
            "ix_items_top",
            sqlite_where=sa.text("removed_at IS NULL AND resolved_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL AND resolved_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_items_organisation_id_author_id_id"))
        batch_op.drop_index(
            "ix_items_confirmed",
            sqlite_where=sa.text("removed_at IS NULL AND confirmed_at IS NOT NULL"),
            postgresql_where=sa.text("removed_at IS NULL AND confirmed_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_items_closed",
            sqlite_where=sa.text("removed_at IS NULL AND resolved_at IS NOT NULL"),
            postgresql_where=sa.text("removed_at IS NULL AND resolved_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_items_gist",
            sqlite_where=sa.text("removed_at IS NULL AND resolved_at IS NULL AND gist IS NOT NULL"),
            postgresql_where=sa.text("removed_at IS NULL AND resolved_at IS NULL AND gist IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_items_stage",
            sqlite_where=sa.text("removed_at IS NULL AND resolved_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL AND resolved_at IS NULL"),
        )

    op.drop_table("items")
    with op.batch_alter_table("stages", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_stages_living_slug",
            sqlite_where=sa.text("retired_at IS NULL"),
            postgresql_where=sa.text("retired_at IS NULL"),
        )

    op.drop_table("stages")
    with op.batch_alter_table("schedules", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_schedules_organisation_id_place_id"))
        batch_op.drop_index(batch_op.f("ix_schedules_organisation_id_next_at"))

    op.drop_table("schedules")
    with op.batch_alter_table("former_names", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_former_names_organisation_id_slug"))

    op.drop_table("former_names")
    with op.batch_alter_table("personas", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_personas_organisation_id_map_id"))

    op.drop_table("personas")
    op.drop_table("counters")
    with op.batch_alter_table("bindings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bindings_organisation_id_map_id"))

    op.drop_table("bindings")
    with op.batch_alter_table("arrivals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_arrivals_organisation_id_place_id_at"))

    op.drop_table("arrivals")
    op.drop_table("places")
    op.drop_table("pauses")
    with op.batch_alter_table("map_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_map_members_organisation_id_person_id"))

    op.drop_table("map_members")
    op.drop_table("maps")
    with op.batch_alter_table("homes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_homes_opened_at"))

    op.drop_table("homes")
    op.drop_table("accounts")
    with op.batch_alter_table("workspaces", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workspaces_organisation_id"))

    op.drop_table("workspaces")
    op.drop_table("people")
    with op.batch_alter_table("due", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_due_claim"))
        batch_op.drop_index(batch_op.f("ix_due_next_at"))

    op.drop_table("due")
    op.drop_table("epochs")
    op.drop_table("slots")
    with op.batch_alter_table("slot_maps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_slot_maps_organisation_id_schedule_id_map_id_to_revision"))

    op.drop_table("slot_maps")
    with op.batch_alter_table("seen", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seen_organisation_id_at"))

    op.drop_table("seen")
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_posts_organisation_id_subject_id"))

    op.drop_table("posts")
    op.drop_table("organisations")
    op.drop_table("marks")
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_drafts_organisation_id_at"))

    op.drop_table("drafts")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_deliveries_waiting_key",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index(
            "ix_deliveries_next",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index(
            "ix_deliveries_leased",
            sqlite_where=sa.text("state IN ('leased', 'sending')"),
            postgresql_where=sa.text("state IN ('leased', 'sending')"),
        )

    op.drop_table("deliveries")
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.drop_index("ix_changes_told")

    op.drop_table("changes")
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conversations_tenant_team"))

    op.drop_table("conversations")
