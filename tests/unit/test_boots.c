/* Runs that a node knows of, and peers by their addresses: against models, with
 * forgetting in between. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rt/node/net/peer_map.h"
#include "rt/obj/boots.h"

static const uint8_t own[BOOT_ID_BYTES] = "this run itself";

static const uint8_t *id_of(unsigned n)
{
    static uint8_t id[BOOT_ID_BYTES];
    memset(id, 0, sizeof id);
    memcpy(id, &n, sizeof n);
    id[15] = 1;
    return id;
}

static void test_found_again(void **state)
{
    struct boots *boots = boots_new(own);
    assert_int_equal(boots_find(boots, id_of(1)), UINT32_MAX);
    uint32_t index[1000];
    for (unsigned i = 0; i < 1000; i++)
        index[i] = boots_index(boots, id_of(i), "host", 4, 1);
    for (unsigned i = 0; i < 1000; i++) {
        assert_int_equal(boots_find(boots, id_of(i)), index[i]);
        assert_memory_equal(boots_at(boots, index[i])->id, id_of(i), BOOT_ID_BYTES);
    }
    assert_int_equal(boots_find(boots, own), 0);
    assert_int_equal(boots_count(boots), 1001);
    boots_free(boots);
}

/* What others say of an address counts as long as the run has not said anything itself. */
static void test_own_word_counts(void **state)
{
    struct boots *boots = boots_new(own);
    uint32_t index = boots_hear(boots, id_of(1), "lie", 3, 7);
    assert_int_equal(boots_hear(boots, id_of(1), "other", 5, 8), index);
    assert_string_equal(boots_at(boots, index)->host, "lie");
    assert_int_equal(boots_meet(boots, id_of(1), "truth", 5, 9), index);
    assert_string_equal(boots_at(boots, index)->host, "truth");
    assert_int_equal(boots_at(boots, index)->port, 9);
    boots_hear(boots, id_of(1), "lie", 3, 7);
    assert_string_equal(boots_at(boots, index)->host, "truth");
    boots_meet(boots, id_of(1), "", 0, 0); /* it does not listen yet, or says so */
    assert_string_equal(boots_at(boots, index)->host, "truth");
    assert_int_equal(boots_meet(boots, own, "lie", 3, 7), 0);
    assert_string_equal(boots_at(boots, 0)->host, "");
    boots_free(boots);
}

/* A million runs come and go; some stay marked, some have a peer. */
static void test_forgetting(void **state)
{
    struct boots *boots = boots_new(own);
    struct peer *peer = (struct peer *)boots;
    uint32_t marked = boots_index(boots, id_of(1), "", 0, 0),
             with_peer = boots_index(boots, id_of(2), "", 0, 0);
    boots_at(boots, with_peer)->peer = peer;
    uint32_t highest = 0;
    for (unsigned round = 0; round < 1000; round++) {
        for (unsigned i = 0; i < 1000; i++) {
            uint32_t index = boots_hear(boots, id_of(1000 * (round + 1) + i), "host", 4, 1);
            if (index > highest) highest = index;
        }
        boots_begin_marking(boots);
        assert_false(boots_is_marked(boots, marked));
        boots_mark(boots, marked);
        boots_forget_unmarked(boots);
        assert_int_equal(boots_count(boots), 3);
    }
    assert_true(highest < 1010);
    assert_int_equal(boots_find(boots, id_of(1)), marked);
    assert_int_equal(boots_find(boots, id_of(2)), with_peer);
    assert_int_equal(boots_find(boots, own), 0);
    assert_int_equal(boots_find(boots, id_of(1000)), UINT32_MAX);
    assert_ptr_equal(boots_at(boots, with_peer)->peer, peer);
    assert_null(boots_at(boots, boots_index(boots, id_of(3), "", 0, 0))->peer);
    boots_free(boots);
}

/* What is forgotten makes room for what is heard. */
static void test_hearsay_limit(void **state)
{
    struct boots *boots = boots_new(own);
    for (unsigned i = 0; i < BOOTS_HEARD_MAX; i++)
        assert_int_not_equal(boots_hear(boots, id_of(i), "", 0, 0), UINT32_MAX);
    assert_int_equal(boots_hear(boots, id_of(BOOTS_HEARD_MAX), "", 0, 0), UINT32_MAX);
    assert_int_not_equal(boots_meet(boots, id_of(BOOTS_HEARD_MAX), "", 0, 0), UINT32_MAX);
    assert_int_not_equal(boots_meet(boots, id_of(0), "", 0, 0), UINT32_MAX); /* hearsay no more */
    assert_int_not_equal(boots_hear(boots, id_of(BOOTS_HEARD_MAX + 1), "", 0, 0), UINT32_MAX);
    boots_begin_marking(boots);
    boots_forget_unmarked(boots);
    assert_int_equal(boots_count(boots), 1);
    for (unsigned i = 0; i < BOOTS_HEARD_MAX; i++)
        assert_int_not_equal(boots_hear(boots, id_of(i), "", 0, 0), UINT32_MAX);
    boots_free(boots);
}

/* -- peers by address ------------------------------------------------------ */

#define ENTRIES 3000

static const char *host_of(unsigned n)
{
    static char hosts[ENTRIES][16];
    snprintf(hosts[n], sizeof hosts[n], "10.0.%u.%u", n / 250, n % 250);
    return hosts[n];
}

static struct peer *peer_of(unsigned n) { return (struct peer *)(uintptr_t)(n + 1); }

static void test_peer_map(void **state)
{
    static struct peer_entry entries[ENTRIES];
    struct peer_map map = {0};
    assert_true(peer_map_init(&map));
    for (unsigned i = 0; i < ENTRIES; i++)
        peer_map_add(&map, &entries[i], peer_of(i), host_of(i), (uint16_t)(i % 3 + 1));
    for (unsigned i = 0; i < ENTRIES; i += 2)
        peer_map_remove(&map, &entries[i]);
    peer_map_remove(&map, &entries[0]); /* is not there */
    assert_int_equal(map.n, ENTRIES / 2);
    for (unsigned i = 0; i < ENTRIES; i++) {
        assert_ptr_equal(peer_map_find(&map, host_of(i), (uint16_t)(i % 3 + 1)), i % 2 ? peer_of(i) : NULL);
        assert_null(peer_map_find(&map, host_of(i), (uint16_t)(i % 3 + 2)));
    }
    peer_map_free(&map);
}

static void test_one_address(void **state)
{
    struct peer_entry a = {0}, b = {0};
    struct peer_map map = {0};
    assert_true(peer_map_init(&map));
    peer_map_add(&map, &a, peer_of(1), "localhost", 4000);
    assert_ptr_equal(peer_map_find(&map, "127.0.0.1", 4000), peer_of(1));
    peer_map_add(&map, &b, peer_of(2), "127.0.0.1", 4000);
    assert_ptr_equal(peer_map_find(&map, "localhost", 4000), peer_of(2));
    peer_map_remove(&map, &b);
    assert_ptr_equal(peer_map_find(&map, "localhost", 4000), peer_of(1));
    peer_map_free(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_found_again), cmocka_unit_test(test_own_word_counts),
        cmocka_unit_test(test_forgetting),  cmocka_unit_test(test_hearsay_limit),
        cmocka_unit_test(test_peer_map),    cmocka_unit_test(test_one_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
