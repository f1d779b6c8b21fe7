/* Published test vectors: RFC 4231 (HMAC), RFC 5869 (HKDF), the SipHash paper's
 * reference implementation (128 bits). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "rt/os/crypto.h"

static void assert_hex(const uint8_t *bytes, size_t n, const char *hex)
{
    char text[256];
    for (size_t i = 0; i < n; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    assert_string_equal(text, hex);
}

static struct crypto_part part(const char *text) { return (struct crypto_part){text, strlen(text)}; }

static void hmac(void **state)
{
    uint8_t mac[CRYPTO_SHA256_BYTES];
    struct crypto_part parts[] = {part("what do ya "), part(""), part("want for nothing?")};
    crypto_hmac("Jefe", 4, parts, 3, mac);
    assert_hex(mac, sizeof mac, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    uint8_t key[131];
    memset(key, 0xaa, sizeof key);
    parts[0] = part("Test Using Larger Than Block-Size Key - Hash Key First");
    crypto_hmac(key, sizeof key, parts, 1, mac);
    assert_hex(mac, sizeof mac, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void hkdf(void **state)
{
    uint8_t input[22], salt[13], info[10], out[42];
    memset(input, 0x0b, sizeof input);
    for (uint8_t i = 0; i < sizeof salt; i++)
        salt[i] = i;
    for (uint8_t i = 0; i < sizeof info; i++)
        info[i] = 0xf0 + i;
    struct crypto_part input_part = {input, sizeof input}, none = {"", 0};
    crypto_hkdf((struct crypto_part){salt, sizeof salt}, input_part, (struct crypto_part){info, sizeof info},
                out, sizeof out);
    assert_hex(out, sizeof out,
               "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    crypto_hkdf(none, input_part, none, out, sizeof out);
    assert_hex(out, sizeof out,
               "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

static void siphash(void **state)
{
    uint8_t key[CRYPTO_SIPHASH_KEY_BYTES], bytes[2] = {0, 1}, mac[CRYPTO_SIPHASH_BYTES];
    for (uint8_t i = 0; i < sizeof key; i++)
        key[i] = i;
    crypto_siphash(key, bytes, 0, mac);
    assert_hex(mac, sizeof mac, "a3817f04ba25a8e66df67214c7550293");
    crypto_siphash(key, bytes, 1, mac);
    assert_hex(mac, sizeof mac, "da87c1d86b99af44347659119b22fc45");
}

static void comparison(void **state)
{
    uint8_t a[32] = {0}, b[32] = {0};
    assert_true(crypto_equal(a, b, sizeof a));
    for (size_t i = 0; i < sizeof a; i++) {
        a[i] = 1;
        assert_false(crypto_equal(a, b, sizeof a));
        crypto_wipe(a, sizeof a);
        assert_true(crypto_equal(a, b, sizeof a));
    }
}

static void base64(void **state)
{
    static const char *const good[] = {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
    static const char *const bad[] = {
        "Z", "Zg", "Zg=", "Zm9v Yg==", "Zm9vY-__", "Zm9v\n", "Zh==", "Zm9vYmFy===="};
    uint8_t out[6];
    size_t n;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        char text[CRYPTO_BASE64_MAX(6)];
        crypto_base64_encode((const uint8_t *)"foobar", i, text);
        assert_string_equal(text, good[i]);
        assert_true(crypto_base64_decode(text, strlen(text), out, sizeof out, &n));
        assert_int_equal(n, i);
        assert_memory_equal(out, "foobar", i);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(crypto_base64_decode(bad[i], strlen(bad[i]), out, sizeof out, &n));
    assert_false(crypto_base64_decode("Zm9vYmFy", 8, out, 5, &n));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(hmac), cmocka_unit_test(hkdf),
                                       cmocka_unit_test(siphash), cmocka_unit_test(comparison),
                                       cmocka_unit_test(base64)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
