//! Decides whether an error of a `fetch` function means a failure of the network. No standard defines these
//! errors, and each runtime has its own messages. Not here: reading the error's properties (`wasm/client/fetch.rs`).

/// Properties of a JavaScript error.
#[derive(Debug, Clone, Default)]
pub struct Failure {
    /// `error.name`.
    pub name: String,
    /// `error.message`.
    pub message: String,
    /// `error.code`, if it is a string.
    pub code: Option<String>,
}

/// The beginnings of the messages.
const MESSAGES: [&str; 20] = [
    // Chromium
    "Failed to fetch",
    "network error",
    // Firefox
    "NetworkError when attempting to fetch",
    "Error in input stream",
    "Error in body stream",
    // WebKit
    "Load failed",
    "A network error occurred",
    "A server with the specified hostname",
    "Could not connect to the server",
    "The Internet connection appears to be offline",
    "The network connection was lost",
    "The request timed out",
    // Node, and Deno
    "fetch failed",
    "terminated",
    "error reading a body from connection",
    "error sending request",
    // Bun
    "The socket connection was closed",
    // workerd; the second message is that of an unknown host name
    "Network connection lost",
    "internal error; reference",
    // React Native, and polyfills based on XMLHttpRequest
    "Network request failed",
];

/// Codes of the operating system, of Node's HTTP and undici, of Bun, of axios.
const CODES: [&str; 29] = [
    "EADDRNOTAVAIL",
    "EAI_AGAIN",
    "EAI_FAIL",
    "ECONNABORTED",
    "ECONNREFUSED",
    "ECONNRESET",
    "EHOSTDOWN",
    "EHOSTUNREACH",
    "ENETDOWN",
    "ENETRESET",
    "ENETUNREACH",
    "ENOTCONN",
    "ENOTFOUND",
    "EPIPE",
    "EPROTO",
    "ERR_NETWORK",
    "ERR_STREAM_PREMATURE_CLOSE",
    "ESOCKETTIMEDOUT",
    "ETIMEDOUT",
    "ConnectionClosed",
    "ConnectionRefused",
    "FailedToOpenSocket",
    "HPE_CLOSED_CONNECTION",
    "HPE_INVALID_CONSTANT",
    "Malformed_HTTP_Response",
    "UND_ERR_BODY_TIMEOUT",
    "UND_ERR_CONNECT_TIMEOUT",
    "UND_ERR_HEADERS_TIMEOUT",
    "UND_ERR_SOCKET",
];

/// Whether an error, followed by its causes, is a failure of the network. If there is a code, it alone decides,
/// because undici's message for a wrong option is also "fetch failed".
#[must_use]
pub fn is_network_failure(chain: &[Failure]) -> bool {
    match chain.iter().find_map(|failure| failure.code.as_deref()) {
        Some(code) => CODES.contains(&code),
        None => chain.iter().any(|Failure { name, message, .. }| {
            name == "NetworkError"
                || MESSAGES.iter().any(|beginning| message.starts_with(beginning))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(message: &str, code: Option<&str>) -> Failure {
        Failure {
            name: "TypeError".to_owned(),
            message: message.to_owned(),
            code: code.map(str::to_owned),
        }
    }

    #[test]
    fn the_error_of_each_runtime_for_a_lost_connection_is_a_network_failure() {
        for (runtime, message, cause) in [
            ("Chromium", "Failed to fetch", None),
            ("Chromium, in the body", "network error", None),
            ("Firefox", "NetworkError when attempting to fetch resource.", None),
            ("Firefox, in the body", "Error in input stream", None),
            ("WebKit", "Load failed", None),
            ("WebKit before 15", "The network connection was lost.", None),
            ("Node", "fetch failed", Some(("connect ECONNREFUSED 127.0.0.1:9", "ECONNREFUSED"))),
            ("Node", "fetch failed", Some(("other side closed", "UND_ERR_SOCKET"))),
            ("Node, in the body", "terminated", Some(("other side closed", "UND_ERR_SOCKET"))),
            ("Deno", "error sending request for url (http://h/): client error (Connect)", None),
            ("Deno, in the body", "error reading a body from connection", None),
            ("workerd", "Network connection lost.", None),
        ] {
            let causes = cause.map(|(message, code)| failure(message, Some(code)));
            let chain: Vec<_> = std::iter::once(failure(message, None)).chain(causes).collect();
            assert!(is_network_failure(&chain), "{runtime}: {message}");
        }
        for (runtime, message, code) in [
            ("Bun", "ECONNREFUSED: Unable to connect. Is the computer able to …", "ECONNREFUSED"),
            ("Bun before 1.2", "Unable to connect. Is the computer able to …", "ConnectionRefused"),
            ("node-fetch", "request to http://h/ failed, reason: socket hang up", "ECONNRESET"),
            ("node-fetch, in the body", "Premature close", "ERR_STREAM_PREMATURE_CLOSE"),
        ] {
            assert!(is_network_failure(&[failure(message, Some(code))]), "{runtime}: {message}");
        }
        let exception = Failure { name: "NetworkError".to_owned(), ..Failure::default() };
        assert!(is_network_failure(&[exception]));
    }

    #[test]
    fn a_mistake_in_a_fetch_function_is_not_a_network_failure() {
        for (message, code) in [
            ("", None),
            ("Cannot read properties of undefined (reading 'token')", None),
            ("The operation was aborted due to timeout", None),
            ("fetch failed to be defined here", Some("ERR_INVALID_ARG_TYPE")),
            ("ENOENT: no such file or directory, open 'token.txt'", Some("ENOENT")),
        ] {
            assert!(!is_network_failure(&[failure(message, code)]), "{message}");
        }
        for code in ["UND_ERR_INVALID_ARG", "UND_MOCK_ERR_MOCK_NOT_MATCHED", "UND_ERR_DESTROYED"] {
            let chain = [failure("fetch failed", None), failure("", Some(code))];
            assert!(!is_network_failure(&chain), "{code}");
        }
        assert!(!is_network_failure(&[]));
    }
}
