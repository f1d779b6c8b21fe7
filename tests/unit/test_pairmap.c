/* The table of pairs against a model: a plain array of what should be in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rt/node/channel/pairmap.h"

#define KEYS 512

struct model {
    void *value[KEYS];
    size_t n;
};

/* Few different numbers, so that many keys share a or b and stand near each other. */
static uint64_t a_of(size_t key) { return (key & 15) << (key & 16 ? 56 : 0); }
static uint64_t b_of(size_t key) { return key >> 4; }

static void check_all(const struct pairmap *map, const struct model *model)
{
    assert_int_equal(map->n, model->n);
    for (size_t key = 0; key < KEYS; key++)
        assert_ptr_equal(pairmap_get(map, a_of(key), b_of(key)), model->value[key]);
}

static void toggle(struct pairmap *map, struct model *model, size_t key)
{
    if (model->value[key]) {
        pairmap_remove(map, a_of(key), b_of(key));
        model->value[key] = NULL;
        model->n--;
    } else {
        model->value[key] = &model->value[key];
        assert_true(pairmap_put(map, a_of(key), b_of(key), model->value[key]));
        model->n++;
    }
}

static void agrees_with_the_model(void **state)
{
    struct pairmap map = {0};
    struct model model = {0};
    uint32_t random = 12345;
    for (unsigned step = 0; step < 200000; step++) {
        random = random * 1664525 + 1013904223;
        toggle(&map, &model, (random >> 16) % (step % 20000 < 10000 ? KEYS : 24));
        if (step % 997 == 0) check_all(&map, &model);
    }
    for (size_t key = 0; key < KEYS; key++)
        if (model.value[key]) toggle(&map, &model, key);
    check_all(&map, &model);
    assert_null(map.entries);
}

static void removing_what_is_not_there_does_nothing(void **state)
{
    struct pairmap map = {0};
    pairmap_remove(&map, 1, 2);
    assert_true(pairmap_put(&map, 1, 2, &map));
    pairmap_remove(&map, 2, 1);
    assert_ptr_equal(pairmap_get(&map, 1, 2), &map);
    assert_null(pairmap_get(&map, 2, 1));
    pairmap_free(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_model),
        cmocka_unit_test(removing_what_is_not_there_does_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
