;;; migrate.scm: processes that go on on another node.

;; (migrate node): go on on `node`: with the continuation, the mailbox, links,
;; monitors and timeouts; the pid stays the same, and works as before. Result: the
;; node, there. On `node` already: nothing happens. When it cannot be done, the
;; process goes on where it is, with an exception: migration-failed, with the node
;; and the reason: unreachable, timeout, unknown-code, over-capacity, draining, ...;
;; not-serializable, with what cannot travel and the way to it. Error: not a node.
(define (migrate node)
  (if (node? node) (void) (%wrong-type "migrate" node))
  (%migrate-to node 3))

;; A node that is not connected is asked for a sign of life first.
(define (%migrate-to node attempts)
  (let* ((tag (make-tag))
         (moved (%migrate node)))
    (cond ((eq? moved #t) node)
          ((not moved)
           (recv ((,tag reason details) (%migration-failed node reason details))))
          ((not (eq? moved 'lost)) (%migration-failed node moved ""))
          ((and (> attempts 0) (eq? (ping node) 'pong)) (%migrate-to node (- attempts 1)))
          (else (%migration-failed node 'unreachable "")))))

(define (%migration-failed node reason details)
  (raise (%make-condition 'migration-failed
                          "migrate: the process could not be moved"
                          (if (string=? details "") (list node reason) (list node reason details)))))

;; (migrate-task node): go on on `node` as a new process, with another pid, no links
;; and an empty mailbox; this one ends. Error: as remote-spawn.
(define (migrate-task node)
  (call/cc
   (lambda (k)
     (remote-spawn node (lambda () (k #t)))
     (halt!))))

;; (migrate/proxy node): the same, but this process stays, linked with the new one, and
;; forwards to it every message that it gets. Error: as remote-spawn-link.
(define (migrate/proxy node)
  (define (proxy pid)
    (! pid (?))
    (proxy pid))
  (call/cc
   (lambda (k)
     (proxy (remote-spawn-link node (lambda () (k #t)))))))
