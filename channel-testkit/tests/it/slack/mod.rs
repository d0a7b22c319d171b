//! The fake of Slack: with the real connector in a real server, and by itself.

mod conversations;
mod deliveries;
mod faults;
mod interactivity;
mod limits;
mod socket_mode;

mod support;
