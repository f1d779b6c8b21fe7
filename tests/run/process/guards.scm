;; A guard may itself receive, or call a server, without disturbing the scan.
;; expect: (accepted 3)
;; expect: (1 2)
;; expect: taken-inside
;; expect: (rest a)
(define me (self))
(define judge
  (spawn (lambda () (let loop () (recv ((from tag n) (! from (list tag (= n 3))))) (loop)))))
(! me 1) (! me 2) (! me 3)
(recv (n (where (and (number? n) (!? judge n))) (print (list 'accepted n))))
(print (let* ((a (?)) (b (?))) (list a b)))
;; the guard takes the message itself: the scan goes on
(! me 'a) (! me 'b)
(print (recv
         (x (where (and (eq? x (quote a)) (recv ((quote b) #t)) #f)) (quote no))
         (x (where #f) 'no)
         (after 0.01 'taken-inside)))
(print (list 'rest (? 0 'none)))
