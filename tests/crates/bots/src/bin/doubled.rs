//! A bot that links two channels of one name.

use my_channels as _;
use other_channels as _;

fn main() -> std::process::ExitCode {
    channel_server::main()
}
