//! Every kind of drift by itself: what moves before which request, and the pages that are asked for then.

use byrobot_calls::paging::{Mode, SyncOptions};

use super::vendor::{Manners, Vendor};
use super::worlds::{WALK, World};

/// A list of thirty calls in pages of ten.
fn thirty() -> World {
    World::new(30, 10, 1, Manners::default())
}

/// Before the request of that number, from 0, this is done to the list.
fn before(world: &World, number: usize, happens: impl Fn(&Vendor) + 'static) {
    world.vendor.script.borrow_mut().push((number, Box::new(happens)));
}

/// Synchronises; returns the pages that were asked for. The table holds the list then.
fn pages(world: &World, options: SyncOptions) -> Vec<u64> {
    world.vendor.asked.borrow_mut().clear();
    let report = world.sync(options);
    assert!(report.complete);
    let asked = world.vendor.asked.borrow().clone();
    assert_eq!(u64::from(report.requests), asked.len() as u64);
    let (table, vendor) = (world.state(), world.vendor.state());
    for (id, version) in &vendor {
        assert_eq!(table.get(id), Some(version), "{id}");
    }
    asked
}

#[test]
fn a_list_at_rest_is_read_once_and_its_head_once_more() {
    assert_eq!(pages(&thirty(), WALK), [1, 2, 3, 1]);
    assert_eq!(pages(&World::new(0, 10, 1, Manners::default()), WALK), [1]);
    assert_eq!(pages(&World::new(10, 10, 1, Manners::default()), WALK), [1]);
    assert_eq!(pages(&World::new(11, 10, 1, Manners::default()), WALK), [1, 2, 1]);
}

#[test]
fn calls_that_come_in_push_others_down_and_are_read_at_the_head() {
    let world = thirty();
    before(&world, 1, |vendor| vendor.arrive(5));
    assert_eq!(pages(&world, WALK), [1, 2, 3, 4, 1]);
    // More than a page of them.
    let world = thirty();
    before(&world, 2, |vendor| vendor.arrive(12));
    assert_eq!(pages(&world, WALK), [1, 2, 3, 4, 5, 1, 2, 1]);
}

#[test]
fn calls_that_leave_pull_others_up_and_as_many_places_are_read_again() {
    let world = thirty();
    before(&world, 2, |vendor| {
        for _ in 0..3 {
            vendor.leave(4);
        }
    });
    // Page 3 says that three have left: what stood on top of it may stand at the end of page 2 now.
    assert_eq!(pages(&world, WALK), [1, 2, 3, 2, 3, 1]);
}

#[test]
fn a_length_that_stays_hides_nothing() {
    // As many come in as leave: those that come in are at the head, and push down what the others pull up.
    let world = thirty();
    before(&world, 2, |vendor| {
        for _ in 0..4 {
            vendor.leave(2);
        }
        vendor.arrive(4);
    });
    assert_eq!(pages(&world, WALK), [1, 2, 3, 1]);
}

#[test]
fn a_call_that_is_dialled_again_leaves_and_comes_back_at_the_head() {
    let world = thirty();
    // It is away while its page is read, and back before the end.
    before(&world, 1, |vendor| vendor.leave(12));
    before(&world, 3, Vendor::come_back);
    let asked = pages(&world, WALK);
    assert_eq!(asked.last(), Some(&1));
    assert!(asked.len() <= 6, "{asked:?}");
}

#[test]
fn later_only_what_is_new_is_read() {
    let world = thirty();
    world.sync(WALK);
    assert_eq!(pages(&world, WALK), [1]);
    world.vendor.arrive(3);
    assert_eq!(pages(&world, WALK), [1]);
    world.vendor.arrive(25);
    assert_eq!(pages(&world, WALK), [1, 2, 3, 1]);
    // All of the head was dialled again.
    for _ in 0..10 {
        world.vendor.leave(0);
    }
    world.vendor.everyone_comes_back();
    assert_eq!(pages(&world, WALK), [1, 2, 1]);
}

