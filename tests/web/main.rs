//! The JavaScript edge, in a browser and in Node: the same suite. Empty natively.
#![cfg(target_arch = "wasm32")]
