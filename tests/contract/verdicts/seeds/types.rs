//! Changes of types: enums, unions, ids. Must not know how they are tried.

use build_tools::diff::Class;

use super::Seed;

#[rustfmt::skip]
pub const SEEDS: &[Seed] = &[
    Seed {
        name: "a value is added to an enum of responses",
        class: Class::Additive,
        sentence: "`types::FeederAction::KeepInParticipantGroup` is new: `KEEP_IN_PARTICIPANT_GROUP`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "        - REMOVE_FROM_PARTICIPANT_GROUP
      x-enum-descriptions:
", "        - REMOVE_FROM_PARTICIPANT_GROUP
        - KEEP_IN_PARTICIPANT_GROUP
      x-enum-descriptions:
        KEEP_IN_PARTICIPANT_GROUP: The participant stays.
"),
        ],
    },
    Seed {
        name: "a value is dropped from an enum of responses",
        class: Class::BreaksReaders,
        sentence: "`types::FeederAction::RemoveFromParticipantGroup` is no longer there: `REMOVE_FROM_PARTICIPANT_GROUP`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "        - REMOVE_FROM_PARTICIPANT_GROUP
", ""),
            ("participant-groups.yaml", "        REMOVE_FROM_PARTICIPANT_GROUP: The participant leaves the group.
", ""),
        ],
    },
    Seed {
        name: "a value of an enum is renamed",
        class: Class::BreaksReaders,
        sentence: "`types::FeederAction::RemoveFromParticipantGroup` is renamed to `DeleteFromParticipantGroup`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "REMOVE_FROM_PARTICIPANT_GROUP", "DELETE_FROM_PARTICIPANT_GROUP"),
        ],
    },
    Seed {
        name: "a value of an enum is written otherwise",
        class: Class::Behaviour,
        sentence: "`types::FeederAction::RemoveFromParticipantGroup` is `remove_from_participant_group` in JSON instead of `REMOVE_FROM_PARTICIPANT_GROUP`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "REMOVE_FROM_PARTICIPANT_GROUP", "remove_from_participant_group"),
        ],
    },
    Seed {
        name: "the values of an enum are in another order",
        class: Class::Behaviour,
        sentence: "`types::FeederAction` is ordered in another way.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "        - ADD_TO_PARTICIPANT_GROUP
        - REMOVE_FROM_PARTICIPANT_GROUP
", "        - REMOVE_FROM_PARTICIPANT_GROUP
        - ADD_TO_PARTICIPANT_GROUP
"),
        ],
    },
    Seed {
        name: "a type of responses is renamed",
        class: Class::BreaksReaders,
        sentence: "`types::FeederStudy` is renamed to `types::SourceStudy`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "FeederStudy", "SourceStudy"),
        ],
    },
    Seed {
        name: "a type of requests is renamed",
        class: Class::BreaksCallers,
        sentence: "`types::UpdateParticipantGroup` is renamed to `types::ParticipantGroupChanges`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "UpdateParticipantGroup", "ParticipantGroupChanges"),
        ],
    },
    Seed {
        name: "an id of requests is renamed",
        class: Class::BreaksCallers,
        sentence: "`types::OrganisationId` is renamed to `types::OrganizationId`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "OrganisationId", "OrganizationId"),
            ("common.yaml", "OrganisationId", "OrganizationId"),
        ],
    },
    Seed {
        name: "a type is described in other words",
        class: Class::Docs,
        sentence: "`types::GroupParticipant` has another description.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "A participant in a group.", "Somebody in a group."),
        ],
    },
    Seed {
        name: "an id becomes personal",
        class: Class::Behaviour,
        sentence: "`types::UserId` is hidden by `Debug`: it is personal data.",
        with_enum: false,
        edits: &[
            ("common.yaml", "    UserId:
", "    UserId:
      x-personal-data: true
"),
        ],
    },
    Seed {
        name: "an id becomes a timestamp",
        class: Class::Behaviour,
        sentence: "`types::StudyId` is a timestamp instead of an id: it is ordered by time, may be blank, and is shown by `Debug`.",
        with_enum: false,
        edits: &[
            ("common.yaml", "    StudyId:
      description: Identifies a study. In all documented examples it is 24 lower-case hexadecimal digits.
      type: string
      example: 5e9b9c9b0f9c9a0001b0b1f4
", r#"    StudyId:
      description: When the study began.
      type: string
      format: date-time
      example: "2020-04-20T12:00:00Z"
"#),
            ("participant-groups.yaml", "- id: 5e9b9c9b0f9c9a0001b0b1f4
                        name: Study 1", r#"- id: "2020-04-20T12:00:00Z"
                        name: Study 1"#),
        ],
    },
    Seed {
        name: "a timestamp becomes an id",
        class: Class::BreaksReaders,
        sentence: "`types::Timestamp` is an id instead of a timestamp.",
        with_enum: false,
        edits: &[
            ("common.yaml", "      description: A point in time, as a string in RFC 3339 format.
      type: string
      format: date-time
", "      description: A point in time, as a string in RFC 3339 format.
      type: string
"),
        ],
    },
    Seed {
        name: "an alternative is added to a union",
        class: Class::Additive,
        sentence: "`types::ApiErrorDetail::Number` is new: `i64`.",
        with_enum: false,
        edits: &[
            ("common.yaml", "        - title: List
", "        - title: Number
          description: A number.
          type: integer
          example: 7
        - title: List
"),
        ],
    },
    Seed {
        name: "an alternative of a union is renamed",
        class: Class::BreaksReaders,
        sentence: "`types::ApiErrorDetail::Fields` is renamed to `ByField`.",
        with_enum: false,
        edits: &[
            ("common.yaml", "        - title: Fields
", "        - title: ByField
"),
        ],
    },
    Seed {
        name: "an alternative of a union is dropped",
        class: Class::BreaksReaders,
        sentence: "`types::ApiErrorDetail::Fields` is no longer there: `serde_json::Map<String, serde_json::Value>`.",
        with_enum: false,
        edits: &[
            ("common.yaml", "        - title: Fields
          description: Explanations by field name, usually a list of texts for each field.
          type: object
          additionalProperties:
            description: What is wrong with the field.
            example:
              - This field is required.
          example:
            name:
              - This field is required.
", ""),
            ("common.yaml", "              detail:
                name:
                  - This field is required.
", "              detail:
                - This field is required.
"),
        ],
    },
    Seed {
        name: "a text of a response becomes an enum",
        class: Class::BreaksReaders,
        sentence: "`types::FeederCompletionCode::code_type` is `Option<CodeType>` instead of `Option<String>`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "        code_type:
          description: The kind of code. A free label; the possible values are not documented.
          type: string
          nullable: true
          example: COMPLETION_CODE
", r##"        code_type:
          description: The kind of code. A free label; the possible values are not documented.
          anyOf:
            - $ref: "#/components/schemas/CodeType"
            - { type: string, nullable: true, enum: [null] }
"##),
            ("participant-groups.yaml", "    FeederAction:
      description", "    CodeType:
      description: The kind of a code.
      type: string
      enum: [COMPLETION_CODE]
      x-enum-descriptions: { COMPLETION_CODE: A code. }
      example: COMPLETION_CODE

    FeederAction:
      description"),
        ],
    },
    Seed {
        name: "a constructor argument becomes a setter",
        class: Class::BreaksCallers,
        sentence: "`types::ParticipantIdList::participant_ids` is no longer an argument of `ParticipantIdList::new`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "      x-constructors: [{ name: new, takes: [participant_ids] }]
", ""),
        ],
    },
    Seed {
        name: "an operation has another example",
        class: Class::Docs,
        sentence: "`participant_groups().update` has another example.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "            example:
              name: Group 2
", "            example:
              name: Group 3
"),
        ],
    },
    Seed {
        name: "a value is added to an enum of requests",
        class: Class::Additive,
        sentence: "`types::Order::None` is new: `NONE`.",
        with_enum: true,
        edits: &[
            ("workspaces.yaml", "      enum: [UP, DOWN]
      x-enum-descriptions: { UP: Up., DOWN: Down. }", "      enum: [UP, DOWN, NONE]
      x-enum-descriptions: { UP: Up., DOWN: Down., NONE: None. }"),
        ],
    },
    Seed {
        name: "a value is dropped from an enum of requests",
        class: Class::BreaksCallers,
        sentence: "`types::Order::Down` is no longer there: `DOWN`.",
        with_enum: true,
        edits: &[
            ("workspaces.yaml", "      enum: [UP, DOWN]
      x-enum-descriptions: { UP: Up., DOWN: Down. }", "      enum: [UP]
      x-enum-descriptions: { UP: Up. }"),
        ],
    },
    Seed {
        name: "a value is added to an enum of requests before the others",
        class: Class::Behaviour,
        sentence: "`types::Order` is converted to other numbers with `as`.",
        with_enum: true,
        edits: &[
            ("workspaces.yaml", "      enum: [UP, DOWN]
      x-enum-descriptions: { UP: Up., DOWN: Down. }", "      enum: [NONE, UP, DOWN]
      x-enum-descriptions: { UP: Up., DOWN: Down., NONE: None. }"),
        ],
    },
    Seed {
        name: "an enum of requests is in responses as well",
        class: Class::BreaksCallers,
        sentence: "`types::Order` no longer implements `Copy`.",
        with_enum: true,
        edits: &[
            ("workspaces.yaml", "        description:
          description: What the workspace is for.
", r##"        order:
          description: The order.
          anyOf:
            - $ref: "#/components/schemas/Order"
            - { type: string, nullable: true, enum: [null] }
        description:
          description: What the workspace is for.
"##),
        ],
    },
];
