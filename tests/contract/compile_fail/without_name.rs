use prolific_sdk::types::CreateParticipantGroup;

fn main() {
    let _ = CreateParticipantGroup::in_workspace("62fce6fff0a78eb4f3ebc09c");
}
