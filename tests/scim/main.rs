//! The wire format: filters, PATCH, resources, and an independent engine beside ours.

mod filter;
#[path = "../interop/known.rs"]
mod known;
mod oracle;
mod patch;
#[path = "../interop/random.rs"]
mod random;
mod resources;
