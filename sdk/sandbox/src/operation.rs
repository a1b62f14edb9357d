//! What an operation gets and what it returns. Knows no operation, no state and no HTTP.

use serde_json::{Map, Value};

/// A request that has passed the checks of the document.
#[derive(Debug)]
pub(crate) struct Input {
    /// Path and query parameters by name, in their documented types. Those that were not given are missing.
    pub(crate) parameters: Map<String, Value>,
    /// Null if there is none.
    pub(crate) body: Value,
    /// The part of a list that is asked for.
    pub(crate) window: Window,
}

/// What an operation returns.
#[derive(Debug)]
pub(crate) enum Outcome {
    Nothing,
    Object(Value),
    /// An object, and a header of the response.
    WithHeader(Value, (&'static str, String)),
    /// Part of a list. [`Window::of`] makes it.
    List {
        /// Those in the window.
        items: Vec<Value>,
        /// The length of the whole list.
        total: usize,
    },
}

/// Part of a list: so many items, after so many others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) skip: usize,
    pub(crate) take: usize,
}

impl Window {
    /// Counts all items, and converts only those in the window.
    pub(crate) fn of<T>(self, list: impl IntoIterator<Item = T>, to_json: impl FnMut(T) -> Value) -> Outcome {
        let mut list = list.into_iter();
        let skipped = list.by_ref().take(self.skip).count();
        let items: Vec<_> = list.by_ref().take(self.take).map(to_json).collect();
        let total = skipped + items.len() + list.count();
        Outcome::List { items, total }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_items_of_a_window_are_converted_and_all_are_counted() {
        let convert = |skip, take| {
            let mut converted = 0;
            let outcome = Window { skip, take }.of(0..100_000, |number| {
                converted += 1;
                json!(number)
            });
            let Outcome::List { items, total } = outcome else { panic!("{outcome:?}") };
            assert_eq!((converted, total), (items.len(), 100_000));
            items
        };
        assert_eq!(convert(0, 2), [json!(0), json!(1)]);
        assert_eq!(convert(99_999, 5), [json!(99_999)]);
        assert_eq!(convert(100_000, usize::MAX), [] as [Value; 0]);
        assert_eq!(convert(usize::MAX, usize::MAX), [] as [Value; 0]);
        assert_eq!(convert(0, usize::MAX).len(), 100_000);
    }
}
