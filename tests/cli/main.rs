//! The program as a person runs it: its output, its exit codes, its files, its secrets, Ctrl-C, and a server that stays up.

mod attest;
#[path = "../bless/mod.rs"]
mod bless;
mod by_hand;
mod canaries;
mod code_word;
mod commands;
mod folders;
mod guesses;
mod guides;
mod hostile_lists;
mod import_states;
mod imports;
mod incomplete_list;
mod interrupt;
mod log;
mod main_admin;
mod manual;
mod markdown;
mod nightly;
mod outcome;
mod passcodes;
mod paths;
mod payroll;
mod plain_secrets;
mod prompt;
mod provenance;
mod renamed;
mod review;
mod review_exits;
mod saved_plans;
mod secrets;
mod serving;
mod shows_less;
mod snapshots;
#[path = "../soak/mod.rs"]
mod soak;
mod step_parts;
mod support;
mod user_names;
mod users;
