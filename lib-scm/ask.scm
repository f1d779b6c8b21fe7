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

;; (%ask-within who pid request timeout late gone): as (!? pid request timeout), but (late)
;; when there is no answer in time, (gone) when it is known that there will be none.
(define (%ask-within who pid request timeout late gone)
  (%check-pid who pid)
  (%check-timeout who timeout)
  (%call pid request timeout late gone))
(define (%raise-timeout) (raise 'timeout))
(define (%raise-noproc) (raise 'noproc))

;; (%call pid request timeout late gone): most processes answer before this one has its
;; next turn: only then is a clock needed, and a monitor.
(define-inline (%call pid request timeout late gone)
  (let ((tag (make-tag)))
    (! pid (list (self) tag request))
    (yield)
    (recv ((,tag reply) reply)
          (after 0 (%await-reply pid tag timeout late gone)))))

;; One of this node is monitored at once; one of another node when it has not answered in
;; the time of a quick answer, as the monitor costs it two more frames.
(define (%await-reply pid tag timeout late gone)
  (if (or (%alive? pid) (%here? (pid-node pid)))
      (%await-watched pid tag timeout late gone)
      (let* ((start (current-jiffy))
             (is-short (and timeout (<= timeout 0.05)))
             (patience (if is-short timeout 0.05)))
        (recv ((,tag reply) reply)
              (after patience
                (if is-short
                    (%end-call tag late)
                    (%await-watched pid tag (%time-left timeout start) late gone)))))))

(define (%time-left timeout start)
  (and timeout (- timeout (/ (- (current-jiffy) start) 1e9))))

;; The reply to a call that has ended is dropped when it comes.
(define (%end-call tag end)
  (%drop-reply tag)
  (end))

;; A name that stands for nobody now will not answer, though the one who had it may have
;; done so meanwhile.
(define (%await-watched pid tag timeout late gone)
  (if (%service-name pid)
      (let* ((start (current-jiffy))
             (found (resolve-service (%service-name pid) (pid-node pid) timeout))
             (left (%time-left timeout start)))
        (cond (found (%await-monitored found tag left late gone))
              (else (recv ((,tag reply) reply)
                          (after 0 (%end-call tag (if (or (not left) (> left 0)) gone late)))))))
      (%await-monitored pid tag timeout late gone)))

(define (%await-monitored pid tag timeout late gone)
  (let ((ref (%monitor pid)))
    ((dynamic-wind
      void
      (lambda ()
        (recv ((,tag reply) (lambda () reply))
              (('down ,ref _ _) (lambda () (%end-call tag gone)))
              (after timeout (lambda () (%end-call tag late)))))
      (lambda () (demonitor ref))))))

;; (%ask-living who pid request): as (!? pid request), but when that process ends, or
;; has ended, that is raised, as an error of the procedure `who`.
(define (%ask-living who pid request)
  (%check-pid who pid)
  (let ((tag (make-tag)))
    (! pid (list (self) tag request))
    (yield) ; most answer now, and need no monitor
    (recv
      ((,tag reply) reply)
      (after 0 (%await-living pid (%raise-ended who) (lambda (await) (await tag)))))))
(define (%raise-ended who)
  (lambda (reason)
    (error (string-append who ": the process that was asked has ended") reason)))

;; (%await-living pid ended proc): (proc await), where (await tag) waits for the message
;; (tag reply) and gives `reply`, or (ended reason) when the process has ended before.
(define (%await-living pid ended proc)
  (let ((ref (monitor pid)))
    (dynamic-wind
     void
     (lambda ()
       (proc (lambda (tag)
               (recv
                 ((,tag reply) reply)
                 (('down ,ref _ reason) (ended reason))))))
     (lambda () (demonitor ref)))))
