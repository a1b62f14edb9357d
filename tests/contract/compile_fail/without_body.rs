fn main() {
    let client = prolific_sdk::Client::from_env().unwrap();
    let _ = client.create_participant_group().send();
}
