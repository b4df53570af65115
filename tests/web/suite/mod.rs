//! Tests of the JavaScript edge, one suite for browsers and for Node.
//!
//! A JavaScript function in place of `fetch` is the server. Not here: the public package with a real server
//! (`tests/package`), the dashboard (`tests/browser`).

mod abort;
mod answers;
mod errors;
mod headers;
mod hooks;
mod options;
mod table;

use byrobot_calls::wasm::WasmClient;
use js_sys::{Function, Object, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// The value of a JavaScript expression.
fn js(expression: &str) -> JsValue {
    Function::new_no_args(&format!("return ({expression})")).call0(&JsValue::NULL).unwrap()
}

/// A client with these options, a JavaScript expression.
fn client(options: &str) -> WasmClient {
    WasmClient::new(&js(options)).unwrap_or_else(|error| panic!("{}", text(&error, "message")))
}

/// A client whose server answers every request with this body.
fn answering(body: &str) -> WasmClient {
    client(&format!("{{ retry: false, fetch: async () => new Response({body}) }}"))
}

/// The outcome of `getTasks({ companyId: 1 })` with these options, a JavaScript expression.
async fn get_tasks(client: &WasmClient, options: &str) -> Result<JsValue, JsValue> {
    JsFuture::from(client.call("getTasks", &js("{ companyId: 1 }"), &js(options))).await
}

/// The error of `getTasks({ companyId: 1 })` by a client with these options.
async fn error_with(options: &str) -> JsValue {
    get_tasks(&client(options), "undefined").await.expect_err("the promise was resolved")
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap()
}

fn text(object: &JsValue, name: &str) -> String {
    get(object, name).as_string().unwrap_or_else(|| format!("{:?}", get(object, name)))
}

fn number(object: &JsValue, name: &str) -> f64 {
    get(object, name).as_f64().unwrap_or(f64::NAN)
}

/// `JSON.stringify`.
fn json(value: &JsValue) -> String {
    String::from(js_sys::JSON::stringify(value).unwrap())
}

/// The object of a JavaScript expression.
fn object(expression: &str) -> Object {
    js(expression).unchecked_into()
}
