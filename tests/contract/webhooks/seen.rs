//! Each event is handled once.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use prolific_sdk::webhooks::{OnceError, Progress, Seen, SeenInMemory};
use tokio::sync::Semaphore;

type Done<T> = Result<T, &'static str>;

#[tokio::test]
async fn work_is_done_once_and_again_only_after_a_failure() {
    let seen = SeenInMemory::new(10);
    assert_eq!(seen.once("e1", async { Done::<()>::Err("broken") }).await, Err(OnceError::Work("broken")));
    assert_eq!(seen.once("e1", async { Done::Ok(1) }).await, Ok(Some(1)));
    assert_eq!(seen.once("e1", async { Done::<i32>::Err("not asked") }).await, Ok(None));
    assert_eq!(seen.once("e2", async { Done::Ok(2) }).await, Ok(Some(2)));
}

#[tokio::test]
async fn a_delivery_during_the_work_is_told_to_come_again_and_a_dropped_one_leaves_nothing() {
    let seen = SeenInMemory::new(10);
    let gate = Semaphore::new(0);
    let work = async || {
        gate.acquire().await.unwrap().forget();
        Done::Ok(())
    };
    let mut first = Box::pin(seen.once("e1", work()));
    assert!(polled_once(&mut first).await.is_none());
    assert_eq!(seen.once("e1", work()).await, Err(OnceError::Running));
    drop(first);
    let mut second = Box::pin(seen.once("e1", work()));
    assert!(polled_once(&mut second).await.is_none());
    gate.add_permits(1);
    assert_eq!(second.await, Ok(Some(())));
    assert_eq!(seen.once("e1", async { Done::Ok(()) }).await, Ok(None));
}

/// What a future is ready with, when it is polled once.
async fn polled_once<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    std::future::poll_fn(|context| {
        let polled = std::pin::Pin::new(&mut *future).poll(context);
        std::task::Poll::Ready(match polled {
            std::task::Poll::Ready(output) => Some(output),
            std::task::Poll::Pending => None,
        })
    })
    .await
}

#[tokio::test]
async fn a_panic_in_the_work_leaves_nothing() {
    let seen = Arc::new(SeenInMemory::new(10));
    let work = {
        let seen = Arc::clone(&seen);
        async move { seen.once("e1", async { if true { panic!("on purpose") } else { Done::Ok(()) } }).await }
    };
    assert!(tokio::spawn(work).await.unwrap_err().is_panic());
    assert_eq!(seen.once("e1", async { Done::Ok(()) }).await, Ok(Some(())));
}

#[tokio::test]
async fn the_oldest_events_are_forgotten() {
    let seen = SeenInMemory::new(2);
    let is_new = async |id: &str| seen.once(id, async { Done::Ok(()) }).await.unwrap().is_some();
    assert!(is_new("e1").await && is_new("e2").await && !is_new("e1").await && is_new("e3").await);
    assert!(!is_new("e2").await && !is_new("e3").await);
    assert!(is_new("e1").await, "it was the oldest, whatever came again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_deliveries_at_the_same_time_one_is_handled() {
    let (seen, count) = (Arc::new(SeenInMemory::new(1_000)), Arc::new(AtomicUsize::new(0)));
    let tasks: Vec<_> = (0..4_000)
        .map(|number| {
            let (seen, count) = (Arc::clone(&seen), Arc::clone(&count));
            tokio::spawn(async move {
                let work = async {
                    count.fetch_add(1, Ordering::SeqCst);
                    tokio::task::yield_now().await;
                    Done::Ok(())
                };
                seen.once(&(number % 500).to_string(), work).await
            })
        })
        .collect();
    for task in tasks {
        let done = task.await.unwrap();
        assert!(matches!(done, Ok(_) | Err(OnceError::Running)), "{done:?}");
    }
    assert_eq!(count.load(Ordering::SeqCst), 500);
}

/// A memory that fails: nothing is done without it, and what is done and not noted is an error.
#[tokio::test]
async fn a_memory_that_fails_is_an_error() {
    struct Broken(bool);
    impl Seen for Broken {
        type Error = &'static str;

        async fn begin(&self, _: &str) -> Result<Progress, &'static str> {
            if self.0 { Ok(Progress::New) } else { Err("no begin") }
        }

        async fn finish(&self, _: &str) -> Result<(), &'static str> {
            Err("no finish")
        }

        fn abandon(&self, _: &str) {
            panic!("the work has succeeded");
        }
    }
    let work = async || Result::<(), Infallible>::Ok(());
    assert_eq!(
        Broken(false).once("e1", async { if true { panic!() } else { work().await } }).await,
        Err(OnceError::Seen("no begin"))
    );
    assert_eq!(Broken(true).once("e1", work()).await, Err(OnceError::Seen("no finish")));
}
