fn main() {
    let client = prolific_sdk::Client::from_env().unwrap();
    let _ = client.participant_groups().create().send();
}
