//! Reading a list page by page. Knows no operation and no type: generated code says how a page is asked for, and where
//! its items are.

use std::collections::HashSet;
use std::future::poll_fn;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::{fmt, vec};

use futures_core::Stream;
use serde::Serialize;

use super::error::Error;
use super::operation::Operation;
use super::response::ResponseValue;

type Fetch<'a, P> = Pin<Box<dyn Future<Output = Result<ResponseValue<P>, Error>> + Send + 'a>>;

/// The pages of a list, each read when it is asked for: a [`Stream`], and [`next`](Self::next) for a plain loop.
///
/// The next page is asked for by its offset, behind the items that came so far; addresses that the service sends are
/// never followed. The list ends with a page that is empty or that says that no other follows. A service that does not
/// page, and answers the whole list again, ends it too: a page that came before is not yielded again. If such a service
/// also says that more follows, that is an error of kind [`Kind::RepeatedPage`](super::Kind::RepeatedPage), since items
/// may be missing.
///
/// An error ends it. The pages before it have been yielded, and are the caller's. Nothing is sent after it is dropped.
#[must_use = "nothing is sent before a page is asked for"]
pub struct Pages<'a, P> {
    operation: &'static Operation,
    fetch: Box<dyn FnMut(i64) -> Fetch<'a, P> + Send + 'a>,
    look: fn(&P) -> PageState,
    offset: i64,
    seen: HashSet<u64>,
    step: Step<'a, P>,
}

enum Step<'a, P> {
    Ask,
    Wait(Fetch<'a, P>),
    End,
}

/// What a page says of itself.
pub(crate) struct PageState {
    count: usize,
    /// The same for pages of the same items.
    fingerprint: u64,
    /// Whether another page follows. `None` if the page does not say.
    more: Option<bool>,
}

impl PageState {
    /// Of a page with these items.
    pub(crate) fn new<T: Serialize>(items: Option<&[T]>, more: Option<bool>) -> Self {
        let items = items.unwrap_or_default();
        let mut hasher = DefaultHasher::new();
        // What came as JSON can be written as JSON. Were it not so, all pages would look alike, and the second be the last.
        serde_json::to_vec(items).unwrap_or_default().hash(&mut hasher);
        Self { count: items.len(), fingerprint: hasher.finish(), more }
    }
}

impl<'a, P> Pages<'a, P> {
    /// For generated code: pages from an offset on.
    pub(crate) fn new(
        operation: &'static Operation,
        start: i64,
        fetch: impl FnMut(i64) -> Fetch<'a, P> + Send + 'a,
        look: fn(&P) -> PageState,
    ) -> Self {
        Self { operation, fetch: Box::new(fetch), look, offset: start, seen: HashSet::new(), step: Step::Ask }
    }

    /// The next page, or `None` at the end of the list.
    ///
    /// # Errors
    ///
    /// As for `send` of the operation. The list ends with it.
    pub async fn next(&mut self) -> Option<Result<ResponseValue<P>, Error>> {
        poll_fn(|context| self.poll_page(context)).await
    }

    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<ResponseValue<P>, Error>>> {
        loop {
            match &mut self.step {
                Step::End => return Poll::Ready(None),
                Step::Ask => self.step = Step::Wait((self.fetch)(self.offset)),
                Step::Wait(fetch) => {
                    let answer = ready!(fetch.as_mut().poll(context));
                    self.step = Step::End;
                    return Poll::Ready(match answer {
                        Ok(page) => self.take(page),
                        Err(error) => Some(Err(error)),
                    });
                }
            }
        }
    }

    /// Decides on a page that has arrived, and whether another is asked for.
    fn take(&mut self, page: ResponseValue<P>) -> Option<Result<ResponseValue<P>, Error>> {
        let PageState { count, fingerprint, more } = (self.look)(&page);
        if count == 0 {
            return None;
        }
        if !self.seen.insert(fingerprint) {
            return (more == Some(true)).then(|| Err(Error::repeated_page(self.operation, &page)));
        }
        if more != Some(false) {
            self.offset = self.offset.saturating_add(i64::try_from(count).unwrap_or(i64::MAX));
            self.step = Step::Ask;
        }
        Some(Ok(page))
    }
}

impl<P> Stream for Pages<'_, P> {
    type Item = Result<ResponseValue<P>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_page(context)
    }
}

impl<P> fmt::Debug for Pages<'_, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("offset", &self.offset).finish_non_exhaustive()
    }
}

/// The items of a list, over all its pages: a [`Stream`], and [`next`](Self::next) for a plain loop. For how pages are
/// read, see [`Pages`].
#[must_use = "nothing is sent before an item is asked for"]
pub struct Items<'a, P, T> {
    pages: Pages<'a, P>,
    take: fn(P) -> Vec<T>,
    page: vec::IntoIter<T>,
}

impl<'a, P, T> Items<'a, P, T> {
    /// For generated code: the items of pages.
    pub(crate) fn new(pages: Pages<'a, P>, take: fn(P) -> Vec<T>) -> Self {
        Self { pages, take, page: Vec::new().into_iter() }
    }

    /// The next item, or `None` at the end of the list.
    ///
    /// # Errors
    ///
    /// As for `send` of the operation. The list ends with it.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| self.poll_item(context)).await
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        loop {
            if let Some(item) = self.page.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll_page(context)) {
                Some(Ok(page)) => self.page = (self.take)(page.into_inner()).into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

/// Nothing in it is pinned.
impl<P, T> Unpin for Items<'_, P, T> {}

impl<P, T> Stream for Items<'_, P, T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(context)
    }
}

impl<P, T> fmt::Debug for Items<'_, P, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("pages", &self.pages).finish_non_exhaustive()
    }
}
