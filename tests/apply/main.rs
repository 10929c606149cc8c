//! Runs: what is written in which order, what is tried again, and what a kill, a conflict or a stale plan leaves.

mod conflict;
mod counted;
mod embedded;
mod imports;
mod kill;
mod promises;
mod retry;
mod run;
#[path = "../scenario/mod.rs"]
mod scenario;
mod stale;
mod support;
mod twists;
#[path = "../worlds/mod.rs"]
mod worlds;
