//! What the sandbox does, as seen by a client over HTTP and by a caller of the library or the binary.

mod binary;
mod create;
mod http;
mod lifetime;
mod refusals;
