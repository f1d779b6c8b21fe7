;; The paper's key/value server (5.2).
;; expect: Key-Value server starting
;; expect: ok
;; expect: 1
;; expect: Key-Value server terminating
(define key/value-generic-server-plugin
  (make-generic-server-plugin
    (lambda () ; INIT
      (print "Key-Value server starting")
      (make-dict))
    (lambda (term from state) ; CALL
      (match term
        (('store key val)
         (dict-set! state key val)
         (list 'reply 'ok state))
        (('lookup key)
         (list 'reply (dict-ref state key) state))))
    (lambda (term state) ; CAST
      (match term
        ('stop (list 'stop 'normal state))))
    (lambda (reason state) ; TERMINATE
      (print "Key-Value server terminating"))))
(define (kv:start) (generic-server-start-link key/value-generic-server-plugin))
(define (kv:stop server) (generic-server-cast server 'stop))
(define (kv:store server key val) (generic-server-call server (list 'store key val)))
(define (kv:lookup server key) (generic-server-call server (list 'lookup key)))
(define s (kv:start))
(print (kv:store s 'a 1))
(print (kv:lookup s 'a))
(kv:stop s)
(wait-for s)
