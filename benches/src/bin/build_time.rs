//! What 200 generated channels cost at build time, against 200 channels by hand.
//!
//! ```text
//! cargo run --release -p channel-benches --bin build_time
//! ```
//!
//! Dependencies are built first; measured is cargo's run for the one crate after a touch, without
//! incremental compilation. It takes some minutes.

use std::{error::Error, path::Path};

use channel_benches::{
    build::{Crates, Style},
    figures::{median, print_table},
};

const CHANNELS: u32 = 200;
const ROUNDS: usize = 3;
const STYLES: [Style; 2] = [Style::Generated, Style::ByHand];

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the crate has no workspace")?;
    let crates = Crates::write(workspace, CHANNELS)?;
    let mut rows = Vec::new();
    for command in ["check", "build"] {
        rows.push(measure(&crates, command)?);
    }
    print_table(
        &["command", "generated, processor ms/channel", "by hand, processor ms/channel", "difference"],
        &rows,
    );
    println!("goal: a difference of at most 2 ms a channel");
    Ok(())
}

fn measure(crates: &Crates, command: &str) -> Outcome<Vec<String>> {
    for style in STYLES {
        crates.cargo(command, style)?;
    }
    let mut milliseconds = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for (style, times) in STYLES.into_iter().zip(&mut milliseconds) {
            let time = crates.cargo(command, style)?;
            eprintln!("{} {command}: {} ms", style.name(), time.as_millis());
            times.push(time.as_secs_f64() * 1e3 / f64::from(CHANNELS));
        }
    }
    let [generated, by_hand] = milliseconds.map(|times| median(&times));
    let difference = generated - by_hand;
    Ok(vec![
        format!("cargo {command}"),
        format!("{generated:.2}"),
        format!("{by_hand:.2}"),
        format!("{difference:+.2}"),
    ])
}
