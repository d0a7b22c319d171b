//! A bot that depends on the crate of its channel, but never names it.

fn main() -> std::process::ExitCode {
    channel_server::main()
}
