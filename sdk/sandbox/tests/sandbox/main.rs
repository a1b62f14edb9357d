//! What the sandbox does, as seen by a client over HTTP and by a caller of the library or the binary.

mod account;
mod binary;
mod create;
mod groups;
mod http;
mod lifetime;
mod members;
mod order;
mod pages;
mod record;
mod refusals;
mod seed;
