//! The transport of JavaScript: requests through `fetch`. A browser's `fetch` gets a `Request`, built by gloo-net.
//! A caller's function gets a URL and options, because not every function accepts a `Request`, and a function that
//! sends twice cannot use a `Request` twice. The `fetch` of Node gets them too, because it copies a `Request`. Sending and reading are written here, because at every step a function of
//! the caller may throw, reject with any value, or return no response.

use std::cell::OnceCell;

use gloo_net::http::{Headers, Method as HttpMethod, RequestBuilder};
use js_sys::{Function, Object};
use wasm_bindgen::prelude::*;
use web_sys::{
    AbortController, AbortSignal, Request, RequestCache, RequestCredentials, RequestInit,
};

use super::outside::{bytes, method, settled};
use super::rejection::caused_by;
use super::timer::JsClock;
use crate::client::{Client, Failure, HttpRequest, HttpResponse, Transport, is_network_failure};
use crate::error::{Error, ErrorKind, Result};
use crate::json::PARSED;
use crate::memory::reserve;
use crate::schema::Method;
use crate::wasm::plain::property;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = URL)]
    type JsUrl;
    #[wasm_bindgen(catch, constructor, js_class = "URL")]
    fn new(url: &str, base: &JsValue) -> std::result::Result<JsUrl, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn href(this: &JsUrl) -> String;
}

/// A client that sends through `fetch`.
pub(super) type JsClient = Client<FetchTransport, JsClock>;

/// The `fetch` of the platform or of the caller.
#[derive(Debug, Default)]
pub(super) struct FetchTransport {
    /// The caller's function. Without it, the platform's `fetch` is looked up for each request.
    fetch: Option<Function>,
    credentials: Option<RequestCredentials>,
    /// The cache mode of requests, after the first request.
    cache: OnceCell<Option<RequestCache>>,
}

impl Transport for FetchTransport {
    async fn send(&self, outgoing: HttpRequest<'_>) -> Result<HttpResponse> {
        let abort = AbortGuard::new()?;
        let signal = abort.controller.signal();
        let (url, headers) = (absolute(outgoing)?, headers(outgoing)?);
        let global = js_sys::global();
        let (fetch, failed) = match &self.fetch {
            Some(fetch) => (fetch.clone(), fetch_error as fn(JsValue) -> Box<Error>),
            None => (platform_fetch(&global)?, network_error as _),
        };
        let response = if self.fetch.is_none() && is_browser(&global) {
            let request = self.request(outgoing, &url, headers, &signal)?;
            fetch.call1(&JsValue::UNDEFINED, &request)
        } else {
            let init = self.init(outgoing, &headers, &signal)?;
            fetch.call2(&JsValue::UNDEFINED, &JsValue::from_str(&url), &init)
        };
        let response = settled(response.map_err(failed)?).await.map_err(failed)?;
        let answer = read(&response).await?;
        abort.disarm();
        Ok(answer)
    }
}

impl FetchTransport {
    pub(super) const fn new(
        fetch: Option<Function>,
        credentials: Option<RequestCredentials>,
    ) -> Self {
        Self { fetch, credentials, cache: OnceCell::new() }
    }

    /// The options of a request: plain data, except the signal.
    fn init(
        &self,
        outgoing: HttpRequest<'_>,
        headers: &web_sys::Headers,
        signal: &AbortSignal,
    ) -> Result<RequestInit> {
        let init = RequestInit::new();
        init.set_method(outgoing.request.method.name());
        let headers = Object::from_entries(headers).map_err(|cause| {
            caused_by(ErrorKind::Fetch, "the Headers of this environment cannot be read", cause)
        })?;
        init.set_headers(&headers);
        if let Some(body) = &outgoing.request.body {
            init.set_body(&JsValue::from_str(body));
        }
        if let Some(credentials) = self.credentials {
            init.set_credentials(credentials);
        }
        if let Some(cache) = *self.cache.get_or_init(|| cache_mode(signal).unwrap_or_default()) {
            init.set_cache(cache);
        }
        init.set_signal(Some(signal));
        Ok(init)
    }

    /// The request for a browser's `fetch`.
    fn request(
        &self,
        outgoing: HttpRequest<'_>,
        url: &str,
        headers: web_sys::Headers,
        signal: &AbortSignal,
    ) -> Result<Request> {
        let message = "this environment cannot build a Request";
        // `cache_mode` builds a trial request without gloo-net, which panics if this fails.
        let cache =
            cache_mode(signal).map_err(|cause| caused_by(ErrorKind::Fetch, message, cause))?;
        let method = match outgoing.request.method {
            Method::Get => HttpMethod::GET,
            Method::Post => HttpMethod::POST,
        };
        let mut builder = RequestBuilder::new(url)
            .method(method)
            .headers(Headers::from_raw(headers))
            .abort_signal(Some(signal));
        if let Some(cache) = cache {
            builder = builder.cache(cache);
        }
        if let Some(credentials) = self.credentials {
            builder = builder.credentials(credentials);
        }
        let built = match &outgoing.request.body {
            Some(body) => builder.body(JsValue::from_str(body)),
            None => builder.build(),
        };
        built
            .map(Into::into)
            .map_err(|error| Error::new(ErrorKind::Fetch, format!("{message}: {error}")))
    }
}

/// The `fetch` of the platform.
fn platform_fetch(global: &JsValue) -> Result<Function> {
    method(global, "fetch").ok_or_else(|| {
        Error::new(ErrorKind::Fetch, "there is no fetch here: give one in the options")
    })
}

