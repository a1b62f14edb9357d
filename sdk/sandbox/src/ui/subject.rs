//! What the page is about: one sandbox.

use std::sync::{Arc, MutexGuard};

use crate::shared::Shared;
use crate::store::{World, lock};

/// What the page shows and changes.
#[derive(Debug, Clone)]
pub(crate) struct Ui {
    pub(crate) shared: Shared,
    /// The ids of the operations, for faults.
    pub(crate) operations: Arc<[String]>,
}

impl Ui {
    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        lock(&self.shared.world)
    }
}
