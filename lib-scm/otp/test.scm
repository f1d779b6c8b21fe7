;;; test.scm: the test kit: groups of checks, a summary, time that does not pass by
;;; the clock, other nodes.
;;;
;;; Results go to a process published as `test-collector`: (%passed), (%failed), (from
;;; tag %summary).

(define (%collector)
  (%own-service-of 'test-collector (lambda () (%collect 0 0))))
(define (%collect passed failed)
  (recv
    (('%passed) (%collect (+ passed 1) failed))
    (('%failed) (%collect passed (+ failed 1)))
    ((from tag '%summary)
     (! from (list tag (cons passed failed)))
     (%collect passed failed))))

;; Names of the groups around, innermost first.
(define %test-groups (make-parameter '()))

;; (test-group name body ...): the checks in `body` belong to a group; groups nest. An
;; exception that leaves the body is a failure of the group, and what follows goes on.
(define-syntax test-group
  (syntax-rules ()
    ((_ name body ...) (%test-group name (source-location name) (lambda () body ... (void))))))

(define (%test-group name place thunk)
  (parameterize ((%test-groups (cons name (%test-groups))))
    (with-exception-catcher
     (lambda (exception) (%test-failed place (string-append "raised " (object->string exception))))
     thunk)))

;; (check expression): it is true. (check expression => expected): it is equal? to the
;; value of `expected`. (check expression (=> same?) expected): (same? value expected) is
;; true. An exception is a failure.
(define-syntax check
  (syntax-rules (=>)
    ((_ expression) (%check 'expression (source-location expression) (lambda () expression)))
    ((_ expression => expected)
     (%check-same 'expression (source-location expression) equal? (lambda () expression) (lambda () expected)))
    ((_ expression (=> same?) expected)
     (%check-same 'expression (source-location expression) same? (lambda () expression) (lambda () expected)))))

;; (check-raises expression): it raises something. (check-raises expression pred): what it
;; raises satisfies `pred`.
(define-syntax check-raises
  (syntax-rules ()
    ((_ expression) (%check-raises 'expression (source-location expression) (lambda () expression) (lambda (obj) #t)))
    ((_ expression pred) (%check-raises 'expression (source-location expression) (lambda () expression) pred))))

(define (%check expression place thunk)
  (%judge expression place thunk
          (lambda (value) (if value #f "is #f"))))

(define (%check-same expression place same? thunk expected)
  (%judge expression place thunk
          (lambda (value)
            (let ((expected (expected)))
              (if (same? value expected)
                  #f
                  (string-append "is " (object->string value) ", expected " (object->string expected)))))))

(define (%check-raises expression place thunk pred)
  (let ((outcome (with-exception-catcher
                  (lambda (exception) (list exception))
                  (lambda () (thunk) #f))))
    (%judge expression place (lambda () outcome)
            (lambda (outcome)
              (cond ((not outcome) "raised nothing")
                    ((pred (car outcome)) #f)
                    (else (string-append "raised " (object->string (car outcome)))))))))

;; (wrong value): #f, or a text that says what is wrong.
(define (%judge expression place thunk wrong)
  (let ((text (with-exception-catcher
               (lambda (exception) (string-append "raised " (object->string exception)))
               (lambda () (wrong (thunk))))))
    (if text
        (%test-failed place (string-append (object->string expression) " " text))
        (begin (! (%collector) '(%passed)) #t))))

(define (%test-failed place text)
  (! (%collector) '(%failed))
  (print place ": FAILED "
         (apply string-append (map (lambda (name) (string-append (%object->string name (%display-style)) ": ")) (reverse (%test-groups))))
         text)
  #f)

;; (test-summary): print "N passed, N failed"; whether none has failed. (test-exit): the
;; same, and leave the program with code 0 or 1.
(define (test-summary)
  (let ((counts (!? (%collector) '%summary)))
    (print (car counts) " passed, " (cdr counts) " failed")
    (= (cdr counts) 0)))
(define (test-exit) (exit (if (test-summary) 0 1)))

;; (with-virtual-time thunk): call `thunk` while no time passes but that which all
;; processes wait for: when nobody can run, the clock is put forward to the next
;; deadline. So waits cost nothing and happen in the order of their deadlines. The clock
;; stays ahead afterwards. For programs of one node.
(define (with-virtual-time thunk)
  (dynamic-wind
   (lambda () (use-virtual-time! #t))
   thunk
   (lambda () (use-virtual-time! #f))))

;;; ---- nodes ------------------------------------------------------------

;; Another node that runs this program, in an OS process of its own.
(define-record-type test-node
  (%make-test-node child node) test-node?
  (child %test-node-child) (node test-node-node))

;; (start-test-node): a new node of this program, which serves at a free port of
;; 127.0.0.1 and ends with this one at the latest; it can be reached when this returns.
;; (test-node-node t): its address. (kill-test-node t): as a power failure.
;; (stop-test-node t): a clean stop. (pause-test-node t), (resume-test-node t): it stands
;; still, goes on. These give whether it was there. Error: it does not start.
(define (start-test-node)
  (let* ((port (%free-port))
         (node (make-node "127.0.0.1" port))
         (child (%start-child (list (string-append "--termite-serve=127.0.0.1:" (number->string port))))))
    (let wait ((left 50))
      (cond ((eq? (ping node 1) 'pong) (%make-test-node child node))
            ((= left 0)
             (%signal-child child 'kill)
             (error "start-test-node: the node does not answer" node))
            (else (thread-sleep! 0.1) (wait (- left 1)))))))
(define (kill-test-node t) (%signal-test-node "kill-test-node" t 'kill))
(define (stop-test-node t) (%signal-test-node "stop-test-node" t 'terminate))
(define (pause-test-node t) (%signal-test-node "pause-test-node" t 'stop))
(define (resume-test-node t) (%signal-test-node "resume-test-node" t 'continue))
(define (%signal-test-node who t signal)
  (if (test-node? t) (void) (%wrong-type who t))
  (%signal-child (%test-node-child t) signal))

;; (call-with-test-nodes n proc): (proc t ...) with n new nodes, which are killed afterwards.
;; Error: not a count, not a procedure; a node does not start.
(define (call-with-test-nodes n proc)
  (%check-count "call-with-test-nodes" n 0)
  (%check-procedure "call-with-test-nodes" proc)
  (let ((nodes (map (lambda (i) (start-test-node)) (iota n))))
    (dynamic-wind
     void
     (lambda () (apply proc nodes))
     (lambda () (for-each kill-test-node nodes)))))
