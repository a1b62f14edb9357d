//! Changes of the fields of responses. Must not know how they are tried.

use build_tools::diff::Class;

use super::Seed;

#[rustfmt::skip]
pub const SEEDS: &[Seed] = &[
    Seed {
        name: "a field is added to a response",
        class: Class::Additive,
        sentence: "`types::ParticipantGroup::colour` is new: `Option<String>`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "        participant_count:
          description: The number", "        colour:
          description: A colour.
          type: string
          nullable: true
          example: red
        participant_count:
          description: The number"),
        ],
    },
    Seed {
        name: "a required field is added to a response",
        class: Class::Additive,
        sentence: "`types::CurrentUser::name` is new: `String`.",
        with_enum: false,
        edits: &[
            ("users.yaml", "      required: [id, email]
      properties:
", "      required: [id, email, name]
      properties:
        name:
          description: The name.
          type: string
          example: Robin
"),
            ("users.yaml", "                id: 60a42f4c693c29420793cb73
", "                name: Robin
                id: 60a42f4c693c29420793cb73
"),
        ],
    },
    Seed {
        name: "a field is dropped from a response",
        class: Class::BreaksReaders,
        sentence: "`types::ParticipantGroup::is_deleted` is no longer there.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "        is_deleted:
          description: Whether the group has been deleted.
          type: boolean
          nullable: true
          readOnly: true
          example: false
", ""),
            ("participant-groups.yaml", "                    is_deleted: false
", ""),
            ("participant-groups.yaml", "                is_deleted: false
", ""),
        ],
    },
    Seed {
        name: "a field of a response is renamed",
        class: Class::BreaksReaders,
        sentence: "`types::FeederStudy::internal_name` is renamed to `private_name`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "        internal_name:
", "        private_name:
"),
            ("participant-groups.yaml", " internal_name: My Study", " private_name: My Study"),
        ],
    },
    Seed {
        name: "a field of a response is no longer required",
        class: Class::BreaksReaders,
        sentence: "`types::CurrentUser::email` is `Option<String>` instead of `String`.",
        with_enum: false,
        edits: &[
            ("users.yaml", "      required: [id, email]", "      required: [id]"),
        ],
    },
    Seed {
        name: "a field of a response becomes required",
        class: Class::BreaksReaders,
        sentence: "`types::FeederStudy::name` is `String` instead of `Option<String>`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "        name:
          description: The study's name.
          type: string
          nullable: true
", "        name:
          description: The study's name.
          type: string
"),
            ("participant-groups.yaml", "      description: A study whose completion codes add participants to a group, or remove them from it.
      type: object
", "      description: A study whose completion codes add participants to a group, or remove them from it.
      type: object
      required: [name]
"),
        ],
    },
    Seed {
        name: "a required field of a response becomes nullable",
        class: Class::BreaksReaders,
        sentence: "`types::Workspace::title` is `Option<String>` instead of `String`.",
        with_enum: false,
        edits: &[
            ("workspaces.yaml", "          description: The workspace's name.
          type: string
", "          description: The workspace's name.
          type: string
          nullable: true
"),
        ],
    },
    Seed {
        name: "an optional field of a response is no longer nullable",
        class: Class::Behaviour,
        sentence: "`types::FeederStudy::internal_name` is never null in its JSON Schema.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "          description: The study's internal name.
          type: string
          nullable: true
", "          description: The study's internal name.
          type: string
"),
        ],
    },
    Seed {
        name: "a field of a response has another type",
        class: Class::BreaksReaders,
        sentence: "`types::ApiErrorInfo::interactive` is `Option<String>` instead of `Option<bool>`.",
        with_enum: false,
        edits: &[
            ("common.yaml", "          description: What it means is not documented.
          type: boolean
          nullable: true
          example: false
", "          description: What it means is not documented.
          type: string
          nullable: true
          example: maybe
"),
        ],
    },
    Seed {
        name: "a count of a response may be negative",
        class: Class::BreaksReaders,
        sentence: "`types::ParticipantGroup::participant_count` is `Option<i64>` instead of `Option<u64>`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "          description: The number of participants in the group.
          type: integer
          minimum: 0
", "          description: The number of participants in the group.
          type: integer
"),
        ],
    },
    Seed {
        name: "a field of a response is deprecated",
        class: Class::Additive,
        sentence: "`types::FeederStudy::internal_name` is deprecated.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "          description: The study's internal name.
", "          description: The study's internal name.
          deprecated: true
"),
        ],
    },
    Seed {
        name: "a field of a response is no longer deprecated",
        class: Class::Additive,
        sentence: "`types::Workspace::naivety_distribution_rate` is no longer deprecated.",
        with_enum: false,
        edits: &[
            ("workspaces.yaml", "          nullable: true
          deprecated: true
", "          nullable: true
"),
        ],
    },
    Seed {
        name: "a field of a response is described in other words",
        class: Class::Docs,
        sentence: "`types::ParticipantGroup::participant_count` has another description.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "The number of participants in the group.", "How many participants the group has."),
        ],
    },
    Seed {
        name: "a field of a response is no longer read-only",
        class: Class::Docs,
        sentence: "`types::ParticipantGroup::participant_count` is no longer read-only in its JSON Schema.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "          nullable: true
          readOnly: true
          example: 10
", "          nullable: true
          example: 10
"),
        ],
    },
    Seed {
        name: "a field of a response becomes personal",
        class: Class::Behaviour,
        sentence: "`types::FeederStudy::internal_name` is hidden by `Debug`: it is personal data.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "        internal_name:
          description: The study's internal name.
", "        internal_name:
          description: The study's internal name.
          x-personal-data: true
"),
        ],
    },
    Seed {
        name: "the fields of a response are in another order",
        class: Class::Docs,
        sentence: "`types::CurrentUser` has its fields in another order.",
        with_enum: false,
        edits: &[
            ("users.yaml", r#"        id:
          description: The account's id.
          allOf:
            - $ref: "common.yaml#/components/schemas/UserId"
        email:
          description: The account's email address.
          x-personal-data: true
          type: string
          example: robin@example.org
"#, r#"        email:
          description: The account's email address.
          x-personal-data: true
          type: string
          example: robin@example.org
        id:
          description: The account's id.
          allOf:
            - $ref: "common.yaml#/components/schemas/UserId"
"#),
        ],
    },
];
