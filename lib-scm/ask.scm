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

;; (%call pid request timeout otherwise): most processes answer before this one has its
;; next turn: only then is a clock needed, and a monitor.
(define-inline (%call pid request timeout otherwise)
  (let ((tag (make-tag)))
    (! pid (list (self) tag request))
    (yield)
    (recv ((,tag reply) reply)
          (after 0 (%await-reply pid tag timeout otherwise)))))

;; One of this node is monitored at once; one of another node when it has not answered in
;; the time of a quick answer, as the monitor costs it two more frames.
(define (%await-reply pid tag timeout otherwise)
  (if (or (%alive? pid) (%here? (pid-node pid)))
      (%await-watched pid tag timeout otherwise)
      (let* ((start (current-jiffy))
             (is-short (and timeout (<= timeout 0.05)))
             (patience (if is-short timeout 0.05)))
        (recv ((,tag reply) reply)
              (after patience
                (if is-short
                    (%end-call tag 'timeout otherwise)
                    (%await-watched pid tag (%time-left timeout start) otherwise)))))))

(define (%time-left timeout start)
  (and timeout (- timeout (/ (- (current-jiffy) start) 1e9))))

;; The reply to a call that has ended is dropped when it comes.
(define (%end-call tag why otherwise)
  (%drop-reply tag)
  (if otherwise (car otherwise) (raise why)))

;; A name that stands for nobody now will not answer, though the one who had it may have
;; done so meanwhile.
(define (%await-watched pid tag timeout otherwise)
  (if (%service-name pid)
      (let* ((start (current-jiffy))
             (found (resolve-service (%service-name pid) (pid-node pid) timeout))
             (left (%time-left timeout start)))
        (cond (found (%await-monitored found tag left otherwise))
              (else (recv ((,tag reply) reply)
                          (after 0 (%end-call tag (if (or (not left) (> left 0)) 'noproc 'timeout) otherwise))))))
      (%await-monitored pid tag timeout otherwise)))

(define (%await-monitored pid tag timeout otherwise)
  (let ((ref (%monitor pid)))
    (let ((answer
           (dynamic-wind
            void
            (lambda ()
              (recv ((,tag reply) (list reply))
                    (('down ,ref _ _) 'noproc)
                    (after timeout 'timeout)))
            (lambda () (demonitor ref)))))
      (cond ((pair? answer) (car answer))
            ((eq? answer 'noproc) (%last-look tag otherwise))
            (else (%end-call tag 'timeout otherwise))))))

;; The mail of a process that has moved goes over its home, so it may come behind the news of an end here. What
;; such a process sends itself goes the same way, behind all that was sent here before.
(define (%last-look tag otherwise)
  (let ((mark (make-tag)))
    (! (self) mark)
    (recv ((,tag reply) (%take-mark mark) reply)
          (,mark (%end-call tag 'noproc otherwise))
          (after 1 (%end-call tag 'noproc otherwise)))))
(define (%take-mark mark) (recv (,mark (void)) (after 1 (void))))

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
