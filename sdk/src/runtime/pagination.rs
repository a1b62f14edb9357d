//! Reading a list page by page. Knows no operation and no type: a [`Page`] says where its items are.

use std::collections::HashSet;
use std::fmt;
use std::future::poll_fn;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::Stream;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::call::Call;
use super::error::Error;
use super::response::Response;

/// A page of a list. Implemented by the page types of this crate; implement it for a type of your own to page through
/// a list with [`RawCall::pages`](crate::RawCall::pages).
pub trait Page: DeserializeOwned + Send + 'static {
    /// The type of the items.
    type Item: Serialize + Send;

    /// The items of this page.
    fn items(&self) -> &[Self::Item];

    /// The items of this page.
    fn into_items(self) -> Vec<Self::Item>;

    /// Whether the page has its list at all, be it empty. A page without one ends the list with an error. `true` by
    /// default.
    fn has_list(&self) -> bool {
        true
    }

    /// Whether another page follows. `None` if the page does not say.
    fn has_next(&self) -> Option<bool>;

    /// The key that identifies an item, such as its id. An item without a key is compared as a whole.
    fn key(item: &Self::Item) -> Option<&str>;
}

/// The same number for an item that comes again.
fn fingerprint<P: Page>(item: &P::Item) -> u64 {
    let mut hasher = DefaultHasher::new();
    match P::key(item) {
        Some(key) => key.hash(&mut hasher),
        // What came as JSON can be written as JSON.
        None => serde_json::to_vec(item).unwrap_or_default().hash(&mut hasher),
    }
    hasher.finish()
}

type Fetch<P> = Pin<Box<dyn Future<Output = Result<Response<P>, Error>> + Send>>;

/// How the service is asked for a part of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Paging {
    /// By this query parameter: the number of items to skip.
    Offset(&'static str),
    /// By this query parameter: the number of the page, from one. A page after the last one may be a 404.
    Page(&'static str),
}

impl Paging {
    fn parameter(self) -> &'static str {
        match self {
            Self::Offset(parameter) | Self::Page(parameter) => parameter,
        }
    }
}

/// The pages of a list, requested one at a time through [`try_next`](Self::try_next) or as a [`Stream`].
///
/// The next page is requested by its offset, which is the number of items received so far plus the first offset, or by its
/// number, whichever the operation takes; URLs that the service sends are never followed. The list ends with a page that says it is the last, or that contains
/// nothing new: an empty page, or the whole list again if the service ignores paging. If a page has no list, or has
/// nothing new but says that more pages follow, the call fails with
/// [`ErrorKind::IncompleteList`](crate::ErrorKind::IncompleteList). If the service does not say, the end is inferred: a
/// service that cuts a list short and ignores the offset cannot be distinguished from one that has no more items.
///
/// A list that changes while it is read can shift: when an item is removed, the items after it can move to an earlier
/// page and be missed. Read the list to its end before you change its items.
///
/// An error ends the list. The pages before the error have been yielded; to continue after them, start a new list at
/// [`position`](Self::position). A page without items is not yielded. No request is sent after this value is dropped.
///
/// ```no_run
/// # async fn example(client: prolific_sdk::Client) -> Result<(), prolific_sdk::Error> {
/// let mut pages = client.workspaces().list().pages();
/// while let Some(page) = pages.try_next().await? {
///     println!("{} more", page.body().results.len());
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent until a page is requested"]
pub struct Pages<P> {
    call: Call<P>,
    paging: Paging,
    /// The offset or the number of the page that is requested next.
    position: u64,
    /// Whether the last page said that another one follows.
    expects_more: bool,
    seen: HashSet<u64>,
    /// How many pages are requested at most.
    left: u32,
    step: Step<P>,
}

enum Step<P> {
    /// The first request is the caller's, as it is.
    First,
    Next,
    Wait(Fetch<P>),
    End,
}

impl<P: Page> Pages<P> {
    /// The pages of what a call lists.
    pub(crate) fn new(call: Call<P>, paging: Paging) -> Self {
        let first = u64::from(matches!(paging, Paging::Page(_)));
        let position = call.query_value(paging.parameter()).and_then(|value| value.parse().ok()).unwrap_or(first);
        // The first page has to be there.
        let expects_more = true;
        Self { call, paging, position, expects_more, seen: HashSet::new(), left: u32::MAX, step: Step::First }
    }

    /// The same list, which fails with a page after so many that says that more follow.
    pub(crate) fn at_most(mut self, pages: u32) -> Self {
        self.left = pages;
        self
    }

    /// The items of all pages.
    pub(crate) fn items(self) -> Items<P::Item> {
        Items { source: Box::new(Flat { pages: self, seen: HashSet::new() }), page: Vec::new().into_iter() }
    }

