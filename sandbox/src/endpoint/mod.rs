//! The vendor's endpoints: the table of all of them. A request is routed by it, and rules of faults follow from it.
//!
//! - `get_tasks.rs`, `get_task_detail.rs`, `query_done_task_phones.rs`, `not_dialed_customer_list.rs`,
//!   `phone_log_info.rs`: the answer of one endpoint each
//! - `envelope.rs`: the shared parts of answers; what an answer is made of
//! - `arguments.rs`: parses the arguments of a request
//! - `failure.rs`: the refusal of an endpoint

pub(crate) mod arguments;
pub(crate) mod envelope;
pub(crate) mod failure;
mod get_task_detail;
mod get_tasks;
mod not_dialed_customer_list;
mod phone_log_info;
pub(crate) mod query_done_task_phones;

use serde::Deserialize;

use crate::http::{Request, Response};
use envelope::EndpointContext;

/// Path of all endpoints. Only the end of a request's path counts, so the sandbox works below any path prefix.
pub(crate) const PATH: &str = "/openapi/v1/task/";

/// Defines the endpoints: HTTP method, name, whether the answer is one page or one object, the module with the answer.
macro_rules! endpoints {
    ($(
        $( #[doc = $about:literal] )+
        $endpoint:ident: $method:literal $name:literal $shape:ident, $module:ident;
    )+) => {
        /// An endpoint of the vendor.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
        pub enum Endpoint {
            $(
                $( #[doc = $about] )+
                #[serde(rename = $name)]
                $endpoint,
            )+
        }

        impl Endpoint {
            /// All endpoints.
            pub const ALL: &'static [Self] = &[ $( Self::$endpoint ),+ ];

            /// The vendor's name, the last part of the path.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $( Self::$endpoint => $name, )+
                }
            }

            /// The HTTP method.
            pub(crate) const fn method(self) -> &'static str {
                match self {
                    $( Self::$endpoint => $method, )+
                }
            }

            /// Whether the answer is a page of a list.
            pub(crate) const fn has_pages(self) -> bool {
                match self {
                    $( Self::$endpoint => endpoints!(@$shape), )+
                }
            }

            /// Answers a request.
            pub(crate) fn answer(self, context: &EndpointContext, request: &Request) -> Response {
                match self {
                    $( Self::$endpoint => $module::answer(context, request), )+
                }
            }
        }
    };
    (@page) => { true };
    (@object) => { false };
}

endpoints! {
    /// The tasks of a company.
    GetTasks: "GET" "getTasks" page, get_tasks;
    /// One task with its statistics.
    GetTaskDetail: "GET" "getTaskDetail" object, get_task_detail;
    /// The ended calls of a task.
    QueryDoneTaskPhones: "POST" "queryDoneTaskPhones" page, query_done_task_phones;
    /// The other calls of a task.
    NotDialedCustomerList: "POST" "notDialedCustomerList" page, not_dialed_customer_list;
    /// One call with its transcript.
    PhoneLogInfo: "GET" "phoneLogInfo" object, phone_log_info;
}

impl Endpoint {
    /// The endpoint of a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|endpoint| endpoint.name() == name)
    }

    /// The endpoint of a request; `None` for a preflight and for other paths.
    pub(crate) fn of(request: &Request) -> Option<Self> {
        let (_, name) = request.path().rsplit_once(PATH)?;
        Self::named(name).filter(|_| request.method != "OPTIONS")
    }
}
