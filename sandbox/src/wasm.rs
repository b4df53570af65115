//! The JavaScript interface: converts values and delegates to the core. Internal: only `pkg/src/sandbox/sandbox.ts` calls
//! it, and checks the input of users first.

use std::cell::RefCell;

use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Options, Request, Response, Rule, Sandbox, TransportFault};

/// The core of a sandbox.
#[wasm_bindgen(js_name = SandboxCore)]
pub struct WasmSandbox {
    core: RefCell<Sandbox>,
}

#[wasm_bindgen(js_class = SandboxCore)]
impl WasmSandbox {
    /// Takes the options as a JSON text; throws an error that names the option at fault.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Result<WasmSandbox, JsError> {
        let options: Options = serde_json::from_slice(options.as_bytes())?;
        Ok(Self { core: RefCell::new(Sandbox::new(options)?) })
    }

    /// Answers a request. `headers` holds names and values by turns; `wallMs` is `Date.now()`.
    pub fn handle(
        &self,
        method: String,
        url: String,
        headers: Vec<String>,
        body: Vec<u8>,
        #[wasm_bindgen(js_name = wallMs)] wall_ms: f64,
    ) -> Result<WasmResponse, JsError> {
        let mut headers = headers.into_iter();
        let pairs = std::iter::from_fn(|| headers.next().zip(headers.next())).collect();
        // A cast from a float saturates; NaN becomes 0.
        #[expect(clippy::cast_possible_truncation)]
        let wall_ms = Some(wall_ms as i64);
        let request = Request { method, url, headers: pairs, body, wall_ms };
        Ok(WasmResponse(self.core.try_borrow()?.handle(&request)))
    }

    /// What is hidden in the companies of a scenario, a JSON text.
    pub fn truth(&self) -> Result<String, JsError> {
        Ok(self.core.try_borrow()?.truth())
    }

    /// A body with thousands of ended calls of a task; `undefined` beyond the last call.
    #[wasm_bindgen(js_name = doneCalls)]
    pub fn done_calls(&self, call_job_id: f64, page_num: u32) -> Result<Option<Vec<u8>>, JsError> {
        // A cast from a float saturates; NaN becomes 0.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let call_job_id = call_job_id as u64;
        Ok(self.core.try_borrow()?.done_calls(call_job_id, page_num))
    }

    /// Adds a rule, a JSON text; throws an error that names what is out of its range.
    pub fn inject(&self, rule: &str) -> Result<(), JsError> {
        let rule: Rule = serde_json::from_slice(rule.as_bytes())?;
        Ok(self.core.try_borrow_mut()?.inject(rule)?)
    }

    /// Lets so many seconds pass, to the millisecond.
    pub fn advance(&self, seconds: f64) -> Result<(), JsError> {
        self.core.try_borrow_mut()?.advance(seconds);
        Ok(())
    }

    /// The time of the clock, epoch milliseconds.
    pub fn now(&self) -> Result<f64, JsError> {
        // Milliseconds of a year with four digits are exact.
        #[expect(clippy::cast_precision_loss)]
        Ok(self.core.try_borrow()?.now_ms() as f64)
    }

    /// Back to the start of the clock.
    pub fn reset(&self) -> Result<(), JsError> {
        self.core.try_borrow_mut()?.reset();
        Ok(())
    }
}

/// A fault below HTTP: a union of texts in TypeScript, so that the compiler finds a fault that is not simulated.
#[wasm_bindgen(js_name = TransportFault)]
#[derive(Clone, Copy, Debug)]
pub enum WasmTransportFault {
    /// The connection is lost.
    Network = "network",
    /// No answer comes.
    Timeout = "timeout",
}

/// What the core answered.
#[wasm_bindgen(js_name = SandboxResponse)]
pub struct WasmResponse(Response);

#[wasm_bindgen(js_class = SandboxResponse)]
impl WasmResponse {
    /// The fault that the caller of the core has to simulate; otherwise there is an answer.
    #[wasm_bindgen(getter)]
    pub fn transport(&self) -> Option<WasmTransportFault> {
        self.0.transport.map(|fault| match fault {
            TransportFault::Network => WasmTransportFault::Network,
            TransportFault::Timeout => WasmTransportFault::Timeout,
        })
    }

    /// The HTTP status; 0 when there is no answer.
    #[wasm_bindgen(getter)]
    pub fn status(&self) -> u16 {
        self.0.status
    }

    /// Names and values by turns.
    #[wasm_bindgen(getter)]
    pub fn headers(&self) -> Vec<String> {
        let pairs = self.0.headers.iter();
        pairs.flat_map(|(name, value)| [name.clone(), value.clone()]).collect()
    }

    /// Gives the body away; the response is gone after that.
    #[wasm_bindgen(js_name = intoBody)]
    pub fn into_body(self) -> Vec<u8> {
        self.0.body
    }
}