/// Whether this is a page or a worker.
fn is_browser(global: &JsValue) -> bool {
    ["document", "WorkerGlobalScope"].iter().any(|name| !property(global, name).is_undefined())
}

/// The URL with its query, resolved like the relative URLs of the page.
fn absolute(outgoing: HttpRequest<'_>) -> Result<String> {
    let HttpRequest { request, url, .. } = outgoing;
    let url =
        if request.query.is_empty() { url.to_owned() } else { format!("{url}?{}", request.query) };
    let global = |object: &str, name| property(&property(&js_sys::global(), object), name);
    let base = match global("document", "baseURI") {
        base if base.is_string() => base,
        _ => global("location", "href"),
    };
    let resolved = JsUrl::new(&url, &base).map_err(|_| {
        Error::invalid_argument(
            "baseUrl",
            "no URL of a request; outside a page it has to begin with https:// or http://",
        )
    })?;
    Ok(resolved.href())
}

/// The cache mode `no-store`: repeated requests need current answers, and telephone numbers must not be in a
/// browser's cache. `None` in a runtime that does not support it.
///
/// # Errors
/// The exception of the environment for a `Request` with this signal.
fn cache_mode(signal: &AbortSignal) -> std::result::Result<Option<RequestCache>, JsValue> {
    let trial = |mode: Option<RequestCache>| {
        let init = RequestInit::new();
        init.set_signal(Some(signal));
        if let Some(mode) = mode {
            init.set_cache(mode);
        }
        Request::new_with_str_and_init("https://localhost/", &init).map(|_| mode)
    };
    trial(Some(RequestCache::NoStore)).or_else(|_| trial(None))
}

/// The error of a failure of the network.
fn network_error(cause: JsValue) -> Box<Error> {
    let message = "no answer: the server is unreachable, the connection broke, or the browser \
        blocked it (CORS, or http from an https page)";
    caused_by(ErrorKind::Network, message, cause)
}

/// The error of a failure of the caller's function: of the network, or of the function itself.
fn fetch_error(cause: JsValue) -> Box<Error> {
    let text = |error: &JsValue, name| property(error, name).as_string();
    let mut chain = Vec::new();
    let mut error = cause.clone();
    while error.is_object() && chain.len() < 4 {
        chain.push(Failure {
            name: text(&error, "name").unwrap_or_default(),
            message: text(&error, "message").unwrap_or_default(),
            code: text(&error, "code"),
        });
        error = property(&error, "cause");
    }
    if is_network_failure(&chain) {
        return network_error(cause);
    }
    caused_by(ErrorKind::Fetch, "the fetch function of the options failed, see cause", cause)
}

/// The caller's headers, and the content type of a body.
fn headers(outgoing: HttpRequest<'_>) -> Result<web_sys::Headers> {
    let refuse = |name: &str| {
        let message = format!("the header “{name}” or its value is impossible in HTTP");
        Error::new(ErrorKind::Headers, message).with(|error| error.path = Some(name.to_owned()))
    };
    let headers = web_sys::Headers::new().map_err(|_| refuse(""))?;
    if outgoing.request.body.is_some() {
        headers.set("content-type", "application/json").map_err(|_| refuse("content-type"))?;
    }
    for (name, value) in outgoing.headers {
        // The browser's message contains the value, which may be a secret, so it is not passed on.
        headers.set(name, value).map_err(|_| refuse(name))?;
    }
    Ok(headers)
}

/// Reads a response, or any value that the caller's function returned instead.
async fn read(response: &JsValue) -> Result<HttpResponse> {
    let unreadable = || Error::new(ErrorKind::Fetch, "fetch gave no readable Response");
    if property(response, "type").as_string().as_deref() == Some("error") {
        // `Response.error()`: a service worker returns it when there is no network.
        return Err(network_error(JsValue::NULL));
    }
    let status = property(response, "status").as_f64().filter(|s| (200.0..600.0).contains(s));
    let (Some(status), Some(body)) = (status, method(response, "arrayBuffer")) else {
        return Err(unreadable());
    };
    if property(response, "bodyUsed").is_truthy() {
        let message =
            "the body of this Response has been read; a fetch function gives one that has not";
        return Err(Error::new(ErrorKind::Fetch, message));
    }
    let headers = property(response, "headers");
    let header = |name: &str| {
        let get = method(&headers, "get")?;
        get.call1(&headers, &JsValue::from_str(name)).ok()?.as_string()
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "200 to 599")]
    let status = status as u16;
    let body_error = |cause| {
        caused_by(ErrorKind::Network, "the connection broke in the answer", cause)
            .with(|error| error.status = Some(status))
    };
    let buffer = settled(body.call0(response).map_err(body_error)?).await.map_err(body_error)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates"
    )]
    let length = property(&buffer, "byteLength").as_f64().unwrap_or_default() as usize;
    // Memory for the bytes, and for their JSON values.
    reserve((1 + PARSED).saturating_mul(length))?;
    Ok(HttpResponse {
        status,
        content_type: header("content-type"),
        retry_after: header("retry-after"),
        date: header("date"),
        body: bytes(&buffer).ok_or_else(unreadable)?,
    })
}

/// Aborts the request if it is dropped before the answer has been read.
struct AbortGuard {
    controller: AbortController,
    armed: bool,
}

impl AbortGuard {
    fn new() -> Result<Self> {
        let controller = AbortController::new()
            .map_err(|_| Error::new(ErrorKind::Fetch, "there is no AbortController here"))?;
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
