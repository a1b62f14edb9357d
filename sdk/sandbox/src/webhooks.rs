//! The clock of a sandbox and its webhooks, as a program controls them.

use std::time::Duration;

use crate::delivery;
use crate::sandbox::Sandbox;
use crate::workflow::Refused;

impl Sandbox {
    /// Turns the clock forward, and does what is due meanwhile: places that nobody came for and submissions that take
    /// too long time out, studies are published at their time, what nobody has reviewed for 21 days is approved, and
    /// events whose delivery failed are delivered again.
    ///
    /// Everything happens at its time: while an event is on its way to a receiver, the clock stands still, so that what
    /// the receiver then does is done before the next thing happens. When this returns, receivers have got all events up
    /// to the new time. A receiver must not wait for it before it responds.
    pub async fn advance(&self, by: Duration) {
        self.shared().advance(by).await;
    }

    /// Waits until all events that are due have been delivered, or their delivery has failed. The clock does not move.
    ///
    /// Events are delivered without it, in the background. A test waits for them in this way instead of sleeping.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use prolific_sandbox::{Sandbox, Seed, SeedStudy};
    ///
    /// let study = SeedStudy::new("Naming colours").id("s1").published();
    /// let sandbox = Sandbox::builder().seed(Seed::new().workspace("w1", "Lab").study(study)).start().await?;
    /// // The program under test creates a secret and a subscription, and confirms it. Then:
    /// sandbox.participant("p1").take("s1")?.submit("COMPLETED")?;
    /// sandbox.deliver().await;
    /// // Now it has received all events of the submission.
    /// # Ok(())
    /// # }
    /// ```
    pub async fn deliver(&self) {
        delivery::all_sent(&self.shared().world).await;
    }

    /// Delivers an event once more, with the same id and body, as the service does at times. The id is in its header
    /// `X-Event-ID` and in the list of events. [`deliver`](Self::deliver) waits until it has been received.
    ///
    /// # Errors
    ///
    /// If there is no such event, or if its subscription is not enabled.
    pub fn redeliver(&self, event_id: impl AsRef<str>) -> Result<(), Refused> {
        self.world(|world| world.redeliver(event_id.as_ref()))
    }
}
