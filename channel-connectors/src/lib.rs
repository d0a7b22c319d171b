#![doc = include_str!("../README.md")]

mod rest;

pub use rest::Rest;
