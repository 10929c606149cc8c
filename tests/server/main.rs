//! The workspace server through its real router, in process.

mod access;
mod everything;
mod harness;
mod limits;
mod lockout;
mod matrix;
mod members;
mod repeats;
mod rules;
mod shape;
mod smoke;
mod states;
mod strictness;
mod user_log;
mod versions;
