;; Accounts as processes: state without mutation, selective receive, and a
;; supervisor that notices that one of them has failed.
;; expect: ann has 70, bob has 80
;; expect: refused: not enough money
;; expect: ann has 70, bob has 80
;; expect: bob's account ended: exception
;; expect-error: divide-by-zero
(define (account balance)
  (recv
    ((from tag 'balance)
     (! from (list tag balance))
     (account balance))
    ((from tag ('withdraw amount))
     (where (<= amount balance))
     (! from (list tag 'ok))
     (account (- balance amount)))
    ((from tag ('withdraw amount))
     (! from (list tag 'refused))
     (account balance))
    (('deposit amount)
     (account (+ balance amount)))
    ('break
     (/ balance 0))))

(define ann (spawn (lambda () (account 100))))
(define bob (spawn (lambda () (account 50))))

(define (transfer from to amount)
  (match (!? from (list 'withdraw amount))
    ('ok (! to (list 'deposit amount)))
    ('refused (print "refused: not enough money"))))

(define (show)
  (print "ann has " (!? ann 'balance) ", bob has " (!? bob 'balance)))

(transfer ann bob 30)
(show)
(transfer ann bob 1000)
(show)
(let ((ref (monitor bob)))
  (! bob 'break)
  (recv
    (('down ,ref pid ('exception obj))
     (print "bob's account ended: exception"))))
