//! Each kind of change of a list alone: a change before a certain request, and the pages that are requested then.

use byrobot_calls::paging::{Mode, SyncOptions};

use super::simulations::{BY_PAGE, Simulation};
use super::vendor::{Behaviour, Vendor};

/// A simulation with a list of thirty calls in pages of ten.
fn thirty() -> Simulation {
    Simulation::new(30, 10, 1, Behaviour::default())
}

/// Schedules a change of the list before the request with this number, from 0.
fn before(simulation: &Simulation, number: usize, change: impl Fn(&Vendor) + 'static) {
    simulation.vendor.script.borrow_mut().push((number, Box::new(change)));
}

/// Synchronises, checks that the table holds the list, and returns the requested pages.
fn pages(simulation: &Simulation, options: SyncOptions) -> Vec<u64> {
    simulation.vendor.requested.borrow_mut().clear();
    let report = simulation.sync(options);
    assert!(report.complete);
    let requested = simulation.vendor.requested.borrow().clone();
    assert_eq!(u64::from(report.requests), requested.len() as u64);
    let (table, vendor) = (simulation.state(), simulation.vendor.state());
    for (id, version) in &vendor {
        assert_eq!(table.get(id), Some(version), "{id}");
    }
    requested
}

#[test]
fn an_unchanged_list_is_read_once_and_its_head_a_second_time() {
    assert_eq!(pages(&thirty(), BY_PAGE), [1, 2, 3, 1]);
    assert_eq!(pages(&Simulation::new(0, 10, 1, Behaviour::default()), BY_PAGE), [1]);
    assert_eq!(pages(&Simulation::new(10, 10, 1, Behaviour::default()), BY_PAGE), [1]);
    assert_eq!(pages(&Simulation::new(11, 10, 1, Behaviour::default()), BY_PAGE), [1, 2, 1]);
}

#[test]
fn calls_that_enter_push_others_down_and_are_read_at_the_head() {
    let simulation = thirty();
    before(&simulation, 1, |vendor| vendor.enter(5));
    assert_eq!(pages(&simulation, BY_PAGE), [1, 2, 3, 4, 1]);
    // More than a page of calls enters.
    let simulation = thirty();
    before(&simulation, 2, |vendor| vendor.enter(12));
    assert_eq!(pages(&simulation, BY_PAGE), [1, 2, 3, 4, 5, 1, 2, 1]);
}

#[test]
fn when_calls_leave_as_many_positions_are_read_again() {
    let simulation = thirty();
    before(&simulation, 2, |vendor| {
        for _ in 0..3 {
            vendor.leave(4);
        }
    });
    // Page 3 shows that three calls have left: the first calls of page 3 may be at the end of page 2 now.
    assert_eq!(pages(&simulation, BY_PAGE), [1, 2, 3, 2, 3, 1]);
}

#[test]
fn when_as_many_calls_enter_as_leave_none_is_missed() {
    // The calls that enter at the head push down the rows that the leaving calls pull up.
    let simulation = thirty();
    before(&simulation, 2, |vendor| {
        for _ in 0..4 {
            vendor.leave(2);
        }
        vendor.enter(4);
    });
    assert_eq!(pages(&simulation, BY_PAGE), [1, 2, 3, 1]);
}

#[test]
fn a_redialled_call_is_found_when_it_returns_to_the_head() {
    let simulation = thirty();
    // The call is not in the list while its page is read, and is back before the end.
    before(&simulation, 1, |vendor| vendor.leave(12));
    before(&simulation, 3, Vendor::return_first);
    let requested = pages(&simulation, BY_PAGE);
    assert_eq!(requested.last(), Some(&1));
    assert!(requested.len() <= 6, "{requested:?}");
}

#[test]
fn a_later_synchronisation_reads_only_new_calls() {
    let simulation = thirty();
    simulation.sync(BY_PAGE);
    assert_eq!(pages(&simulation, BY_PAGE), [1]);
    simulation.vendor.enter(3);
    assert_eq!(pages(&simulation, BY_PAGE), [1]);
    simulation.vendor.enter(25);
    assert_eq!(pages(&simulation, BY_PAGE), [1, 2, 3, 1]);
    // All calls of the head are redialled.
    for _ in 0..10 {
        simulation.vendor.leave(0);
    }
    simulation.vendor.return_all();
    assert_eq!(pages(&simulation, BY_PAGE), [1, 2, 1]);
}

