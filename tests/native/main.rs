//! What can be tested without JavaScript, in one binary so that it links once. Empty on wasm32.
#![cfg(not(target_arch = "wasm32"))]

mod client;
mod codes;
mod decode;
mod errors;
mod json;
mod requests;
mod world;
