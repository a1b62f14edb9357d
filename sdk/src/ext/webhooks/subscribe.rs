//! Creating a subscription and confirming it in one call: that a header of one response is the body of the next request,
//! no description of the API says.

use std::fmt;

use crate::generated::types::{
    ConfirmWebhookSubscription, CreateWebhookSubscription, WebhookSubscription, WebhookSubscriptionId,
};
use crate::generated::webhooks::Webhooks;
use crate::runtime::{Effect, Error};

/// The header of the response with what confirms the subscription.
const HOOK_SECRET: &str = "X-Hook-Secret";

/// Why [`Webhooks::subscribe`] failed, and what is known about the subscription.
///
/// ```
/// use prolific_sdk::webhooks::SubscribeError;
///
/// fn next_step(error: &SubscribeError) -> String {
///     match error {
///         SubscribeError::Create(error) if error.may_have_taken_effect() => "look for it among the disabled ones".into(),
///         SubscribeError::Create(error) => format!("fix it, and try again: {error}"),
///         SubscribeError::Confirm { subscription, .. } => format!("confirm or delete {}", subscription.id),
///         SubscribeError::NoSecret { id } => format!("delete {id}, and try again"),
///         _ => "look at the list".into(),
///     }
/// }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum SubscribeError {
    /// The subscription could not be created. [`Error::effect`] says whether it may exist all the same, unconfirmed: then
    /// it is in the list of disabled subscriptions.
    Create(Error),
    /// The subscription exists, but its response had no usable header `X-Hook-Secret`, without which nothing confirms it.
    NoSecret {
        /// The id of the subscription.
        id: WebhookSubscriptionId,
    },
    /// The subscription exists, and could not be confirmed, as far as is known. Until it is confirmed, it is disabled.
    Confirm {
        /// The subscription, as it was created.
        subscription: Box<WebhookSubscription>,
        /// What confirms it, for [`Webhooks::confirm_subscription`]. No other response has it.
        confirmation: ConfirmWebhookSubscription,
        /// The error of the confirmation. If its [`effect`](Error::effect) is unknown,
        /// [`Webhooks::get_subscription`] says whether the subscription is enabled.
        error: Error,
    },
}

impl fmt::Display for SubscribeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create(error) if error.effect() == Effect::Applied => {
                f.write_str("the subscription was created, but the response cannot be used")
            }
            Self::Create(error) if error.may_have_taken_effect() => {
                f.write_str("it is unknown whether the subscription was created")
            }
            Self::Create(_) => f.write_str("the subscription was not created"),
            Self::NoSecret { id } => {
                write!(
                    f,
                    "the subscription {id} was created, but the response has no header {HOOK_SECRET} to confirm it"
                )
            }
            Self::Confirm { subscription, error, .. } => {
                let confirmed = match error.effect() {
                    Effect::NotApplied => ", but not confirmed",
                    Effect::Unknown => "; it is unknown whether it was confirmed",
                    Effect::Applied => " and confirmed, but the response cannot be used",
                };
                write!(f, "the subscription {} was created{confirmed}", subscription.id)
            }
        }
    }
}

impl std::error::Error for SubscribeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Create(error) | Self::Confirm { error, .. } => Some(error),
            Self::NoSecret { .. } => None,
        }
    }
}

/// # Subscribing
///
/// What receives the events is in the module [`webhooks`](crate::webhooks), and the
/// [guide](crate::guide::webhooks) shows both sides.
impl Webhooks {
    /// Creates a subscription like [`create_subscription`](Self::create_subscription), and confirms it with the header
    /// of the response, like [`confirm_subscription`](Self::confirm_subscription). The receiver has no part in that:
    /// nothing is sent to it before the subscription is enabled.
    ///
    /// The workspace needs a secret first, from [`create_secret`](Self::create_secret).
    ///
    /// ```no_run
    /// # async fn example(client: prolific_sdk::Client) -> Result<(), prolific_sdk::webhooks::SubscribeError> {
    /// use prolific_sdk::types::{CreateWebhookSubscription, WebhookEventType};
    ///
    /// let subscription = client
    ///     .webhooks()
    ///     .subscribe(CreateWebhookSubscription::new(
    ///         "62fce6fff0a78eb4f3ebc09c",
    ///         WebhookEventType::SubmissionStatusChange,
    ///         "https://lab.example.org/prolific-events",
    ///     ))
    ///     .await?;
    /// println!("{} is enabled: {:?}", subscription.id, subscription.is_enabled);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the subscription was not created, or exists and was not confirmed. [`SubscribeError`] says which, and has
    /// its id. A call that is repeated then creates another subscription.
    pub async fn subscribe(
        &self,
        subscription: CreateWebhookSubscription,
    ) -> Result<WebhookSubscription, SubscribeError> {
        let created = self.create_subscription(subscription).send_with_response().await;
        let created = created.map_err(SubscribeError::Create)?;
        let secret = created.headers().get(HOOK_SECRET).and_then(|value| value.to_str().ok());
        let confirmation = secret.map(|secret| ConfirmWebhookSubscription::new(secret.to_owned()));
        let subscription = created.into_body();
        let Some(confirmation) = confirmation else { return Err(SubscribeError::NoSecret { id: subscription.id }) };
        let confirmed = self.confirm_subscription(&subscription.id, confirmation.clone()).send().await;
        confirmed.map_err(|error| {
            let subscription = Box::new(subscription);
            SubscribeError::Confirm { subscription, confirmation, error }
        })
    }
}
