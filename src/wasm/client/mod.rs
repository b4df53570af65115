//! `Client`: checks arguments, sends requests, converts answers. The TypeScript class is `ByrobotClient`.
//!
//! - `pagination.rs`: lists page by page; `sync.rs`: synchronisation; `progress.rs`: the progress of both
//! - `foreign_table.rs`: a table of another module, for a synchronisation
//! - `options.rs`: reads and checks the caller's options
//! - `outside.rs`: safe access to values of the caller, which may throw; `rejection.rs`: errors from outside
//! - `caller.rs`: the caller's headers and hooks
//! - `fetch.rs`: requests through `fetch`
//! - `timer.rs`: clocks, random numbers, `setTimeout`
//! - `abort.rs`: the caller's `AbortSignal` as a future

mod abort;
mod caller;
mod fetch;
mod foreign_table;
mod options;
mod outside;
mod pagination;
mod progress;
mod rejection;
mod sync;
mod timer;

pub use pagination::{WasmPages, WasmPagination};

use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use abort::{Listener, unless_aborted};
use fetch::{FetchTransport, JsClient};
use options::{CallOptions, ClientOptions, PaginationOptions, sync_options};
use timer::JsClock;

use crate::client::{Client, Semaphore, Settings};
use crate::error::{Error, Result};
use crate::paging::list_key;
use crate::request::Query;
use crate::schema::{ENDPOINTS, QUERY_DONE_TASK_PHONES};
use crate::wasm::error::{Outcome, thrown};
use crate::wasm::plain::{from_js, text_to_js};
use crate::wasm::promise::promise;
use outside::settled;
use rejection::Rejection;

/// A client for a BYRobot server, or for a proxy of it. `ByrobotClient` in TypeScript is a thin wrapper.
#[wasm_bindgen(js_name = Client)]
pub struct WasmClient {
    client: Rc<JsClient>,
    options: CallOptions,
}

#[wasm_bindgen(js_class = Client)]
impl WasmClient {
    /// A client with the options of `ClientOptions`.
    ///
    /// # Errors
    /// `invalid_argument` for an unknown or invalid option; its path names it.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> std::result::Result<Self, JsValue> {
        let options = thrown(ClientOptions::read(options))?;
        let transport = FetchTransport::new(options.fetch, options.credentials);
        let semaphore = Semaphore::new(options.max_concurrency);
        let client = Client::new(options.base_url, transport, JsClock, semaphore);
        Ok(Self { client: Rc::new(client), options: options.call })
    }

    /// The base URL.
    #[wasm_bindgen(getter, js_name = baseUrl)]
    #[must_use]
    pub fn base_url(&self) -> String {
        self.client.base_url().as_str().to_owned()
    }

    /// Sends a query to the endpoint of this name, and resolves to the data of the answer.
    pub fn call(&self, endpoint: &str, query: &JsValue, options: &JsValue) -> Promise {
        let query = query_of(endpoint, query);
        let client = Rc::clone(&self.client);
        // The options are checked now, so that later changes of the caller's objects have no effect.
        let options = self.options.and(options);
        // The signals have listeners from now on, also before the promise's work begins.
        let checked = query.and_then(|query| {
            let options = options?;
            let listeners = options.listeners()?;
            Ok((query, options, listeners))
        });
        promise(async move {
            let (query, options, listeners) = thrown(checked)?;
            let work = async {
                let answer = client.call_text(&query, &options.settings, &options.caller).await?;
                Ok(text_to_js(&answer)?)
            };
            Ok(unless_aborted(&listeners, work).await?)
        })
    }

    /// The pagination of a list.
    ///
    /// # Errors
    /// `invalid_argument` for an invalid query or option.
    pub fn walk(
        &self,
        endpoint: &str,
        query: &JsValue,
        options: &JsValue,
    ) -> Outcome<WasmPagination> {
        let list = query_of(endpoint, query).and_then(|list| {
            list.request().map_err(|error| error.in_endpoint(list.name()))?;
            Ok(Rc::new(list))
        });
        let pagination = list.and_then(|list| {
            let (call, paging) = (self.options.and(options)?, PaginationOptions::read(options)?);
            Ok(WasmPagination::new(Rc::clone(&self.client), list, call, paging))
        });
        thrown(pagination)
    }

    /// Brings a table up to date with the finished calls of a task. `table` is a second handle of it, of this module or
    /// of another one; the synchronisation frees it. `signal` replaces the signal in `options`.
    #[wasm_bindgen(js_name = syncDoneCalls, unchecked_return_type = "Promise<any>")]
    pub fn sync_done_calls(
        &self,
        #[wasm_bindgen(unchecked_param_type = "object")] table: JsValue,
        query: &JsValue,
        options: &JsValue,
        on_progress: js_sys::Function,
        #[wasm_bindgen(unchecked_param_type = "AbortSignal")] signal: JsValue,
    ) -> Promise {
        let query = query_of(QUERY_DONE_TASK_PHONES.name, query);
        let options = self.options.and(options).and_then(|mut call| {
            call.signals.truncate(self.options.signals.len());
            call.signals.push(signal.unchecked_into());
            Ok((call, sync_options(options)?.0))
        });
        sync::sync(Rc::clone(&self.client), table, query, options, on_progress)
    }

    /// The key of a list: the server, and the query without its page. Then the milliseconds that a synchronisation
    /// may wait for its turn, and the milliseconds for an answer of its store.
    ///
    /// # Errors
    /// `invalid_argument` for an invalid query or option of a synchronisation; the reason of a signal that
    /// is aborted already.
    #[wasm_bindgen(js_name = listKey, unchecked_return_type = "[string, number, number]")]
    pub fn list_key(&self, endpoint: &str, query: &JsValue, options: &JsValue) -> Outcome<Array> {
        let checked = || -> Result<_> {
            let query = query_of(endpoint, query);
            let call = self.options.and(options)?;
            let (_, store_timeout_ms) = sync_options(options)?;
            let key = list_key(&query?)?;
            Ok((call.listeners()?, key, call, store_timeout_ms))
        };
        let (listeners, key, call, store_ms) = thrown(checked())?;
        if let Some(reason) = listeners.iter().find_map(Listener::reason) {
            return Err(reason);
        }
        let Settings { timeout_ms, total_timeout_ms, .. } = call.settings;
        let turn_ms = [timeout_ms, total_timeout_ms].into_iter().flatten().min();
        let ms = |limit: Option<u32>| JsValue::from_f64(limit.map_or(f64::INFINITY, f64::from));
        let key = format!("{} {key}", self.client.base_url().endpoint(""));
        Ok(Array::of3(&JsValue::from_str(&key), &ms(turn_ms), &ms(store_ms)))
    }

    /// Settles like `work`. If a signal of the client or of the call is aborted first, rejects with its reason.
    #[wasm_bindgen(js_name = unlessAborted, unchecked_return_type = "Promise<any>")]
    pub fn unless_aborted(&self, work: JsValue, options: &JsValue) -> Promise {
        let listeners = self.options.and(options).and_then(|call| call.listeners());
        promise(async move {
            let listeners = thrown(listeners)?;
            let work = async { settled(work).await.map_err(Rejection::Thrown) };
            Ok(unless_aborted(&listeners, work).await?)
        })
    }
}

/// A query of the endpoint of this name.
fn query_of(endpoint: &str, query: &JsValue) -> Result<Query> {
    let known = ENDPOINTS.iter().find(|known| known.name == endpoint);
    let known = known.ok_or_else(|| Error::invalid_argument("endpoint", "there is none"))?;
    from_js(query, "query").and_then(|query| Query::of(known, &query))
}
