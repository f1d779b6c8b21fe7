/* A growing piece of UTF-8 text in malloc'd memory. When memory runs out (or
 * the heap's limit leaves no room for it) it stays as it is and `failed` says so. */
#ifndef RT_OBJ_TEXT_H
#define RT_OBJ_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    char *bytes;
    size_t n, capacity;
    bool failed;
    bool is_lent; /* the bytes are somebody else's memory, see text_on */
};

/* An empty text that begins in the caller's memory, and leaves it when it grows. */
static inline struct text text_on(char *bytes, size_t capacity)
{
    return (struct text){.bytes = bytes, .capacity = capacity, .is_lent = true};
}

void text_add(struct text *text, const void *bytes, size_t n);
void text_add_c(struct text *text, const char *bytes);
void text_add_char(struct text *text, uint32_t c);
__attribute__((format(printf, 2, 3))) void text_addf(struct text *text, const char *format,
                                                     ...); /* up to 127 bytes */
/* What a terminal would act on, or take for another line or direction, is escaped as in a string that `write` prints,
 * and so is what is no UTF-8. Behind that many bytes it is cut. */
void text_add_printable(struct text *text, const char *bytes, size_t n, size_t most);
void text_free(struct text *text);

#endif
