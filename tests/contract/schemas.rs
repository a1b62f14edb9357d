//! The JSON Schema of every public type: listed by hand, checked to be all, and held as snapshots.

use prolific_sdk::types;
use schemars::{Schema, schema_for};

use crate::document::{document, schema_names};

macro_rules! schemas {
    ($($name:ident),* $(,)?) => { vec![$((stringify!($name), schema_for!(types::$name))),*] };
}

/// The types of the crate by name.
pub fn all() -> Vec<(&'static str, Schema)> {
    schemas![
        ActiveFilter,
        ApiError,
        ApiErrorDetail,
        ApiErrorInfo,
        CreateParticipantGroup,
        CurrentUser,
        FeederAction,
        FeederCompletionCode,
        FeederStudy,
        GroupParticipant,
        GroupParticipantList,
        OrganisationId,
        PageLink,
        PageLinks,
        PageMeta,
        ParticipantGroup,
        ParticipantGroupId,
        ParticipantGroupList,
        ParticipantId,
        ParticipantIdList,
        ProjectId,
        StudyId,
        Timestamp,
        UpdateParticipantGroup,
        UserId,
        Workspace,
        WorkspaceId,
        WorkspaceList,
        WorkspaceUser,
    ]
}

#[test]
fn every_schema_of_the_document_has_a_type_here() {
    let mut names: Vec<_> = all().into_iter().map(|(name, _)| name).collect();
    let document = document();
    let mut documented = schema_names(&document);
    names.sort_unstable();
    documented.sort_unstable();
    assert_eq!(names, documented, "add the missing types to the list in this file");
}

#[test]
fn the_json_schemas_are_as_reviewed() {
    for (name, schema) in all() {
        insta::assert_json_snapshot!(name, schema);
    }
}
