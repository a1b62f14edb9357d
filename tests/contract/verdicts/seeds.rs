//! Changes of the document, each with its class and what has to be said of it. The first of each class is the sample.

mod operations;
mod parameters;
mod requests;
mod responses;
mod types;

use build_tools::diff::Class;

/// A change of the document.
pub struct Seed {
    pub name: &'static str,
    /// The most consequential class of what it changes.
    pub class: Class,
    /// What is said of it, in this class.
    pub sentence: &'static str,
    /// Whether the document has [`AN_ENUM`] before.
    pub with_enum: bool,
    pub edits: &'static [Edit],
}

/// A file, what is replaced in it, and by what.
pub type Edit = (&'static str, &'static str, &'static str);

/// All of them.
pub fn seeds() -> Vec<&'static Seed> {
    [responses::SEEDS, requests::SEEDS, parameters::SEEDS, operations::SEEDS, types::SEEDS]
        .into_iter()
        .flatten()
        .collect()
}

/// An enum that is only sent, which the document does not have.
#[rustfmt::skip]
pub const AN_ENUM: &[Edit] = &[
    ("workspaces.yaml", "      parameters:
", r##"      parameters:
        - name: order
          in: query
          description: The order.
          schema:
            $ref: "#/components/schemas/Order"
          example: UP
"##),
    ("workspaces.yaml", "    WorkspaceUser:
", "    Order:
      description: An order of workspaces.
      type: string
      enum: [UP, DOWN]
      x-enum-descriptions: { UP: Up., DOWN: Down. }
      example: UP

    WorkspaceUser:
"),
];
