//! Changes of parameters. Must not know how they are tried.

use build_tools::diff::Class;

use super::Seed;

#[rustfmt::skip]
pub const SEEDS: &[Seed] = &[
    Seed {
        name: "an optional parameter is added",
        class: Class::Additive,
        sentence: "`participant_groups().list` has the setter `colour`, for `String`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "        - name: search
          in: query
", "        - name: colour
          in: query
          description: A colour.
          schema:
            description: A colour.
            type: string
            example: red
          example: red
        - name: search
          in: query
"),
        ],
    },
    Seed {
        name: "a first optional parameter is added",
        class: Class::BreaksCallers,
        sentence: "`users().me` returns `users::Me` instead of `Call<CurrentUser>`.",
        with_enum: false,
        edits: &[
            ("users.yaml", "      responses:
", "      parameters:
        - name: colour
          in: query
          description: A colour.
          schema:
            description: A colour.
            type: string
            example: red
          example: red
      responses:
"),
        ],
    },
    Seed {
        name: "a required parameter is added",
        class: Class::BreaksCallers,
        sentence: "`workspaces().list` takes `colour: String`, which is required.",
        with_enum: false,
        edits: &[
            ("workspaces.yaml", "      parameters:
", "      parameters:
        - name: colour
          in: query
          required: true
          description: A colour.
          schema:
            description: A colour.
            type: string
            example: red
          example: red
"),
        ],
    },
    Seed {
        name: "a parameter is dropped",
        class: Class::BreaksCallers,
        sentence: "`participant_groups().list` has no setter `search`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "        - name: search
          in: query
          description: >-
            Lists only groups whose name contains this text, as far as is known. Not documented, but sent by
            Prolific's own command-line client.
          schema:
            description: A part of a name.
            type: string
            example: Group
          example: Group
", ""),
        ],
    },
    Seed {
        name: "an optional parameter is renamed",
        class: Class::BreaksCallers,
        sentence: "`participant_groups().list` has the setter `name_part` instead of `search`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "        - name: search
          in: query
", "        - name: name_part
          in: query
"),
        ],
    },
    Seed {
        name: "a required parameter is renamed",
        class: Class::Behaviour,
        sentence: "`participant_groups().list` sends `workspace` as the name of its parameter `workspace_id`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "        - name: workspace_id
          in: query
", "        - name: workspace
          in: query
"),
        ],
    },
    Seed {
        name: "a parameter of a path is renamed",
        class: Class::Behaviour,
        sentence: "`participant_groups().get` sends `GET /api/v1/participant-groups/{group_id}/` instead of `GET /api/v1/participant-groups/{id}/`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "/api/v1/participant-groups/{id}/", "/api/v1/participant-groups/{group_id}/"),
            ("participant-groups.yaml", "    GroupId:
      name: id
", "    GroupId:
      name: group_id
"),
        ],
    },
    Seed {
        name: "an optional parameter becomes required",
        class: Class::BreaksCallers,
        sentence: "`participant_groups().list` takes `active: bool`, which is required, and has no setter for it.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "        - name: active
          in: query
", "        - name: active
          in: query
          required: true
"),
        ],
    },
    Seed {
        name: "a required parameter becomes optional",
        class: Class::BreaksCallers,
        sentence: "`participant_groups().list` has a setter for `workspace_id`, which is optional, instead of an argument.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "        - name: workspace_id
          in: query
          required: true
", "        - name: workspace_id
          in: query
"),
        ],
    },
    Seed {
        name: "a parameter has another type",
        class: Class::BreaksCallers,
        sentence: "`participant_groups().list` takes `limit: i64` instead of `u64`.",
        with_enum: false,
        edits: &[
            ("common.yaml", "        description: A number of items.
        type: integer
        minimum: 0
        example: 200
", "        description: A number of items.
        type: integer
        example: 200
"),
        ],
    },
    Seed {
        name: "a list is sent in another form",
        class: Class::Behaviour,
        sentence: "`messages().list` sends the list `excluded_sender_ids` once for each item.",
        with_enum: false,
        edits: &[("messages.yaml", "          explode: false
", "")],
    },
];
