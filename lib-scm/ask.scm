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

;; (%ask-within who pid request timeout late): as (!? pid request timeout), but (late)
;; when there is no answer in time. An answer that comes too late stays in the mailbox.
(define (%ask-within who pid request timeout late)
  (%check-pid who pid)
  (%check-timeout who timeout)
  (let ((tag (make-tag)))
    (! pid (list (self) tag request))
    (recv ((,tag reply) reply)
          (after timeout (late)))))
(define (%raise-timeout) (raise 'timeout))

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
