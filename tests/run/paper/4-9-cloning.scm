;; A process makes a clone of itself: its continuation, run by another process,
;; which has the same state and can be cloned again (paper, section 4.9).
;; expect: (original 1)
;; expect: (original 2)
;; expect: (clone 3)
;; expect: (original 3)
;; expect: (clone of clone 4)
;; expect: (clone 4)
(define original
  (spawn
    (lambda ()
      (let loop ((n 1))
        (recv
          ((from tag 'clone)
           (call/cc
             (lambda (clone)
               (! from (list tag (lambda () (clone #t))))))
           (loop n))
          ((from tag 'count)
           (! from (list tag n))
           (loop (+ n 1))))))))

(print (list 'original (!? original 'count)))
(print (list 'original (!? original 'count)))
(define clone (spawn (!? original 'clone)))
(print (list 'clone (!? clone 'count)))
(print (list 'original (!? original 'count)))
(define clone-of-clone (spawn (!? clone 'clone)))
(print (list 'clone 'of 'clone (!? clone-of-clone 'count)))
(print (list 'clone (!? clone 'count)))
