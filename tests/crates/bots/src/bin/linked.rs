//! A bot that names the crate of its channel, and so links it.

use my_channels as _;

fn main() -> std::process::ExitCode {
    channel_server::main()
}
