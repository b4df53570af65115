//! Runs the suite in Node: `wasm-pack test --node`. Empty natively.
#![cfg(target_arch = "wasm32")]

mod suite;
