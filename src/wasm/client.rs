//! The client as JavaScript sees it: five methods that check, send and convert.

use std::rc::Rc;

use futures_lite::future::or;
use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::abort::Listener;
use super::error::{Rejection, to_js as error_to_js};
use super::fetch::FetchTransport;
use super::options::{CallOptions, ClientOptions};
use super::plain::{answer_to_js, from_js};
use super::promise::promise;
use super::timer::JsClock;

use crate::api::{
    Endpoint, GetCallDetail, GetDoneCalls, GetTaskDetail, GetTasks, GetUndialedCustomers,
};
use crate::client::{Client, Limit};
use crate::error::Result;
use crate::json::Value;

/// Asks a BYRobot server, or a proxy of it. `ByrobotClient` in TypeScript is a thin wrapper.
#[wasm_bindgen(js_name = Client)]
pub struct WasmClient {
    client: Rc<Client<FetchTransport, JsClock>>,
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
}

impl WasmClient {
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
            let listeners = options.signals.iter().cloned().map(Listener::new);
            let listeners = listeners.collect::<Result<Vec<_>>>()?;
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
async fn unless_aborted<T>(
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
