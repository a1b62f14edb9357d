//! What the page is about: one sandbox.

use std::sync::{Arc, MutexGuard, PoisonError};

use crate::shared::Shared;
use crate::store::World;

/// What the page shows and changes.
#[derive(Debug, Clone)]
pub(crate) struct Ui {
    pub(crate) shared: Shared,
    /// The ids of the operations, for faults.
    pub(crate) operations: Arc<[String]>,
}

impl Ui {
    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.shared.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
