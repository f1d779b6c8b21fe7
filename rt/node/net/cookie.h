/* The cookie: a secret that all nodes of a cluster share, in a file. It is looked
 * for in this order:
 *   1. the file that the option cookie-file names, which has to be there
 *   2. $CREDENTIALS_DIRECTORY/tt-cookie (systemd), if there is one
 *   3. $XDG_CONFIG_HOME/termite/cookie or ~/.config/termite/cookie, which is made,
 *      with 32 random bytes, when it is missing
 *
 * The file has one line of base64, or two while the cookie is being changed: the
 * first one is what the node uses when it connects; from nodes that connect to it,
 * it takes either. To change the cookie of a cluster that runs: add the new one
 * as second line everywhere; then exchange the lines everywhere; then remove the
 * old one. After each step nodes are restarted, one after the other. */
#ifndef RT_NODE_NET_COOKIE_H
#define RT_NODE_NET_COOKIE_H

#include "rt/node/net/handshake.h"
#include "rt/os/secret.h"

#define COOKIE_BYTES_MIN 32

/* The keys that the cookie gives; the cookie itself is not kept. `file`: the
 * option, or NULL. False: `report` says in one line why not (the program ends
 * with code 78). True: it is empty, or a warning. */
bool cookie_read(const char *file, struct handshake_keys *keys_out, char report[SECRET_REPORT_MAX]);

#endif
