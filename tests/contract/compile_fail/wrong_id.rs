use prolific_sdk::types::{CreateParticipantGroup, ParticipantId};

fn main() {
    let participant = ParticipantId::from("5e9b9c9b0f9c9a0001b0b1f4");
    let _ = CreateParticipantGroup::in_workspace("Pilot cohort", participant);
}
