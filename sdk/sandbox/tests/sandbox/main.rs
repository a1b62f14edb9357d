//! What the sandbox does, as seen by clients over HTTP and by users of the library and the binary.

mod account;
mod binary;
mod create;
mod errors;
mod examples;
mod fault_selection;
mod faults;
mod groups;
mod http;
mod lifetime;
mod load;
mod members;
mod pages;
mod protocol;
mod record;
mod seed;
mod ui;
mod workflow;