#[test]
fn calls_that_enter_between_two_pages_do_not_end_a_synchronisation() {
    let simulation = thirty();
    simulation.sync(BY_PAGE);
    simulation.vendor.enter(20);
    before(&simulation, 1, |vendor| vendor.enter(20));
    // Page 3 has the calls of the former page 1. They are known, but only from this synchronisation. Page 5 is known
    // from the earlier one. But the list has grown by more calls than were found, so all of it is read.
    assert_eq!(pages(&simulation, BY_PAGE), [1, 2, 3, 4, 5, 6, 7, 1, 2, 1]);
}

#[test]
fn an_interrupted_synchronisation_continues_below_and_reads_new_calls_above() {
    let simulation = Simulation::new(60, 10, 1, Behaviour::default());
    // A request takes two steps: one to the vendor, one back.
    assert!(simulation.sync_for(BY_PAGE, 7).is_none());
    assert_eq!(*simulation.vendor.requested.borrow(), [1, 2, 3]);
    simulation.reload();
    assert_eq!(pages(&simulation, BY_PAGE), [1, 4, 5, 6, 1]);
    assert!(simulation.sync_for(BY_PAGE, 1).is_none());

    let simulation = Simulation::new(60, 10, 1, Behaviour::default());
    assert!(simulation.sync_for(BY_PAGE, 7).is_none());
    simulation.vendor.enter(14);
    let requested = pages(&simulation, BY_PAGE);
    assert!(requested.starts_with(&[1, 2]), "{requested:?}");
    assert!(requested.len() <= 9, "{requested:?}");
}

#[test]
fn a_call_that_changes_in_place_is_found_on_the_pages_that_are_read() {
    let simulation = thirty();
    simulation.sync(BY_PAGE);
    simulation.vendor.edit(3);
    assert_eq!(pages(&simulation, BY_PAGE), [1]);
    simulation.vendor.edit(23);
    simulation.sync(BY_PAGE);
    assert_ne!(simulation.state(), simulation.vendor.state());
    assert_eq!(pages(&simulation, SyncOptions { full: true, ..BY_PAGE }), [1, 2, 3, 1]);
}

#[test]
fn pages_smaller_than_requested_are_read_in_their_own_size() {
    let behaviour = Behaviour { max_size: 7, ..Behaviour::default() };
    let simulation = Simulation::new(30, 10, 1, behaviour);
    assert_eq!(pages(&simulation, BY_PAGE), [1, 2, 3, 4, 5, 1]);
}

#[test]
fn several_requests_at_once_are_checked_by_the_count_of_calls() {
    let concurrent = SyncOptions { concurrency: 4, ..BY_PAGE };
    assert_eq!(pages(&thirty(), concurrent), [1, 2, 3, 1]);
    // A call leaves while several requests are in flight: the counts do not match, and the list is read again.
    let simulation = Simulation::new(60, 10, 1, Behaviour::default());
    before(&simulation, 3, |vendor| vendor.leave(1));
    let report = simulation.sync(concurrent);
    assert!(report.complete && report.restarts <= 1);
    let table = simulation.state();
    assert!(simulation.vendor.state().keys().all(|id| table.contains_key(id)));
}

#[test]
fn a_list_without_a_total_is_read_until_a_pass_finds_no_missed_call() {
    let behaviour = Behaviour { has_total: false, ..Behaviour::default() };
    assert_eq!(pages(&Simulation::new(7, 10, 1, behaviour), BY_PAGE), [1]);
    let simulation = Simulation::new(25, 10, 1, behaviour);
    assert_eq!(pages(&simulation, BY_PAGE), [1, 2, 3, 1, 2, 3, 1]);
    assert_eq!(pages(&simulation, BY_PAGE), [1]);
}

#[test]
fn a_server_that_uses_index_is_read_by_index() {
    let by_index = SyncOptions { mode: Mode::Index, ..BY_PAGE };
    let simulation = Simulation::new(25, 10, 1, Behaviour { index: true, ..Behaviour::default() });
    assert_eq!(pages(&simulation, by_index), [1, 1, 1]);
    simulation.vendor.enter(4);
    assert_eq!(pages(&simulation, by_index), [1]);
    assert_eq!(pages(&Simulation::new(25, 10, 1, Behaviour::default()), by_index), [1, 1, 2, 3, 1]);
}
