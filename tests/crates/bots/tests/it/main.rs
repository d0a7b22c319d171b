//! Bots as programs: what they link, what their command line does, and how they end.
#![cfg(unix)]

mod command_line;
mod dead_letters;
mod linking;
mod options;
mod shell;
mod shutdown;
mod stores;
mod support;
