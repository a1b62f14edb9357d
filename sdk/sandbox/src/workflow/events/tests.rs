//! Which events are sent and kept, without a receiver.

use super::*;
use crate::seed::Seed;
use crate::store::clock::Clock;

const KIND: &str = "study.status.change";

/// A world with a subscription for each of these URLs.
fn subscribed(urls: &[&str]) -> World {
    let mut world = World::begin(Seed::new().workspace("w1", "Lab"), Clock::default()).unwrap();
    world.create_secret("w1").unwrap();
    for url in urls {
        let made = world.subscribe("w1", KIND, url).unwrap();
        let (id, secret) = (made.id.clone(), made.hook_secret.clone());
        world.confirm(&id, &secret).unwrap();
    }
    world
}

fn happens(world: &mut World) {
    world.tell("w1", KIND, "s1", json!({}));
}

fn next(world: &mut World) -> Option<Sending> {
    world.next_parcel().map(|parcel| parcel.sending)
}

#[test]
fn to_one_url_an_event_is_sent_when_the_one_before_it_is_done() {
    let mut world = subscribed(&["http://localhost:1/", "http://localhost:2/"]);
    happens(&mut world);
    happens(&mut world);
    let (first, second) = (next(&mut world).unwrap(), next(&mut world).unwrap());
    assert_ne!(first.target, second.target);
    assert!(next(&mut world).is_none());
    world.delivered(&first, true);
    assert_eq!(next(&mut world).unwrap().target, first.target);
    assert!(next(&mut world).is_none());
}

#[test]
fn an_event_that_is_being_sent_keeps_its_url_busy_in_the_state_that_follows() {
    let mut world = subscribed(&["http://localhost:1/"]);
    happens(&mut world);
    let old = next(&mut world).unwrap();
    let mut new = subscribed(&["http://localhost:1/"]);
    new.webhooks.take_over(&mut world.webhooks);
    assert!(!new.webhooks.is_quiet());
    happens(&mut new);
    assert!(next(&mut new).is_none());
    new.delivered(&old, false);
    let sending = next(&mut new).unwrap();
    assert_eq!((&sending.event, new.webhooks.events[&old.event].attempts), (&old.event, 0));
    new.delivered(&sending, true);
    assert!(new.webhooks.is_quiet());
}

#[test]
fn the_last_events_are_kept_and_those_that_are_still_to_be_sent() {
    let mut world = subscribed(&["http://localhost:1/"]);
    let sent = |world: &mut World, succeeded: bool| {
        let sending = next(world).unwrap();
        world.delivered(&sending, succeeded);
        sending.event
    };
    happens(&mut world);
    let failed = sent(&mut world, false);
    for _ in 0..KEPT {
        happens(&mut world);
        sent(&mut world, true);
    }
    assert_eq!(world.webhooks.events.len(), KEPT + 1);
    world.redeliver(&failed).unwrap();
    sent(&mut world, true);
    assert_eq!(world.webhooks.events.len(), KEPT);
    assert!(!world.webhooks.events.contains_key(&failed));
}

#[test]
fn the_longest_delay_is_a_minute_at_first_and_doubles() {
    for attempts in 1..=RETRIES {
        let longest = Duration::from_secs(60) * 2_u32.pow(attempts - 1);
        let delays: Vec<_> = (0..1000).map(|event| delay(&format!("{event}"), attempts)).collect();
        assert!(delays.iter().all(|delay| *delay <= longest), "{attempts}");
        assert!(delays.iter().any(|delay| *delay > longest / 10 * 9), "{attempts}");
        assert!(delays.iter().any(|delay| *delay < longest / 10), "{attempts}");
    }
    assert_eq!(delay("a", 3), delay("a", 3));
}
