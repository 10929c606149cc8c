//! The workspace server through its real router, in process.

mod harness;
mod smoke;
mod user_log;
