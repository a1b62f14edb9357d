//! Calls of operations that this crate has no method for.

use crate::generated::operations::ERROR_BODY;
use crate::runtime::{Client, Operation, RawCall};

/// # Other operations
impl Client {
    /// Calls an operation of the API that this crate has no method for, with the same token, retries, limits and
    /// errors.
    ///
    /// ```no_run
    /// # async fn publish(client: prolific_sdk::Client) -> Result<(), prolific_sdk::Error> {
    /// use std::collections::HashMap;
    /// use prolific_sdk::Operation;
    ///
    /// // Not idempotent, as it is a `POST`: it is retried only if it provably had no effect.
    /// const TRANSITION: Operation = Operation::new("transition_study", "POST", "/api/v1/studies/{id}/transition/");
    ///
    /// let study: HashMap<String, serde_json::Value> = client
    ///     .call(&TRANSITION)
    ///     .path("id", "60d9aadeb86739de712faee0")
    ///     .json(&HashMap::from([("action", "PUBLISH")]))
    ///     .send()
    ///     .await?;
    /// println!("{:?}", study.get("status"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn call(&self, operation: &'static Operation) -> RawCall {
        RawCall::new(self, operation, &ERROR_BODY)
    }
}
