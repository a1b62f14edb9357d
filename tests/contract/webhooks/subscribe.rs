//! The two steps of a subscription in one call.

use prolific_sandbox::{Fault, Sandbox, Seed};
use prolific_sdk::types::{CreateWebhookSecret, CreateWebhookSubscription, WebhookEventType, WebhookSubscription};
use prolific_sdk::webhooks::SubscribeError;
use prolific_sdk::{Client, Effect};

async fn lab() -> (Sandbox, Client) {
    let sandbox = Sandbox::builder().seed(Seed::new().workspace("w1", "Lab")).start().await.unwrap();
    let client = Client::builder().base_url(sandbox.url()).token(sandbox.token()).build().unwrap();
    client.webhooks().create_secret(CreateWebhookSecret::new("w1")).send().await.unwrap();
    (sandbox, client)
}

async fn subscribe(client: &Client) -> Result<WebhookSubscription, SubscribeError> {
    let wanted =
        CreateWebhookSubscription::new("w1", WebhookEventType::SubmissionStatusChange, "http://127.0.0.1:9/events");
    client.webhooks().subscribe(wanted).await
}

async fn is_enabled(client: &Client, id: &str) -> Option<bool> {
    client.webhooks().get_subscription(id).send().await.unwrap().is_enabled
}

#[tokio::test]
async fn a_subscription_is_created_and_enabled_in_one_call() {
    let (sandbox, client) = lab().await;
    let subscription = subscribe(&client).await.unwrap();
    assert_eq!(subscription.is_enabled, Some(true));
    assert_eq!(is_enabled(&client, subscription.id.as_str()).await, Some(true));
    let sent: Vec<_> = sandbox.requests().into_iter().map(|request| request.method).collect();
    assert_eq!(sent, ["POST", "POST", "POST", "GET"]);
}

#[tokio::test]
async fn what_is_not_created_is_not_confirmed() {
    let (sandbox, client) = lab().await;
    for (fault, effect, says) in [
        (Fault::status(400), Effect::NotApplied, "the subscription was not created"),
        (Fault::lost_response(), Effect::Unknown, "it is unknown whether the subscription was created"),
        (Fault::cut_body(), Effect::Applied, "the subscription was created, but the response cannot be used"),
    ] {
        let before = sandbox.requests().len();
        sandbox.inject(fault.on("webhooks_create_subscription"));
        let error = subscribe(&client).await.unwrap_err();
        assert_eq!(error.to_string(), says);
        let SubscribeError::Create(error) = error else { panic!("{error:?}") };
        assert_eq!(error.effect(), effect);
        assert_eq!(sandbox.requests().len() - before, 1);
    }
}

#[tokio::test]
async fn what_is_created_and_not_confirmed_can_be_confirmed_later() {
    let (sandbox, client) = lab().await;
    for (fault, before, says) in [
        (Fault::status(500), false, "it is unknown whether it was confirmed"),
        (Fault::status(400), false, "but not confirmed"),
        (Fault::lost_response(), true, "it is unknown whether it was confirmed"),
    ] {
        sandbox.inject(fault.on("webhooks_confirm_subscription"));
        let error = subscribe(&client).await.unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
        let SubscribeError::Confirm { subscription, confirmation, error } = error else { panic!("{error:?}") };
        assert!(!format!("{confirmation:?}").contains(&confirmation.secret), "it is a secret");
        assert!(error.status().is_some() || error.effect() == Effect::Unknown);
        let id = subscription.id.as_str();
        assert_eq!(is_enabled(&client, id).await, Some(before));
        let confirmed = client.webhooks().confirm_subscription(id, confirmation).send().await.unwrap();
        assert_eq!(confirmed.is_enabled, Some(true));
    }
}

#[tokio::test]
async fn without_the_header_the_id_is_what_is_left() {
    let (sandbox, client) = lab().await;
    let body = serde_json::json!({"id": "h1", "event_type": "submission.status.change", "target_url": "http://127.0.0.1:9/",
        "is_enabled": false, "workspace_id": "w1"});
    sandbox.inject(Fault::status(201).body("application/json", body.to_string()).on("webhooks_create_subscription"));
    let error = subscribe(&client).await.unwrap_err();
    assert!(error.to_string().contains("the subscription h1 was created"), "{error}");
    assert!(matches!(error, SubscribeError::NoSecret { id } if id.as_str() == "h1"));
}