#[test]
fn calls_that_come_in_between_two_pages_are_not_taken_for_the_end_of_what_is_new() {
    let world = thirty();
    world.sync(WALK);
    world.vendor.arrive(20);
    before(&world, 1, |vendor| vendor.arrive(20));
    // Page 3 is what page 1 was; its calls are known by now, but only from this synchronisation. Page 5
    // is known from before; but the list has grown by more than was found, so all of it is read.
    assert_eq!(pages(&world, WALK), [1, 2, 3, 4, 5, 6, 7, 1, 2, 1]);
}

#[test]
fn what_was_stopped_goes_on_below_and_reads_what_came_in_above() {
    let world = World::new(60, 10, 1, Manners::default());
    // A request takes two steps: one to the vendor, one back.
    assert!(world.sync_for(WALK, 7).is_none());
    assert_eq!(*world.vendor.asked.borrow(), [1, 2, 3]);
    world.reload();
    assert_eq!(pages(&world, WALK), [1, 4, 5, 6, 1]);
    assert!(world.sync_for(WALK, 1).is_none());

    let world = World::new(60, 10, 1, Manners::default());
    assert!(world.sync_for(WALK, 7).is_none());
    world.vendor.arrive(14);
    let asked = pages(&world, WALK);
    assert!(asked.starts_with(&[1, 2]), "{asked:?}");
    assert!(asked.len() <= 9, "{asked:?}");
}

#[test]
fn an_edit_where_a_call_stands_is_seen_on_the_pages_that_are_read() {
    let world = thirty();
    world.sync(WALK);
    world.vendor.edit(3);
    assert_eq!(pages(&world, WALK), [1]);
    world.vendor.edit(23);
    world.sync(WALK);
    assert_ne!(world.state(), world.vendor.state());
    assert_eq!(pages(&world, SyncOptions { full: true, ..WALK }), [1, 2, 3, 1]);
}

#[test]
fn a_server_that_sends_smaller_pages_is_read_in_its_own() {
    let manners = Manners { most: 7, ..Manners::default() };
    let world = World::new(30, 10, 1, manners);
    assert_eq!(pages(&world, WALK), [1, 2, 3, 4, 5, 1]);
}

#[test]
fn several_pages_at_once_are_vouched_for_by_the_count() {
    let concurrency = SyncOptions { concurrency: 4, ..WALK };
    assert_eq!(pages(&thirty(), concurrency), [1, 2, 3, 1]);
    // A call leaves between pages that are on their way: nothing adds up, all is read again in turn.
    let world = World::new(60, 10, 1, Manners::default());
    before(&world, 3, |vendor| vendor.leave(1));
    let report = world.sync(concurrency);
    assert!(report.complete && report.restarts <= 1);
    let table = world.state();
    assert!(world.vendor.state().keys().all(|id| table.contains_key(id)));
}

#[test]
fn a_list_that_does_not_say_how_long_it_is_is_read_until_nothing_comes_to_light() {
    let manners = Manners { counts: false, ..Manners::default() };
    assert_eq!(pages(&World::new(7, 10, 1, manners), WALK), [1]);
    let world = World::new(25, 10, 1, manners);
    assert_eq!(pages(&world, WALK), [1, 2, 3, 1, 2, 3, 1]);
    assert_eq!(pages(&world, WALK), [1]);
}

#[test]
fn an_index_is_followed_where_the_server_knows_it() {
    let by_index = SyncOptions { mode: Mode::Index, ..WALK };
    let world = World::new(25, 10, 1, Manners { index: true, ..Manners::default() });
    assert_eq!(pages(&world, by_index), [1, 1, 1]);
    world.vendor.arrive(4);
    assert_eq!(pages(&world, by_index), [1]);
    assert_eq!(pages(&World::new(25, 10, 1, Manners::default()), by_index), [1, 1, 2, 3, 1]);
}
