//! A mock server of 百应 (`BYRobot`): the vendor's task API over invented companies, stateful, seeded, on a
//! virtual clock. A pure core: a request and a clock in, a response out. Same options and same
//! requests, same bytes, on every machine.
//!
//! It shares nothing with the client it is there to test: answers are spelt as the vendor's
//! document spells them, so that client and sandbox cannot be wrong together.
//!
//! ```
//! use byrobot_sandbox::{Options, Request, Sandbox};
//!
//! let mut sandbox = Sandbox::new(Options::default())?;
//! let response = sandbox.handle(&Request::get("/openapi/v1/task/getTasks?companyId=1&status=1"));
//! assert_eq!(response.status, 200);
//! sandbox.advance(60.0);
//! # Ok::<(), byrobot_sandbox::OptionsError>(())
//! ```
//!
//! | file | what it knows |
//! |---|---|
//! | `sandbox` | the clock, the route of a request |
//! | `options`, `error` | options, their limits |
//! | `http`, `signature` | requests and responses; who may ask |
//! | `endpoint/` | the five endpoints and how their answers are spelt |
//! | `fault` | which request goes wrong, and how |
//! | `fault_response`, `wire_variants` | failed and corrupted responses; other spellings of an answer |
//! | `recording` | what a call sounds like |
//! | `simulation_state`, `task` | the companies' tasks, at the start and now |
//! | `dialler`, `schedule` | what happens to a task, and when |
//! | `outcome`, `conversation`, `script/`, `people` | what becomes of one call |
//! | `rng`, `calendar` | random numbers, written times |
//! | `wasm` | the edge to JavaScript |

mod calendar;
mod conversation;
mod dialler;
mod endpoint;
mod error;
mod fault;
mod fault_response;
mod http;
mod options;
mod outcome;
mod people;
mod recording;
mod rng;
mod sandbox;
mod schedule;
mod script;
mod signature;
mod simulation_state;
mod task;
#[cfg(any(target_arch = "wasm32", byrobot_edge))]
mod wasm;
mod wire_variants;

pub use error::OptionsError;
pub use fault::{Endpoint, Fault, Rule};
pub use http::{Request, Response, TransportFault};
pub use options::Options;
pub use sandbox::Sandbox;
pub use signature::sign;
