//! The client as JavaScript sees it: five methods that check, send and convert.

use std::rc::Rc;

use futures_lite::future::or;
use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use super::abort::Listener;
use super::error::{Rejection, to_js as error_to_js};
use super::fetch::FetchTransport;
use super::options::{CallOptions, ClientOptions, WalkOptions, sync_options};
use super::outside::settled;
use super::paging::{JsClient, WasmWalk, sync};
use super::plain::{answer_to_js, from_js};
use super::promise::promise;
use super::table::WasmTable;
use super::timer::JsClock;

use crate::api::{
    Endpoint, GetCallDetail, GetDoneCalls, GetTaskDetail, GetTasks, GetUndialedCustomers, List,
};
use crate::client::{Client, Limit, Settings};
use crate::error::Result;
use crate::json::Value;

/// Asks a BYRobot server, or a proxy of it. `ByrobotClient` in TypeScript is a thin wrapper.
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
    /// `invalid_argument` for an option that is unknown or wrong; its path names it.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> std::result::Result<Self, JsValue> {
        let options = ClientOptions::read(options).map_err(|error| error_to_js(&error))?;
        let transport = FetchTransport { fetch: options.fetch, credentials: options.credentials };
        let limit = Limit::new(options.max_concurrency);
        let client = Client::new(options.base_url, transport, JsClock, limit);
        Ok(Self { client: Rc::new(client), options: options.call })
    }

    /// Where it asks.
    #[wasm_bindgen(getter, js_name = baseUrl)]
    #[must_use]
    pub fn base_url(&self) -> String {
        self.client.base_url().as_str().to_owned()
    }

    /// `getTasks`: the tasks of a company, a page at a time.
    #[wasm_bindgen(js_name = getTasks, unchecked_return_type = "Promise<Page<Task>>")]
    pub fn get_tasks(
        &self,
        #[wasm_bindgen(unchecked_param_type = "GetTasksQuery")] query: &JsValue,
        options: &JsValue,
    ) -> Promise {
        self.call(GetTasks::from_value, query, options)
    }

    /// `getTaskDetail`: one task with its counts and statistics.
    #[wasm_bindgen(js_name = getTaskDetail, unchecked_return_type = "Promise<TaskDetail>")]
    pub fn get_task_detail(
        &self,
        #[wasm_bindgen(unchecked_param_type = "GetTaskDetailQuery")] query: &JsValue,
        options: &JsValue,
    ) -> Promise {
        self.call(GetTaskDetail::from_value, query, options)
    }

    /// `queryDoneTaskPhones`: the finished calls of a task, a page at a time.
    #[wasm_bindgen(js_name = queryDoneTaskPhones, unchecked_return_type = "Promise<Page<DoneCall>>")]
    pub fn query_done_task_phones(
        &self,
        #[wasm_bindgen(unchecked_param_type = "DoneCallsQuery")] query: &JsValue,
        options: &JsValue,
    ) -> Promise {
        self.call(GetDoneCalls::from_value, query, options)
    }

    /// `notDialedCustomerList`: the calls of a task that wait, a page at a time.
    #[wasm_bindgen(js_name = notDialedCustomerList, unchecked_return_type = "Promise<Page<UndialedCustomer>>")]
    pub fn not_dialed_customer_list(
        &self,
        #[wasm_bindgen(unchecked_param_type = "UndialedQuery")] query: &JsValue,
        options: &JsValue,
    ) -> Promise {
        self.call(GetUndialedCustomers::from_value, query, options)
    }

    /// `phoneLogInfo`: one call with its transcript.
    #[wasm_bindgen(js_name = phoneLogInfo, unchecked_return_type = "Promise<CallDetail>")]
    pub fn phone_log_info(
        &self,
        #[wasm_bindgen(unchecked_param_type = "PhoneLogQuery")] query: &JsValue,
        options: &JsValue,
    ) -> Promise {
        self.call(GetCallDetail::from_value, query, options)
    }

    /// All tasks of a company.
    ///
    /// # Errors
    /// `invalid_argument` for a wrong query or option.
    pub fn tasks(&self, query: &JsValue, options: &JsValue) -> Checked<WasmWalk> {
        self.walk(GetTasks::from_value, query, options)
    }

    /// All finished calls of a task.
    ///
    /// # Errors
    /// `invalid_argument` for a wrong query or option.
    #[wasm_bindgen(js_name = doneCalls)]
    pub fn done_calls(&self, query: &JsValue, options: &JsValue) -> Checked<WasmWalk> {
        self.walk(GetDoneCalls::from_value, query, options)
    }

    /// All calls of a task that wait.
    ///
    /// # Errors
    /// `invalid_argument` for a wrong query or option.
    #[wasm_bindgen(js_name = undialedCustomers)]
    pub fn undialed_customers(&self, query: &JsValue, options: &JsValue) -> Checked<WasmWalk> {
        self.walk(GetUndialedCustomers::from_value, query, options)
    }

    /// Brings a table up to date with the finished calls of a task. `signal` stands in the place of the
    /// call's own.
    #[wasm_bindgen(js_name = syncDoneCalls, unchecked_return_type = "Promise<any>")]
    pub fn sync_done_calls(
        &self,
        table: &WasmTable,
        query: &JsValue,
        options: &JsValue,
        on_progress: js_sys::Function,
        #[wasm_bindgen(unchecked_param_type = "AbortSignal")] signal: JsValue,
    ) -> Promise {
        let query = from_js(query, "query").and_then(|query| GetDoneCalls::from_value(&query));
        let options = self.options.and(options).and_then(|mut call| {
            call.signals.truncate(self.options.signals.len());
            call.signals.push(signal.unchecked_into());
            Ok((call, sync_options(options)?.0))
        });
        sync(Rc::clone(&self.client), table.shared(), query, options, on_progress)
    }

    /// What tells a list of finished calls from others: the server, and the query without its pages. With
    /// it the milliseconds that a synchronisation may wait for its turn, and for an answer of its store.
    ///
    /// # Errors
    /// `invalid_argument` for a wrong query or option of a synchronisation; the reason of a signal that
    /// is aborted already.
    #[wasm_bindgen(js_name = listKey, unchecked_return_type = "[string, number, number]")]
    pub fn list_key(&self, query: &JsValue, options: &JsValue) -> Checked<Array> {
        let checked = || -> Result<_> {
            let query = GetDoneCalls::from_value(&from_js(query, "query")?);
            let call = self.options.and(options)?;
            let (_, store_timeout_ms) = sync_options(options)?;
            Ok((call.listeners()?, crate::paging::key_of(&query?)?, call, store_timeout_ms))
        };
        let (listeners, key, call, store) = checked().map_err(|error| error_to_js(&error))?;
        if let Some(reason) = listeners.iter().find_map(Listener::reason) {
            return Err(reason);
        }
        let Settings { timeout_ms, total_timeout_ms, .. } = call.settings;
        let turn = [timeout_ms, total_timeout_ms].into_iter().flatten().min();
        let ms = |limit: Option<u32>| JsValue::from_f64(limit.map_or(f64::INFINITY, f64::from));
        let key = format!("{} {key}", self.client.base_url().endpoint(""));
        Ok(Array::of3(&JsValue::from_str(&key), &ms(turn), &ms(store)))
    }

    /// Settles as `work` does, unless a signal of the client's or of the call's is aborted first.
    #[wasm_bindgen(js_name = unlessAborted, unchecked_return_type = "Promise<any>")]
    pub fn unless_aborted(&self, work: JsValue, options: &JsValue) -> Promise {
        let listeners = self.options.and(options).and_then(|call| call.listeners());
        promise(async move {
            let listeners = listeners.map_err(|error| error_to_js(&error))?;
            let work = async { settled(work).await.map_err(Rejection::Thrown) };
            Ok(unless_aborted(&listeners, work).await?)
        })
    }
}

