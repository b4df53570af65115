//! A pretend 百应 (`BYRobot`): the vendor's task API over an invented company, stateful, seeded, on a
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
//! | `sandbox` | options, the clock, the way of a request |
//! | `http`, `signature` | requests and responses; who may ask |
//! | `endpoint/` | the five endpoints and how their answers are spelt |
//! | `fault` | which request goes wrong, and how |
//! | `broken`, `spelling` | what a fault looks like |
//! | `recording` | what a call sounds like |
//! | `world`, `task` | the company's tasks, at the start and as they stand |
//! | `dialler`, `schedule` | what happens to a task, and when |
//! | `outcome`, `conversation`, `script/`, `people` | what becomes of one call |
//! | `draw`, `calendar` | chance, and time as it is written |
//! | `wasm` | the edge to JavaScript |

mod broken;
mod calendar;
mod conversation;
mod dialler;
mod draw;
mod endpoint;
mod fault;
mod http;
mod outcome;
mod people;
mod recording;
mod sandbox;
mod schedule;
mod script;
mod signature;
mod spelling;
mod task;
#[cfg(any(target_arch = "wasm32", byrobot_edge))]
mod wasm;
mod world;

pub use fault::{Endpoint, Fault, Rule};
pub use http::{Request, Response, TransportFault};
pub use sandbox::{Options, OptionsError, Sandbox};
pub use signature::sign;
