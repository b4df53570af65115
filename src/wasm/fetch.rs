//! Requests through `fetch`. gloo-net builds them; sending and reading are our own, because every
//! step may be a function of the caller's that throws, rejects with anything, or returns no response.

use gloo_net::http::{Headers, Method as HttpMethod, RequestBuilder};
use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal, RequestCredentials};

use super::error::caused_by;
use super::outside::{bytes, method, property, settled};
use crate::api::Method;
use crate::client::{Answer, Outgoing, Transport};
use crate::error::{Error, Kind, Result};

/// `fetch`, the page's or the caller's.
#[derive(Debug, Default)]
pub(super) struct FetchTransport {
    /// The caller's function; without one the page's is looked up for each request.
    pub(super) fetch: Option<Function>,
    pub(super) credentials: Option<RequestCredentials>,
}

impl Transport for FetchTransport {
    async fn send(&self, outgoing: Outgoing<'_>) -> Result<Answer> {
        let abort = AbortGuard::new()?;
        let request = self.build(outgoing, &abort.controller.signal())?;
        let response = self.fetch(request).await?;
        let answer = read(&response).await?;
        abort.disarm();
        Ok(answer)
    }
}

impl FetchTransport {
    fn build(&self, outgoing: Outgoing<'_>, signal: &AbortSignal) -> Result<web_sys::Request> {
        let request = outgoing.request;
        let url = if request.query.is_empty() {
            outgoing.url.to_owned()
        } else {
            format!("{}?{}", outgoing.url, request.query)
        };
        // Tried first without gloo-net, which cannot bear what fails here.
        let url = web_sys::Request::new_with_str(&url).map_err(|_| {
            Error::invalid_argument(
                "baseUrl",
                "no URL of a request; outside a page it has to begin with https:// or http://",
            )
        })?;
        let method = match request.method {
            Method::Get => HttpMethod::GET,
            Method::Post => HttpMethod::POST,
        };
        let mut builder = RequestBuilder::new(&url.url())
            .method(method)
            .headers(headers(outgoing)?)
            .abort_signal(Some(signal));
        if let Some(credentials) = self.credentials {
            builder = builder.credentials(credentials);
        }
        let built = match &request.body {
            Some(body) => builder.body(JsValue::from_str(body)),
            None => builder.build(),
        };
        built.map(Into::into).map_err(|error| {
            Error::new(Kind::Network, format!("cannot build the request: {error}"))
        })
    }

    async fn fetch(&self, request: web_sys::Request) -> Result<JsValue> {
        let fetch = self.fetch.clone().or_else(|| method(&js_sys::global(), "fetch"));
        let fetch = fetch.ok_or_else(|| {
            Error::new(Kind::Network, "there is no fetch here: give one in the options")
        })?;
        let failed = |cause| caused_by(Kind::Network, UNREACHABLE, cause);
        let response = fetch.call1(&JsValue::UNDEFINED, &request).map_err(failed)?;
        settled(response).await.map_err(failed)
    }
}

const UNREACHABLE: &str = "no answer: the server is unreachable, the connection broke, or the browser \
    blocked it (CORS, or http from an https page)";

/// The caller's headers, and the type of a body.
fn headers(outgoing: Outgoing<'_>) -> Result<Headers> {
    let refuse = |name: &str| {
        let message = format!("the header “{name}” or its value is impossible in HTTP");
        Error::new(Kind::Headers, message).with(|error| error.path = Some(name.to_owned()))
    };
    let headers = web_sys::Headers::new().map_err(|_| refuse(""))?;
    if outgoing.request.body.is_some() {
        headers.set("content-type", "application/json").map_err(|_| refuse("content-type"))?;
    }
    for (name, value) in outgoing.headers {
        // The browser's own message shows the value, which may be a secret: it is not passed on.
        headers.set(name, value).map_err(|_| refuse(name))?;
    }
    Ok(Headers::from_raw(headers))
}

/// Reads a response, or whatever the caller's function gave for one.
async fn read(response: &JsValue) -> Result<Answer> {
    let unreadable = || Error::new(Kind::Network, "fetch gave no readable Response");
    let status = property(response, "status").as_f64().filter(|s| (200.0..600.0).contains(s));
    let (Some(status), Some(body)) = (status, method(response, "arrayBuffer")) else {
        return Err(unreadable());
    };
    let headers = property(response, "headers");
    let header = |name: &str| {
        let get = method(&headers, "get")?;
        get.call1(&headers, &JsValue::from_str(name)).ok()?.as_string()
    };
    let broken = |cause| caused_by(Kind::Network, "the connection broke in the answer", cause);
    let buffer = settled(body.call0(response).map_err(broken)?).await.map_err(broken)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "200 to 599")]
    Ok(Answer {
        status: status as u16,
        content_type: header("content-type"),
        retry_after: header("retry-after"),
        date: header("date"),
        body: bytes(&buffer).ok_or_else(unreadable)?,
    })
}

/// Aborts the request when dropped before the answer was read.
struct AbortGuard {
    controller: AbortController,
    armed: bool,
}

impl AbortGuard {
    fn new() -> Result<Self> {
        let controller = AbortController::new()
            .map_err(|_| Error::new(Kind::Network, "there is no AbortController here"))?;
        Ok(Self { controller, armed: true })
    }

    fn disarm(mut self) {
        self.armed = false;
    }
}

impl Drop for AbortGuard {
    fn drop(&mut self) {
        if self.armed {
            self.controller.abort();
        }
    }
}
