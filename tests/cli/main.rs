//! The program as a person runs it: its output, its exit codes, its files, its secrets, Ctrl-C, and a server that stays up.

mod attest;
mod canaries;
mod commands;
mod folders;
mod guesses;
mod guides;
mod imports;
mod interrupt;
mod log;
mod manual;
mod markdown;
mod nightly;
mod outcome;
mod passcodes;
mod paths;
mod payroll;
mod prompt;
mod provenance;
mod renamed;
mod review;
mod saved_plans;
mod secrets;
mod serving;
mod snapshots;
mod support;
mod users;