type Checked<T> = std::result::Result<T, JsValue>;

impl WasmClient {
    fn walk<E: List + 'static>(
        &self,
        read: fn(&Value) -> Result<E>,
        query: &JsValue,
        options: &JsValue,
    ) -> Checked<WasmWalk> {
        let list = from_js(query, "query").and_then(|query| {
            let list = read(&query)?;
            list.request().map_err(|error| error.of(list.name()))?;
            Ok(Rc::new(list) as Rc<dyn List>)
        });
        let walk = list.and_then(|list| {
            let (call, walk) = (self.options.and(options)?, WalkOptions::read(options)?);
            Ok(WasmWalk::new(Rc::clone(&self.client), list, call, walk))
        });
        walk.map_err(|error| error_to_js(&error))
    }

    /// Checks at once, so that a later change of the caller's objects has no effect; sends later.
    fn call<E: Endpoint + 'static>(
        &self,
        read: fn(&Value) -> Result<E>,
        query: &JsValue,
        options: &JsValue,
    ) -> Promise {
        let endpoint = from_js(query, "query")
            .and_then(|query| Ok(Box::new(read(&query)?) as Box<dyn Endpoint>));
        self.send(endpoint, self.options.and(options))
    }

    fn send(&self, endpoint: Result<Box<dyn Endpoint>>, options: Result<CallOptions>) -> Promise {
        let client = Rc::clone(&self.client);
        // From here on the signals are heard, also before the promise's work begins.
        let checked = endpoint.and_then(|endpoint| {
            let options = options?;
            let listeners = options.listeners()?;
            Ok((endpoint, options, listeners))
        });
        promise(async move {
            let (endpoint, options, listeners) = checked.map_err(|error| error_to_js(&error))?;
            let work = async {
                let answer = client.call(&*endpoint, &options.settings, &options.caller).await?;
                Ok(answer_to_js(&answer)?)
            };
            Ok(unless_aborted(&listeners, work).await?)
        })
    }
}

/// `work`, or the reason of the first signal that is aborted; `work` is dropped then.
pub(super) async fn unless_aborted<T>(
    signals: &[Listener],
    work: impl Future<Output = std::result::Result<T, Rejection>>,
) -> std::result::Result<T, Rejection> {
    let aborted = async {
        let [first, second] = [signals.first(), signals.get(1)].map(|signal| async move {
            match signal {
                Some(signal) => Err(Rejection::Thrown(signal.aborted().await)),
                None => std::future::pending().await,
            }
        });
        or(first, second).await
    };
    or(aborted, work).await
}
