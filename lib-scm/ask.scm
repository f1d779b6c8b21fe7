;;; ask.scm: what all procedures that speak to a process of the library share: the
;;; checks of their arguments, and a question that ends also when the process does.

;; Each raises wrong-type for the procedure `who` unless `obj` is a pid; a procedure;
;; a number of seconds, or #f for ever; a number of seconds above 0.
(define-inline (%check-pid who obj)
  (if (pid? obj) (void) (%wrong-type who obj)))
(define-inline (%check-procedure who obj)
  (if (procedure? obj) (void) (%wrong-type who obj)))
(define (%check-procedures who objs)
  (for-each (lambda (obj) (%check-procedure who obj)) objs))
(define (%check-timeout who obj)
  (if (or (not obj) (and (real? obj) (not (nan? obj)))) (void) (%wrong-type who obj)))
(define (%check-period who obj)
  (if (and (real? obj) (> obj 0)) (void) (%wrong-type who obj)))

;; A number of seconds that is not below 0.
(define (%check-interval who obj)
  (if (and (real? obj) (>= obj 0)) (void) (%wrong-type who obj)))

;; (%check-count who obj least): an exact integer that is `least` or more.
(define (%check-count who obj least)
  (if (and (exact-integer? obj) (>= obj least)) (void) (%wrong-type who obj)))

;; (%check-pairs who alist): a list of pairs.
(define (%check-pairs who alist)
  (if (list? alist) (void) (%wrong-type who alist))
  (for-each (lambda (entry) (if (pair? entry) (void) (%wrong-type who entry))) alist))

;; (%check-list who obj).
(define (%check-list who obj)
  (if (list? obj) (void) (%wrong-type who obj)))

;; (%ask-within who pid request timeout otherwise): as (!? pid request timeout). When there is no
;; answer in time, or it is known that there will be none, the element of the list `otherwise`; if that is #f,
;; the symbol timeout or noproc is raised.
(define (%ask-within who pid request timeout otherwise)
  (%check-pid who pid)
  (%check-timeout who timeout)
  (%call pid request timeout otherwise))

;;; ---- calls --------------------------------------------------------------

;; (%call pid request timeout otherwise): most processes answer before this one has its
;; next turn: only then is a clock needed, and a monitor.
(define-inline (%call pid request timeout otherwise)
  (let ((tag (%call-tag)))
    (! pid (list (self) tag request))
    (yield)
    (let ((reply (%take-reply tag)))
      (if (%none? reply) (%await-reply pid tag timeout otherwise) reply))))

;; What is left of a call that has no reply yet: its answer is (reply), the symbol timeout, or
;; #(reason) of the end of the process.
(define (%await-reply pid tag timeout otherwise)
  (let ((answer (%within-call (lambda () (%answer-of-any pid tag timeout)) tag)))
    (cond ((pair? answer) (car answer))
          (otherwise (car otherwise))
          ((eq? answer 'timeout) (raise 'timeout))
          (else (raise 'noproc)))))

;; (%within-call thunk tag): the value of (thunk), which waits for the reply to that call. However it is
;; left, the reply is dropped, unless it was %answered.
(define (%within-call thunk tag)
  (dynamic-wind (lambda () (%open-call tag)) thunk (lambda () (%end-call tag))))
(define-inline (%answered tag reply)
  (%close-call tag)
  (list reply))

;; One of this node is monitored at once; one of another node when it has not answered in
;; the time of a quick answer, as the monitor costs it two more frames.
(define (%answer-of-any pid tag timeout)
  (if (or (%alive? pid) (%here? (pid-node pid)))
      (%answer-of pid tag timeout)
      (%answer-of-far pid tag timeout (current-jiffy) 0.05)))

;; While its node is dialled there is nobody to monitor; the process is not there when no address of it answers.
(define (%answer-of-far pid tag timeout start patience)
  (let* ((left (%time-left timeout start))
         (is-last (and left (<= left patience))))
    (recv ((,tag reply) (%answered tag reply))
          (after (if is-last left patience)
            (if is-last
                'timeout
                (case (%reach pid)
                  ((0) (%answer-of pid tag (%time-left timeout start)))
                  ((2) '#(noproc))
                  (else (%answer-of-far pid tag timeout start (* 2 patience)))))))))

(define (%time-left timeout start)
  (and timeout (- timeout (/ (- (current-jiffy) start) 1e9))))

;; A name that stands for nobody now will not answer, though the one who had it may have
;; done so meanwhile.
(define (%answer-of pid tag timeout)
  (if (%service-name pid)
      (let* ((start (current-jiffy))
             (found (resolve-service (%service-name pid) (pid-node pid) timeout))
             (left (%time-left timeout start)))
        (cond (found (%answer-of-process found tag left))
              (else (recv ((,tag reply) (%answered tag reply))
                          (after 0 (if (or (not left) (> left 0)) '#(noproc) 'timeout))))))
      (%answer-of-process pid tag timeout)))

;; The tag is also that of the monitor: all that is waited for has it in it, so the scan begins where it was made.
(define (%answer-of-process pid tag timeout)
  (let ((answer
         (dynamic-wind
          (lambda () (%monitor-call pid tag))
          (lambda ()
            (recv ((,tag reply) (%answered tag reply))
                  (('down ,tag _ reason) (vector reason))
                  (after timeout 'timeout)))
          (lambda () (demonitor tag)))))
    (if (vector? answer) (%last-look tag answer) answer)))

;; The mail of a process that has moved goes over its home, so it may come behind the news of an end here. What
;; such a process sends itself goes the same way, behind all that was sent here before.
(define (%last-look tag end)
  (let ((mark (make-tag)))
    (! (self) mark)
    (recv ((,tag reply) (%take-mark mark) (%answered tag reply))
          (,mark end)
          (after 1 end))))
(define (%take-mark mark) (recv (,mark (void)) (after 1 (void))))

;; (%ask-living who pid request): as (!? pid request), but when that process ends, or
;; has ended, that is raised, as an error of the procedure `who`.
(define (%ask-living who pid request)
  (%check-pid who pid)
  (let ((tag (%call-tag)))
    (! pid (list (self) tag request))
    (yield) ; most answer now, and need no monitor
    (let ((reply (%take-reply tag)))
      (if (%none? reply) (%await-living who pid tag) reply))))

(define (%await-living who pid tag)
  (let ((answer (%within-call (lambda () (%answer-of pid tag #f)) tag)))
    (if (pair? answer) (car answer) (%raise-ended who (vector-ref answer 0)))))
(define (%raise-ended who reason)
  (error (string-append who ": the process that was asked has ended") reason))

;; (%await-all who pid tags): the replies to those calls of the process `pid`, in order.
(define (%await-all who pid tags)
  (let ((ref (monitor pid)))
    (dynamic-wind
     (lambda () (for-each (lambda (tag) (%open-call tag)) (reverse tags)))
     (lambda ()
       (map (lambda (tag)
              (recv ((,tag reply) (%close-call tag) reply)
                    (('down ,ref _ reason) (%raise-ended who reason))))
            tags))
     (lambda ()
       (for-each (lambda (tag) (%end-call tag)) tags)
       (demonitor ref)))))
