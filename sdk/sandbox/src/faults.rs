//! The faults that were injected into a sandbox, and which of them applies to a request. Knows of a request only its
//! operation, and not how a fault is carried out.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::fault::{Effect, Fault, Selection};

/// A handle to an injected fault, with which it can be removed. Returned by
/// [`Sandbox::inject`](crate::Sandbox::inject). Dropping the handle leaves the fault in place.
#[derive(Debug)]
pub struct InjectedFault {
    faults: Faults,
    id: u64,
}

impl InjectedFault {
    /// Removes the fault. Does nothing if it has already been applied or removed.
    pub fn remove(self) {
        self.faults.remove(self.id);
    }
}

/// The faults of one sandbox that are waiting for their requests. Clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faults(Arc<Mutex<Waiting>>);

#[derive(Debug, Default)]
struct Waiting {
    last_id: u64,
    injected: Vec<Injected>,
}

#[derive(Debug)]
struct Injected {
    id: u64,
    fault: Fault,
    /// The number of matching requests or connections since the injection.
    seen: usize,
}

impl Faults {
    pub(crate) fn inject(&self, fault: Fault) -> InjectedFault {
        let mut waiting = self.lock();
        waiting.last_id += 1;
        let id = waiting.last_id;
        waiting.injected.push(Injected { id, fault, seen: 0 });
        InjectedFault { faults: self.clone(), id }
    }

    pub(crate) fn clear(&self) {
        self.lock().injected.clear();
    }

    /// Does nothing if no such fault is waiting.
    pub(crate) fn remove(&self, id: u64) {
        self.lock().injected.retain(|injected| injected.id != id);
    }

    /// Each with its number, and with how many matching requests or connections there were since its injection.
    pub(crate) fn waiting(&self) -> Vec<(u64, Fault, usize)> {
        self.lock().injected.iter().map(|each| (each.id, each.fault.clone(), each.seen)).collect()
    }

    /// Takes the fault that applies to a request of this operation; `None` for a request that the document does not
    /// describe.
    pub(crate) fn for_request(&self, operation_id: Option<&str>) -> Option<Fault> {
        self.take(|fault| {
            !counts_connections(fault) && (fault.operation.is_none() || fault.operation.as_deref() == operation_id)
        })
    }

    /// Takes the fault that applies to a new connection.
    pub(crate) fn for_connection(&self) -> Option<Fault> {
        self.take(counts_connections)
    }

    fn take(&self, matches: impl Fn(&Fault) -> bool) -> Option<Fault> {
        let mut waiting = self.lock();
        let mut due = None;
        for (index, injected) in waiting.injected.iter_mut().enumerate().filter(|(_, each)| matches(&each.fault)) {
            injected.seen += 1;
            if due.is_none() && injected.is_due() {
                due = Some(index);
            }
        }
        let index = due?;
        match waiting.injected[index].fault.selection {
            Some(Selection::Every) => Some(waiting.injected[index].fault.clone()),
            _ => Some(waiting.injected.remove(index).fault),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Injected {
    fn is_due(&self) -> bool {
        match self.fault.selection {
            None | Some(Selection::Every) => true,
            Some(Selection::Nth(nth)) => self.seen >= nth,
        }
    }
}

fn counts_connections(fault: &Fault) -> bool {
    matches!(fault.effect, Effect::CloseUnread)
}
