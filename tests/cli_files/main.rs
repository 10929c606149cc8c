//! The files that the program reads and writes, the commands that it runs, and what it reads from the environment.

#[path = "../cli_support/mod.rs"]
mod cli_support;
mod markdown;
mod paths;
mod provenance;
mod secrets;
