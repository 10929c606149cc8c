//! Plans: what `diff` decides, what the guards stop, and the laws for random workspaces.

mod anothers;
mod attest;
mod attestations;
#[path = "../bless/mod.rs"]
mod bless;
mod diff;
mod directors;
mod doubts;
mod forms;
mod givers;
mod grants;
mod guard_limits;
mod guards;
mod laws;
mod left_undone;
mod list_laws;
mod lists;
mod narrowed;
mod no_longer_planned;
mod office;
mod order;
mod own_platform_laws;
mod proofs;
mod review;
mod review_people;
mod roles_not_shown;
mod runbook_texts;
mod single_facts;
mod tabs;
mod ticks;
mod user_names;
#[path = "../worlds/mod.rs"]
mod worlds;
