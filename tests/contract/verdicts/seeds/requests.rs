//! Changes of the fields of requests. Must not know how they are tried.

use build_tools::diff::Class;

use super::Seed;

#[rustfmt::skip]
pub const SEEDS: &[Seed] = &[
    Seed {
        name: "an optional field is added to a request",
        class: Class::Additive,
        sentence: "`types::CreateParticipantGroup::note` is new: `Option<String>`, with a setter.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "        participant_ids:
          description: The first participants.", "        note:
          description: A note.
          type: string
          example: Hello
        participant_ids:
          description: The first participants."),
        ],
    },
    Seed {
        name: "a required field is added to a request",
        class: Class::BreaksCallers,
        sentence: "`types::CreateParticipantGroup::note` is new, and an argument of `CreateParticipantGroup::in_workspace` and `CreateParticipantGroup::in_organisation`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "      required: [name]
      x-constructors:", "      required: [name, note]
      x-constructors:"),
            ("participant-groups.yaml", "        participant_ids:
          description: The first participants.", "        note:
          description: A note.
          type: string
          example: Hello
        participant_ids:
          description: The first participants."),
            ("participant-groups.yaml", "              name: Group 1
              workspace_id: 5e9b9c9b0f9c9a0001b1ca2f
              description: My first participant group
", "              name: Group 1
              note: Hello
              workspace_id: 5e9b9c9b0f9c9a0001b1ca2f
              description: My first participant group
"),
        ],
    },
    Seed {
        name: "an optional field is added to a request that is one list",
        class: Class::BreaksCallers,
        sentence: "`types::ParticipantIdList` no longer implements `FromIterator<ParticipantId>`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "      x-constructors: [{ name: new, takes: [participant_ids] }]
      properties:
", "      x-constructors: [{ name: new, takes: [participant_ids] }]
      properties:
        note:
          description: A note.
          type: string
          example: Hello
"),
        ],
    },
    Seed {
        name: "a field is dropped from a request",
        class: Class::BreaksCallers,
        sentence: "`types::CreateParticipantGroup::description` is no longer there.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "        description:
          description: What the group is for.
          type: string
          example: My first participant group
", ""),
            ("participant-groups.yaml", "              description: My first participant group
              participant_ids:
", "              participant_ids:
"),
        ],
    },
    Seed {
        name: "a field of a request is renamed",
        class: Class::BreaksCallers,
        sentence: "`types::CreateParticipantGroup::description` is renamed to `purpose`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "        description:
          description: What the group is for.
", "        purpose:
          description: What the group is for.
"),
            ("participant-groups.yaml", "              description: My first participant group
              participant_ids:
", "              purpose: My first participant group
              participant_ids:
"),
        ],
    },
    Seed {
        name: "an optional field of a request becomes required",
        class: Class::BreaksCallers,
        sentence: "`types::CreateParticipantGroup::description` is `String` instead of `Option<String>`, and is an argument of `CreateParticipantGroup::in_workspace` and `CreateParticipantGroup::in_organisation`, without a setter.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "      required: [name]
      x-constructors:", "      required: [name, description]
      x-constructors:"),
        ],
    },
    Seed {
        name: "a required field of a request becomes optional",
        class: Class::BreaksCallers,
        sentence: "`types::CreateParticipantGroup::name` is `Option<String>` instead of `String`, and is no longer an argument of `CreateParticipantGroup::in_workspace` and `CreateParticipantGroup::in_organisation`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "      type: object
      required: [name]
      x-constructors:", "      type: object
      x-constructors:"),
        ],
    },
    Seed {
        name: "a field of a request has another type",
        class: Class::BreaksCallers,
        sentence: "`types::UpdateParticipantGroup::name` is `Option<i64>` instead of `Option<String>`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "          description: The new name.
          type: string
          example: Group 2
", "          description: The new name.
          type: integer
          example: 2
"),
            ("participant-groups.yaml", "            example:
              name: Group 2
", "            example:
              name: 2
"),
        ],
    },
    Seed {
        name: "an optional field of a request becomes nullable",
        class: Class::Behaviour,
        sentence: "`types::UpdateParticipantGroup::name` may be null in its JSON Schema.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "          description: The new name.
          type: string
", "          description: The new name.
          type: string
          nullable: true
"),
        ],
    },
    Seed {
        name: "a field of a request is deprecated",
        class: Class::Additive,
        sentence: "`types::CreateParticipantGroup::description` is deprecated.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "          description: What the group is for.
          type: string
", "          description: What the group is for.
          type: string
          deprecated: true
"),
        ],
    },
    Seed {
        name: "an optional field of a request becomes an argument",
        class: Class::BreaksCallers,
        sentence: "`types::UpdateParticipantGroup::name` is an argument of `UpdateParticipantGroup::new`, without a setter.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "        changed.
      type: object
", "        changed.
      type: object
      x-constructors: [{ name: new, takes: [name] }]
"),
        ],
    },
    Seed {
        name: "a constructor is renamed",
        class: Class::BreaksCallers,
        sentence: "`types::CreateParticipantGroup::in_organisation` is renamed to `of_organisation`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "name: in_organisation,", "name: of_organisation,"),
        ],
    },
    Seed {
        name: "a request has one constructor instead of two",
        class: Class::BreaksCallers,
        sentence: "`types::CreateParticipantGroup::in_workspace` is no longer there.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "      x-constructors:
        - { name: in_workspace, takes: [workspace_id] }
        - { name: in_organisation, takes: [organisation_id] }
", ""),
        ],
    },
    Seed {
        name: "the arguments of a constructor are in another order",
        class: Class::BreaksCallers,
        sentence: "`types::CreateParticipantGroup::in_workspace` takes its arguments in another order: `workspace_id`, `name`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", r#"        name:
          description: The group's name.
          type: string
          example: Group 1
        workspace_id:
          description: The workspace to create the group in.
          allOf:
            - $ref: "common.yaml#/components/schemas/WorkspaceId"
"#, r#"        workspace_id:
          description: The workspace to create the group in.
          allOf:
            - $ref: "common.yaml#/components/schemas/WorkspaceId"
        name:
          description: The group's name.
          type: string
          example: Group 1
"#),
        ],
    },
];
