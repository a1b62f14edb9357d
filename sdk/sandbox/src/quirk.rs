//! What the service has been seen to do on some days and not on others. Knows only the names.

use std::collections::BTreeSet;

/// Something odd that the service does at times, which a sandbox does if [`Builder::quirk`](crate::Builder::quirk) says
/// so.
///
/// The quirks about the links of lists are those that users have met on one list or another. Turned on, they apply to
/// every list that has links. Those about events and bonuses are documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Quirk {
    /// The link to the next page has the name of an internal host, over `http`. A client that follows it must not send
    /// its token there. The name ends in `.invalid`, so that it leads nowhere.
    InternalNextLink,
    /// The last page has a link to a next page, which is the last page itself. A client that follows it never stops.
    EndlessNextLink,
    /// Each page after the first starts with the last item of the page before, in addition to its own. A client that
    /// does not compare ids counts it twice.
    OverlappingPages,
    /// A bonus that is paid leaves the balance at once, and is in `bonus_payments` three minutes later on the clock of the
    /// sandbox. A client that takes what it does not see for what was not paid pays twice.
    /// [`Sandbox::advance`](crate::Sandbox::advance) brings what is late.
    LateBonuses,
    /// Each event is delivered once more after it has been received, with the same `X-Event-ID`. A receiver that does not
    /// compare ids acts on it twice.
    RepeatedEvents,
    /// The first event of a subscription, and every second one from there, is delivered a minute late on the clock of
    /// the sandbox, so that the next event overtakes it. A receiver that does not compare `X-Timestamp` takes the older
    /// status for the newer one. [`Sandbox::advance`](crate::Sandbox::advance) brings what is late.
    UnorderedEvents,
}

/// Those that are on.
pub(crate) type Quirks = BTreeSet<Quirk>;
