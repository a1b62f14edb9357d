//! Reads a list of groups with null for each reference.

#[test]
fn null_references_are_read() {
    let page: openapi::models::ParticipantGroupList = serde_json::from_str(include_str!("nulls.json")).unwrap();
    assert_eq!(page.meta, Some(None));
    let group = &page.results.unwrap().unwrap()[0];
    assert_eq!(group.name, Some(Some("Group 1".to_owned())));
    assert_eq!((&group.id, &group.workspace_id, &group.organisation_id), (&Some(None), &Some(None), &Some(None)));
    let study = &group.feeder_studies.as_ref().unwrap().as_ref().unwrap()[0];
    assert_eq!(study.id, Some(None));
    assert_eq!(study.feeder_completion_codes.as_ref().unwrap().as_ref().unwrap()[0].action, Some(None));
}
