//! Decides whether and when to try again. Not here: the attempts themselves (`mod.rs`).

use crate::error::{Error, ErrorKind};

/// The retry policy: number of attempts, and their delays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The maximum number of attempts, at least 1.
    pub attempts: u32,
    /// The maximum delay before the second attempt. It doubles with each further attempt.
    pub min_delay_ms: u32,
    /// The limit of this doubling.
    pub max_delay_ms: u32,
    /// The maximum of `Retry-After`. A longer value is cut to it.
    pub max_retry_after_ms: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self { attempts: 3, min_delay_ms: 500, max_delay_ms: 10_000, max_retry_after_ms: 60_000 }
    }
}

impl Policy {
    /// The delay that the server asked for, cut to the policy's maximum, in milliseconds.
    #[must_use]
    pub fn requested_delay_ms(&self, error: &Error) -> Option<u32> {
        let requested = u32::try_from(error.retry_after_ms?.max(0)).unwrap_or(u32::MAX);
        Some(requested.min(self.max_retry_after_ms))
    }
}

/// The delay before the next attempt, in milliseconds, or `None` for no further attempt.
///
/// `attempt` is the number of the failed attempt, from 1. `random` is uniform in [0, 1). The delay is the one that
/// the server asked for, or else a random part of a bound that doubles. (Full jitter: pages that failed together do
/// not come back together.) After `clock_skew` there is one attempt without delay, because new headers may be right.
#[must_use]
pub(super) fn retry_delay_ms(
    policy: &Policy,
    attempt: u32,
    error: &Error,
    clock_was_off: bool,
    random: f64,
) -> Option<u32> {
    if attempt >= policy.attempts {
        return None;
    }
    match error.kind {
        ErrorKind::ClockSkew => return (!clock_was_off).then_some(0),
        ErrorKind::Network | ErrorKind::Timeout | ErrorKind::RateLimited | ErrorKind::Server => {}
        _ => return None,
    }
    if let Some(requested) = policy.requested_delay_ms(error) {
        return Some(requested);
    }
    let doubled = 1_u32.checked_shl(attempt - 1).unwrap_or(u32::MAX);
    let bound = policy.min_delay_ms.saturating_mul(doubled).min(policy.max_delay_ms);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 ≤ random < 1")]
    Some((f64::from(bound) * random) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(kind: ErrorKind, attempt: u32, random: f64) -> Option<u32> {
        retry_delay_ms(&Policy::default(), attempt, &Error::new(kind, ""), false, random)
    }

    #[test]
    fn only_errors_that_may_pass_are_retried() {
        for kind in ErrorKind::ALL {
            let retried = matches!(
                kind,
                ErrorKind::Network
                    | ErrorKind::Timeout
                    | ErrorKind::RateLimited
                    | ErrorKind::Server
                    | ErrorKind::ClockSkew
            );
            assert_eq!(after(kind, 1, 0.5).is_some(), retried, "{kind:?}");
            assert!(!retried || kind.is_retryable(), "{kind:?}");
            assert_eq!(after(kind, 3, 0.5), None, "{kind:?}");
        }
    }

    #[test]
    fn delays_are_random_below_a_bound_that_doubles() {
        assert_eq!(after(ErrorKind::Network, 1, 0.0), Some(0));
        assert_eq!(after(ErrorKind::Network, 1, 0.999_999), Some(499));
        assert_eq!(after(ErrorKind::Network, 2, 0.999_999), Some(999));
        let patient = Policy { attempts: 100, ..Policy::default() };
        let error = Error::new(ErrorKind::Server, "");
        assert_eq!(retry_delay_ms(&patient, 60, &error, false, 0.5), Some(5000));
    }

    #[test]
    fn the_delay_is_the_one_that_the_server_asks_for_up_to_a_limit() {
        let limited = |ms| {
            Error::new(ErrorKind::RateLimited, "").with(|error| error.retry_after_ms = Some(ms))
        };
        let delay = |ms| retry_delay_ms(&Policy::default(), 1, &limited(ms), false, 0.5);
        assert_eq!(delay(1000), Some(1000));
        assert_eq!(delay(0), Some(0));
        assert_eq!(delay(-5), Some(0));
        assert_eq!(delay(86_400_000), Some(60_000));
        assert_eq!(delay(i64::MAX), Some(60_000));
    }

    #[test]
    fn after_a_clock_skew_there_is_one_more_attempt_without_delay() {
        let error = Error::new(ErrorKind::ClockSkew, "");
        let many = Policy { attempts: 9, ..Policy::default() };
        assert_eq!(retry_delay_ms(&many, 1, &error, false, 0.9), Some(0));
        assert_eq!(retry_delay_ms(&many, 2, &error, true, 0.9), None);
    }
}
