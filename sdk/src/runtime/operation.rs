//! What is known of an operation without sending it. The table of operations is generated.

/// An operation of the API, as the document describes it. [`operations`](crate::operations) lists them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// Its `operationId`, which is also the name of the method of [`Client`](crate::Client).
    pub id: &'static str,
    /// The HTTP method, in capitals.
    pub method: &'static str,
    /// The path under the base URL. A path parameter stands in braces.
    pub path: &'static str,
    /// Whether doing it twice is the same as doing it once, so that it may be sent again after a failure that leaves its
    /// effect unknown. So it is with GET and DELETE, unless the description of the operation says otherwise.
    pub idempotent: bool,
    /// One line of what it does.
    pub summary: &'static str,
    /// The page of Prolific's documentation that describes it.
    pub documentation: &'static str,
}

impl Operation {
    /// Whether it only reads, so that sending it any number of times does no harm.
    pub fn is_safe(&self) -> bool {
        self.method == "GET"
    }
}
