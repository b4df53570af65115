//! The vendor's endpoints: their parameters and the models of their answers.
//! Not here: checking a query and building a request (`request/`).

use super::{CALL_DETAIL, CodeTable, DONE_CALL, Model, TASK, TASK_DETAIL, UNDIALED_CUSTOMER};

/// Path below the base URL under which all endpoints lie.
pub const PATH: &str = "/openapi/v1/task/";

/// The id of a task in answers.
#[cfg(not(target_arch = "wasm32"))]
pub const TASK_ID: &str = "callJobId";
/// The id of a company in answers.
#[cfg(not(target_arch = "wasm32"))]
pub const COMPANY_ID: &str = "companyId";

/// An endpoint.
#[derive(Debug)]
pub struct Endpoint {
    /// The vendor's name, the last part of the path.
    pub name: &'static str,
    /// The HTTP method, by the vendor's document.
    pub method: Method,
    /// The parameters, in the order in which they are sent.
    pub parameters: &'static [Parameter],
    /// The `data` of the answer.
    pub answer: AnswerShape,
    /// The TypeScript documentation.
    #[cfg(not(target_arch = "wasm32"))]
    pub docs: EndpointDocs,
}

/// HTTP methods that the vendor uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Parameters in the query string.
    Get,
    /// Parameters in a JSON body.
    Post,
}

