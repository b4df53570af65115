//! A mock server of 百应 (`BYRobot`): the vendor's task API over invented companies, stateful, seeded, on a
//! virtual clock. A pure core: a request and a clock in, a response out. The same options and the same
//! requests give the same bytes on every machine.
//!
//! It shares no code with the client that it tests: the spelling of answers comes from the vendor's document, so
//! client and sandbox cannot contain the same mistake.
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
//! | file | what it is |
//! |---|---|
//! | `sandbox` | the sandbox, its clock, the routing of requests |
//! | `options`, `error` | options, their limits, the error |
//! | `http`, `signature` | requests and responses; the check of signatures |
//! | `endpoint/` | the endpoints and the spelling of their answers |
//! | `fault` | the faults; which of them applies to a request |
//! | `fault_response`, `wire_variants` | failed and corrupted responses; other spellings of an answer |
//! | `recording` | the WAV file of a call |
//! | `initial_tasks`, `simulation_state`, `task` | the companies' tasks: initial state, current state |
//! | `dialler`, `schedule` | calls of a running task; dialling windows and plans |
//! | `outcome`, `conversation`, `script/`, `people` | result, transcript, script and customer of one call |
//! | `scenario/` | worlds to look at: a company's history, and what is hidden in it |
//! | `rng`, `calendar` | random numbers, formats of dates and times |
//! | `wasm` | the JavaScript interface |

mod calendar;
mod conversation;
mod dialler;
mod endpoint;
mod error;
mod fault;
mod fault_response;
mod http;
mod initial_tasks;
mod options;
mod outcome;
mod people;
mod recording;
mod rng;
mod sandbox;
mod scenario;
mod schedule;
mod script;
mod signature;
mod simulation_state;
mod task;
#[cfg(any(target_arch = "wasm32", byrobot_edge))]
mod wasm;
mod wire_variants;

pub use endpoint::Endpoint;
pub use error::OptionsError;
pub use fault::{Fault, Rule};
pub use http::{Request, Response, TransportFault};
pub use options::Options;
pub use sandbox::Sandbox;
pub use scenario::{BadList, FlaggedLine, LosesAtRound, Scenario};
pub use signature::sign;
