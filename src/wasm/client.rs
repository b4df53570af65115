//! The client as JavaScript sees it: five methods that check, send and convert.

use std::rc::Rc;

use futures_lite::future::or;
use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::abort::Listener;
use super::error::{Rejection, to_js as error_to_js};
use super::fetch::FetchTransport;
use super::options::{CallOptions, ClientOptions, WalkOptions, sync_options};
use super::paging::{JsClient, WasmWalk, sync};
use super::plain::{answer_to_js, from_js};
use super::promise::promise;
use super::table::WasmTable;
use super::timer::JsClock;

use crate::api::{
    Endpoint, GetCallDetail, GetDoneCalls, GetTaskDetail, GetTasks, GetUndialedCustomers, List,
};
use crate::client::{Client, Limit};
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

    /// Brings a table up to date with the finished calls of a task.
    #[wasm_bindgen(js_name = syncDoneCalls, unchecked_return_type = "Promise<any>")]
    pub fn sync_done_calls(
        &self,
        table: &WasmTable,
        query: &JsValue,
        options: &JsValue,
        on_progress: js_sys::Function,
    ) -> Promise {
        let query = from_js(query, "query").and_then(|query| GetDoneCalls::from_value(&query));
        let options = self.options.and(options).and_then(|call| Ok((call, sync_options(options)?)));
        sync(Rc::clone(&self.client), table.shared(), query, options, on_progress)
    }

    /// What tells a list of finished calls from others: the server, and the query without its pages.
    ///
    /// # Errors
    /// `invalid_argument` for a wrong query or option of a synchronisation.
    #[wasm_bindgen(js_name = listKey)]
    pub fn list_key(&self, query: &JsValue, options: &JsValue) -> Checked<String> {
        let query = from_js(query, "query").and_then(|query| GetDoneCalls::from_value(&query));
        let checked = || {
            self.options.and(options)?.listeners()?;
            sync_options(options)?;
            crate::paging::key_of(&query?)
        };
        let key = checked().map_err(|error| error_to_js(&error))?;
        Ok(format!("{} {key}", self.client.base_url().endpoint("")))
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
                Some(signal) => Err(Rejection::Aborted(signal.aborted().await)),
                None => std::future::pending().await,
            }
        });
        or(first, second).await
    };
    or(aborted, work).await
}
