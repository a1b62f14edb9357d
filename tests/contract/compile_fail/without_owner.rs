use prolific_sdk::types::CreateParticipantGroup;

fn main() {
    let _ = CreateParticipantGroup::new("Pilot cohort");
    let _ = CreateParticipantGroup { name: "Pilot cohort".to_owned() };
}