    /// The next page, or `None` at the end of the list.
    ///
    /// # Errors
    ///
    /// The same errors as for a single call. The list ends with the error.
    pub async fn try_next(&mut self) -> Result<Option<Response<P>>, Error> {
        poll_fn(|context| self.poll_page(context)).await.transpose()
    }

    /// The offset, or the number, of the page that is requested next, or that failed.
    pub fn position(&self) -> u64 {
        self.position
    }

    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Response<P>, Error>>> {
        loop {
            let call = match &mut self.step {
                Step::End => return Poll::Ready(None),
                Step::First => self.call.clone(),
                Step::Next => self.call.clone().query(self.paging.parameter(), self.position),
                Step::Wait(fetch) => {
                    let response = ready!(fetch.as_mut().poll(context));
                    self.step = Step::End;
                    return Poll::Ready(match response {
                        Ok(page) => self.take(page),
                        Err(error) if self.is_past_the_end(&error) => None,
                        Err(error) => Some(Err(error)),
                    });
                }
            };
            self.step = Step::Wait(Box::pin(call.send_with_response()));
        }
    }

    /// Whether the service has no page of this number, and had not said that there is one.
    fn is_past_the_end(&self, error: &Error) -> bool {
        matches!(self.paging, Paging::Page(_)) && !self.expects_more && error.is_not_found()
    }

    /// Decides on a page that has arrived, and whether another is requested.
    fn take(&mut self, page: Response<P>) -> Option<Result<Response<P>, Error>> {
        let (items, has_next) = (page.body().items(), page.body().has_next());
        let known = self.seen.len();
        self.seen.extend(items.iter().map(fingerprint::<P>));
        let has_list = page.body().has_list();
        self.left = self.left.saturating_sub(1);
        let is_new = self.seen.len() > known;
        let is_incomplete =
            if is_new { self.left == 0 && has_next != Some(false) } else { has_next == Some(true) || !has_list };
        if is_incomplete {
            return Some(Err(page.into_incomplete_list(self.call.operation())));
        }
        if !is_new {
            return None;
        }
        if has_next != Some(false) {
            let step = if matches!(self.paging, Paging::Page(_)) { 1 } else { items.len() as u64 };
            self.position = self.position.saturating_add(step);
            self.expects_more = has_next == Some(true);
            self.step = Step::Next;
        }
        Some(Ok(page))
    }
}

/// Nothing in it is pinned.
impl<P> Unpin for Pages<P> {}

impl<P: Page> Stream for Pages<P> {
    type Item = Result<Response<P>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_page(context)
    }
}

impl<P> fmt::Debug for Pages<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("call", &self.call).field("position", &self.position).finish_non_exhaustive()
    }
}

/// The items of a list, across all pages: by [`try_next`](Self::try_next), or as a [`Stream`]. An item that appears
/// more than once, by its id, is returned only once. See [`Pages`] for how pages are requested and how a list ends.
///
/// ```no_run
/// # async fn example(client: prolific_sdk::Client) -> Result<(), prolific_sdk::Error> {
/// let mut workspaces = client.workspaces().list().stream();
/// while let Some(workspace) = workspaces.try_next().await? {
///     println!("{}: {}", workspace.id, workspace.title);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent before the first item is needed"]
pub struct Items<T> {
    source: Box<dyn Source<T> + Send>,
    page: vec::IntoIter<T>,
}

/// Where items come from, whatever the type of their pages.
trait Source<T> {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Vec<T>, Error>>>;
    fn position(&self) -> u64;
}

struct Flat<P> {
    pages: Pages<P>,
    seen: HashSet<u64>,
}

impl<P: Page> Source<P::Item> for Flat<P> {
    /// The new items of the next page.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Vec<P::Item>, Error>>> {
        let page = ready!(self.pages.poll_page(context));
        Poll::Ready(page.map(|page| {
            let mut items = page?.into_body().into_items();
            items.retain(|item| self.seen.insert(fingerprint::<P>(item)));
            Ok(items)
        }))
    }

    fn position(&self) -> u64 {
        self.pages.position()
    }
}

impl<T> Items<T> {
    /// The next item, or `None` at the end of the list.
    ///
    /// # Errors
    ///
    /// As for a single call. The list ends with it.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        poll_fn(|context| self.poll_item(context)).await.transpose()
    }

    /// The offset, or the number, of the page that is requested next, or that failed: once the list has ended, all items
    /// before it have been yielded.
    pub fn position(&self) -> u64 {
        self.source.position()
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        loop {
            if let Some(item) = self.page.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.source.poll(context)) {
                Some(Ok(page)) => self.page = page.into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

/// Nothing in it is pinned.
impl<T> Unpin for Items<T> {}

impl<T> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(context)
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("position", &self.source.position()).finish_non_exhaustive()
    }
}
