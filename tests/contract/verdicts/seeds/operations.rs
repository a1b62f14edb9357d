//! Changes of resources and operations. Must not know how they are tried.

use build_tools::diff::Class;

use super::Seed;

#[rustfmt::skip]
pub const SEEDS: &[Seed] = &[
    Seed {
        name: "an operation is added",
        class: Class::Additive,
        sentence: "`users().other` is new: `GET /api/v1/users/other/`.",
        with_enum: false,
        edits: &[
            ("users.yaml", "
components:
", r##"  /api/v1/users/other/:
    get:
      operationId: users_other
      tags: [users]
      summary: Get another user
      description: Returns another account.
      externalDocs:
        description: Get another user
        url: https://docs.prolific.com/api-reference/users/get-other
      responses:
        "200":
          description: The account.
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/CurrentUser"
              example:
                id: 60a42f4c693c29420793cb73
                email: robin@example.org

components:
"##),
        ],
    },
    Seed {
        name: "an operation is dropped",
        class: Class::BreaksCallers,
        sentence: "`participant_groups().delete` is no longer there: `DELETE /api/v1/participant-groups/{id}/`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", r#"    delete:
      operationId: participant_groups_delete
      tags: [participant-groups]
      summary: Delete a participant group
      description: >-
        Deletes a group. As far as is known, the group is marked as deleted rather than erased. How the service responds
        to a second deletion is not documented.
      externalDocs:
        description: Delete a participant group
        url: https://docs.prolific.com/api-reference/participant-groups/delete-participant-group
      responses:
        "204":
          description: The group is deleted. The response has no body.
"#, ""),
        ],
    },
    Seed {
        name: "an operation is renamed",
        class: Class::BreaksCallers,
        sentence: "`users().me` is renamed to `users().current`.",
        with_enum: false,
        edits: &[
            ("users.yaml", "operationId: users_me", "operationId: users_current"),
        ],
    },
    Seed {
        name: "a resource is renamed",
        class: Class::BreaksCallers,
        sentence: "`Client::users` is renamed to `Client::accounts`.",
        with_enum: false,
        edits: &[
            ("users.yaml", "operationId: users_me", "operationId: accounts_me"),
            ("users.yaml", "tags: [users]", "tags: [accounts]"),
            ("users.yaml", "  - name: users
    description", "  - name: accounts
    description"),
        ],
    },
    Seed {
        name: "an operation has another method",
        class: Class::Behaviour,
        sentence: "`participant_groups().update` sends `PUT /api/v1/participant-groups/{id}/` instead of `PATCH /api/v1/participant-groups/{id}/`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "    patch:
      operationId: participant_groups_update", "    put:
      x-idempotent: false
      operationId: participant_groups_update"),
        ],
    },
    Seed {
        name: "an operation has another path",
        class: Class::Behaviour,
        sentence: "`users().me` sends `GET /api/v2/users/me/` instead of `GET /api/v1/users/me/`.",
        with_enum: false,
        edits: &[
            ("users.yaml", "/api/v1/users/me/", "/api/v2/users/me/"),
        ],
    },
    Seed {
        name: "an operation is no longer retried",
        class: Class::Behaviour,
        sentence: "`participant_groups().add_participants` is not retried after an attempt that may have taken effect: it is not idempotent.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", "      x-idempotent: true
", ""),
        ],
    },
    Seed {
        name: "an operation has another status of success",
        class: Class::Behaviour,
        sentence: "`participant_groups().create` expects the status 200 instead of 201: any other is an error.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", r#"        "201":
          description: The group was created."#, r#"        "200":
          description: The group was created."#),
        ],
    },
    Seed {
        name: "an operation responds with a body",
        class: Class::BreaksReaders,
        sentence: "`participant_groups().delete` responds with `ParticipantGroup` instead of `()`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", r#"        "204":
          description: The group is deleted. The response has no body.
"#, r##"        "200":
          description: The group is deleted.
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/ParticipantGroup"
              example:
                name: Group 1
"##),
        ],
    },
    Seed {
        name: "an operation responds with another type",
        class: Class::BreaksReaders,
        sentence: "`participant_groups().update` responds with `ParticipantGroupList` instead of `ParticipantGroup`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", r##"      responses:
        "200":
          description: The group as it is now.
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/ParticipantGroup"
              example:
                id: 642ea7ff7639ab670b05a0b5
                name: Group 2
                description: My first participant group
                workspace_id: 5e9b9c9b0f9c9a0001b1ca2f
                project_id: null
                participant_count: 0
                feeder_studies: []
"##, r##"      responses:
        "200":
          description: The group as it is now.
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/ParticipantGroupList"
              example:
                results: []
"##),
        ],
    },
    Seed {
        name: "an operation takes another body",
        class: Class::BreaksCallers,
        sentence: "`participant_groups().update` takes `ParticipantIdList` instead of `UpdateParticipantGroup`.",
        with_enum: false,
        edits: &[
            ("participant-groups.yaml", r##"          application/json:
            schema:
              $ref: "#/components/schemas/UpdateParticipantGroup"
            example:
              name: Group 2
"##, r##"          application/json:
            schema:
              $ref: "#/components/schemas/ParticipantIdList"
            example:
              participant_ids: []
"##),
            ("participant-groups.yaml", r#"    UpdateParticipantGroup:
      description: >-
        Changes to a participant group. According to the documentation, only the name and the participants can be
        changed.
      type: object
      properties:
        name:
          description: The new name.
          type: string
          example: Group 2
        participant_ids:
          description: >-
            **Replaces the whole list**: whoever is not in it leaves the group, and an empty list empties the group.
            Without it the participants stay as they are. To add or remove some, use `add_participants` and
            `remove_participants`.
          type: array
          items:
            $ref: "common.yaml#/components/schemas/ParticipantId"
          example:
            - 5e9b9c9b0f9c9a0001b0b1f4

"#, ""),
        ],
    },
    Seed {
        name: "an operation is no longer a list of pages",
        class: Class::BreaksCallers,
        sentence: "`workspaces().list` has neither `stream` nor `pages`: it is no longer a list of pages.",
        with_enum: false,
        edits: &[
            ("workspaces.yaml", "      x-pagination:
        offset: offset
        items: results
        key: id
        next: _links.next.href
", ""),
        ],
    },
    Seed {
        name: "pages are told apart by another key",
        class: Class::Behaviour,
        sentence: "`types::WorkspaceList` tells its items apart by `title`, as a page.",
        with_enum: false,
        edits: &[
            ("workspaces.yaml", "        items: results
        key: id
", "        items: results
        key: title
"),
        ],
    },
    Seed {
        name: "an error response is added",
        class: Class::Docs,
        sentence: "`users().me` documents the error response 403.",
        with_enum: false,
        edits: &[
            ("users.yaml", "              example:
                id: 60a42f4c693c29420793cb73
                email: robin@example.org
", r#"              example:
                id: 60a42f4c693c29420793cb73
                email: robin@example.org
        "403":
          description: The token may not do this.
          content:
            application/json:
              schema:
                $ref: "common.yaml#/components/schemas/ApiError"
              example:
                error:
                  status: 403
"#),
        ],
    },
    Seed {
        name: "an error response of every operation is dropped",
        class: Class::Docs,
        sentence: "`Error` no longer documents the error response 405.",
        with_enum: false,
        edits: &[
            ("prolific.yaml", r#"  "405": { $ref: "common.yaml#/components/responses/MethodNotAllowed" }
"#, ""),
            ("common.yaml", r##"    MethodNotAllowed:
      description: The path exists, but not with this method.
      content:
        application/json:
          schema:
            $ref: "#/components/schemas/ApiError"
          example:
            error:
              status: 405
              error_code: 140500
              title: Method not allowed
              detail: This method is not supported here.

"##, ""),
        ],
    },
    Seed {
        name: "an error is read from another part of the response",
        class: Class::Behaviour,
        sentence: "`Error::message` is read from another part of the response.",
        with_enum: false,
        edits: &[
            ("common.yaml", "        details: [error.detail, message, detail]
", "        details: [error.detail, detail]
"),
        ],
    },
    Seed {
        name: "an operation is described in other words",
        class: Class::Docs,
        sentence: "`users().me` has another description.",
        with_enum: false,
        edits: &[
            ("users.yaml", "Returns the account that the token belongs to.", "The account that the token belongs to."),
        ],
    },
    Seed {
        name: "an operation has another page of documentation",
        class: Class::Docs,
        sentence: "`users().me` has another page of the documentation.",
        with_enum: false,
        edits: &[
            ("users.yaml", "users/get-user", "users/get-current-user"),
        ],
    },
    Seed {
        name: "an operation has another summary",
        class: Class::Docs,
        sentence: "`users().me` has another summary.",
        with_enum: false,
        edits: &[
            ("users.yaml", "summary: Get the current user", "summary: Get one's own account"),
        ],
    },
    Seed {
        name: "a resource is described in other words",
        class: Class::Docs,
        sentence: "`Client::users` has another description.",
        with_enum: false,
        edits: &[
            ("users.yaml", "Researchers' accounts.", "Accounts of researchers."),
        ],
    },
];
