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

type Fetch<P> = Pin<Box<dyn Future<Output = Result<ResponseValue<P>, Error>> + Send>>;

/// The pages of a list, each read when it is asked for: a [`Stream`], and [`next`](Self::next) for a plain loop.
///
/// The next page is asked for by its offset, behind the items that came so far; addresses that the service sends are
/// never followed. The list ends with a page that says that no other follows, or that brings nothing new: an empty one, or
/// the whole list again from a service that does not page. If such a page says that more follows, that is an error of
/// kind [`Kind::IncompleteList`](super::Kind::IncompleteList). Where the service says nothing, the end is a conclusion:
/// one that cuts a list short, and ignores the offset, cannot be told from one that has no more.
///
/// A list that changes while it is read can shift: an item that is removed moves those behind it to an earlier page, where
/// they are missed. To change what is listed, read the list to its end first.
///
/// An error ends it. The pages before it have been yielded, and are the caller's; to go on behind them, start again from
/// [`offset`](Self::offset). A page without items is not yielded. Nothing is sent after it is dropped.
#[must_use = "nothing is sent before a page is asked for"]
pub struct Pages<P> {
    operation: &'static Operation,
    fetch: Box<dyn FnMut(Option<i64>) -> Fetch<P> + Send>,
    look: fn(&P) -> PageState,
    /// `None` until something has to be skipped: the first request is the caller's.
    offset: Option<i64>,
    seen: HashSet<u64>,
    step: Step<P>,
}

enum Step<P> {
    Ask,
    Wait(Fetch<P>),
    End,
}

/// What a page says of itself.
pub(crate) struct PageState {
    keys: Vec<u64>,
    /// Whether another page follows. `None` if the page does not say.
    more: Option<bool>,
}

impl PageState {
    /// Of a page with these items.
    pub(crate) fn new<T>(items: Option<&[T]>, key: fn(&T) -> u64, more: Option<bool>) -> Self {
        Self { keys: items.unwrap_or_default().iter().map(key).collect(), more }
    }
}

/// The same number for values that are written in the same way.
pub(crate) fn fingerprint<T: Serialize>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    // What came as JSON can be written as JSON.
    serde_json::to_vec(value).unwrap_or_default().hash(&mut hasher);
    hasher.finish()
}

impl<P> Pages<P> {
    /// For generated code: pages from an offset on.
    pub(crate) fn new(
        operation: &'static Operation,
        offset: Option<i64>,
        fetch: impl FnMut(Option<i64>) -> Fetch<P> + Send + 'static,
        look: fn(&P) -> PageState,
    ) -> Self {
        Self { operation, fetch: Box::new(fetch), look, offset, seen: HashSet::new(), step: Step::Ask }
    }

    /// The next page, or `None` at the end of the list.
    ///
    /// # Errors
    ///
    /// As for `send` of the operation. The list ends with it.
    pub async fn next(&mut self) -> Option<Result<ResponseValue<P>, Error>> {
        poll_fn(|context| self.poll_page(context)).await
    }

    /// The offset of the page that is asked for next, or that failed.
    pub fn offset(&self) -> i64 {
        self.offset.unwrap_or(0)
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
        let PageState { keys, more } = (self.look)(&page);
        let count = i64::try_from(keys.len()).unwrap_or(i64::MAX);
        let known = self.seen.len();
        self.seen.extend(keys);
        if self.seen.len() == known {
            return (more == Some(true)).then(|| Err(Error::incomplete_list(self.operation, &page)));
        }
        if more != Some(false) {
            self.offset = Some(self.offset.unwrap_or(0).saturating_add(count));
            self.step = Step::Ask;
        }
        Some(Ok(page))
    }
}

impl<P> Stream for Pages<P> {
    type Item = Result<ResponseValue<P>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_page(context)
    }
}

impl<P> fmt::Debug for Pages<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("offset", &self.offset).finish_non_exhaustive()
    }
}

/// The items of a list, over all its pages: a [`Stream`], and [`next`](Self::next) for a plain loop. An item that comes a
/// second time, by the id that tells it from others, is passed over. For how pages are read, see [`Pages`].
#[must_use = "nothing is sent before an item is asked for"]
pub struct Items<P, T> {
    pages: Pages<P>,
    take: fn(P) -> Vec<T>,
    key: fn(&T) -> u64,
    seen: HashSet<u64>,
    page: vec::IntoIter<T>,
}

impl<P, T> Items<P, T> {
    /// For generated code: the items of pages.
    pub(crate) fn new(pages: Pages<P>, take: fn(P) -> Vec<T>, key: fn(&T) -> u64) -> Self {
        Self { pages, take, key, seen: HashSet::new(), page: Vec::new().into_iter() }
    }

    /// The next item, or `None` at the end of the list.
    ///
    /// # Errors
    ///
    /// As for `send` of the operation. The list ends with it.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| self.poll_item(context)).await
    }

    /// The offset of the page that is asked for next, or that failed: all items before it have been yielded once the list
    /// has ended.
    pub fn offset(&self) -> i64 {
        self.pages.offset()
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        loop {
            for item in self.page.by_ref() {
                if self.seen.insert((self.key)(&item)) {
                    return Poll::Ready(Some(Ok(item)));
                }
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
impl<P, T> Unpin for Items<P, T> {}

impl<P, T> Stream for Items<P, T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(context)
    }
}

impl<P, T> fmt::Debug for Items<P, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("pages", &self.pages).finish_non_exhaustive()
    }
}
