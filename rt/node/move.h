/* Migration of a process that keeps its pid: the protocol between source, target
 * and home as pure state machines (event in, actions out), which run on sockets
 * and under the simulator alike.
 *
 * The *home* is the node that made the pid. Its process table keeps the slot for
 * as long as the process lives anywhere: mail, links and monitors go there, and
 * it forwards mail to the *guest* copy on the node where the process is now. So
 * there are no chains of forwarders, and no mail overtakes other mail: all of it
 * goes through the home.
 *
 *   source S              target T                 home H (may be S or T)
 *     PREPARE(image) ------->                        
 *     HOLD(epoch, T) ------------------------------> keeps new mail back
 *     <--------------------- PREPARED(copy)          
 *     <--------------------------------------------- HELD, behind the mail forwarded so far
 *     COMMIT(late mail) ---->  runs
 *     <--------------------- COMMITTED
 *                            ARRIVED(epoch, copy) -> forwards to T what it kept, and on
 *
 * Never two runnable copies: S has given its own up when COMMIT is written, T runs
 * only what was committed. Before COMMIT any loss resumes the process at S
 * (migration-failed) and S tells H (UNHOLD). After it S is in doubt: it asks T
 * (MOVE_ASK) whenever T is reachable; T answers with what it did, and an answer
 * "unknown" binds T. After 30 s without an answer S gives up: H tells the links
 * (migration-in-doubt). When S is lost meanwhile, H asks T in the same way. A
 * home that is lost while its process is elsewhere: the guest goes on under a pid
 * of the node where it is; links and monitors are gone, it is told so. */
#ifndef RT_NODE_MOVE_H
#define RT_NODE_MOVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MOVE_ID_BYTES 16
#define MOVE_PREPARE_TIMEOUT_NS (INT64_C(30) * 1000000000)
#define MOVE_DOUBT_TIMEOUT_NS (INT64_C(30) * 1000000000)

#endif
