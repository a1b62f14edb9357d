//! What one sandbox consists of, and what concerns all of it. Knows neither servers nor operations of the API.

use std::future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::delivery;
use crate::faults::Faults;
use crate::record::{Limit, Log, Observer};
use crate::seed::Seed;
use crate::store::clock::Clock;
use crate::store::{World, lock};

/// The state, the faults and the record of one sandbox. Clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Shared {
    pub(crate) world: Arc<Mutex<World>>,
    pub(crate) log: Log,
    pub(crate) faults: Faults,
    seed: Arc<Seed>,
    is_live: bool,
}

impl Shared {
    /// An error if the seed cannot be begun with.
    pub(crate) fn begin(seed: Seed, is_live: bool, limit: Limit, observer: Observer) -> Result<Self, String> {
        let world = World::begin(seed.clone(), clock(is_live))?;
        Ok(Self {
            world: Arc::new(Mutex::new(world)),
            log: Log::new(limit, observer),
            faults: Faults::default(),
            seed: Arc::new(seed),
            is_live,
        })
    }

    /// Reads or changes the state. Requests wait meanwhile.
    pub(crate) fn world<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        change(&mut lock(&self.world))
    }

    /// Turns the clock forward, and waits for the receivers of what happens meanwhile.
    pub(crate) async fn advance(&self, by: Duration) {
        delivery::advance(&self.world, by).await;
    }

    /// Puts what a seed describes in place of the state. An error changes nothing.
    pub(crate) fn load(&self, seed: Seed) -> Result<(), String> {
        let mut begun = World::begin(seed, clock(self.is_live))?;
        self.world(|world| {
            begun.webhooks.take_over(&mut world.webhooks);
            begun.quirks = std::mem::take(&mut world.quirks);
            *world = begun;
        });
        Ok(())
    }

    /// Goes back to the beginning: the first seed, no faults and no recorded requests. It does not fail, because the
    /// sandbox has begun with the same seed.
    pub(crate) fn reset(&self) -> Result<(), String> {
        self.load(Seed::clone(&self.seed))?;
        self.faults.clear();
        self.log.clear();
        Ok(())
    }

    /// Turns the clock as time passes, if it is to.
    pub(crate) async fn keep_time(self) {
        const STEP: Duration = Duration::from_secs(1);
        if !self.is_live {
            return future::pending().await;
        }
        let mut steps = tokio::time::interval(STEP);
        // The first is at once.
        steps.tick().await;
        loop {
            steps.tick().await;
            self.advance(STEP).await;
        }
    }
}

fn clock(is_live: bool) -> Clock {
    if is_live { Clock::real() } else { Clock::default() }
}