impl Method {
    /// `GET` or `POST`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// The `data` of an answer.
#[derive(Debug, Clone, Copy)]
pub enum AnswerShape {
    /// One object.
    One(&'static Model),
    /// A page of rows.
    Page(&'static Model),
}

/// A parameter of an endpoint.
#[derive(Debug)]
pub struct Parameter {
    /// The vendor's name.
    pub name: &'static str,
    /// The values that it allows.
    pub kind: ParameterKind,
    /// Whether a query without it is refused.
    pub required: bool,
    /// The TypeScript documentation.
    #[cfg(not(target_arch = "wasm32"))]
    pub about: &'static str,
}

/// The values that a parameter allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    /// An id, an integer from 0 on.
    Id(Entity),
    /// A code, also an unknown one.
    Code(CodeTable),
    /// The lower bound of a range, from 0 on, with the name of the parameter for the upper bound.
    Least(&'static str),
    /// The upper bound of a range, from 0 on.
    Greatest,
    /// A `callIndex`, or −1.
    Index,
    /// The number of a page, from 1 on.
    Page,
    /// Rows of a page, from 1 to this number.
    PageSize(i64),
    /// A text. An empty text counts as absent.
    Text,
    /// A day, "2024-02-29".
    Day,
    /// A boolean.
    Flag,
    /// `[{ name, value }]`.
    NamedValues,
}

/// The thing that an id names. The proxy keeps tenants apart by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entity {
    /// A company.
    Company,
    /// A task, of one company.
    Task,
    /// A call, of one task.
    Call,
}

/// The TypeScript documentation of an endpoint.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug)]
pub struct EndpointDocs {
    /// What the endpoint returns.
    pub about: &'static str,
    /// Name of the type of the query.
    pub query: &'static str,
    /// Documentation of the client's method.
    pub method: &'static str,
    /// Name of the query for query libraries, and of the pagination of a list.
    pub named: &'static str,
    /// Documentation of that query, without the vendor's name.
    pub once: &'static str,
    /// The documentation of a list; `None` for an endpoint of one object.
    pub list: Option<ListDocs>,
}

/// The TypeScript documentation of a list.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug)]
pub struct ListDocs {
    /// Documentation of the query page by page for query libraries.
    pub pages: &'static str,
    /// Documentation of the client's pagination, without what it throws.
    pub pagination: &'static str,
}

/// Defines the endpoints: documentation, HTTP method, name, answer, parameters; then the fields of [`EndpointDocs`],
/// and for a page those of [`ListDocs`].
macro_rules! endpoints {
    ($(
        $( #[doc = $about:literal] )+
        $endpoint:ident: $method:ident $name:literal -> $answer:ident($model:ident) {
            $( $( $required:ident )? $parameter:literal: $kind:ident $(($of:expr))?, $doc:literal; )+
        }
        $query:literal, $named:literal, $once:literal;
        method $documentation:literal;
        $( pages $pages:literal; pagination $pagination:literal; )?
    )+) => {
        $(
            $( #[doc = $about] )+
            pub static $endpoint: Endpoint = Endpoint {
                name: $name,
                method: Method::$method,
                parameters: &[ $( Parameter {
                    name: $parameter,
                    kind: ParameterKind::$kind $(($of))?,
                    required: endpoints!(@required $($required)?),
                    #[cfg(not(target_arch = "wasm32"))]
                    about: $doc,
                } ),+ ],
                answer: AnswerShape::$answer(&$model),
                #[cfg(not(target_arch = "wasm32"))]
                docs: EndpointDocs {
                    about: concat!($( $about ),+),
                    query: $query,
                    method: $documentation,
                    named: $named,
                    once: $once,
                    list: endpoints!(@list $answer $($pages $pagination)?),
                },
            };
        )+

        /// All endpoints.
        pub static ENDPOINTS: &[&Endpoint] = &[ $( &$endpoint ),+ ];
    };
    (@required) => { false };
    (@required required) => { true };
    (@list Page $pages:literal $pagination:literal) => {
        Some(ListDocs { pages: $pages, pagination: $pagination })
    };
    (@list One) => { None };
}

endpoints! {
    /// `getTasks`: the tasks of a company, a page at a time.
    GET_TASKS: Get "getTasks" -> Page(TASK) {
        required "companyId": Id(Entity::Company), "Company id. Required.";
        "taskName": Text, "Part of the task's name. An empty string counts as not given.";
        "createDate": Day, "Day the task was made, \"2024-02-29\".";
        "status": Code(CodeTable::JobStatus), "State of the task, see `JobStatus`.";
        "needAll": Flag, "Also tasks that are marked deleted. The server's default is false.";
        "pageNum": Page, "Page, from 1. The server's default is 1.";
        "pageSize": PageSize(100), "Rows of a page, 1–100. The server's default is 10.";
    }
    "GetTasksQuery", "tasks", "A page of a company's tasks.";
    method "The tasks of a company, a page at a time. Counts are `null` here: `getTaskDetail` has them.

Vendor: `GET getTasks`. Page size 1–100, default 10.

```ts
const page = await client.getTasks({ companyId: 1, taskName: \"回访\", pageSize: 20 });
page.list.map((task) => task.jobName);
```";
    pages "A company's tasks, page by page.";
    pagination "All tasks of a company.

Vendor: `GET getTasks`, 50 at a time; `pageSize` up to 100.

```ts
const running = await client.tasks({ companyId: 1, status: JobStatus.Running }).toArray();
```";

    /// `getTaskDetail`: one task with its counts and statistics.
    GET_TASK_DETAIL: Get "getTaskDetail" -> One(TASK_DETAIL) {
        required "companyId": Id(Entity::Company), "Company id. Required.";
        required "taskId": Id(Entity::Task), "Task id, `callJobId` of a task. Required, though the vendor's table says otherwise.";
    }
    "GetTaskDetailQuery", "taskDetail", "One task with its counts.";
    method "One task with its counts, statistics and caller lines.

Vendor: `GET getTaskDetail`.

```ts
const task = await client.getTaskDetail({ companyId: 1, taskId: 21752 });
task.doneCount; // 390
```";

    /// `queryDoneTaskPhones`: the finished calls of a task, a page at a time, newest first.
    QUERY_DONE_TASK_PHONES: Post "queryDoneTaskPhones" -> Page(DONE_CALL) {
        required "callJobId": Id(Entity::Task), "Task id. Required.";
        "durationLeft": Least("durationRight"), "Least talk time in seconds.";
        "durationRight": Greatest, "Greatest talk time in seconds.";
        "chatRoundLeft": Least("chatRoundRight"), "Least chat rounds.";
        "chatRoundRight": Greatest, "Greatest chat rounds.";
        "finishStatus": Code(CodeTable::FinishStatus), "How the call ended, see `FinishStatus`.";
        "index": Index, "Greatest `callIndex` already fetched; −1 for the beginning. Later servers ignore it.";
        "pageNum": Page, "Page, from 1. The server's default is 1.";
        "pageSize": PageSize(50), "Rows of a page, 1–50. The server's default is 10.";
        "resultQueryList": NamedValues, "Results that a call must have; the value is the vendor's older wording, \"A级(较强)\".";
    }
    "DoneCallsQuery", "doneCalls", "A page of finished calls.";
    method "The finished calls of a task, newest first, a page at a time. While the task runs rows move from
page to page.

Vendor: `POST queryDoneTaskPhones`. Page size 1–50, default 10.

```ts
const page = await client.queryDoneTaskPhones({ callJobId: 21752, finishStatus: FinishStatus.Answered });
page.list[0]?.duration; // 19, seconds
```";
    pages "Finished calls, page by page.";
    pagination "All finished calls of a task, newest first. To analyse or keep all of them see {@link ByrobotClient.syncDoneCalls}.

Vendor: `POST queryDoneTaskPhones`, 50 at a time.

```ts
const query = { callJobId: 21752, finishStatus: FinishStatus.Answered };
for await (const call of client.doneCalls(query)) console.log(call.duration);
```";

    /// `notDialedCustomerList`: the calls of a task that wait, a page at a time.
    NOT_DIALED_CUSTOMER_LIST: Post "notDialedCustomerList" -> Page(UNDIALED_CUSTOMER) {
        "pageNum": Page, "Page, from 1. The server's default is 1.";
        "pageSize": PageSize(50), "Rows of a page, 1–50. The server's default is 10.";
        required "taskId": Id(Entity::Task), "Task id, `callJobId` of a task. Required.";
    }
    "UndialedQuery", "undialedCustomers", "A page of calls that wait.";
    method "The calls of a task that wait, a page at a time; also those in progress and those to be redialled.
The server may leave out `total` and `pages`.

Vendor: `POST notDialedCustomerList`. Page size 1–50, default 10.

```ts
const page = await client.notDialedCustomerList({ taskId: 21788, pageSize: 50 });
page.list.length < page.pageSize; // probably the last one
```";
    pages "Calls that wait, page by page.";
    pagination "All calls of a task that wait. The server does not send their number, and calls leave the list while it is read.
So a list of more than one page is read again until no new call is found.

Vendor: `POST notDialedCustomerList`, 50 at a time.

```ts
const waiting = await client.undialedCustomers({ taskId: 21788 }).toArray({ limit: 1000 });
```";

    /// `phoneLogInfo`: one call with its transcript.
    PHONE_LOG_INFO: Get "phoneLogInfo" -> One(CALL_DETAIL) {
        required "callInstanceId": Id(Entity::Call), "Id of the call. Required.";
    }
    "PhoneLogQuery", "callDetail", "One call: transcript, recording, results.";
    method "One call: transcript, recording and results.

Vendor: `GET phoneLogInfo`.

```ts
const { phoneLog } = await client.phoneLogInfo({ callInstanceId: 5402053814 });
phoneLog.phoneLogs.map((line) => `${line.speaker}: ${line.content}`);
```";
}
